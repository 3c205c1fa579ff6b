package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A library in C that stands between a child and the system, made of a source in src/test/native.
 */
public record Preload(Path library) {

  /** Tells the loader of a process what to load before everything else. */
  public static final String VARIABLE = "LD_PRELOAD";

  private static final Path SOURCES = Path.of("src", "test", "native");

  /** Compiles it into a folder; skips the test where that can't be done. */
  public static Preload compiledInto(Path folder, String source)
      throws IOException, InterruptedException {
    Required.orSkip("cc", canCompile(), "needs Linux and a C compiler, cc (Debian's package gcc)");
    Path library = folder.resolve(source + ".so");
    Process compiler =
        new ProcessBuilder(
                "cc",
                "-shared",
                "-fPIC",
                "-O1",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-o",
                library + "",
                SOURCES.resolve(source) + "",
                "-ldl")
            .redirectErrorStream(true)
            .start();
    String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, compiler.waitFor(), said);
    return new Preload(library);
  }

  private static boolean canCompile() {
    return "Linux".equals(System.getProperty("os.name"))
        && Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "cc")));
  }

  /** Starts a child with it, and with these variables in its environment. */
  public ChildJvm start(
      Map<String, String> variables, List<String> options, Class<?> main, Object... arguments)
      throws IOException {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put(VARIABLE, library.toString());
    return ChildJvm.start(environment, options, main, arguments);
  }
}
