package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A lease's wait for another program is ended by what concerns that lease, and by nothing else. */
class FileLockWaitTest extends GroupFixture {

  private Database lock() throws SQLException {
    return Database.connect(file()).run("BEGIN IMMEDIATE");
  }

  @Test
  void wait_leaseBeforeHadAQueryTimeout_isNotEndedByThat() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    long start = System.nanoTime();
    try (Connection connection = pool.writerDataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      statement.executeUpdate("INSERT INTO t(v) VALUES (2)");
    }
    Await.until(
        "that time-out is over",
        () -> System.nanoTime() - start > Duration.ofMillis(1_500).toNanos());
    Background<?> waiting;
    try (Database other = lock()) {
      waiting = start("waiting", () -> insert(pool, 3));
      Await.parked(waiting.thread());
      other.run("ROLLBACK");
    }

    waiting.result();

    assertEquals(List.of(1L, 2L, 3L), values(pool));
  }

  @Test
  void wait_leaseBeforeWroteInCompany_isEndedByAnInterrupt() throws SQLException {
    SqlitePool pool = openPatient(config -> config.busyTimeout(Duration.ofSeconds(4)));
    List<Unit> units = queue(pool, 2);
    units.get(0).insert("one").startCommit();
    units.get(1).awaitHolds().insert("two").commitNow();
    units.get(0).awaitCommitted();
    try (Database other = lock()) {
      Background<?> waiting = start("waiting", () -> insertByUpdate(pool));
      Await.parked(waiting.thread());

      waiting.thread().interrupt();

      Expect.interrupted(waiting.failure(SQLException.class));
      assertTrue(waiting.interruptedAtEnd());
      other.run("ROLLBACK");
    }
    assertEquals(List.of("one", "two"), values(pool));
  }

  private static long insertByUpdate(SqlitePool pool) throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      return lease.update("INSERT INTO t(v) VALUES (?)", "never");
    }
  }

  @Test
  void wait_leaseBeforeWasCancelled_isNotEndedByThat() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    Background<?> cancelled =
        start(
            "cancelled",
            () -> {
              try (Connection connection = pool.writerDataSource().getConnection();
                  Statement statement = connection.createStatement()) {
                start("canceller", () -> cancel(statement));
                statement.executeQuery(Gate.ENDLESS_QUERY);
                return 0;
              }
            });
    assertEquals("57014", cancelled.failure(SQLException.class).getSQLState());
    Background<?> waiting;
    try (Database other = lock()) {
      waiting = start("waiting", () -> insert(pool, 2));
      Await.parked(waiting.thread());
      other.run("ROLLBACK");
    }
    waiting.result();
    assertEquals(List.of(1L, 2L), values(pool));
  }

  private int cancel(Statement statement) throws SQLException {
    gate().awaitReached();
    statement.cancel();
    return 0;
  }
}
