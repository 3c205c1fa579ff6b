package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts can be written for many rows, and what they become. */
class InsertRowsTest {

  private static @Nullable SqlText times(String sql, int rows) throws SQLException {
    InsertRows cut = InsertRows.of(SqlGuard.check(sql, Role.WRITER));
    return cut == null ? null : cut.times(rows);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          INSERT INTO t VALUES (?)             | INSERT INTO t VALUES (?),(?)
          insert into t(a, b) values(?, ?)     | insert into t(a, b) values(?, ?),(?, ?)
          INSERT INTO main."t ("AS x([b],`c`)VALUES(?,1)| INSERT INTO main."t ("AS x([b],`c`)VALUES(?,1),(?,1)
          INSERT INTO 't'('a') VALUES (?) ; ;  | INSERT INTO 't'('a') VALUES (?),(?)
          INSERT INTO t VALUES (?, -1, +.5, 'a,)''', x'00', null) -- , all | INSERT INTO t VALUES (?, -1, +.5, 'a,)''', x'00', null),(?, -1, +.5, 'a,)''', x'00', null)
          /* a */ INSERT INTO t VALUES (? /* ) */) /* b */ | /* a */ INSERT INTO t VALUES (? /* ) */),(? /* ) */)
          """)
  void plainInsert_isWrittenForSeveralRows(String sql, String expected) throws SQLException {
    SqlText two = times(sql, 2);
    assertNotNull(two);
    assertEquals(expected, two.sql());
    assertEquals(SqlText.Kind.INSERT, two.kind());
    assertEquals(2 * SqlGuard.check(sql, Role.WRITER).parameters(), two.parameters());
    assertEquals(two.parameters(), SqlGuard.check(two.sql(), Role.WRITER).parameters());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE t SET a = ?",
        "REPLACE INTO t VALUES (?)",
        "INSERT OR IGNORE INTO t VALUES (?)",
        "INSERT OR REPLACE INTO t VALUES (?)",
        "INSERT OR FAIL INTO t VALUES (?)",
        "INSERT OR ROLLBACK INTO t VALUES (?)",
        "INSERT INTO t VALUES (?) ON CONFLICT DO NOTHING",
        "INSERT INTO t VALUES (?) RETURNING a",
        "INSERT INTO t VALUES (?1)",
        "INSERT INTO t VALUES (:a)",
        "INSERT INTO t VALUES (@a)",
        "INSERT INTO t VALUES ($a)",
        "INSERT INTO t VALUES (?), (?)",
        "INSERT INTO t VALUES (random() + ?)",
        "INSERT INTO t VALUES ((SELECT count(*) FROM t) + ?)",
        "INSERT INTO t VALUES (CURRENT_TIMESTAMP, ?)",
        "INSERT INTO t VALUES (\"a\", ?)",
        "INSERT INTO t DEFAULT VALUES",
        "INSERT INTO t SELECT ?",
        "INSERT INTO t(a) SELECT * FROM (VALUES (?))",
        "WITH x AS (SELECT 1) INSERT INTO t VALUES (?)",
        "EXPLAIN INSERT INTO t VALUES (?)",
        "INSERT INTO t(a b) VALUES (?)",
        "INSERT INTO t VALUES (?",
        "INSERT t VALUES (?)"
      })
  void anythingElse_isLeftAlone(String sql) throws SQLException {
    assertNull(times(sql, 2));
  }

  @Test
  void moreThanOneStatementTakes_isLeftAlone() throws SQLException {
    String columns = "?,".repeat(1_000) + "?";
    String wide = "INSERT INTO t VALUES (" + columns + ")";
    assertNotNull(times(wide, 32));
    assertNull(times(wide, 33));
    String literal = "INSERT INTO t VALUES (?, '" + "x".repeat(3_000) + "')";
    assertNotNull(times(literal, 2));
    assertNull(times(literal, 64));
  }
}
