package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.sqlite.SqlText.Kind;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known about a statement from its text. */
class SqlTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT 1                                                      | QUERY
          values (1), (2)                                               | QUERY
          WITH a AS (SELECT 1) SELECT * FROM a                          | QUERY
          WITH RECURSIVE a(x) AS (VALUES(1) UNION ALL SELECT x FROM a), b AS (SELECT 2) SELECT 1 | QUERY
          WITH replace AS (SELECT ')' FROM (SELECT 1)) SELECT 1         | QUERY
          WITH a AS NOT MATERIALIZED (SELECT 1), update AS MATERIALIZED (SELECT 2) INSERT INTO t SELECT 1 | INSERT
          WITH "insert"("(", [)]) AS (SELECT 1, 2) UPDATE t SET a=1     | UPDATE
          WITH a(x) AS (SELECT 1) VALUES (1)                            | QUERY
          WITH a AS (SELECT 1) REPLACE INTO t SELECT 1                  | REPLACE
          INSERT INTO t DEFAULT VALUES                                  | INSERT
          INSERT OR REPLACE INTO t VALUES(1)                            | INSERT
          REPLACE INTO t VALUES(1)                                      | REPLACE
          UPDATE OR IGNORE t SET a=1                                    | UPDATE
          DELETE FROM t                                                 | DELETE
          CREATE TABLE x(a)                                             | DDL
          ALTER TABLE t RENAME TO u                                     | DDL
          DROP TABLE t                                                  | DDL
          PRAGMA table_info(t)                                          | PRAGMA
          SAVEPOINT a                                                   | SAVEPOINT
          RELEASE a                                                     | SAVEPOINT
          ROLLBACK TO a                                                 | SAVEPOINT
          ANALYZE                                                       | OTHER
          REINDEX t                                                     | OTHER
          EXPLAIN DELETE FROM t                                         | DELETE
          EXPLAIN QUERY PLAN WITH a AS (SELECT 1) DELETE FROM t         | DELETE
          """)
  void kind_ofStatement_isThatOfTheMainVerb(String sql, Kind kind) throws SQLException {
    SqlText text = SqlGuard.check(sql, Role.WRITER);
    assertEquals(kind, text.kind());
    assertEquals(sql, text.sql());
    assertEquals(sql.startsWith("EXPLAIN"), text.explain());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT * FROM t                              | true
          SELECT/**/DISTINCT * FROM t                  | true
          SELECT ALL * FROM t                          | true
          SELECT a, * FROM t                           | true
          SELECT t . * FROM t                          | true
          SELECT a FROM (SELECT * FROM t)              | true
          INSERT INTO t VALUES(1) RETURNING *          | true
          SELECT count(*) FROM t                       | false
          SELECT count( * ), a * 2, (a)*(a), 2*3 FROM t| false
          SELECT "a"*2, 'x'*1, [a]*1, :p*2, x'00'*1    | false
          SELECT '*', "*" FROM t -- *                  | false
          SELECT sum(a*b) * 2 FROM t                   | false
          """)
  void starred_ofStatement_isWhetherColumnsFollowTheSchema(String sql, boolean starred)
      throws SQLException {
    assertEquals(starred, SqlGuard.check(sql, Role.WRITER).starred());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INSERT OR IGNORE INTO t VALUES(1)                                          | true
          insert/**/or/**/ignore INTO t VALUES(1)                                    | true
          WITH x AS (SELECT 1) INSERT OR IGNORE INTO t SELECT * FROM x               | true
          INSERT INTO t VALUES(1) ON CONFLICT DO NOTHING                             | true
          INSERT INTO t VALUES(1) ON /* */ CONFLICT (a) DO UPDATE SET a=2            | true
          INSERT INTO t SELECT 1 WHERE true ON CONFLICT(a) DO NOTHING RETURNING a    | true
          REPLACE INTO t VALUES(1) ON CONFLICT DO NOTHING                            | true
          INSERT INTO t VALUES(1)                                                    | false
          INSERT OR REPLACE INTO t VALUES(1)                                         | false
          INSERT OR ABORT INTO ignore VALUES(1)                                      | false
          INSERT INTO t VALUES('ON CONFLICT')                                        | false
          INSERT INTO t SELECT a FROM t JOIN u ON t.a=u.a                            | false
          CREATE TABLE x(a UNIQUE ON CONFLICT IGNORE)                                | false
          CREATE TABLE x(a, UNIQUE (a) ON CONFLICT REPLACE)                          | false
          CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT OR IGNORE INTO u VALUES(1) ON CONFLICT DO NOTHING; END | false
          UPDATE OR IGNORE t SET a=1                                                 | false
          """)
  void conflictClause_ofStatement_isWhetherAnInsertMayNotInsert(String sql, boolean clause)
      throws SQLException {
    assertEquals(clause, SqlGuard.check(sql, Role.WRITER).conflictClause());
  }

  @Test
  void defersForeignKeys_ofPragma_isWhetherItSets() throws SQLException {
    assertTrue(SqlGuard.check("PRAGMA defer_foreign_keys=ON", Role.WRITER).defersForeignKeys());
    assertTrue(
        SqlGuard.check("PRAGMA main.Defer_Foreign_Keys(1)", Role.WRITER).defersForeignKeys());
    assertTrue(
        SqlGuard.check("EXPLAIN PRAGMA defer_foreign_keys=1", Role.WRITER).defersForeignKeys());
    assertFalse(SqlGuard.check("PRAGMA defer_foreign_keys", Role.WRITER).defersForeignKeys());
    assertFalse(SqlGuard.check("PRAGMA user_version=1", Role.WRITER).defersForeignKeys());
  }
}
