package dev.heddle.pool.tests.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.OpenFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A folder where programs run, each with a database file of its own. */
final class Site {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final Path folder;
  private final Path template;
  private final AtomicInteger programs = new AtomicInteger();

  Site(Path folder, String schema) throws SQLException {
    this.folder = folder;
    template = folder.resolve("template.db");
    try (SqlitePool pool = SqlitePool.open(template)) {
      pool.useWriter(lease -> lease.script(schema));
    }
  }

  /** A new folder, with a database. */
  Path home() {
    try {
      Path home = Files.createDirectory(folder.resolve("program-" + programs.incrementAndGet()));
      Files.copy(template, file(home));
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(Path home) {
    return home.resolve("test.db");
  }

  static SqlitePool open(Path home, Program program) throws SQLException {
    return open(home, program, config -> config);
  }

  static SqlitePool open(Path home, Program program, UnaryOperator<PoolConfig.Builder> change)
      throws SQLException {
    PoolConfig.Builder config =
        PoolConfig.builder(file(home))
            .readers(program.readers())
            .groupMaxUnits(program.groupMaxUnits())
            .closeTimeout(program.patientClose() ? LONG : Duration.ZERO)
            .acquireTimeout(LONG)
            .pragma("synchronous", "OFF")
            .onConnect(Stops.functions());
    return SqlitePool.open(change.apply(config).build());
  }

  /** Closes the pool, and sees that nothing is left of it. */
  static void close(SqlitePool pool, Path home) {
    requireIdle(pool.stats());
    pool.close();
    requireIdle(pool.stats());
    assertEquals("[]", OpenFiles.under(home).toString(), "open files");
  }

  private static void requireIdle(PoolStats stats) {
    assertEquals(stats.readers().connections(), stats.readers().idle(), () -> "idle: " + stats);
    assertEquals(stats.writer().connections(), stats.writer().idle(), () -> "idle: " + stats);
    int waiting = stats.readers().waiting() + stats.writer().waiting() + stats.commits().waiting();
    assertEquals(0, waiting, () -> "somebody waits: " + stats);
  }

  static void delete(Path home) {
    try {
      Files.delete(file(home));
      Files.delete(home); // nothing else is left there
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
