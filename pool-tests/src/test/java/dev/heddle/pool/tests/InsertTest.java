package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** insert(…): the rowid, or a refusal, but never somebody else's rowid. */
class InsertTest extends PoolFixture {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t(v) VALUES ('x')",
        "INSERT INTO t DEFAULT VALUES",
        "INSERT INTO t(v) SELECT 1 UNION SELECT 2",
        "INSERT OR REPLACE INTO t(v) VALUES (1)",
        "INSERT OR FAIL INTO t(v) VALUES (1)",
        "REPLACE INTO t(v) VALUES (1)",
        "WITH x(a) AS (SELECT 1) INSERT INTO t(v) SELECT a FROM x",
        "/* c */ ; insert into main.t(v) values (1) ; -- c"
      })
  void insert_intoATable_givesTheRowid(String sql) throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> {
          lease.update("INSERT INTO t(id) VALUES (41)");
          long id = lease.insert(sql);
          assertEquals(
              id, lease.queryOne("SELECT max(id) FROM t", row -> row.getLong(1)).orElseThrow());
        });
  }

  @Test
  void insert_negativeAndExplicitIds_areGiven() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> {
          assertEquals(-5, lease.insert("INSERT INTO t(id) VALUES (?)", -5));
          assertEquals(
              Long.MAX_VALUE, lease.insert("INSERT INTO t(id) VALUES (?)", Long.MAX_VALUE));
        });
  }

  @Test
  void insert_triggerInsertsElsewhere_givesTheRowidOfTheStatementItself() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> {
          lease.script(
              """
              CREATE TABLE log(id INTEGER PRIMARY KEY, x);
              INSERT INTO log(id) VALUES (1000);
              CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log(x) VALUES (new.v); END;
              """);
          assertEquals(1, lease.insert("INSERT INTO t(v) VALUES (1)"));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT OR IGNORE INTO t(id) VALUES (1)",
        "insert /**/ or -- x\n ignore into t(id) VALUES (1)",
        "INSERT INTO t(id) VALUES (1) ON CONFLICT DO NOTHING",
        "INSERT INTO t(id) VALUES (1) ON CONFLICT (id) DO UPDATE SET v = 2",
        "INSERT INTO t(id) SELECT 1 WHERE true ON CONFLICT DO NOTHING",
        "INSERT INTO t(id) VALUES (1) RETURNING id",
        "INSERT INTO without_rowid VALUES (1)",
        "INSERT INTO a_view VALUES (1)",
        "UPDATE t SET v = 1",
        "DELETE FROM t",
        "SELECT 1",
        "CREATE TABLE x(a)"
      })
  void insert_rowidCannotBeTold_isRefusedAndNothingIsInserted(String sql) throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease ->
            lease.script(
                """
                CREATE TABLE without_rowid(a PRIMARY KEY) WITHOUT ROWID;
                CREATE VIEW a_view AS SELECT v FROM t;
                CREATE TRIGGER tr INSTEAD OF INSERT ON a_view BEGIN
                  INSERT INTO t(v) VALUES (new.v);
                END;
                """));
    try (WriteLease lease = pool.acquireWriter()) {
      Expect.mentions(Expect.refused(() -> lease.insert(sql)), "rowid");

      assertEquals(0, count(lease));
      assertEquals(List.of(), lease.query("SELECT * FROM without_rowid"));
    }
  }

  @Test
  void insert_intoWithoutRowidTableWithATrigger_isRefused() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.script(
          """
          CREATE TABLE w(a PRIMARY KEY) WITHOUT ROWID;
          CREATE TRIGGER tr AFTER INSERT ON w BEGIN INSERT INTO t(v) VALUES (new.a); END;
          INSERT INTO t(id) VALUES (77);
          """);

      Expect.refused(() -> lease.insert("INSERT INTO w VALUES ('x')"));

      assertEquals(1, count(lease));
    }
  }

  @Test
  void insert_tableWasReplacedByOneWithoutRowids_isRefused() throws SQLException {
    SqlitePool pool = open();
    String sql = "INSERT INTO w(a) VALUES (?)";
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("CREATE TABLE w(a PRIMARY KEY)");
      assertEquals(1, lease.insert(sql, "x"));
      lease.script("DROP TABLE w; CREATE TABLE w(a PRIMARY KEY) WITHOUT ROWID");

      Expect.refused(() -> lease.insert(sql, "y"));

      assertEquals(List.of(), lease.query("SELECT * FROM w"));
    }
  }

  @Test
  void insert_tableWithoutRowidsWasReplacedByOneWith_givesTheRowid() throws SQLException {
    SqlitePool pool = open();
    String sql = "INSERT INTO w(a) VALUES (?)";
    pool.useWriter(
        lease -> {
          lease.update("CREATE TABLE w(a PRIMARY KEY) WITHOUT ROWID");
          Expect.refused(() -> lease.insert(sql, "x"));
          lease.script("DROP TABLE w; CREATE TABLE w(a PRIMARY KEY)");
          assertEquals(1, lease.insert(sql, "y"));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t(v) SELECT 1 WHERE 0",
        "INSERT INTO ignores VALUES (1)",
        "INSERT INTO raises VALUES (1)"
      })
  void insert_nothingInserted_throws(String sql) throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease ->
            lease.script(
                """
                CREATE TABLE ignores(a UNIQUE ON CONFLICT IGNORE);
                INSERT INTO ignores VALUES (1);
                CREATE TABLE raises(a);
                CREATE TRIGGER tr BEFORE INSERT ON raises BEGIN SELECT RAISE(IGNORE); END;
                INSERT INTO t(id) VALUES (55);
                """));
    try (WriteLease lease = pool.acquireWriter()) {
      SQLException failure = assertThrows(SQLException.class, () -> lease.insert(sql));
      assertEquals("21000", failure.getSQLState(), failure::toString);
    }
  }

  @Test
  void queryOne_insertReturning_givesTheIdAndInserts() throws SQLException {
    SqlitePool pool = open();
    String sql = "INSERT INTO t(id, v) VALUES (1, ?) ON CONFLICT DO UPDATE SET v = 2 RETURNING id";
    for (int i = 0; i < 2; i++) {
      assertEquals(
          1L,
          pool.<Long, RuntimeException>write(
              lease -> lease.queryOne(sql, row -> row.getLong("id"), 1).orElseThrow()));
    }
    assertEquals(List.of(2L), values(pool));
  }
}
