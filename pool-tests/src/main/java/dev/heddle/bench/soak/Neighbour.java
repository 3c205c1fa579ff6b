package dev.heddle.bench.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/**
 * Another program on the same file. It takes the write lock, writes so much that a part of it is in
 * the WAL before any commit, and is killed.
 */
final class Neighbour {

  private static final String LOCKED = "locked";

  /** More than its cache. */
  private static final String HAUNT =
      "INSERT INTO part(worker, step, part, body) VALUES (-1, 0, 0, zeroblob(4000000))";

  private Neighbour() {}

  /**
   * Takes the lock, says so, and keeps it until it is killed, or alone.
   *
   * @param args file
   */
  public static void main(String[] args) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 30000");
      statement.execute("PRAGMA cache_size = 10");
      statement.execute("BEGIN IMMEDIATE");
      statement.execute(HAUNT);
      System.out.println(LOCKED);
      while (System.in.read() >= 0) {
        // Nothing is said to it: what it waits for is the end of the one that has started it.
      }
      Runtime.getRuntime().halt(1);
    }
  }

  /** Has it keep the lock for a while. */
  static void lock(Path file, long millis) throws IOException, InterruptedException {
    Path own = Files.createTempDirectory(file.toAbsolutePath().getParent(), "neighbour");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                Folders.LIBRARY + own,
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                Neighbour.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (LOCKED.equals(process.inputReader().readLine())) {
        Thread.sleep(millis);
      }
    } finally {
      process.destroyForcibly();
      process.waitFor();
      Folders.delete(own);
    }
  }
}
