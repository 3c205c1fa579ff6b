package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * SQLite's own command line on a file, another program with another version of SQLite; a test is
 * skipped where there is none.
 */
final class Shell implements AutoCloseable {

  private static final String END = "== end of the answer ==";

  /** As it begins the lines that say what went wrong. */
  private static final Pattern FAILURE = Pattern.compile("(Parse |Runtime )?[Ee]rror\\b.*");

  private final Process process;
  private final BufferedReader says;
  private final BufferedWriter hears;

  private Shell(Process process) {
    this.process = process;
    this.says = process.inputReader();
    this.hears = process.outputWriter();
  }

  /** Opens a file; waits for locks up to ten seconds. */
  static Shell open(Path file) throws IOException {
    // It keeps what it says in a buffer, if it does not say it to a terminal.
    Shell shell = new Shell(start("stdbuf", "-oL", "sqlite3", "-batch", file.toString()));
    shell.run(".timeout 10000");
    return shell;
  }

  private static Process start(String... command) throws IOException {
    try {
      new ProcessBuilder("sqlite3", "-version").start().destroy();
    } catch (IOException e) {
      // The other program is what these tests are about. CI installs it, and never skips them.
      assumeTrue(false, "needs the program sqlite3 (Debian's package sqlite3): " + e.getMessage());
    }
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Runs statements and commands, each a line; gives the lines that they print. */
  List<String> run(String... lines) throws IOException {
    for (String line : lines) {
      hears.write(line);
      hears.newLine();
    }
    hears.write(".print " + END);
    hears.newLine();
    hears.flush();
    List<String> answer = new ArrayList<>();
    for (String line = says.readLine(); !END.equals(line); line = says.readLine()) {
      if (line == null || FAILURE.matcher(line).matches()) {
        throw new AssertionError("sqlite3: " + line + ", in: " + List.of(lines));
      }
      answer.add(line);
    }
    return answer;
  }

  /** Ends it in the middle of whatever it does. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
