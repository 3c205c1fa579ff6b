package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The edges of what a connection leaves behind. */
class StickyConnectionEdgesTest extends PoolFixture {

  private static void execute(Connection connection, String sql) throws SQLException {
    DataSourceTest.execute(connection, sql);
  }

  private static long number(Connection connection, String sql) throws SQLException {
    return DataSourceTest.number(connection, sql);
  }

  private static int rest(ResultSet rows) throws SQLException {
    int count = 0;
    while (rows.next()) {
      count++;
    }
    return count;
  }

  @Test
  void savepointAsSql_onAKeptWriterInAutoCommit_isRefusedAsElsewhere() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "PRAGMA recursive_triggers = ON");
      Expect.refused(() -> execute(connection, "SAVEPOINT a"));
    }
  }

  @Test
  void pragma_readAgainAfterItWasSetAgain_tellsTheNewValue() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "PRAGMA cache_size = 123");
      assertEquals(123, number(connection, "PRAGMA cache_size"));
      execute(connection, "PRAGMA cache_size = 456");
      assertEquals(456, number(connection, "PRAGMA cache_size"));
    }
  }

  @Test
  void pragma_databaseListAfterAttach_hasTheNewOne() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      execute(connection, "PRAGMA recursive_triggers = ON");
      assertEquals(1, rest(statement.executeQuery("PRAGMA database_list")));
      execute(connection, "ATTACH ':memory:' AS other");
      assertEquals(2, rest(statement.executeQuery("PRAGMA database_list")));
    }
  }

  @Test
  void pragma_autoVacuumForTheNextVacuum_isNotSomebodyElses() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "PRAGMA auto_vacuum = FULL");
    }
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "VACUUM");
    }
    assertEquals("0", Database.ask(file(), "PRAGMA auto_vacuum"));
  }

  @Test
  void replacement_onConnectFailsWithAnError_settingsReachNobody() throws SQLException {
    AtomicBoolean fails = new AtomicBoolean();
    SqlitePool pool =
        open(
            config ->
                config.onConnect(
                    connection -> {
                      if (fails.get()) {
                        throw new AssertionError("a setup that fails");
                      }
                    }));
    Connection connection = pool.dataSource().getConnection();
    execute(connection, "PRAGMA recursive_triggers = ON");
    fails.set(true);
    try {
      connection.close();
    } catch (AssertionError e) {
      // of the setup
    }
    try (WriteLease lease = pool.acquireWriter()) {
      try {
        assertEquals(0L, lease.queryOne("PRAGMA recursive_triggers").orElseThrow().getLong(1));
      } catch (SQLException e) {
        // nobody may use it
      }
    } catch (AssertionError e) {
      if (!"a setup that fails".equals(e.getMessage())) {
        throw e;
      }
    } finally {
      fails.set(false);
    }
    assertThrows(SQLException.class, () -> pool.useWriter(lease -> lease.query("SELECT 1")));
    pool.useWriter(lease -> lease.query("SELECT 1"));
  }

  @Test
  void commit_ofALostTransactionOnAKeptWriter_endsItAsElsewhere() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "PRAGMA recursive_triggers = ON");
      connection.setAutoCommit(false);
      assertThrows(
          SQLException.class,
          () -> execute(connection, "INSERT OR ROLLBACK INTO t(id) VALUES (1)"));
      Expect.lost(connection::commit);
      execute(connection, "INSERT INTO t(v) VALUES (2)");
      connection.commit();
    }
    assertEquals(List.of(1L, 2L), values(pool));
  }

  @Test
  void begin_onAKeptWriterWithoutAutoCommit_isTheSameAsElsewhere() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "PRAGMA recursive_triggers = ON");
      connection.setAutoCommit(false);
      execute(connection, "BEGIN");
    }
  }
}
