package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of all kinds of tables and statements. */
class GeneratedKeysTest extends PoolFixture {

  private static void execute(Connection connection, String sql) throws SQLException {
    DataSourceTest.execute(connection, sql);
  }

  @Test
  void executeQuery_ofAStatementThatWasAskedForKeys_givesItsRows() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT 1", Statement.RETURN_GENERATED_KEYS)) {
      ResultSet rows = statement.executeQuery();
      assertTrue(rows.next());
    }
  }

  @Test
  void execute_aQueryThatWasAskedForKeys_givesItsRows() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      assertTrue(statement.execute("SELECT 1", Statement.RETURN_GENERATED_KEYS));
      assertTrue(statement.getResultSet().next());
    }
  }

  @Test
  void executeQuery_ofReturningThatWasAskedForKeys_givesItsRows() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "INSERT INTO t(v) VALUES (1) RETURNING id", Statement.RETURN_GENERATED_KEYS)) {
      ResultSet rows = statement.executeQuery();
      assertTrue(rows.next());
    }
  }

  @Test
  void keys_ofATableWithAColumnCalledRowid_areItsRowids() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "CREATE TABLE r(id INTEGER PRIMARY KEY, rowid TEXT)");
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate(
            "INSERT INTO r VALUES (5, 'five')", Statement.RETURN_GENERATED_KEYS);
        ResultSet keys = statement.getGeneratedKeys();
        assertTrue(keys.next());
        assertEquals("5", keys.getString(1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE VIRTUAL TABLE f USING fts5(a)",
        "CREATE VIRTUAL TABLE f USING fts4(a)",
        "CREATE TABLE f(a)",
        "CREATE TABLE f(a, rowid)",
        "CREATE TABLE f(a, rowid, oid)"
      })
  void keys_ofSpecialTables_areTheirRowids(String create) throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, create);
      execute(connection, "INSERT INTO f(a) VALUES ('x')");
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate(
            "INSERT INTO f(a) VALUES ('y') -- ;", Statement.RETURN_GENERATED_KEYS);
        ResultSet keys = statement.getGeneratedKeys();
        assertTrue(keys.next());
        assertEquals(2, keys.getLong(1));
      }
    }
  }
}
