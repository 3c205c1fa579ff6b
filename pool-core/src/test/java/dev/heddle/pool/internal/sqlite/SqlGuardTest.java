package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the guard refuses, and with which words. */
class SqlGuardTest {

  /** Each is refused on the writer with 25001, whatever is put around it. */
  static final List<String> STATEFUL =
      List.of(
          "BEGIN",
          "BEGIN IMMEDIATE TRANSACTION",
          "COMMIT",
          "commit transaction",
          "END",
          "End Transaction",
          "ROLLBACK",
          "ROLLBACK TRANSACTION",
          "ROLLBACK TRANSACTION \"to\"",
          "SAVEPOINT heddle",
          "SAVEPOINT \"Heddle_1\"",
          "SAVEPOINT 'HEDDLE 1'",
          "RELEASE heddle_1",
          "RELEASE SAVEPOINT [heddle_1]",
          "ROLLBACK TO heddle_1",
          "ROLLBACK TRANSACTION TO SAVEPOINT `heddle_1`",
          "ROLLBACK TRANSACTION 'to' TO heddle_1",
          "WITH a AS (SELECT 1) COMMIT",
          "VACUUM",
          "VACUUM main INTO 'copy.db'",
          "ATTACH 'other.db' AS other",
          "DETACH other",
          "CREATE TEMP TABLE x(a)",
          "CREATE temporary VIEW x AS SELECT 1",
          "CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END",
          "CREATE TABLE temp.x(a)",
          "CREATE TABLE IF NOT EXISTS \"Temp\" . x(a)",
          "CREATE TABLE 'temp'.x AS SELECT 1",
          "CREATE UNIQUE INDEX [temp].x ON t(a)",
          "CREATE VIEW `temp`.x(a) AS SELECT 1",
          "CREATE VIRTUAL TABLE temp.x USING fts5(a)",
          "CREATE TRIGGER temp.x AFTER INSERT ON t BEGIN SELECT 1; END",
          "CREATE TRIGGER begin AFTER INSERT ON temp.x BEGIN SELECT 1; END",
          "PRAGMA foreign_keys=OFF",
          "PRAGMA foreign_keys(0)",
          "PRAGMA main.synchronous = OFF",
          "PRAGMA \"query_only\" = 1",
          "PRAGMA 'temp_store'(2)",
          "PRAGMA [writable_schema] == ON",
          "PRAGMA journal_mode=DELETE",
          "PRAGMA locking_mode=EXCLUSIVE",
          "PRAGMA page_count=3",
          "PRAGMA temp.user_version=3",
          "PRAGMA wal_checkpoint",
          "PRAGMA wal_checkpoint(TRUNCATE)",
          "PRAGMA optimize",
          "PRAGMA incremental_vacuum(10)",
          "PRAGMA shrink_memory",
          "PRAGMA case_sensitive_like=1",
          "PRAGMA a_pragma_of_the_future",
          "PRAGMA foreign_keys=ON )",
          "SELECT * FROM pragma_optimize",
          "SELECT * FROM main.'PRAGMA_OPTIMIZE' WHERE arg=2",
          "SELECT load_extension('x')",
          "SELECT \"Load_Extension\" ('x')",
          "backup to 'copy.db'",
          "restore from 'copy.db'");

  static Stream<String> statefulBehindEverything() {
    List<String> before =
        List.of(
            "%s",
            "\ufeff%s",
            " \t\n\f\r \u000b%s",
            ";%s",
            " ; -- COMMIT\n;;%s",
            "-- a comment\n%s",
            "/* a */ /**/ /*/ SELECT */ %s",
            "EXPLAIN %s",
            "explain/**/Query Plan\n%s",
            "%s;",
            "%s ; -- the end",
            "%s; SELECT 1");
    return STATEFUL.stream().flatMap(sql -> before.stream().map(form -> form.formatted(sql)));
  }

  @ParameterizedTest
  @MethodSource("statefulBehindEverything")
  void check_statefulSql_isRefused(String sql) {
    SQLException e = assertThrows(SQLException.class, () -> SqlGuard.check(sql, Role.WRITER));
    assertInstanceOf(SQLNonTransientException.class, e);
    assertEquals("25001", e.getSQLState(), e.getMessage());
  }

