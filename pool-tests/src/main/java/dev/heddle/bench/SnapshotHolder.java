package dev.heddle.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;

/** Another process, which reads in one transaction from when it is told to until it is told. */
final class SnapshotHolder implements HeldWal.Holder {

  private static final String READY = "ready";
  private static final String READING = "reading";

  private final Process process;
  private final BufferedReader says;
  private final BufferedWriter hears;

  private SnapshotHolder(Process process) {
    this.process = process;
    this.says = process.inputReader();
    this.hears = process.outputWriter();
  }

  /**
   * Waits for a line, begins to read, and stays until its input ends.
   *
   * @param args file, query
   */
  public static void main(String[] args) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
      System.out.println(READY);
      requireByte(System.in.read());
      try (ResultSet rows = statement.executeQuery(args[1])) {
        rows.next();
      }
      System.out.println(READING);
      System.in.readAllBytes();
      statement.execute("ROLLBACK");
    }
  }

  private static void requireByte(int read) throws IOException {
    if (read < 0) {
      throw new IOException("ended before it was told to begin");
    }
  }

  /** Starts it, so that it can begin at once when it is told to. */
  static SnapshotHolder start(Path file, String query) throws IOException {
    SnapshotHolder holder =
        new SnapshotHolder(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-classpath",
                    System.getProperty("java.class.path"),
                    SnapshotHolder.class.getName(),
                    file.toString(),
                    query)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    holder.expect(READY);
    return holder;
  }

  @Override
  public void begin() throws IOException {
    hears.newLine();
    hears.flush();
    expect(READING);
  }

  @Override
  public void leave() throws IOException, InterruptedException {
    hears.close();
    process.waitFor();
  }

  private void expect(String line) throws IOException {
    if (!line.equals(says.readLine())) {
      process.destroyForcibly();
      throw new IOException("the other process is not " + line);
    }
  }
}
