package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.Maintenance;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Checkpoints and statistics, for somebody who asks for them. */
class MaintenanceTest extends PoolFixture {

  /** One index is of no use, and only statistics tell which. */
  private static final String SKEWED =
      "CREATE TABLE skewed(same, own);"
          + "CREATE INDEX by_own ON skewed(own);"
          + "CREATE INDEX by_same ON skewed(same);"
          + "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000)"
          + " INSERT INTO skewed SELECT 1, n FROM c";

  private static final String QUERY = "SELECT count(*) FROM skewed WHERE same = 1 AND own = 7";

  private int asked;

  private long walBytes() {
    return Path.of(file() + "-wal").toFile().length();
  }

  @Test
  void checkpoint_nobodyIsInTheWay_emptiesTheWal() throws SQLException {
    SqlitePool pool = open();
    insert(pool, "a");
    assertTrue(walBytes() > 0);

    Maintenance.Checkpoint checkpoint = pool.maintenance().checkpoint();

    assertTrue(checkpoint.complete(), checkpoint::toString);
    assertEquals(0, walBytes());
    insert(pool, "b");
    assertEquals(2, values(pool).size());
  }

  @Test
  void checkpoint_snapshotIsInTheWay_saysHowFarItGot() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease snapshot = pool.acquireSnapshot()) {
      count(snapshot);
      insert(pool, "a");

      Maintenance.Checkpoint checkpoint = pool.maintenance().checkpoint();

      assertFalse(checkpoint.complete());
      assertTrue(checkpoint.movedPages() < checkpoint.walPages(), checkpoint::toString);
    }
    assertTrue(pool.maintenance().checkpoint().complete());
  }

  @Test
  void checkpoint_othersAreInATransaction_theyAreCommittedBefore() throws SQLException {
    SqlitePool pool = open();
    Background<Maintenance.Checkpoint> checkpoint;
    Background<Long> second;
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES ('first')");
      checkpoint = start("checkpoint", () -> pool.maintenance().checkpoint());
      Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
      second = start("second", () -> insert(pool, "second"));
      Await.until("both wait", () -> pool.stats().writer().waiting() == 2);
      lease.commit();
    }
    second.result();
    checkpoint.result();
    assertEquals(2, values(pool).size());
  }

  @Test
  void checkpoint_byTheHolderOfTheWriter_isRefused() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      Expect.sql(SQLNonTransientException.class, "25001", () -> pool.maintenance().checkpoint());
      Expect.sql(SQLNonTransientException.class, "25001", () -> pool.maintenance().optimize());
      lease.rollback();
    }
  }

  @Test
  void optimize_writerCannotBeHad_saysSo() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES (1)");
      Background<Void> waiting =
          start(
              "waiting",
              () -> {
                pool.maintenance().optimize();
                return null;
              });
      SQLTransientConnectionException late = waiting.failure(SQLTransientConnectionException.class);
      Expect.mentions(late, "holds it for long");
      lease.rollback();
    }
  }

  @Test
  void checkpoint_poolIsClosed_isRefused() throws SQLException {
    SqlitePool pool = open();
    pool.close();
    Expect.sql(
        SQLNonTransientConnectionException.class, "08003", () -> pool.maintenance().checkpoint());
  }

  @Test
  void checkpoint_readOnlyPool_isRefused() throws SQLException {
    open();
    SqlitePool pool =
        opened(SqlitePool.open(PoolConfig.builder(file()).readOnly().readers(1).build()));
    Expect.sql(SQLNonTransientException.class, "25006", () -> pool.maintenance().checkpoint());
    Expect.sql(SQLNonTransientException.class, "25006", () -> pool.maintenance().optimize());
  }

  @Test
  void optimize_newStatistics_areUsedByReadersThatWereOpenBefore() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    pool.useWriter(lease -> lease.script(SKEWED));
    assertTrue(plan(pool).contains("by_same"), plan(pool));

    pool.maintenance().optimize();

    assertTrue(plan(pool).contains("by_own"), plan(pool));
  }

  @Test
  void optimize_itsTimeHasCome_isDoneAfterACommit() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1).optimizeEvery(Duration.ofMillis(1)));
    pool.useWriter(lease -> lease.script(SKEWED));

    Await.until("there are statistics", () -> plan(pool).contains("by_own"));
  }

  /** EXPLAIN does not notice a new schema, and a kept one is not made anew: the query is. */
  private String plan(SqlitePool pool) {
    String explain = "EXPLAIN QUERY PLAN " + QUERY + " -- " + asked++;
    try (ReadLease lease = pool.acquireReader()) {
      lease.query(QUERY);
      return String.valueOf(lease.queryOne(explain).orElseThrow().getString("detail"));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
