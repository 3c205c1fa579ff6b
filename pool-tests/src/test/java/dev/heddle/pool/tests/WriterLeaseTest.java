package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The life of a write lease. */
class WriterLeaseTest extends PoolFixture {

  @Test
  void commit_rowsWritten_areThereAndTheLeaseHasEnded() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES (1)");
      lease.commit();

      assertEquals(1, pool.stats().writer().idle());
      assertEquals(List.of(1L), values(pool));
      Expect.over(lease::commit);
      Expect.over(lease::rollback);
    }
  }

  @Test
  void rollback_rowsWritten_areGoneAndTheLeaseHasEnded() throws SQLException {
    SqlitePool pool = open();
    try (Logs logs = Logs.capture()) {
      WriteLease lease = pool.acquireWriter();
      lease.update("INSERT INTO t(v) VALUES (1)");
      lease.rollback();

      assertEquals(1, pool.stats().writer().idle());
      assertEquals(List.of(), values(pool));
      Expect.over(lease::commit);
      Expect.over(lease::rollback);
      lease.close();
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void commit_nothingWritten_isFine() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.commit();
    }
    try (WriteLease lease = pool.acquireWriter()) {
      lease.rollback();
    }
    insert(pool, 1);
  }

  @Test
  void close_withoutCommit_rollsBackAndWarnsWithLabelAndThread() throws SQLException {
    SqlitePool pool = open();
    try (Logs logs = Logs.capture()) {
      Background<?> forgetful =
          start(
              "forgetful-thread",
              () -> {
                try (WriteLease lease =
                    pool.acquireWriter(LeaseOptions.DEFAULTS.withLabel("place-order"))) {
                  return lease.update("INSERT INTO t(v) VALUES (1)");
                }
              });
      forgetful.result();

      assertEquals(List.of(), values(pool));
      assertEquals(1, logs.warnings().size(), () -> "" + logs.warnings());
      String warning = logs.warnings().getFirst();
      for (String word : List.of("place-order", "forgetful-thread", "commit()", "rolled back")) {
        assertTrue(warning.contains(word), () -> word + " is missing in: " + warning);
      }
    }
  }

  @Test
  void close_nothingDone_isSilent() throws SQLException {
    SqlitePool pool = open();
    try (Logs logs = Logs.capture()) {
      pool.acquireWriter().close();
      pool.acquireReader().close();
      pool.acquireSnapshot().close();
      try (ReadLease snapshot = pool.acquireSnapshot()) {
        count(snapshot);
      }

      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void close_again_isHarmlessForTheNextHolder() throws SQLException {
    SqlitePool pool = open();
    WriteLease first = pool.acquireWriter();
    first.close();
    try (WriteLease second = pool.acquireWriter()) {
      second.update("INSERT INTO t(v) VALUES (2)");
      first.close();
      Expect.over(first::rollback);

      assertEquals(0, pool.stats().writer().idle());
      second.commit();
    }
    assertEquals(List.of(2L), values(pool));
  }

  @Test
  void everyMethod_leaseHasEnded_saysSo() throws SQLException {
    SqlitePool pool = open();
    WriteLease lease = pool.acquireWriter(LeaseOptions.DEFAULTS.withLabel("gone"));
    lease.close();
    String sql = "SELECT 1";
    List<Executable> calls =
        List.of(
            () -> lease.query(sql),
            () -> lease.query(sql, row -> 1),
            () -> lease.queryOne(sql),
            () -> lease.queryOne(sql, row -> 1),
            () -> lease.forEach(sql, row -> {}),
            lease::connection,
            () -> lease.update("DELETE FROM t"),
            () -> lease.insert("INSERT INTO t(v) VALUES (1)"),
            () -> lease.batch("DELETE FROM t", List.of()),
            () -> lease.batch("DELETE FROM t WHERE v = ?", List.of(1), i -> new Object[] {i}),
            () -> lease.script("DELETE FROM t"),
            lease::commit,
            lease::rollback);

    for (Executable call : calls) {
      Expect.mentions(Expect.over(call), "gone", "ended");
    }
    try (ReadLease next = pool.acquireReader()) {
      assertEquals(0, count(next));
    }
  }

  @Test
  void update_oneFails_theOthersStay() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(id, v) VALUES (1, 'kept')");
      assertThrows(
          SQLIntegrityConstraintViolationException.class,
          () -> lease.update("INSERT INTO t(id, v) VALUES (2, 'a'), (1, 'b')"));
      assertThrows(SQLException.class, () -> lease.update("INSERT INTO nowhere VALUES (1)"));
      lease.update("INSERT INTO t(id, v) VALUES (3, 'too')");
      lease.commit();
    }
    assertEquals(List.of("kept", "too"), values(pool));
  }

  @Test
  void commit_deferredForeignKeyViolated_failsAndKeepsNothing() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease ->
            lease.update(
                "CREATE TABLE child(p INTEGER REFERENCES t(id) DEFERRABLE INITIALLY DEFERRED)"));
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES ('gone')");
      lease.update("INSERT INTO child VALUES (99)");

      SQLException failure =
          Expect.sql(SQLIntegrityConstraintViolationException.class, "23000", lease::commit);

      assertEquals(787, failure.getErrorCode());
      Expect.over(lease::commit);
    }
    assertEquals(List.of(), values(pool));
    insert(pool, "next");
    assertEquals(List.of("next"), values(pool));
  }

  @Test
  void writer_openCursorAtCommit_isClosedAndNothingIsLost() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      var statement =
          lease.connection().prepareStatement("INSERT INTO t(v) VALUES (1), (2) RETURNING id");
      var rows = statement.executeQuery();
      assertTrue(rows.next());

      lease.commit();
    }
    assertEquals(List.of(1L, 2L), values(pool));
  }

  @Test
  void lease_passedToAnotherThread_worksThere() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES (1)");
      start(
              "other",
              () -> {
                lease.update("INSERT INTO t(v) VALUES (2)");
                lease.commit();
                return 0;
              })
          .result();
      Expect.over(() -> lease.update("INSERT INTO t(v) VALUES (3)"));
    }
    assertEquals(List.of(1L, 2L), values(pool));
  }

  @Test
  void stats_leasesEnded_countCommitsAndRollbacks() throws SQLException {
    SqlitePool pool = open();
    long commits = pool.stats().commits().transactions();
    long rollbacks = pool.stats().commits().rolledBack();
    insert(pool, 1);
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES (1)");
      lease.rollback();
    }
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES (1)");
    }

    assertEquals(commits + 1, pool.stats().commits().transactions());
    assertEquals(rollbacks + 2, pool.stats().commits().rolledBack());
  }
}
