package dev.heddle.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;

/** Another process, which has the file's write lock for a while. */
final class LockHolder {

  private static final String LOCKED = "locked";

  private LockHolder() {}

  /**
   * Takes the lock, says so, and keeps it.
   *
   * @param args file, milliseconds
   */
  public static void main(String[] args) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      System.out.println(LOCKED);
      Thread.sleep(Duration.ofMillis(Long.parseLong(args[1])));
      statement.execute("ROLLBACK");
    }
  }

  /** Starts it; returns when it has the lock. */
  static Process start(Path file, Duration time) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                file.toString(),
                Long.toString(time.toMillis()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    if (!LOCKED.equals(output.readLine())) {
      process.destroyForcibly();
      throw new IOException("the other process did not get the lock");
    }
    return process;
  }
}
