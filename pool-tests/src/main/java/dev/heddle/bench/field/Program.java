package dev.heddle.bench.field;

import dev.heddle.bench.Figures;
import dev.heddle.bench.Forks;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A contender outside of the JVM, made from its source where the tools for that are found.
 *
 * @param command how it is started
 * @param version of SQLite in it
 * @param pragmas that hold on its connections
 */
record Program(List<String> command, String version, Map<String, String> pragmas) {

  /** There is none; the message says why. */
  static final class Absent extends Exception {
    private static final long serialVersionUID = 1;

    Absent(String why) {
      super(why);
    }
  }

  private static final String VERSION = "version";

  /**
   * The same SQL in C.
   *
   * @param path where compilers are looked for, as in the variable of that name
   * @param database one to read pragmas from
   */
  static Program c(String path, Path folder, Path database) throws Absent, InterruptedException {
    Path compiler = find(path, "cc", "gcc");
    Path source = unpack("field.c", folder);
    Path binary = folder.resolve("field");
    List<String> command =
        List.of(compiler.toString(), "-O2", "-o", binary.toString(), source.toString());
    run(withLibraries(command), "it does not compile, perhaps for want of SQLite's own header");
    return described(List.of(binary.toString()), database);
  }

  private static List<String> withLibraries(List<String> command) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("-lsqlite3", "-lpthread"));
    return all;
  }

  /** The batch in Python. */
  static Program python(String path, Path folder, Path database)
      throws Absent, InterruptedException {
    Path python = find(path, "python3");
    Path script = unpack("batch.py", folder);
    return described(List.of(python.toString(), script.toString()), database);
  }

  private static Program described(List<String> command, Path database)
      throws Absent, InterruptedException {
    List<String> ask = new ArrayList<>(command);
    ask.addAll(List.of(database.toString(), Shape.NORMAL, "pragmas"));
    Map<String, String> facts = new LinkedHashMap<>();
    run(ask, "it does not run")
        .lines()
        .forEach(line -> facts.put(line.split("=", 2)[0], line.substring(line.indexOf('=') + 1)));
    String version = facts.remove(VERSION);
    if (version == null) {
      throw new Absent("it does not tell its version");
    }
    return new Program(command, version, facts);
  }

  private static Path find(String path, String... names) throws Absent {
    for (String name : names) {
      for (String folder : path.split(File.pathSeparator, -1)) {
        Path file = Path.of(folder, name);
        if (Files.isExecutable(file)) {
          return file;
        }
      }
    }
    throw new Absent("no " + String.join(" or ", names) + " was found");
  }

  private static Path unpack(String name, Path folder) throws Absent {
    try (InputStream source = Program.class.getResourceAsStream(name)) {
      if (source == null) {
        throw new IllegalStateException("no " + name + " on the class path");
      }
      Path file = folder.resolve(name);
      Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new Absent("its source can't be written: " + e);
    }
  }

  private static String run(List<String> command, String otherwise)
      throws Absent, InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new Absent(otherwise + ": " + output.lines().findFirst().orElse("no word why"));
      }
      return output;
    } catch (IOException e) {
      throw new Absent(otherwise + ": " + e.getMessage());
    }
  }

  /** One run. */
  Figures measure(Shape shape, Path database, int seconds)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(command);
    all.add(database.toString());
    all.add(shape.synchronous());
    all.add(shape.task().name().toLowerCase(Locale.ROOT));
    all.add(Integer.toString(shape.crew().workers()));
    all.add(Integer.toString(seconds));
    return Forks.measure(all);
  }
}
