package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reader can't write, whatever the SQL says and whatever way it takes. */
class ReaderGuardTest extends PoolFixture {

  private static List<Object> state(ReadLease lease) throws SQLException {
    return List.of(
        values(lease),
        lease.query("SELECT name FROM pragma_database_list WHERE name != 'temp'", r -> r.toMap()),
        lease.query("SELECT count(*) FROM sqlite_temp_master", r -> r.toMap()),
        lease.query("PRAGMA foreign_keys", r -> r.toMap()),
        lease.query("PRAGMA query_only", r -> r.toMap()),
        lease.query("PRAGMA user_version", r -> r.toMap()),
        lease.query("PRAGMA journal_mode", r -> r.toMap()),
        lease.query("SELECT sql FROM sqlite_master", r -> r.toMap()));
  }

  private void requireRefused(String sql, Set<String> states) throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    insert(pool, "row");
    for (boolean snapshot : new boolean[] {false, true}) {
      for (Routes.Route<ReadLease> route : Routes.ofReader()) {
        try (ReadLease lease = snapshot ? pool.acquireSnapshot() : pool.acquireReader()) {
          List<Object> before = state(lease);
          SQLException failure =
              assertThrows(SQLException.class, () -> route.way().run(lease, sql), route::name);
          assertTrue(
              states.contains(failure.getSQLState()),
              () -> route + " gives " + failure.getSQLState() + ": " + failure);
          assertEquals(before, state(lease), route::name);
        }
      }
    }
    assertEquals(List.of("row"), values(pool));
    insert(pool, "writer still works");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t(v) VALUES (1)",
        "INSERT INTO t(v) VALUES (1) RETURNING id",
        "WITH x AS (SELECT 1) INSERT INTO t(v) SELECT * FROM x",
        "WITH x(a, \"select\") AS (SELECT 1, ')'), y AS (VALUES (2)) DELETE FROM t",
        "WITH replace AS NOT MATERIALIZED (SELECT 1) UPDATE t SET v = 1 RETURNING v",
        "/* SELECT */ INSERT INTO t(v) VALUES (1)",
        "; UPDATE t SET v = 1",
        "REPLACE INTO t(id, v) VALUES (1, 1)",
        "DELETE FROM t",
        "DELETE FROM t RETURNING id",
        "CREATE TABLE x(a)",
        "CREATE TEMP TABLE x(a)",
        "CREATE TEMP TABLE x AS SELECT 1",
        "CREATE TABLE temp.x(a)",
        "CREATE INDEX i ON t(v)",
        "ALTER TABLE t ADD COLUMN z",
        "DROP TABLE t",
        "ANALYZE",
        "REINDEX",
        "ATTACH ':memory:' AS other",
        "ATTACH DATABASE 'other.db' AS other",
        "DETACH main",
        "PRAGMA query_only = OFF",
        "PRAGMA query_only(0)",
        "PRAGMA foreign_keys = OFF",
        "EXPLAIN PRAGMA foreign_keys = OFF",
        "PRAGMA user_version = 5",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA wal_checkpoint",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA optimize",
        "PRAGMA incremental_vacuum(10)",
        "PRAGMA data_store_directory = '/tmp'"
      })
  void reader_statementThatWrites_isRefused(String sql) throws SQLException {
    requireRefused(sql, Set.of("25006"));
    assertFalse(Files.exists(folder.resolve("other.db")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN",
        "BEGIN EXCLUSIVE",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT s",
        "RELEASE s",
        "VACUUM",
        "VACUUM INTO 'copy.db'",
        "SELECT * FROM pragma_optimize",
        "SELECT load_extension('x')",
        "SELECT 1; DELETE FROM t",
        "SELECT 1; -- c\n; PRAGMA query_only = 0",
        "backup to 'x.db'"
      })
  void reader_statementThatIsNoQuery_isRefused(String sql) throws SQLException {
    requireRefused(sql, Set.of("25006", "25001", "42000"));
  }

  @Test
  void reader_savepointOfJdbc_isRefused() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      Expect.readOnly(() -> lease.connection().setSavepoint());
      Expect.readOnly(() -> lease.connection().setSavepoint("s"));
      Expect.readOnly(() -> lease.connection().setReadOnly(false));
      lease.connection().setReadOnly(true);
      assertTrue(lease.connection().isReadOnly());
    }
  }

  @Test
  void reader_refusal_saysWhatToCallInstead() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      Expect.mentions(
          Expect.readOnly(() -> lease.query("DELETE FROM t RETURNING id")),
          "acquireWriter()",
          "DELETE FROM t");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'DELETE FROM t; COMMIT'",
        "SELECT \"insert\" FROM (SELECT 1 AS \"insert\")",
        "WITH \"delete\" AS (SELECT 1) SELECT * FROM \"delete\"",
        "VALUES (1), (2)",
        "EXPLAIN INSERT INTO t(v) VALUES (1)",
        "EXPLAIN QUERY PLAN SELECT * FROM t",
        "PRAGMA table_info(t)",
        "PRAGMA table_info = t",
        "PRAGMA foreign_keys",
        "PRAGMA integrity_check",
        "SELECT replace('a', 'a', 'b') -- COMMIT",
        "/* ; */ SELECT 1;;",
        "SELECT * FROM pragma_table_info('t')"
      })
  void reader_statementThatOnlyReads_isNotRefused(String sql) throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      assertFalse(lease.query(sql).isEmpty());
    }
  }
}
