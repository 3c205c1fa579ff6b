package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Data sources, whose connections are leases. */
class DataSourceTest extends PoolFixture {

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void dataSources_connection_isALeaseUntilItIsClosed() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    try (Connection connection = pool.writerDataSource().getConnection()) {
      assertEquals(0, pool.stats().writer().idle());
      assertFalse(connection.getAutoCommit());
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      connection.commit();
      assertEquals(1, pool.stats().writer().idle());
    }
    try (Connection connection = pool.readerDataSource().getConnection()) {
      assertEquals(0, pool.stats().readers().idle());
      assertTrue(connection.getAutoCommit());
      assertTrue(connection.isReadOnly());
      Expect.readOnly(() -> execute(connection, "DELETE FROM t"));
      insert(pool, 2);
      try (var statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
        assertEquals(2, rows.getInt(1));
      }
    }
    assertEquals(1, pool.stats().readers().idle());
  }

  @Test
  void writerDataSource_closedWithoutCommit_rollsBackAndWarns() throws SQLException {
    SqlitePool pool = open();
    try (Logs logs = Logs.capture()) {
      try (Connection connection = pool.writerDataSource().getConnection()) {
        execute(connection, "INSERT INTO t(v) VALUES (1)");
      }
      assertEquals(1, logs.warnings().size());
    }
    assertEquals(List.of(), values(pool));
  }

  @Test
  void dataSource_otherMethods_sayWhatTheyCanNot() throws SQLException {
    SqlitePool pool = open();
    DataSource source = pool.readerDataSource();
    assertThrows(
        SQLFeatureNotSupportedException.class, () -> source.getConnection("user", "password"));
    assertThrows(SQLFeatureNotSupportedException.class, () -> source.setLoginTimeout(5));
    assertThrows(SQLFeatureNotSupportedException.class, source::getParentLogger);
    assertEquals(0, source.getLoginTimeout());
    assertEquals(source, source.unwrap(DataSource.class));
    assertFalse(source.isWrapperFor(Connection.class));
    assertThrows(SQLException.class, () -> source.unwrap(Connection.class));
  }

  @Test
  void abort_ofAConnectionInAQuery_endsTheQueryAndTheLease() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    Connection connection = pool.readerDataSource().getConnection();
    Background<?> running =
        start(
            "running",
            () -> {
              try (Statement statement = connection.createStatement()) {
                return statement.executeQuery(Gate.ENDLESS_QUERY);
              }
            });
    gate().awaitReached();

    connection.abort(Runnable::run);

    running.failure(SQLException.class);
    assertTrue(connection.isClosed());
    Await.until("the reader is back", () -> pool.stats().readers().idle() == 1);
    assertEquals(List.of(), values(pool));
  }

  @Test
  void abort_ofAnIdleConnection_endsTheLeaseAndItsWork() throws SQLException {
    SqlitePool pool = open();
    Connection connection = pool.writerDataSource().getConnection();
    execute(connection, "INSERT INTO t(v) VALUES (1)");

    connection.abort(Runnable::run);

    assertTrue(connection.isClosed());
    assertEquals(1, pool.stats().writer().idle());
    assertEquals(List.of(), values(pool));
  }
}
