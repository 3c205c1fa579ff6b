package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pools on files of the test's own, and after each test the question whether anything leaked:
 * leases, files, threads.
 */
@Timeout(90)
public abstract class PoolFixture {

  /** What {@link #open} leaves in a new file. */
  private static final String TABLE = "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, v)";

  /** A slow machine is no reason for a report, where a test counts what is reported. */
  private static final Duration UNUSUAL = Duration.ofMinutes(1);

  @TempDir protected Path folder;

  private final List<SqlitePool> pools = new ArrayList<>();
  private final List<Background<?>> threads = new ArrayList<>();
  private final Gate gate = new Gate();

  /** The file that {@link #open} opens. */
  protected final Path file() {
    return folder.resolve("test.db");
  }

  /** The gate that the SQL functions of {@link #open} stand at. */
  final Gate gate() {
    return gate;
  }

  /** A pool of one writer and two readers on a file with the table t(id, v). */
  protected final SqlitePool open() throws SQLException {
    return open(config -> config);
  }

  protected final SqlitePool open(UnaryOperator<PoolConfig.Builder> change) throws SQLException {
    PoolConfig.Builder config =
        PoolConfig.builder(file())
            .readers(2)
            .slowStatementAfter(UNUSUAL)
            .slowWaitAfter(UNUSUAL)
            .onConnect(gate.functions());
    SqlitePool pool = opened(SqlitePool.open(change.apply(config).build()));
    pool.useWriter(lease -> lease.update(TABLE));
    return pool;
  }

  /** A pool that the fixture closes. */
  protected final SqlitePool opened(SqlitePool pool) {
    pools.add(pool);
    return pool;
  }

  protected final <T extends @Nullable Object> Background<T> start(String name, Callable<T> work) {
    Background<T> background = Background.start(name, work);
    threads.add(background);
    return background;
  }

  static long insert(LeasePool pool, @Nullable Object value) throws SQLException {
    return pool.write(lease -> lease.insert("INSERT INTO t(v) VALUES (?)", value));
  }

  /** The values in t, in the order of their ids, as a new reader sees them. */
  static List<@Nullable Object> values(LeasePool pool) throws SQLException {
    try (ReadLease lease = pool.acquireReader()) {
      return values(lease);
    }
  }

  static List<@Nullable Object> values(ReadLease lease) throws SQLException {
    return lease.query("SELECT v FROM t ORDER BY id", row -> row.get(1, Object.class));
  }

  static long count(ReadLease lease) throws SQLException {
    return lease.queryOne("SELECT count(*) FROM t", row -> row.getLong(1)).orElseThrow();
  }

  @AfterEach
  protected final void nothingLeaks() {
    gate.open();
    threads.forEach(Background::end);
    assertAll(
        pools.reversed().stream()
            .flatMap(
                pool -> Stream.of(() -> awaitIdle(pool), pool::close, () -> requireIdle(pool))));
    for (String suffix : List.of("-wal", "-shm", "-journal")) {
      assertFalse(Files.exists(Path.of(file() + suffix)), () -> "left behind: " + suffix);
    }
    assertEquals(List.of(), OpenFiles.under(folder), "open files");
  }

  /** A lease that was revoked is handed back by another thread; upkeep comes and goes. */
  private static void awaitIdle(SqlitePool pool) {
    Await.until("no lease is held or waited for", () -> isIdle(pool.stats()));
    requireIdle(pool);
  }

  private static boolean isIdle(PoolStats stats) {
    return Stream.of(stats.readers(), stats.writer())
        .allMatch(lane -> lane.held() + lane.waiting() == 0);
  }

  private static void requireIdle(SqlitePool pool) {
    PoolStats stats = pool.stats();
    for (PoolStats.Lane lane : List.of(stats.readers(), stats.writer())) {
      assertEquals(lane.connections(), lane.idle(), () -> "a lease leaked: " + stats);
      assertEquals(0, lane.held(), () -> "a lease leaked: " + stats);
      assertEquals(0, lane.waiting(), () -> "somebody still waits: " + stats);
    }
  }
}
