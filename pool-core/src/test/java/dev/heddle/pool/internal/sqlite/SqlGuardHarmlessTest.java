package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Statements that look dangerous and are not: the guard lets them through, and SQLite runs them.
 */
class SqlGuardHarmlessTest {

  @TempDir Path folder;

  private GuardedConnection writer;

  @BeforeEach
  void open() throws SQLException {
    writer = GuardedConnection.writer(folder.resolve("guard.db"));
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        ";SELECT 1;",
        "\ufeffSELECT 1",
        "SELECT 'COMMIT', \"a\", [a], `a` FROM t",
        "SELECT 1 -- ; COMMIT",
        "SELECT /* ; ROLLBACK; */ 1; -- END",
        "/* BEGIN */ SELECT 1 /* not closed; COMMIT",
        "SELECT ';' || \"b\" || ';COMMIT' FROM t",
        "SELECT 'it''s; COMMIT'",
        "SELECT a AS \"begin\", b AS [end], 1 AS `commit` FROM t",
        "SELECT 1 AS begin, 2 AS rollback",
        "WITH \"begin\"(\"commit\") AS (SELECT 1) SELECT \"commit\" FROM \"begin\"",
        "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x+1 FROM c WHERE x<5) SELECT x FROM c",
        "WITH replace AS (SELECT 1 AS x) SELECT x FROM replace",
        "WITH n(a) AS (SELECT 7) INSERT INTO t(a) SELECT a FROM n",
        "WITH n AS MATERIALIZED (SELECT 1 AS a) UPDATE t SET b=0 WHERE a IN (SELECT a FROM n)",
        "WITH n AS NOT MATERIALIZED (SELECT 1 AS a) DELETE FROM t WHERE a IN (SELECT a FROM n)",
        "VALUES (1, 'a'), (2, 'b')",
        "SELECT a FROM t UNION ALL SELECT a FROM u ORDER BY 1 LIMIT 3 OFFSET 0",
        "SELECT REPLACE('a;b', ';', 'END'), count(*), max(a) FROM t",
        "SELECT CASE WHEN a > 1 THEN 'BEGIN' ELSE 'END' END FROM t",
        "SELECT a, row_number() OVER (PARTITION BY b ORDER BY a) FROM t",
        "SELECT sum(a) FILTER (WHERE a > 1) OVER w FROM t WINDOW w AS (ORDER BY a)",
        "SELECT doc ->> '$.a.b[0]', doc -> 'a', doc->>'$.x' FROM j",
        "SELECT value FROM j, json_each(doc, '$.a.b')",
        "SELECT x'00ff', X'AB', 1e-3, .5, 0xFF, 1_000, -1 * +2",
        "SELECT ?, ?2, :name, @name, $name, $ns::name(key;COMMIT)",
        "SELECT 1 << 2 | 3 & ~4, 5 % 2, 1 <> 2, 1 != 2, 1 == 1, 'a' || 'b'",
        "SELECT \u00e9 FROM (SELECT 1 AS \u00e9)",
        "SELECT '\ud83d\ude00; COMMIT'",
        "SELECT\t1\n,\f2\r\n, \u000b3",
        "SELECT (SELECT max(a) FROM t), EXISTS (SELECT 1 FROM u)",
        "SELECT t.*, u.b FROM t LEFT JOIN u ON t.a = u.a",
        "SELECT \"temp\".a FROM t AS temp",
        "SELECT * FROM v",
        "SELECT count(*) FROM temp.sqlite_master",
        "SELECT * FROM pragma_table_info('t')",
        "SELECT foreign_keys FROM pragma_foreign_keys",
        "SELECT load_extension FROM (SELECT 1 AS load_extension)",
        "SELECT CAST(a AS TEXT) COLLATE NOCASE FROM t WHERE b LIKE 'o%' ESCAPE '!'",
        "SELECT last_insert_rowid(), changes(), total_changes()",
        "SELECT a FROM t WHERE b IN ('COMMIT', 'END') AND a BETWEEN 1 AND 2",
        "INSERT INTO t VALUES (3, 'BEGIN; COMMIT;')",
        "INSERT INTO t(b) VALUES ('x') RETURNING a, b AS \"end\"",
        "INSERT INTO t SELECT a + 10, b FROM t",
        "INSERT INTO u DEFAULT VALUES",
        "INSERT OR IGNORE INTO t VALUES (1, 'again')",
        "INSERT OR REPLACE INTO t VALUES (1, 'again') RETURNING *",
        "INSERT OR ABORT INTO t VALUES (9, 'x')",
        "INSERT INTO u(a, b) VALUES (1, 2) ON CONFLICT (a) DO UPDATE SET b = excluded.b",
        "INSERT INTO u(a, b) VALUES (1, 2) ON CONFLICT DO NOTHING RETURNING a",
        "INSERT INTO u SELECT a, b, 1 FROM t WHERE true ON CONFLICT (a) DO UPDATE SET c = c + 1",
        "REPLACE INTO t VALUES (1, 'replaced')",
        "UPDATE t SET b = 'END' WHERE a = 1 RETURNING a",
        "UPDATE t SET b = u.b FROM u WHERE t.a = u.a",
        "UPDATE OR REPLACE t SET (a, b) = (SELECT 5, 'x') WHERE a = 1",
        "DELETE FROM t WHERE a = ?1",
        "DELETE FROM t ORDER BY a LIMIT 1",
        "CREATE TABLE n(a INTEGER PRIMARY KEY, b TEXT DEFAULT ';', CHECK (b <> 'END'))",
        "CREATE TABLE IF NOT EXISTS main.n(a PRIMARY KEY ON CONFLICT IGNORE) WITHOUT ROWID",
        "CREATE TABLE temp(a)",
        "CREATE TABLE \"temp\" AS SELECT 1 AS \"temp.x\"",
        "CREATE TABLE temporary_things(a TEXT) STRICT",
        "CREATE UNIQUE INDEX IF NOT EXISTS i ON t(b) WHERE b <> 'COMMIT'",
        "CREATE VIEW w AS SELECT temp.a FROM t AS temp",
        "CREATE VIEW IF NOT EXISTS w(x) AS SELECT a FROM t",
        "CREATE VIRTUAL TABLE f USING fts5(body, tokenize = 'porter')",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE u SET b = 1; DELETE FROM u; END",
        "CREATE TRIGGER IF NOT EXISTS g BEFORE UPDATE OF b ON t FOR EACH ROW WHEN new.b > 1\n"
            + "BEGIN\n SELECT CASE WHEN new.b = 2 THEN RAISE(ABORT, 'END;') END;\nEND;",
        "CREATE TRIGGER g INSTEAD OF DELETE ON v BEGIN SELECT 1; -- ; END\n END /* ; */ ; ",
        "CREATE TRIGGER g AFTER DELETE ON t BEGIN INSERT OR IGNORE INTO u(a) VALUES(old.a); END",
        "CREATE TRIGGER \"commit\" AFTER DELETE ON t BEGIN SELECT 1 AS \"end\"; END;",
        "EXPLAIN CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;",
        "ALTER TABLE t RENAME COLUMN b TO \"end\"",
        "ALTER TABLE u ADD COLUMN d DEFAULT 'x;y'",
        "DROP TABLE IF EXISTS nowhere",
        "DROP VIEW v",
        "ANALYZE t",
        "REINDEX u",
        "EXPLAIN SELECT * FROM t",
        "EXPLAIN QUERY PLAN SELECT * FROM t WHERE a = 1",
        "EXPLAIN INSERT INTO t VALUES (1, 2)",
        "SAVEPOINT mine",
        "SAVEPOINT \"my heddle\"",
        "PRAGMA table_info(t)",
        "PRAGMA main.table_xinfo('t');",
        "PRAGMA table_list",
        "PRAGMA index_list = t",
        "PRAGMA foreign_key_list(child)",
        "PRAGMA foreign_key_check",
        "PRAGMA foreign_key_check(child)",
        "PRAGMA integrity_check(10)",
        "PRAGMA quick_check",
        "PRAGMA foreign_keys",
        "pragma /* read */ main . \"journal_mode\" ;",
        "PRAGMA user_version",
        "PRAGMA user_version = 7",
        "PRAGMA user_version=-7;",
        "PRAGMA main.application_id(0x1234)",
        "PRAGMA defer_foreign_keys = ON",
        "EXPLAIN PRAGMA table_info(t)"
      })
  void check_harmlessStatement_passesAndRuns(String sql) throws SQLException {
    SqlGuard.check(sql, Role.WRITER);
    writer.run("BEGIN IMMEDIATE");
    String before = writer.state();
    writer.runPrepared(sql);
    assertTrue(writer.inTransaction());
    writer.run("ROLLBACK");
    assertEquals(before, writer.state());
  }

  @Test
  void check_savepointsOfTheUser_passAndLeaveTheTransactionOpen() throws SQLException {
    writer.run("BEGIN IMMEDIATE");
    for (String sql :
        List.of(
            "SAVEPOINT a",
            "SAVEPOINT savepoint",
            "ROLLBACK TRANSACTION TO SAVEPOINT savepoint",
            "ROLLBACK TRANSACTION x TO savepoint savepoint",
            "ROLLBACK TO a",
            "RELEASE SAVEPOINT a")) {
      SqlGuard.check(sql, Role.WRITER);
      writer.run(sql);
      assertTrue(writer.inTransaction(), sql);
    }
    writer.run("ROLLBACK");
  }
}
