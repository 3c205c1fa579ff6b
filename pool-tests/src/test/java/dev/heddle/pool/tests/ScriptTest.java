package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts, and savepoints of the user. */
class ScriptTest extends PoolFixture {

  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  @Test
  void script_triggersCommentsAndQuotes_areRunWhole() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease ->
            lease.script(
                """
                -- a ; in a comment
                CREATE TABLE a(x DEFAULT ';'); /* ; */
                CREATE TABLE "b;c"(y);;
                CREATE TRIGGER tr AFTER INSERT ON a WHEN new.x IS NOT NULL BEGIN
                  INSERT INTO "b;c" VALUES (CASE WHEN 1 THEN 'END;' END);
                  INSERT INTO "b;c" VALUES (new.x);
                END;
                SELECT * FROM a;
                INSERT INTO a DEFAULT VALUES;
                PRAGMA user_version = 7;
                INSERT INTO a VALUES ('it''s') -- no semicolon
                """));
    try (ReadLease reader = pool.acquireReader()) {
      assertEquals(
          List.of("END;", ";", "END;", "it's"),
          reader.query("SELECT y FROM \"b;c\"").stream().map(r -> r.getString(1)).toList());
      assertEquals(Map.of("user_version", 7L), one(reader, "PRAGMA user_version"));
    }
  }

  private static Map<String, @Nullable Object> one(ReadLease lease, String sql)
      throws SQLException {
    return lease.queryOne(sql).orElseThrow().toMap();
  }

  @Test
  void script_oneFails_keepsThoseBefore() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> {
          assertThrows(
              SQLSyntaxErrorException.class,
              () -> lease.script("INSERT INTO t(v) VALUES (1); NONSENSE; DELETE FROM t"));
          assertEquals(List.of(1L), values(lease));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ";", "-- nothing", "/* nothing */ ; ;"})
  void script_nothing_isFineAndUpdateRefusesIt(String sql) throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> {
          lease.script(sql);
          assertThrows(SQLSyntaxErrorException.class, () -> lease.update(sql));
        });
  }

  @Test
  void script_userVersionRolledBack_isRolledBack() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.script("PRAGMA user_version = 7; CREATE TABLE x(a); DROP TABLE t");
      lease.rollback();
    }
    try (ReadLease reader = pool.acquireReader()) {
      assertEquals(Map.of("user_version", 0L), one(reader, "PRAGMA user_version"));
      assertEquals(0, count(reader));
    }
  }

  @Test
  void savepoint_ofTheUser_undoesAPart() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update(INSERT, 1);
      lease.update("SAVEPOINT mine");
      lease.update(INSERT, 2);
      lease.update("ROLLBACK TRANSACTION TO SAVEPOINT mine");
      lease.update(INSERT, 3);
      lease.update("RELEASE mine");
      assertEquals(List.of(), values(pool));
      lease.commit();
    }
    assertEquals(List.of(1L, 3L), values(pool));
  }
}
