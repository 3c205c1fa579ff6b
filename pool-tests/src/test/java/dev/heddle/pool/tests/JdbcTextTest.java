package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a text is taken for. */
class JdbcTextTest extends PoolFixture {

  private static void execute(Connection connection, String sql) throws SQLException {
    DataSourceTest.execute(connection, sql);
  }

  private static long number(Connection connection, String sql) throws SQLException {
    return DataSourceTest.number(connection, sql);
  }

  @Test
  void script_pragmaWithoutAValueFirst_runsWhatFollows() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "PRAGMA stats; INSERT INTO t(v) VALUES (1)");
    }
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void prepare_pragmaWithoutAValueAndASecondStatement_isRefused() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      assertThrows(
          SQLException.class,
          () -> connection.prepareStatement("PRAGMA stats; INSERT INTO t(v) VALUES (1)"));
    }
  }

  @Test
  void temporaryTrigger_isCreated() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "CREATE TEMP TABLE log(a)");
      execute(
          connection,
          "CREATE TEMP TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (1);"
              + " INSERT INTO log VALUES (2); END");
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      assertEquals(2, number(connection, "SELECT count(*) FROM log"));
    }
  }

  @Test
  void with_beforeCommit_isNoCommit() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      assertThrows(SQLException.class, () -> execute(connection, "WITH x AS (SELECT 1) COMMIT"));
      connection.rollback();
    }
    assertEquals(List.of(), values(pool));
  }

  @Test
  void parameters_aNumberBeyondSqlitesLimit_isRefused() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement("SELECT ?9999999")) {
      assertThrows(SQLException.class, statement::executeQuery);
      assertTrue(statement.getParameterMetaData().getParameterCount() < 1_000_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"BEGIN", "COMMIT", "ROLLBACK"})
  void executeQuery_ofAStatementThatControls_isRefusedAndDoesNothing(String sql)
      throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      if (!sql.equals("BEGIN")) {
        execute(connection, "INSERT INTO t(v) VALUES (1)");
      }
      assertThrows(SQLException.class, () -> statement.executeQuery(sql));
      assertEquals(List.of(), values(pool));
      connection.rollback();
    }
  }

  @Test
  void batch_ofTextsWithReturning_countsEachStatementsRows() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    insert(pool, 2);
    insert(pool, 3);
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.addBatch("UPDATE t SET v = 0");
      statement.addBatch("INSERT INTO t(v) VALUES (4) RETURNING id");
      int[] counts;
      try {
        counts = statement.executeBatch();
      } catch (SQLException refused) {
        return; // as a prepared one is
      }
      assertArrayEquals(new int[] {3, 1}, counts);
    }
  }
}
