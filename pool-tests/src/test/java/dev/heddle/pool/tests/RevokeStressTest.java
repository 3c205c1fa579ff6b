package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Leases taken away at any moment of their calls. Whoever touches a statement after it was
 * finalized crashes the whole JVM.
 */
@Tag("slow")
class RevokeStressTest extends PoolFixture {

  private static final int ROUNDS = 60;

  private static final String STAR = "SELECT * FROM t";

  /** What a holder does over and over. */
  enum Work {
    FOR_EACH {
      @Override
      void run(SqlitePool pool) throws SQLException {
        try (ReadLease lease = pool.acquireReader()) {
          lease.forEach(STAR, row -> {});
        }
      }
    },
    MAPPED {
      @Override
      void run(SqlitePool pool) throws SQLException {
        try (ReadLease lease = pool.acquireSnapshot()) {
          lease.query(STAR, row -> row.getLong("id"));
        }
      }
    },
    DETACHED {
      @Override
      void run(SqlitePool pool) throws SQLException {
        try (ReadLease lease = pool.acquireReader()) {
          lease.query(STAR + " LIMIT 10");
        }
      }
    },
    JDBC {
      @Override
      void run(SqlitePool pool) throws SQLException {
        try (ReadLease lease = pool.acquireReader();
            PreparedStatement statement = lease.connection().prepareStatement(STAR);
            ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            rows.getString(2);
          }
        }
      }
    },
    BATCH {
      @Override
      void run(SqlitePool pool) throws SQLException {
        try (WriteLease lease = pool.acquireWriter()) {
          lease.batch(
              "UPDATE t SET v = ? WHERE id = ?", List.of(1, 2, 3), i -> new Object[] {-1, i});
        }
      }
    };

    abstract void run(SqlitePool pool) throws SQLException;
  }

  @ParameterizedTest
  @EnumSource
  void holder_revokedAtAnyMoment_isToldAndNothingElseHappens(Work work) throws SQLException {
    try (SqlitePool pool = open()) {
      pool.useWriter(
          lease ->
              lease.script(
                  "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000)"
                      + " INSERT INTO t SELECT n, n FROM c"));
    }
    for (int round = 0; round < ROUNDS; round++) {
      revoke(work);
    }
    assertEquals("200010000", Database.ask(file(), "SELECT sum(v) FROM t"));
    assertEquals("ok", Database.ask(file(), "PRAGMA integrity_check"));
  }

  /** Without a cache, a statement whose snapshot has ended is finalized. */
  @Test
  void forEach_actionEndsTheSnapshotWithoutACache_theNextRowThrows() throws SQLException {
    SqlitePool pool = open(config -> config.statementCache(0));
    for (int i = 0; i < 5; i++) {
      insert(pool, i);
    }
    for (int round = 0; round < ROUNDS; round++) {
      try (ReadLease lease = pool.acquireSnapshot()) {
        assertThrows(
            SQLException.class,
            () ->
                lease.forEach(
                    STAR,
                    row -> {
                      lease.connection().commit();
                      for (int i = 0; i < 50; i++) {
                        lease.query("SELECT " + i + ", '" + "x".repeat(i) + "'");
                      }
                    }));
      }
    }
  }

  private void revoke(Work work) throws SQLException {
    SqlitePool pool = open(config -> config.readers(3).closeTimeout(Duration.ZERO));
    CountDownLatch started = new CountDownLatch(3);
    List<Background<SQLException>> holders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      holders.add(start("holder", () -> untilRevoked(pool, work, started)));
    }
    Await.latch("all hold leases", started);

    pool.close();

    for (Background<SQLException> holder : holders) {
      SQLException end = holder.result();
      assertEquals("08003", end == null ? "" : end.getSQLState(), () -> "" + end);
    }
  }

  private static SQLException untilRevoked(SqlitePool pool, Work work, CountDownLatch started)
      throws SQLException {
    started.countDown();
    try {
      while (true) {
        work.run(pool);
      }
    } catch (SQLNonTransientConnectionException e) {
      return e;
    }
  }
}
