package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The WAL stays short, beside those who read and write, and who keeps it from that is named. */
class WalUpkeepTest extends PoolFixture {

  private static final long MIB = 1 << 20;

  private static final String WRITE = "INSERT OR REPLACE INTO t VALUES (1, randomblob(500000))";

  private static final String HELD_BACK = "can't begin anew";

  private static final String READ = "SELECT gate() FROM t";

  private SqlitePool openTidy() throws SQLException {
    return open(config -> config.walCheckpointPages(200).walTruncateAbove(MIB));
  }

  private static void write(SqlitePool pool, int times) throws SQLException {
    for (int i = 0; i < times; i++) {
      pool.useWriter(lease -> lease.update(WRITE));
    }
  }

  private long walBytes() {
    return Path.of(file() + "-wal").toFile().length();
  }

  private void awaitShortWal() {
    Await.until("the WAL is short", () -> walBytes() <= MIB);
  }

  @Test
  void wal_manyCommits_isShortAgainWithoutAnyMore() throws SQLException {
    SqlitePool pool = openTidy();

    write(pool, 40);

    awaitShortWal();
    PoolStats.Checkpoints checkpoints = pool.stats().checkpoints();
    assertTrue(checkpoints.count() > 0, checkpoints::toString);
    assertTrue(checkpoints.restarts() > 0, checkpoints::toString);
    assertTrue(checkpoints.longestTime().compareTo(checkpoints.meanTime()) >= 0);
    assertTrue(checkpoints.longestPause().isPositive());
  }

  @Test
  void wal_aFewCommitsAndNoMore_isShortAgain() throws SQLException {
    SqlitePool pool = openTidy();

    write(pool, 5);

    awaitShortWal();
  }

  @Test
  void wal_aConnectionKeepsTheWriterAndCommits_isShortAgain() throws SQLException {
    SqlitePool pool =
        open(
            config ->
                config
                    .walCheckpointPages(200)
                    .walTruncateAbove(MIB)
                    .acquireTimeout(Duration.ofMillis(100)));
    try (Connection sticky = pool.dataSource().getConnection();
        Statement statement = sticky.createStatement()) {
      statement.execute("PRAGMA cache_size = 77"); // from here on it keeps the writer
      for (int i = 0; i < 40; i++) {
        statement.execute(WRITE);
      }

      awaitShortWal();
      assertEquals(1, pool.stats().writer().held());
    }
  }

  @Test
  void wal_readersOverlapWithoutAGap_isShortAgain() throws SQLException {
    SqlitePool pool = openTidy();
    AtomicBoolean enough = new AtomicBoolean();
    CountDownLatch reading = new CountDownLatch(2);
    List<Background<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      readers.add(start("reader " + i, () -> readUntil(pool, enough, reading)));
    }
    Await.latch("both read", reading);

    write(pool, 40);

    awaitShortWal();
    enough.set(true);
    readers.forEach(Background::result);
  }

  private static int readUntil(SqlitePool pool, AtomicBoolean enough, CountDownLatch reading)
      throws SQLException {
    int reads = 0;
    while (!enough.get()) {
      pool.useReader(lease -> lease.query("SELECT count(*), length(v) FROM t"));
      reads++;
      reading.countDown();
    }
    return reads;
  }

  @Test
  void wal_snapshotHoldsItBack_isReportedOnceWithItsHolder() throws SQLException {
    SqlitePool pool = openTidy();
    try (Logs logs = Logs.capture();
        ReadLease snapshot =
            pool.acquireSnapshot(LeaseOptions.DEFAULTS.withLabel("nightly report"))) {
      count(snapshot);

      write(pool, 20);

      Await.until("it is reported", () -> !logs.warnings(HELD_BACK).isEmpty());
      write(pool, 20);
      Await.until("there was another look", () -> pool.stats().checkpoints().heldBack() > 20);
      List<String> reports = logs.warnings(HELD_BACK);
      assertEquals(1, reports.size(), reports::toString);
      assertTrue(reports.getFirst().contains("'nightly report'"), reports::toString);
      assertTrue(reports.getFirst().contains(getClass().getName()), "no stack: " + reports);
      assertTrue(walBytes() > MIB);
    }

    awaitShortWal();
  }

  @Test
  void wal_queryHoldsItBack_isReportedWithItsSql() throws SQLException {
    SqlitePool pool = openTidy();
    write(pool, 1);
    try (Logs logs = Logs.capture()) {
      Background<List<String>> reader =
          start(
              "reader",
              () -> pool.read(lease -> lease.query(READ, row -> String.valueOf(row.getLong(1)))));
      gate().awaitReached();

      write(pool, 20);

      Await.until("it is reported", () -> !logs.warnings(HELD_BACK).isEmpty());
      assertTrue(logs.warnings(HELD_BACK).getFirst().contains(READ));
      gate().open();
      reader.result();
    }
    awaitShortWal();
  }

  @Test
  void wal_anotherConnectionHoldsItBack_isReportedAsSomebodyOutside() throws SQLException {
    SqlitePool pool = openTidy();
    try (Logs logs = Logs.capture();
        Database other = Database.connect(file())) {
      other.run("BEGIN").ask("SELECT count(*) FROM t");

      write(pool, 20);

      Await.until("it is reported", () -> !logs.warnings(HELD_BACK).isEmpty());
      assertTrue(logs.warnings(HELD_BACK).getFirst().contains("another process"));
    }
    awaitShortWal();
  }

  @Test
  void wal_checkpointPages0_isLeftAlone() throws SQLException {
    SqlitePool pool = open(config -> config.walCheckpointPages(0).walTruncateAbove(MIB));

    write(pool, 40);

    assertTrue(walBytes() > 15 * MIB, "WAL of " + walBytes());
    assertEquals(0, pool.stats().checkpoints().count());
    assertEquals(walBytes(), pool.stats().checkpoints().walBytes());
  }

  @Test
  void close_whileTheWalIsHeldBack_leavesNothing() throws SQLException {
    SqlitePool pool = openTidy();
    try (Database other = Database.connect(file())) {
      other.run("BEGIN").ask("SELECT count(*) FROM t");
      write(pool, 20);
      Await.until("it was in vain", () -> pool.stats().checkpoints().heldBack() > 0);
      pool.close();
    }
    assertEquals("ok", Database.ask(file(), "PRAGMA integrity_check"));
  }
}
