package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that met an error which may be its own is replaced while its lane waits. */
class BrokenConnectionTest extends PoolFixture {

  private static final String SCAN = "SELECT sum(length(v)) FROM big";
  private static final String CHANGE = "UPDATE big SET v = v || 'x'";

  /** Somewhere in the middle of the table. */
  private static final int PAGE = 100;

  private final AtomicInteger connections = new AtomicInteger();

  /** Nothing of it is in a WAL, or in anybody's cache. */
  @BeforeEach
  void createBigTable() throws SQLException {
    Database.create(
        file(),
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
        "CREATE TABLE big(id INTEGER PRIMARY KEY, v)",
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000)"
            + " INSERT INTO big SELECT n, printf('%1000d', n) FROM c",
        "ANALYZE");
  }

  private SqlitePool openCounting() throws SQLException {
    return open(config -> config.readers(1).onConnect(connection -> connections.incrementAndGet()));
  }

  private static long scan(SqlitePool pool) throws SQLException {
    try (ReadLease lease = pool.acquireReader()) {
      return lease.queryOne(SCAN, row -> row.getLong(1)).orElseThrow();
    }
  }

  @Test
  void reader_metADamagedPage_isReplaced() throws SQLException, IOException {
    SqlitePool pool = openCounting();
    assertEquals(2, connections.get());
    try (Scribbler scribbler = Scribbler.damage(file(), PAGE)) {
      SQLException corrupt = assertThrows(SQLException.class, () -> scan(pool));
      assertEquals("XX001", corrupt.getSQLState());
      assertEquals(3, connections.get(), "the reader was replaced");
      scribbler.mend();
    }

    assertEquals(1_000_000, scan(pool));
    assertEquals(3, connections.get());
  }

  @Test
  void writer_metADamagedPage_isReplacedAndNothingIsKept() throws SQLException, IOException {
    SqlitePool pool = openCounting();
    try (Scribbler scribbler = Scribbler.damage(file(), PAGE)) {
      SQLException corrupt =
          assertThrows(SQLException.class, () -> pool.useWriter(lease -> lease.update(CHANGE)));
      assertEquals("XX001", corrupt.getSQLState());
      assertEquals(3, connections.get(), "the writer was replaced");
      scribbler.mend();
    }

    assertEquals(1_000_000, scan(pool));
    pool.useWriter(lease -> lease.update(CHANGE));
    assertEquals(1_001_000, scan(pool));
  }

  @Test
  void writer_othersAreInItsTransactionWhenItMeetsADamagedPage_theyAreToldAndItIsReplaced()
      throws SQLException, IOException {
    SqlitePool pool = openCounting();
    insert(pool, "before");
    try (Scribbler scribbler = Scribbler.damage(file(), PAGE)) {
      Background<Long> neighbour;
      try (WriteLease lease = pool.acquireWriter()) {
        neighbour = start("neighbour", () -> insert(pool, "neighbour"));
        Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
        assertThrows(SQLException.class, () -> lease.update(CHANGE));
      }
      neighbour.result();
      scribbler.mend();
    }
    assertEquals(List.of("before", "neighbour"), values(pool));
    assertEquals(3, connections.get());
  }

  @Test
  void reader_fileCannotBeOpenedAnyMore_failsAtOnceAndWorksWhenItCan()
      throws SQLException, IOException {
    SqlitePool pool = openCounting();
    try (Scribbler first = Scribbler.damage(file(), 1)) {
      // Page 1 is in the cache until the connection goes.
      try (Scribbler second = Scribbler.damage(file(), PAGE)) {
        assertThrows(SQLException.class, () -> scan(pool));
        SQLException refused = assertThrows(SQLException.class, () -> scan(pool));
        assertTrue(String.valueOf(refused.getMessage()).contains("replaced"), refused::toString);
        assertFalse(pool.isHealthy());
        second.mend();
      }
      first.mend();
    }

    assertThrows(SQLException.class, () -> scan(pool)); // that had it replaced
    assertEquals(1_000_000, scan(pool));
    assertTrue(pool.isHealthy());
  }
}
