package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SQL that would end the transaction, or outlive it, through every route of a writer. */
class TransactionGuardTest extends PoolFixture {

  private static final Set<String> STATES = Set.of("25001", "42000");

  /** Refused on every route; then commit keeps exactly what the lease wrote. */
  private void requireRefusedEverywhere(String sql) throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES ('before')");
      for (Routes.Route<WriteLease> route : Routes.ofWriter()) {
        SQLException failure =
            assertThrows(SQLException.class, () -> route.way().run(lease, sql), route::name);
        assertTrue(
            STATES.contains(failure.getSQLState()),
            () -> route + " gives " + failure.getSQLState() + ": " + failure);
        assertEquals(List.of(), values(pool), () -> route + " has committed");
        assertEquals(List.of("before"), values(lease), () -> route + " has changed something");
      }
      assertEquals(
          "",
          String.join(
              ",",
              lease.query(
                  "SELECT name FROM pragma_database_list WHERE name NOT IN ('main', 'temp')",
                  row -> "" + row.getString(1))));
      assertEquals("wal", lease.queryOne("PRAGMA journal_mode").orElseThrow().getString(1));
      lease.update("INSERT INTO t(v) VALUES ('after')");
      lease.commit();
    }
    assertEquals(List.of("before", "after"), values(pool));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COMMIT",
        "commit transaction",
        "END",
        "END TRANSACTION;",
        "ROLLBACK",
        "ROLLBACK TRANSACTION",
        "ROLLBACK;",
        "BEGIN",
        "BEGIN IMMEDIATE",
        "/* a comment */ COMMIT",
        "-- a comment\nCOMMIT",
        ";COMMIT",
        " ; ;\t; ROLLBACK",
        "\ufeffCOMMIT",
        "/* COMMIT /* */ ROLLBACK -- x",
        "EXPLAIN COMMIT",
        "RELEASE heddle",
        "SAVEPOINT heddle_1",
        "ROLLBACK TO \"Heddle_1\""
      })
  void writer_transactionStatement_isRefusedAndTheTransactionIsIntact(String sql)
      throws SQLException {
    requireRefusedEverywhere(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VACUUM",
        "VACUUM INTO 'copy.db'",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA journal_mode(DELETE)",
        "PRAGMA main.journal_mode = 'delete'",
        "EXPLAIN PRAGMA journal_mode = DELETE",
        "PRAGMA locking_mode = EXCLUSIVE",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA query_only = 1",
        "PRAGMA writable_schema = ON",
        "PRAGMA ignore_check_constraints = 1",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA no_such_pragma = 1",
        "ATTACH DATABASE ':memory:' AS other",
        "ATTACH 'x.db' AS other",
        "DETACH main",
        "CREATE TEMP TABLE x(a)",
        "CREATE TEMPORARY TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END",
        "CREATE TABLE temp.x(a)",
        "CREATE TABLE \"temp\".x(a)",
        "CREATE TABLE IF NOT EXISTS [TEMP] . x(a)",
        "CREATE TEMP VIEW x AS SELECT 1",
        "SELECT load_extension('x')",
        "backup to 'x.db'",
        "restore from 'x.db'"
      })
  void writer_statementThatOutlivesTheLease_isRefusedAndTheTransactionIsIntact(String sql)
      throws SQLException {
    requireRefusedEverywhere(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1; COMMIT",
        "INSERT INTO t(v) VALUES ('inner'); COMMIT",
        "INSERT INTO t(v) VALUES ('inner');/* c */ROLLBACK;"
      })
  void writer_secondStatementEndsTheTransaction_isRefusedBeforeTheFirstRuns(String sql)
      throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES ('before')");
      for (Routes.Route<WriteLease> route : Routes.ofWriter()) {
        if (!route.name().equals("script")) {
          assertThrows(SQLException.class, () -> route.way().run(lease, sql), route::name);
          assertEquals(List.of("before"), values(lease), route::name);
        }
      }
      lease.commit();
    }
    assertEquals(List.of("before"), values(pool));
  }

  @Test
  void script_commitInside_isRefusedAndWhatWasBeforeIsStillUncommitted() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      Expect.mentions(
          Expect.refused(() -> lease.script("INSERT INTO t(v) VALUES (1); COMMIT; DELETE FROM t")),
          "commit()");
      assertEquals(List.of(1L), values(lease));
      assertEquals(List.of(), values(pool));
      lease.rollback();
    }
    assertEquals(List.of(), values(pool));
  }

  @Test
  void update_commit_saysWhatToCallInstead() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      Expect.mentions(Expect.refused(() -> lease.update("COMMIT")), "commit()", "COMMIT");
      Expect.mentions(Expect.refused(() -> lease.update("ROLLBACK")), "rollback()");
      Expect.mentions(
          Expect.refused(() -> lease.update("PRAGMA synchronous = OFF")), "pragma.synchronous");
    }
  }

  @Test
  void writer_userSavepoints_areNotRefused() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.script(
          "SAVEPOINT a; INSERT INTO t(v) VALUES (1); SAVEPOINT b; DELETE FROM t; ROLLBACK TO b;"
              + " RELEASE SAVEPOINT a");
      assertEquals(List.of(), values(pool));
      lease.commit();
    }
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void writer_pragmasThatBelongToTheTransaction_areTaken() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> {
          lease.update("PRAGMA user_version = 3");
          lease.update("PRAGMA application_id(77)");
          lease.update("PRAGMA defer_foreign_keys = ON");
        });
    pool.useWriter(
        lease -> {
          assertEquals(3, lease.queryOne("PRAGMA user_version").orElseThrow().getLong(1));
          assertEquals(77, lease.queryOne("PRAGMA application_id").orElseThrow().getLong(1));
          assertEquals(0, lease.queryOne("PRAGMA defer_foreign_keys").orElseThrow().getLong(1));
        });
  }
}
