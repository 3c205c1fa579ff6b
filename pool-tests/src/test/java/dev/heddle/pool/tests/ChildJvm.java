package dev.heddle.pool.tests;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that runs a main class of these tests, and writes lines. */
final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader lines;

  private ChildJvm(Process process) {
    this.process = process;
    this.lines = process.inputReader();
  }

  static ChildJvm start(Class<?> main, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Xmx256m");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-classpath");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The next lines, so many at most, and fewer only if it ends. */
  List<String> lines(int most) throws IOException {
    List<String> read = new ArrayList<>();
    while (read.size() < most) {
      String line = lines.readLine();
      if (line == null) {
        break;
      }
      read.add(line);
    }
    return read;
  }

  /** Everything it has still to say. */
  List<String> rest() throws IOException {
    return lines(Integer.MAX_VALUE);
  }

  /** Ends it at once, in the middle of whatever it does; what it has said can still be read. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  int awaitEnd() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
