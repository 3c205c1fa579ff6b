package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sqlite.Function;

/** Threads, time-outs and ends of a connection of the data source. */
class RoutedConnectionTest extends PoolFixture {

  private static String series(int count) {
    return "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < "
        + count
        + ") SELECT n FROM c";
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    DataSourceTest.execute(connection, sql);
  }

  /** A window function that stands at the gate when SQLite resets the statement around it. */
  private final class Standing extends Function.Window {
    @Override
    protected void xStep() {}

    @Override
    protected void xInverse() {}

    @Override
    protected void xValue() throws SQLException {
      result(1);
    }

    @Override
    protected void xFinal() throws SQLException {
      gate().hold();
      result(1);
    }
  }

  @Test
  void cancel_ofAStatementWithAnOpenResult_leavesOthersAlone() throws Exception {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement reading = connection.createStatement();
        Statement other = connection.createStatement()) {
      connection.setAutoCommit(false);
      ResultSet rows = reading.executeQuery(series(1000));
      assertTrue(rows.next());
      Background<Integer> running =
          start(
              "other",
              () ->
                  other.executeUpdate(
                      "INSERT INTO t(v) SELECT n + gate() FROM (" + series(5000) + ")"));
      gate().awaitReached();
      reading.cancel();
      gate().open();
      assertEquals(5000, running.result());
      connection.rollback();
    }
  }

  @Test
  void closeOnCompletion_oldResultIsClosed_leavesTheNewOneOpen() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.closeOnCompletion();
      ResultSet old = statement.executeQuery("SELECT 1");
      ResultSet rows = statement.executeQuery("SELECT 2");
      old.close();
      assertTrue(rows.next());
      assertEquals(2, rows.getInt(1));
    }
  }

  @Test
  void queryTimeout_theQueueIsFull_isNoTimeout() throws Exception {
    SqlitePool pool = open(config -> config.queueLimit(1));
    try (WriteLease lease = pool.acquireWriter()) {
      Background<Integer> first =
          start(
              "first",
              () -> {
                try (Connection connection = pool.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                  return statement.executeUpdate("INSERT INTO t(v) VALUES (1)");
                }
              });
      Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
      start(
              "second",
              () -> {
                try (Connection connection = pool.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                  statement.setQueryTimeout(3);
                  Expect.sql(
                      SQLTransientConnectionException.class,
                      "08001",
                      () -> statement.executeUpdate("INSERT INTO t(v) VALUES (1)"));
                  return 0;
                }
              })
          .result();
      lease.rollback();
      first.result();
    }
  }

  @Test
  void metaData_saysWhatTheConnectionCan() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      assertTrue(connection.getMetaData().supportsGetGeneratedKeys(), "generated keys");
    }
  }

  @Test
  void metaData_isReadOnly_isThatOfTheConnection() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      assertFalse(connection.getMetaData().isReadOnly());
    }
  }

  @Test
  void commitAsSql_endsResultsAndSavepoints() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement reading = connection.createStatement()) {
      connection.setAutoCommit(false);
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      final Savepoint savepoint = connection.setSavepoint();
      ResultSet rows = reading.executeQuery("SELECT v FROM t");
      execute(connection, "COMMIT");
      assertTrue(rows.isClosed(), "the result");
      execute(connection, "INSERT INTO t(v) VALUES (2)");
      SQLException failure = assertThrows(SQLException.class, () -> connection.rollback(savepoint));
      assertEquals("3B001", failure.getSQLState());
      connection.rollback();
    }
  }

  @Test
  void commit_ofATransactionBegunBySql_endsResults() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement reading = connection.createStatement()) {
      execute(connection, "BEGIN");
      ResultSet rows = reading.executeQuery("SELECT 1");
      connection.commit();
      assertTrue(rows.isClosed());
    }
  }

  @Test
  void commit_whileAnotherThreadClosesAResult_leavesNoLeaseBehind() throws Exception {
    SqlitePool pool =
        open(
            config ->
                config.onConnect(
                    connection -> Function.create(connection, "standing", new Standing())));
    try (Connection connection = pool.dataSource().getConnection();
        Statement reading = connection.createStatement()) {
      connection.setAutoCommit(false);
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      ResultSet rows =
          reading.executeQuery("SELECT standing(n) OVER (ORDER BY n) FROM (" + series(1000) + ")");
      assertTrue(rows.next());
      Background<Integer> closing =
          start(
              "closing",
              () -> {
                rows.close();
                return 0;
              });
      gate().awaitReached();
      Background<Integer> committing =
          start(
              "committing",
              () -> {
                connection.commit();
                return 0;
              });
      Await.until(
          "it waits, or has failed",
          () -> committing.isDone() || committing.thread().getState() == Thread.State.WAITING);
      gate().open();
      closing.result();
      committing.result();
      assertEquals(1, pool.stats().writer().idle(), "the writer");
    }
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void closeOnCompletion_theTransactionEndsTheResult_closesTheStatement() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.closeOnCompletion();
      statement.executeQuery("SELECT 1");
      connection.commit();
      assertTrue(statement.isClosed());
    }
  }

  @Test
  void preparedMetaData_ofAPragmaThatReports_tellsItsColumns() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement("PRAGMA table_info(t)")) {
      assertTrue(statement.getMetaData() != null);
    }
  }

  @Test
  void abort_whileAStatementWaitsForTheLane_itDoesNotRunAfterwards() throws Exception {
    SqlitePool pool = open();
    List<Runnable> later = new ArrayList<>();
    try (WriteLease lease = pool.acquireWriter();
        Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      Background<Integer> waiting =
          start("waiting", () -> statement.executeUpdate("INSERT INTO t(v) VALUES (1)"));
      Await.until("it waits", () -> pool.stats().writer().waiting() == 1);

      connection.abort(later::add);

      lease.rollback();
      assertEquals("08003", waiting.failure(SQLException.class).getSQLState());
      later.forEach(Runnable::run);
    }
    assertEquals(List.of(), values(pool));
  }
}
