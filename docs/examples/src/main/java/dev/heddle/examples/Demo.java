package dev.heddle.examples;

import dev.heddle.examples.demo.Audit;
import dev.heddle.examples.demo.Load;
import dev.heddle.examples.demo.Progress;
import dev.heddle.examples.demo.Report;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The task tracker as a load: {@code mvn -Pdemo}, or {@code mvn -Pdemo -Ddemo.args="30 20000"} for
 * 30 seconds and 20,000 threads. It ends with status 1 if anything is not as it should be.
 */
public final class Demo {

  /** Six times the default: the demo is to run on any disk. */
  private static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(30);

  private Demo() {}

  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ROOT);
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 10;
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
    Path folder = Files.createTempDirectory("heddle-demo-");
    boolean passed;
    try {
      passed = run(folder, threads, Duration.ofSeconds(2), Duration.ofSeconds(seconds), System.out);
    } finally {
      remove(folder);
    }
    System.exit(passed ? 0 : 1);
  }

  /** Gives whether there was no time-out, no failure, and nothing missing or left over. */
  static boolean run(Path folder, int threads, Duration warmUp, Duration time, PrintStream out)
      throws SQLException, IOException, InterruptedException {
    PoolConfig config =
        PoolConfig.builder(folder.resolve("tasks.db")).acquireTimeout(ACQUIRE_TIMEOUT).build();
    Load load;
    try (SqlitePool pool = SqlitePool.open(config)) {
      out.printf(
          "%,d virtual threads on one SQLite file: %d s of warm-up, %d s measured%n",
          threads, warmUp.toSeconds(), time.toSeconds());
      describe(pool, config.database(), out);
      out.println(Load.describe(threads).indent(2));
      load = new Load(pool);
      load.run(threads, warmUp, time, new Progress(out));
    }
    Report.print(load, out);
    // Opened again, so that only what is in the file counts.
    try (SqlitePool pool = SqlitePool.open(config)) {
      Audit audit = new Audit(pool, load);
      Report.print(audit, out);
      return load.passed() && audit.passed();
    }
  }

  private static void describe(SqlitePool pool, Path database, PrintStream out)
      throws SQLException, IOException {
    String sqlite = ask(pool, "SELECT sqlite_version()");
    String synchronous =
        List.of("OFF", "NORMAL", "FULL", "EXTRA")
            .get(Integer.parseInt(ask(pool, "PRAGMA synchronous")));
    out.printf(
        "  JDK %s, SQLite %s, %d processors%n",
        Runtime.version(), sqlite, Runtime.getRuntime().availableProcessors());
    out.printf("  %s on %s, removed at the end%n", database, Files.getFileStore(database).type());
    out.printf(
        "  %d readers, 1 writer with synchronous=%s, acquire-timeout=%ds (default 5s)%n",
        pool.stats().readers().connections(), synchronous, ACQUIRE_TIMEOUT.toSeconds());
  }

  /** Through the writer, whose settings are the ones that count for a commit. */
  private static String ask(SqlitePool pool, String question) throws SQLException {
    return pool.write(lease -> lease.queryOne(question)).map(row -> row.getString(1)).orElseThrow();
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