  @ParameterizedTest
  @MethodSource("statefulBehindEverything")
  void check_statefulSqlOnReader_isRefused(String sql) {
    SQLException e = assertThrows(SQLException.class, () -> SqlGuard.check(sql, Role.READER));
    assertTrue(List.of("25001", "25006").contains(e.getSQLState()), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t VALUES(1)",
        "REPLACE INTO t VALUES(1)",
        "WITH x AS (SELECT 1) DELETE FROM t",
        "UPDATE t SET a=1",
        "CREATE TABLE x(a)",
        "DROP TABLE t",
        "ALTER TABLE t ADD COLUMN c",
        "ANALYZE",
        "REINDEX",
        "CREATE TEMP TABLE x(a)",
        "ATTACH 'a' AS b",
        "DETACH b",
        "PRAGMA user_version=1",
        "PRAGMA main.defer_foreign_keys=ON",
        "EXPLAIN PRAGMA defer_foreign_keys=ON",
        "PRAGMA foreign_keys=ON",
        "PRAGMA wal_checkpoint"
      })
  void check_writeOnReader_isReadOnly(String sql) {
    SQLException e = assertThrows(SQLException.class, () -> SqlGuard.check(sql, Role.READER));
    assertInstanceOf(SQLNonTransientException.class, e);
    assertEquals("25006", e.getSQLState());
  }

  @ParameterizedTest
  @ValueSource(strings = {"SAVEPOINT a", "RELEASE a", "ROLLBACK TO a", "ROLLBACK", "BEGIN", "END"})
  void check_transactionOnReader_isRefused(String sql) {
    SQLException e = assertThrows(SQLException.class, () -> SqlGuard.check(sql, Role.READER));
    assertEquals("25001", e.getSQLState());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXPLAIN INSERT INTO t VALUES(1)",
        "EXPLAIN QUERY PLAN DELETE FROM t",
        "EXPLAIN CREATE TABLE x(a)"
      })
  void check_explainOfWriteOnReader_passes(String sql) throws SQLException {
    assertTrue(SqlGuard.check(sql, Role.READER).explain());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        ";",
        " ; ;",
        "-- nothing",
        "/* nothing",
        "\ufeff",
        "SELECT 1; SELECT 2",
        "SELECT 1;;COMMIT",
        "SELECT 1;/**/x",
        "SELECT 1; /*",
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END; COMMIT",
        "EXPLAIN CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END; COMMIT",
        "CREATE TABLE x(a); END; COMMIT",
        "SELECT 1\u0000",
        "\u0000COMMIT",
        "SELECT \ud800",
        "SELECT '\udc00'",
        "SELECT 1 \ud800\ud800",
        "SELEC 1",
        "SELECT1",
        "\u000bSELECT 1",
        "\u00a0SELECT 1",
        "ROLLBAC\u212a TO a",
        "(SELECT 1)",
        "'SELECT' 1",
        "\"COMMIT\"",
        "EXPLAIN",
        "EXPLAIN EXPLAIN SELECT 1",
        "EXPLAIN PLAN SELECT 1",
        "WITH",
        "WITH a AS (SELECT 1)",
        "WITH a AS (SELECT 1; COMMIT)",
        "WITH a AS (SELECT 1) SELEC 1",
        "WITH a; SELECT 1",
        "PRAGMA",
        "PRAGMA foreign_keys ON",
        "PRAGMA user_version = 1 2",
        "PRAGMA defer_foreign_keys = ON )",
        "PRAGMA defer_foreign_keys(ON) x"
      })
  void check_notOneStatement_isSyntaxError(String sql) {
    SQLException e = assertThrows(SQLException.class, () -> SqlGuard.check(sql, Role.WRITER));
    assertInstanceOf(SQLSyntaxErrorException.class, e);
    assertEquals("42000", e.getSQLState());
    assertThrows(SQLException.class, () -> SqlGuard.check(sql, Role.READER));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          COMMIT                        | Call commit() on the lease
          ROLLBACK                      | Call rollback() on the lease
          BEGIN                         | SAVEPOINT
          VACUUM INTO 'x'               | maintenance
          ATTACH 'x' AS y               | onConnect
          PRAGMA cache_size=-1000       | pragma.cache_size
          PRAGMA wal_checkpoint         | DriverManager
          CREATE TEMP TABLE x(a)        | Use WITH
          SELECT 1; SELECT 2            | script(…)
          SAVEPOINT heddle_1            | another name
          backup to x                   | maintenance
          """)
  void check_refusal_saysWhatToCallInstead(String sql, String advice) {
    SQLException e = assertThrows(SQLException.class, () -> SqlGuard.check(sql, Role.WRITER));
    assertTrue(String.valueOf(e.getMessage()).contains(advice), e.getMessage());
  }

  @Test
  void check_refusalOfLongSql_showsOneShortLine() {
    String sql = "COMMIT\n\n\t-- " + "é\ud83d\ude00".repeat(100_000);
    SQLException e = assertThrows(SQLException.class, () -> SqlGuard.check(sql, Role.WRITER));
    String message = String.valueOf(e.getMessage());
    assertAll(
        () -> assertTrue(message.contains("SQL: COMMIT -- é"), message),
        () -> assertTrue(message.length() < 260, message),
        () -> assertTrue(message.endsWith("…"), message),
        () -> assertEquals(1, message.lines().count()));
  }
}
