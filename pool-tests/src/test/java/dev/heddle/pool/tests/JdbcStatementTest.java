package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Statements: counts, keys, time-outs, cancel, several executions. */
class JdbcStatementTest extends PoolFixture {

  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  @Test
  void updateCounts_ofBothKinds_leaveOutTriggers() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.script(
          """
          CREATE TABLE log(x);
          CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (1), (2); END;
          """);
      Connection connection = lease.connection();
      try (Statement plain = connection.createStatement();
          PreparedStatement prepared = connection.prepareStatement(INSERT)) {
        assertEquals(2, plain.executeUpdate("INSERT INTO t(v) VALUES (1), (2)"));
        assertEquals(0, plain.executeUpdate("CREATE TABLE x(a)"));
        prepared.setInt(1, 1);
        assertEquals(1, prepared.executeUpdate());
        assertEquals(1, prepared.executeLargeUpdate());
        assertFalse(prepared.execute());
        assertEquals(1, prepared.getUpdateCount());
      }
    }
  }

  @Test
  void plainBatch_laterStatementsNeedWhatEarlierOnesCreate_works() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(lease -> lease.script("CREATE TABLE w(a); INSERT INTO w VALUES (1)"));
    try (WriteLease lease = pool.acquireWriter();
        Statement batch = lease.connection().createStatement()) {
      batch.addBatch("DROP TABLE w");
      batch.addBatch("CREATE TABLE w(a, b)");
      batch.addBatch("INSERT INTO w(a, b) VALUES (1, 2), (3, 4)");
      batch.addBatch("CREATE TABLE x(c REFERENCES t DEFERRABLE INITIALLY DEFERRED)");
      batch.addBatch("INSERT INTO x VALUES (NULL)");
      assertEquals(5, batch.executeBatch().length);
      lease.commit();
    }
    assertEquals("1,2;3,4", Database.ask(file(), "SELECT group_concat(a || ',' || b, ';') FROM w"));
  }

  @Test
  void plainStatement_executedAgain_theOldResultSetIsClosed() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader();
        Statement statement = lease.connection().createStatement()) {
      ResultSet old = statement.executeQuery("SELECT 'old' UNION ALL SELECT 'old too'");
      assertTrue(old.next());
      ResultSet current = statement.executeQuery("SELECT 'new' UNION ALL SELECT 'new too'");
      assertTrue(current.next());

      assertTrue(old.isClosed());
      assertThrows(SQLException.class, () -> old.getString(1));
      old.close();
      assertEquals("new", current.getString(1));
      assertTrue(current.next());
    }
  }

  @Test
  void preparedStatement_executedAgain_theOldResultSetIsClosed() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader();
        PreparedStatement statement =
            lease.connection().prepareStatement("SELECT ? UNION ALL SELECT 'more'")) {
      statement.setString(1, "old");
      ResultSet old = statement.executeQuery();
      assertTrue(old.next());
      statement.setString(1, "new");
      ResultSet current = statement.executeQuery();
      assertTrue(current.next());

      assertTrue(old.isClosed());
      assertThrows(SQLException.class, () -> old.getString(1));
      old.close();
      assertEquals("new", current.getString(1));
      assertTrue(current.next());
    }
  }

  @Test
  void moreResults_afterTheOnlyOne_areNoneAndTheStatementIsUsableAgain() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter();
        PreparedStatement statement = lease.connection().prepareStatement(INSERT)) {
      for (int i = 1; i <= 2; i++) {
        statement.setInt(1, i);
        assertFalse(statement.execute());
        assertEquals(1, statement.getUpdateCount());
        assertFalse(statement.getMoreResults());
        assertEquals(-1, statement.getUpdateCount());
      }
      lease.commit();
    }
    assertEquals(List.of(1L, 2L), values(pool));
  }

  @Test
  void closeOnCompletion_resultSetClosed_closesTheStatement() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader();
        PreparedStatement statement = lease.connection().prepareStatement("SELECT 1")) {
      statement.closeOnCompletion();
      assertTrue(statement.isCloseOnCompletion());
      statement.executeQuery().close();
      assertTrue(statement.isClosed());
    }
  }

  @Test
  void queryTimeout_longQuery_endsItAndTheConnectionIsHealthy() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    try (ReadLease lease = pool.acquireReader()) {
      Connection connection = lease.connection();
      try (PreparedStatement statement = connection.prepareStatement(Gate.ENDLESS_QUERY)) {
        statement.setQueryTimeout(1);
        assertEquals(1, statement.getQueryTimeout());
        SQLException failure =
            Expect.sql(SQLTimeoutException.class, "57014", statement::executeQuery);
        Expect.mentions(failure, "WITH RECURSIVE");
      }
      assertThrows(SQLException.class, () -> connection.createStatement().setQueryTimeout(-1));
      assertEquals(0, count(lease));
    }
  }

  @Test
  void cancel_longQuery_endsItAndTheConnectionIsHealthy() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    AtomicReference<Statement> statement = new AtomicReference<>();
    Background<?> running =
        start(
            "running",
            () -> {
              try (ReadLease lease = pool.acquireReader()) {
                statement.set(lease.connection().createStatement());
                SQLException failure =
                    Expect.sql(
                        SQLNonTransientException.class,
                        "57014",
                        () -> statement.get().executeQuery(Gate.ENDLESS_QUERY));
                Expect.mentions(failure, "cancelled");
                assertEquals(0, count(lease));
                try (ResultSet rows = statement.get().executeQuery("SELECT 1")) {
                  assertTrue(rows.next());
                  return rows.getInt(1);
                }
              }
            });
    gate().awaitReached();

    statement.get().cancel();

    assertEquals(1, running.result());
    assertFalse(running.interruptedAtEnd());
  }

  @Test
  void cancel_nothingRuns_hasNoEffectOnTheNextStatement() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader();
        Statement statement = lease.connection().createStatement()) {
      statement.cancel();
      try (ResultSet rows =
          statement.executeQuery(
              "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100000)"
                  + " SELECT count(*) FROM c")) {
        assertTrue(rows.next());
        assertEquals(100_000, rows.getInt(1));
      }
    }
  }
}
