package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a JDBC connection leaves on the physical one is met by nobody else. */
class StickyConnectionTest extends PoolFixture {

  private static void execute(Connection connection, String sql) throws SQLException {
    DataSourceTest.execute(connection, sql);
  }

  private static long number(Connection connection, String sql) throws SQLException {
    return DataSourceTest.number(connection, sql);
  }

  private static boolean holdsWriter(SqlitePool pool) {
    return pool.stats().writer().idle() == 0;
  }

  private static long setting(SqlitePool pool, String name) throws SQLException {
    return pool.<Long, SQLException>write(
        lease -> lease.queryOne("PRAGMA " + name).orElseThrow().getLong(1));
  }

  @Test
  void pragma_thatSets_keepsTheWriterUntilTheConnectionIsClosed() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(lease -> lease.script("CREATE TABLE child(p REFERENCES t(id))"));
    try (Logs logs = Logs.capture();
        Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "PRAGMA foreign_keys = OFF");
      assertTrue(holdsWriter(pool));
      execute(connection, "INSERT INTO child VALUES (77)");
      assertTrue(holdsWriter(pool));
      assertEquals(0, number(connection, "PRAGMA foreign_keys"));
      assertEquals("1", Database.ask(file(), "SELECT count(*) FROM child"), "committed");
      assertEquals(1, logs.warnings().size(), () -> "" + logs.warnings());
    }
    assertTrue(!holdsWriter(pool));
    pool.useWriter(
        lease ->
            Expect.sql(
                SQLIntegrityConstraintViolationException.class,
                "23000",
                () -> lease.update("INSERT INTO child VALUES (78)")));
    assertEquals(1, setting(pool, "foreign_keys"));
  }

  @Test
  void pragma_setToWhatItIs_keepsNothing() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "PRAGMA foreign_keys = ON");
      execute(connection, "PRAGMA journal_mode = WAL");
      assertTrue(!holdsWriter(pool));
      execute(connection, "PRAGMA foreign_keys = OFF");
      execute(connection, "PRAGMA recursive_triggers = ON");
      assertTrue(holdsWriter(pool));
      execute(connection, "PRAGMA recursive_triggers = 0");
      assertTrue(holdsWriter(pool));
      execute(connection, "PRAGMA foreign_keys = 1");
      assertTrue(!holdsWriter(pool));
    }
  }

  @Test
  void pragma_keptStatement_isNoWayAroundTheGuardOfLeases() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "PRAGMA foreign_keys = ON");
    }
    pool.useWriter(lease -> Expect.refused(() -> lease.update("PRAGMA foreign_keys = ON")));
  }

  @Test
  void temporaryTable_ofAConnection_isGoneWithIt() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    try (Connection connection = pool.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      execute(connection, "INSERT INTO t(v) VALUES (2)");
      execute(connection, "CREATE TEMP TABLE t(id INTEGER PRIMARY KEY, v)");
      execute(connection, "INSERT INTO temp.t(v) SELECT v FROM main.t");
      connection.commit();
      assertTrue(holdsWriter(pool));
      assertEquals(2, number(connection, "SELECT count(*) FROM temp.t"));
      connection.rollback();
      connection.setAutoCommit(true);
      execute(connection, "DELETE FROM t");
      assertEquals(0, number(connection, "SELECT count(*) FROM t"));
    }
    assertEquals(List.of(1L, 2L), values(pool));
    long count = pool.write(lease -> count(lease));
    assertEquals(2, count);
  }

  @Test
  void attachedDatabase_ofAConnection_isGoneWithIt() throws SQLException {
    SqlitePool pool = open();
    Path other = folder.resolve("other.db");
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "ATTACH '" + other + "' AS other");
      execute(connection, "CREATE TABLE other.x(a)");
      execute(connection, "INSERT INTO other.x VALUES (1), (2)");
      execute(connection, "INSERT INTO t(v) SELECT a FROM other.x");
    }
    assertEquals(List.of(1L, 2L), values(pool));
    pool.useWriter(
        lease ->
            assertEquals(
                1, lease.query("PRAGMA database_list").size(), "nothing is attached any more"));
  }

  @Test
  void onConnect_ofAReplacedWriter_hasRun() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "PRAGMA recursive_triggers = ON");
    }
    assertEquals(0, setting(pool, "recursive_triggers"));
    pool.useWriter(lease -> lease.query("SELECT reached()"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRAGMA journal_mode = DELETE",
        "PRAGMA locking_mode = EXCLUSIVE",
        "PRAGMA main.locking_mode(exclusive)",
        "PRAGMA soft_heap_limit = 1000000",
        "SELECT load_extension('x')"
      })
  void whatCouldNotBeUndone_isRefused(String sql) throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      Expect.refused(() -> execute(connection, sql));
      assertTrue(!holdsWriter(pool));
    }
  }

  @Test
  void readOnlyConnection_leavesNothing() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.readerDataSource().getConnection()) {
      Expect.readOnly(() -> execute(connection, "PRAGMA foreign_keys = OFF"));
      Expect.readOnly(() -> execute(connection, "CREATE TEMP TABLE x(a)"));
      Expect.readOnly(() -> execute(connection, "ATTACH ':memory:' AS m"));
    }
  }
}
