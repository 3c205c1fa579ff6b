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

/** last_insert_rowid() and changes() are those of the JDBC connection. */
class ConnectionValuesTest extends PoolFixture {

  private static void execute(Connection connection, String sql) throws SQLException {
    DataSourceTest.execute(connection, sql);
  }

  private static long number(Connection connection, String sql) throws SQLException {
    return DataSourceTest.number(connection, sql);
  }

  /** Somebody else's insert, with a rowid that is easy to recognize. */
  private static void insertOfSomebodyElse(SqlitePool pool) throws SQLException {
    pool.useWriter(lease -> lease.update("INSERT INTO t(id, v) VALUES (777, 'else')"));
  }

  private static int rest(ResultSet rows) throws SQLException {
    int count = 0;
    while (rows.next()) {
      count++;
    }
    return count;
  }

  @Test
  void trigger_thatAsksForTheLastRowid_isCreatedAsItIsWritten() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "CREATE TABLE log(t_id)");
      execute(
          connection,
          "CREATE TRIGGER tr AFTER INSERT ON log BEGIN INSERT INTO t(v) VALUES (NEW.t_id);"
              + " UPDATE log SET t_id = last_insert_rowid(); END");
      execute(connection, "CREATE VIEW w AS SELECT changes() AS c");
    }
    String schema =
        String.valueOf(Database.ask(file(), "SELECT group_concat(sql) FROM sqlite_schema"));
    assertTrue(schema.contains("last_insert_rowid()"), schema);
    assertTrue(schema.contains("changes()"), schema);
  }

  @Test
  void lastRowid_inABatchOfTexts_isThatOfTheConnection() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(lease -> lease.script("CREATE TABLE child(parent)"));
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO t(id, v) VALUES (5, 'parent')");
      insertOfSomebodyElse(pool);
      statement.addBatch("INSERT INTO child VALUES (last_insert_rowid())");
      statement.executeBatch();
      assertEquals(5, number(connection, "SELECT parent FROM child"));
    }
  }

  @Test
  void lastRowid_afterABatchThatEndsWithAnUpdate_isThatOfItsInsert() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.addBatch("INSERT INTO t(id, v) VALUES (5, 'a')");
      statement.addBatch("UPDATE t SET v = 'b'");
      statement.executeBatch();
      assertEquals(5, number(connection, "SELECT last_insert_rowid()"));
    }
  }

  @Test
  void lastRowid_afterAPreparedBatchWhoseLastRowWasIgnored_isThatOfTheOneBefore()
      throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        PreparedStatement statement =
            connection.prepareStatement("INSERT OR IGNORE INTO t(id) VALUES (?)")) {
      for (int i = 0; i < 2; i++) {
        statement.setInt(1, 5);
        statement.addBatch();
      }
      statement.executeBatch();
      assertEquals(5, number(connection, "SELECT last_insert_rowid()"));
    }
  }

  @Test
  void lastRowid_afterAnUpsertThatUpdated_isNotSomebodyElses() throws SQLException {
    SqlitePool pool = open();
    insert(pool, "old");
    insertOfSomebodyElse(pool);
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "INSERT INTO t(id, v) VALUES (1, 2) ON CONFLICT(id) DO UPDATE SET v = 2");
      assertEquals(0, number(connection, "SELECT last_insert_rowid()"));
    }
  }

  @Test
  void lastRowid_afterAnInsertWithoutRowid_isNotSomebodyElses() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(lease -> lease.script("CREATE TABLE w(a PRIMARY KEY) WITHOUT ROWID"));
    insertOfSomebodyElse(pool);
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "INSERT INTO w VALUES (1)");
      assertEquals(0, number(connection, "SELECT last_insert_rowid()"));
    }
  }

  @Test
  void lastRowid_afterReturningReadRowByRow_isThatOfTheInsert() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setFetchSize(1);
      try (ResultSet rows =
          statement.executeQuery("INSERT INTO t(id) VALUES (5), (6) RETURNING id")) {
        assertEquals(2, rest(rows));
      }
      assertEquals(6, number(connection, "SELECT last_insert_rowid()"));
      assertEquals(2, number(connection, "SELECT changes()"));
      connection.rollback();
    }
  }

  @Test
  void lastRowid_afterReturningALargeRow_isThatOfTheInsert() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      try (ResultSet rows =
          statement.executeQuery("INSERT INTO t(id, v) VALUES (5, zeroblob(70000)) RETURNING *")) {
        assertTrue(rows.next());
      }
      assertEquals(5, number(connection, "SELECT last_insert_rowid()"));
      connection.rollback();
    }
  }

  @Test
  void changes_afterReturningCutByMaxRows_areThoseOfTheStatement() throws SQLException {
    SqlitePool pool = open();
    insertOfSomebodyElse(pool);
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.setMaxRows(1);
      statement.executeQuery("INSERT INTO t(v) VALUES (1), (2), (3) RETURNING id").close();
      assertEquals(3, number(connection, "SELECT changes()"));
    }
  }

  @Test
  void lastRowid_ofARowWithRowidZero_isZero() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "INSERT INTO t(id) VALUES (5)");
      execute(connection, "INSERT INTO t(id) VALUES (0)");
      assertEquals(0, number(connection, "SELECT last_insert_rowid()"));
    }
  }
}
