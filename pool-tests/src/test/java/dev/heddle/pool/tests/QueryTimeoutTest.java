package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/** JDBC's query timeout, and cancel(). */
class QueryTimeoutTest extends TimeoutFixture {

  @Tag("slow")
  @Test
  void queryTimeout_winsOverTheOption() throws SQLException {
    SqlitePool pool = openStrict();
    try (ReadLease lease = pool.acquireReader();
        Statement statement = lease.connection().createStatement()) {
      statement.setQueryTimeout(3600);
      statement.executeQuery("SELECT takes(400), " + SOME_WORK).close();
      statement.setQueryTimeout(1);
      timesOut(QUERY_TIMEOUT, Gate.ENDLESS_QUERY, () -> statement.executeQuery(Gate.ENDLESS_QUERY));
      timesOut(
          QUERY_TIMEOUT,
          ENDLESS_ROWS,
          () -> {
            try (ResultSet rows = statement.executeQuery(ENDLESS_ROWS)) {
              while (rows.next()) {
                rows.getLong(1);
              }
            }
          });
      statement.setQueryTimeout(0);
      timesOut(Gate.ENDLESS_QUERY, () -> statement.executeQuery(Gate.ENDLESS_QUERY));
      assertHealthy(lease);
    }
  }

  @Tag("slow")
  @Test
  void queryTimeout_ofAPreparedStatement_isNotThatOfTheNextUse() throws SQLException {
    SqlitePool pool = openStrict();
    String sql = "SELECT takes(?), " + SOME_WORK;
    try (ReadLease lease = pool.acquireReader()) {
      for (int seconds : new int[] {3600, 0}) {
        try (PreparedStatement statement = lease.connection().prepareStatement(sql)) {
          statement.setQueryTimeout(seconds);
          statement.setInt(1, 400);
          if (seconds > 0) {
            statement.executeQuery().close();
          } else {
            timesOut(sql, statement::executeQuery);
          }
        }
      }
    }
  }

  @Tag("slow")
  @Test
  void queryTimeout_withoutTheOption_isWhatCounts() throws SQLException {
    SqlitePool pool = openStrict(config -> config.statementTimeout(Duration.ZERO));
    try (ReadLease lease = pool.acquireReader();
        Statement statement = lease.connection().createStatement()) {
      statement.executeQuery("SELECT takes(400), " + SOME_WORK).close();
      statement.setQueryTimeout(1);
      timesOut(
          QUERY_TIMEOUT,
          ENDLESS_ROWS,
          () -> {
            try (ResultSet rows = statement.executeQuery(ENDLESS_ROWS)) {
              while (rows.next()) {
                rows.getLong(1);
              }
            }
          });
    }
  }

  @Test
  void cancel_whileItGoesToTheNextRow_endsItAsCancelled() throws SQLException {
    SqlitePool pool = openStrict(config -> config.statementTimeout(Duration.ofHours(1)));
    AtomicReference<Statement> statement = new AtomicReference<>();
    Background<?> running =
        start(
            "running",
            () -> {
              try (ReadLease lease = pool.acquireReader()) {
                statement.set(lease.connection().createStatement());
                statement.get().setFetchSize(1);
                ResultSet rows =
                    statement
                        .get()
                        .executeQuery(
                            "SELECT 0 UNION ALL SELECT * FROM (" + Gate.ENDLESS_QUERY + ")");
                assertTrue(rows.next());
                SQLException failure =
                    Expect.sql(SQLNonTransientException.class, "57014", rows::next);
                Expect.mentions(failure, "cancelled");
                assertHealthy(lease);
                return 0;
              }
            });
    gate().awaitReached();
    statement.get().cancel();
    running.result();
  }

  @Test
  void cancel_whileItWaitsForAnotherProgram_endsTheWait() throws SQLException {
    SqlitePool pool = openStrict(config -> config.statementTimeout(Duration.ofHours(1)));
    AtomicReference<Statement> statement = new AtomicReference<>();
    try (Database other = Database.connect(file()).run("BEGIN IMMEDIATE")) {
      Background<?> running =
          start(
              "running",
              () -> {
                try (WriteLease lease = pool.acquireWriter()) {
                  statement.set(lease.connection().createStatement());
                  return statement.get().executeUpdate("INSERT INTO t(v) VALUES ('lost')");
                }
              });
      Await.until("it runs", () -> statement.get() != null);
      Await.parked(running.thread());
      statement.get().cancel();
      SQLException failure = running.failure(SQLNonTransientException.class);
      assertEquals("57014", failure.getSQLState());
      Expect.mentions(failure, "cancelled");
      other.run("ROLLBACK");
    }
    assertEquals(List.of(), values(pool));
  }

  @Tag("slow")
  @Test
  void waitingForAnotherProgram_queryTimeoutCounts() throws SQLException {
    SqlitePool pool = openStrict(config -> config.busyTimeout(Duration.ofHours(1)));
    try (WriteLease lease = pool.acquireWriter();
        Statement statement = lease.connection().createStatement();
        Database other = Database.connect(file()).run("BEGIN IMMEDIATE")) {
      statement.setQueryTimeout(1);
      SQLException failure =
          Expect.sql(
              SQLTimeoutException.class,
              "57014",
              () -> statement.executeUpdate("INSERT INTO t(v) VALUES ('lost')"));
      Expect.mentions(failure, QUERY_TIMEOUT, "lock");
      other.run("ROLLBACK");
    }
    assertEquals(List.of(), values(pool));
  }

  /** A statement with a query timeout first commits for those before it; that is not its time. */
  @Tag("slow")
  @Test
  void queryTimeout_commitOfOthersTakesLonger_isNotItsTime() throws SQLException {
    AtomicBoolean slow = new AtomicBoolean();
    SqlitePool pool =
        openPatient(
            config ->
                config.onConnect(
                    connection ->
                        connection
                            .unwrap(SQLiteConnection.class)
                            .addCommitListener(new SlowCommit(slow))));
    Company company = company(pool);
    slow.set(true);
    company
        .holder()
        .does(
            lease -> {
              try (Statement statement = lease.connection().createStatement()) {
                statement.setQueryTimeout(1);
                statement.executeUpdate("INSERT INTO t(v) SELECT " + SOME_WORK);
              }
            });
    slow.set(false);
    company.awaitCommitted();
    company.holder().does(WriteLease::commit);
    assertEquals(List.of("one", "two", 1000L), values(pool));
  }

  private record SlowCommit(AtomicBoolean slow) implements SQLiteCommitListener {
    @Override
    public void onCommit() {
      if (slow.get()) {
        Passing.inJava(Duration.ofMillis(1_200));
      }
    }

    @Override
    public void onRollback() {}
  }
}
