package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Where the statements of a data source's connection run, and what it holds meanwhile. */
class DataSourceTest extends PoolFixture {

  /** More rows than are read at once. */
  private static final String MANY_ROWS =
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000)"
          + " SELECT n, (SELECT count(*) FROM t) FROM c";

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertTrue(rows.next());
      long number = rows.getLong(1);
      assertFalse(rows.next());
      return number;
    }
  }

  private static long count(Connection connection) throws SQLException {
    return number(connection, "SELECT count(*) FROM t");
  }

  private static void assertHoldsNothing(SqlitePool pool) {
    assertEquals(1, pool.stats().writer().idle(), "the writer");
    assertEquals(pool.stats().readers().connections(), pool.stats().readers().idle(), "readers");
  }

  @Test
  void autoCommit_statements_holdNothingAfterwards() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      assertTrue(connection.getAutoCommit());
      assertFalse(connection.isReadOnly());
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      assertHoldsNothing(pool);
      assertEquals(List.of(1L), values(pool), "committed");
      try (PreparedStatement statement = connection.prepareStatement("SELECT v FROM t")) {
        ResultSet rows = statement.executeQuery();
        assertHoldsNothing(pool);
        assertTrue(rows.next());
        assertEquals(1, rows.getInt(1));
      }
      assertHoldsNothing(pool);
    }
  }

  @Test
  void autoCommit_writerHeldElsewhere_readsGoOnAndSeeTheLastCommit() throws SQLException {
    SqlitePool pool = open(config -> config.acquireTimeout(Duration.ofMillis(300)));
    insert(pool, 1);
    try (WriteLease other = pool.acquireWriter();
        Connection connection = pool.dataSource().getConnection()) {
      other.update("INSERT INTO t(v) VALUES (2)");
      assertEquals(1, count(connection));
      assertEquals(1, number(connection, "WITH c AS (SELECT 1 AS one) SELECT one FROM c"));
      assertEquals(0, number(connection, "/* */ PRAGMA user_version"));
      other.rollback();
    }
  }

  @Test
  void autoCommit_writerHeldByAnotherThread_theStatementTimesOut() throws Exception {
    SqlitePool pool = open(config -> config.acquireTimeout(Duration.ofMillis(50)));
    try (WriteLease other = pool.acquireWriter()) {
      start(
              "writing",
              () -> {
                try (Connection connection = pool.dataSource().getConnection()) {
                  Statement statement = connection.createStatement();
                  Expect.sql(
                      SQLTransientConnectionException.class,
                      "08001",
                      () -> statement.executeUpdate("INSERT INTO t(v) VALUES (1)"));
                  assertEquals(0, count(connection));
                  return 0;
                }
              })
          .result();
      other.rollback();
    }
    assertEquals(List.of(), values(pool));
  }

  @Test
  void transaction_fromItsFirstStatementOn_holdsTheWriter() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      assertHoldsNothing(pool);
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      assertEquals(0, pool.stats().writer().idle());
      assertEquals(1, count(connection), "it sees its own rows");
      assertEquals(List.of(), values(pool));
      connection.commit();
      assertHoldsNothing(pool);
      assertEquals(List.of(1L), values(pool));
      execute(connection, "INSERT INTO t(v) VALUES (2)");
      connection.rollback();
      assertHoldsNothing(pool);
      execute(connection, "INSERT INTO t(v) VALUES (3)");
      connection.setAutoCommit(true);
      assertHoldsNothing(pool);
    }
    assertEquals(List.of(1L, 3L), values(pool));
  }

  @Test
  void transaction_metaDataOfTables_belongsToIt() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      assertEquals("SQLite", connection.getMetaData().getDatabaseProductName());
      assertHoldsNothing(pool);

      try (ResultSet tables = connection.getMetaData().getTables(null, null, "t", null)) {
        assertTrue(tables.next());
        assertEquals(1, pool.stats().writer().held(), "nobody else adds or drops a table now");
      }
      connection.rollback();
      assertHoldsNothing(pool);
    }
  }

  @Test
  void transaction_closedWithoutCommit_isRolledBackWithAWarning() throws SQLException {
    SqlitePool pool = open();
    try (Logs logs = Logs.capture()) {
      try (Connection connection = pool.dataSource().getConnection()) {
        connection.setAutoCommit(false);
        execute(connection, "INSERT INTO t(v) VALUES (1)");
      }
      assertEquals(1, logs.warnings().size(), () -> "" + logs.warnings());
    }
    assertEquals(List.of(), values(pool));
    assertHoldsNothing(pool);
  }

  @Test
  void transaction_ofAThreadThatHoldsTheWriter_isRefusedByName() throws SQLException {
    SqlitePool pool = open();
    try (Connection outer = pool.dataSource().getConnection();
        Connection inner = pool.dataSource().getConnection()) {
      outer.setAutoCommit(false);
      execute(outer, "INSERT INTO t(v) VALUES (1)");
      inner.setAutoCommit(false);
      SQLException refused = Expect.refused(() -> execute(inner, "INSERT INTO t(v) VALUES (2)"));
      Expect.mentions(refused, "REQUIRES_NEW");
      inner.rollback();
      outer.commit();
    }
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void transaction_thatOnlyRead_isAdvisedOncePerPlace() throws SQLException {
    SqlitePool pool = open();
    try (Logs logs = Logs.capture()) {
      try (Connection connection = pool.dataSource().getConnection()) {
        connection.setAutoCommit(false);
        for (int i = 0; i < 3; i++) {
          count(connection);
          connection.commit();
        }
        count(connection);
        connection.rollback();
        execute(connection, "INSERT INTO t(v) VALUES (1)");
        connection.commit();
      }
      List<String> warnings = logs.warnings();
      assertEquals(2, warnings.size(), () -> "" + warnings);
      for (String warning : warnings) {
        assertTrue(warning.contains("read-only"), warning);
        assertTrue(warning.contains("DataSourceTest"), warning);
      }
    }
  }

  @Test
  void readOnly_transaction_isASnapshotOfAReader() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    try (Connection connection = pool.dataSource().getConnection()) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      assertTrue(connection.isReadOnly());
      assertEquals(1, count(connection));
      assertEquals(1, pool.stats().writer().idle());
      insert(pool, 2);
      assertEquals(1, count(connection));
      Expect.readOnly(() -> execute(connection, "DELETE FROM t"));
      Expect.refused(() -> connection.setReadOnly(false));
      connection.commit();
      assertEquals(2, count(connection));
      connection.rollback();
      assertHoldsNothing(pool);
      connection.setReadOnly(false);
      execute(connection, "INSERT INTO t(v) VALUES (3)");
      connection.commit();
    }
    assertEquals(List.of(1L, 2L, 3L), values(pool));
  }

  @Test
  void largeResult_untilItsLastRow_holdsAReader() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      Statement statement = connection.createStatement();
      ResultSet rows = statement.executeQuery(MANY_ROWS);
      assertEquals(1, pool.stats().readers().idle());
      int count = 0;
      while (rows.next()) {
        count++;
      }
      assertEquals(1000, count);
      assertHoldsNothing(pool);
      assertTrue(statement.executeQuery(MANY_ROWS).next());
      statement.close();
      assertHoldsNothing(pool);
    }
  }

  @Test
  void largeResult_anotherStatementOfTheConnection_seesItsOwnLastWrite() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    try (Connection connection = pool.dataSource().getConnection();
        Statement reading = connection.createStatement()) {
      ResultSet rows = reading.executeQuery(MANY_ROWS);
      for (int i = 1; i <= 1000; i++) {
        assertTrue(rows.next());
        assertEquals(i, rows.getInt(1));
        assertEquals(0, rows.getInt(2), "as it was when the query began");
        if (i % 100 == 0) {
          execute(connection, "INSERT INTO t(v) VALUES (" + i + ")");
          assertEquals(i / 100, count(connection));
        }
      }
      assertFalse(rows.next());
    }
    assertHoldsNothing(pool);
  }

  @Test
  void largeResult_interruptedInItsMiddle_doesNotLookComplete() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery(MANY_ROWS);
      Thread.currentThread().interrupt();
      SQLException failure = assertThrows(SQLException.class, () -> drain(rows));
      assertTrue(Thread.interrupted());
      assertEquals("57014", failure.getSQLState());
      assertThrows(SQLException.class, rows::next);
      assertHoldsNothing(pool);
      assertEquals(0, count(connection));
    }
  }

  private static void drain(ResultSet rows) throws SQLException {
    while (rows.next()) {
      rows.getInt(1);
    }
  }

  @Test
  void returning_inAutoCommit_isCommittedBeforeItsRowsAreRead() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      ResultSet rows =
          statement.executeQuery("INSERT INTO t(v) VALUES (1), (2), (3) RETURNING id, v");
      assertHoldsNothing(pool);
      assertEquals(List.of(1L, 2L, 3L), values(pool));
      assertTrue(rows.next());
      assertEquals(1, rows.getInt("v"));
    }
    assertEquals(List.of(1L, 2L, 3L), values(pool));
  }

  @Test
  void lastRowidAndChanges_askedInAutoCommit_areThoseOfTheConnection() throws SQLException {
    SqlitePool pool = open();
    try (Connection mine = pool.dataSource().getConnection();
        Connection other = pool.dataSource().getConnection()) {
      execute(mine, "INSERT INTO t(id, v) VALUES (10, 1), (11, 2)");
      execute(other, "INSERT INTO t(id, v) VALUES (99, 3)");
      assertEquals(11, number(mine, "SELECT last_insert_rowid()"));
      assertEquals(2, number(mine, "SELECT changes()"));
      assertEquals(99, number(other, "select LAST_INSERT_ROWID ( ) AS id"));
      execute(mine, "INSERT INTO t(v) VALUES (last_insert_rowid())");
      assertEquals(11, number(mine, "SELECT max(v) FROM t"));
      mine.setAutoCommit(false);
      execute(mine, "UPDATE t SET v = last_insert_rowid() WHERE id = 10");
      assertEquals(100, number(mine, "SELECT v FROM t WHERE id = 10"));
      execute(mine, "INSERT INTO t(id) VALUES (200)");
      assertEquals(200, number(mine, "SELECT last_insert_rowid()"));
      mine.rollback();
      try (Statement statement = mine.createStatement();
          ResultSet rows = statement.executeQuery("SELECT last_insert_rowid()")) {
        assertEquals("last_insert_rowid()", rows.getMetaData().getColumnLabel(1));
      }
      mine.rollback();
    }
  }

  @Test
  void beginCommitRollback_asSql_areTransactions() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "BEGIN IMMEDIATE");
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      assertEquals(List.of(), values(pool));
      Expect.refused(() -> execute(connection, "BEGIN"));
      execute(connection, "END TRANSACTION");
      assertHoldsNothing(pool);
      execute(connection, "begin");
      execute(connection, "INSERT INTO t(v) VALUES (2)");
      execute(connection, "ROLLBACK");
      Expect.refused(() -> execute(connection, "COMMIT"));
      execute(connection, "INSERT INTO t(v) VALUES (3)");
      assertTrue(connection.getAutoCommit());
    }
    assertEquals(List.of(1L, 3L), values(pool));
  }

  @Test
  void vacuum_inAutoCommit_works() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    try (Connection connection = pool.dataSource().getConnection()) {
      execute(connection, "VACUUM");
      assertHoldsNothing(pool);
      connection.setAutoCommit(false);
      execute(connection, "INSERT INTO t(v) VALUES (2)");
      assertThrows(SQLException.class, () -> execute(connection, "VACUUM"));
      connection.commit();
    }
    assertEquals(List.of(1L, 2L), values(pool));
  }

  @Test
  void options_ofADataSource_areThoseOfItsLeases() throws Exception {
    SqlitePool pool = open();
    DataSource impatient =
        pool.dataSource(LeaseOptions.DEFAULTS.withLabel("report").withWaitAtMost(Duration.ZERO));
    try (WriteLease other = pool.acquireWriter()) {
      start(
              "writing",
              () -> {
                try (Connection connection = impatient.getConnection()) {
                  SQLException failure =
                      Expect.sql(
                          SQLTransientConnectionException.class,
                          "08001",
                          () -> execute(connection, "DELETE FROM t"));
                  Expect.mentions(failure, "'report'");
                  return 0;
                }
              })
          .result();
      other.rollback();
    }
  }

  @Test
  void readerDataSource_connections_onlyRead() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    try (Connection connection = pool.readerDataSource().getConnection()) {
      assertTrue(connection.isReadOnly());
      assertEquals(1, count(connection));
      Expect.readOnly(() -> execute(connection, "DELETE FROM t"));
      Expect.refused(() -> connection.setReadOnly(false));
      assertHoldsNothing(pool);
    }
  }

  @Test
  void writerDataSource_connections_useTheWriterForAll() throws SQLException {
    SqlitePool pool = open();
    long before = pool.stats().writer().granted();
    long readersBefore = pool.stats().readers().granted();
    try (Connection connection = pool.writerDataSource().getConnection()) {
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      assertEquals(1, count(connection));
      assertEquals(before + 2, pool.stats().writer().granted());
      assertEquals(readersBefore, pool.stats().readers().granted());
      Expect.refused(() -> connection.setReadOnly(true));
      assertHoldsNothing(pool);
    }
  }

  @Test
  void getConnection_poolIsClosed_isRefused() throws SQLException {
    SqlitePool pool = open();
    DataSource source = pool.dataSource();
    Connection connection = source.getConnection();
    pool.close();
    Expect.over(source::getConnection);
    Expect.over(() -> execute(connection, "SELECT 1"));
    assertFalse(connection.isValid(1));
  }

  @Test
  void dataSource_otherMethods_sayWhatTheyCanNot() throws SQLException {
    SqlitePool pool = open();
    DataSource source = pool.dataSource();
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
    Connection connection = pool.dataSource().getConnection();
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
  void abort_inATransaction_rollsItBack() throws SQLException {
    SqlitePool pool = open();
    Connection connection = pool.dataSource().getConnection();
    connection.setAutoCommit(false);
    execute(connection, "INSERT INTO t(v) VALUES (1)");

    connection.abort(Runnable::run);

    assertTrue(connection.isClosed());
    assertHoldsNothing(pool);
    assertEquals(List.of(), values(pool));
  }

  @Test
  void abort_executorThatRunsLater_theConnectionIsMarkedClosedAtOnce() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      List<Runnable> later = new ArrayList<>();

      connection.abort(later::add);

      assertTrue(connection.isClosed());
      later.forEach(Runnable::run);
    }
  }
}
