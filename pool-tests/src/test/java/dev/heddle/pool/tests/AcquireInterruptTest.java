package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thread.interrupt() at entry, in the queue, in a statement. */
class AcquireInterruptTest extends PoolFixture {

  @Test
  void acquire_interruptedBefore_failsAndKeepsTheFlag() throws SQLException {
    SqlitePool pool = open();

    Background<?> interrupted =
        start(
            "interrupted",
            () -> {
              Thread.currentThread().interrupt();
              return pool.acquireReader();
            });

    Expect.interrupted(interrupted.failure(SQLNonTransientException.class));
    assertTrue(interrupted.interruptedAtEnd());
    assertEquals(1, pool.stats().readers().interrupted());
  }

  @Test
  void acquire_interruptedInTheQueue_failsAndKeepsTheFlag() throws SQLException {
    SqlitePool pool = open();
    try (var _ = pool.acquireWriter()) {
      Background<?> waiting = start("waiting", pool::acquireWriter);
      Await.until("it waits", () -> pool.stats().writer().waiting() == 1);

      waiting.thread().interrupt();

      SQLException failure = waiting.failure(SQLNonTransientException.class);
      Expect.interrupted(failure);
      Expect.mentions(failure, "writer", "test.db");
      assertTrue(waiting.interruptedAtEnd());
      assertEquals(0, pool.stats().writer().waiting());
      assertEquals(1, pool.stats().writer().interrupted());
    }
    insert(pool, 1);
  }

  @Test
  void acquire_oneOfThreeWaitersInterrupted_theOthersAreServedInOrder() throws SQLException {
    SqlitePool pool = open();
    Background<?> first;
    Background<?> last;
    try (var _ = pool.acquireWriter()) {
      first = start("first", () -> insert(pool, "first"));
      Await.until("the first waits", () -> pool.stats().writer().waiting() == 1);
      Background<?> second = start("second", () -> insert(pool, "second"));
      Await.until("the second waits", () -> pool.stats().writer().waiting() == 2);
      last = start("last", () -> insert(pool, "last"));
      Await.until("the last waits", () -> pool.stats().writer().waiting() == 3);
      second.thread().interrupt();
      second.failure(SQLException.class);
    }
    first.result();
    last.result();
    assertEquals(List.of("first", "last"), values(pool));
  }

  @Test
  void statement_interruptedBefore_isNotRunAndTheFlagIsKept() throws SQLException {
    SqlitePool pool = open();
    Background<?> interrupted =
        start(
            "interrupted",
            () -> {
              try (WriteLease lease = pool.acquireWriter()) {
                lease.update("INSERT INTO t(v) VALUES (1)");
                Connection connection = lease.connection();
                var statement = connection.createStatement();
                Thread.currentThread().interrupt();
                Expect.interrupted(
                    assertThrows(
                        SQLException.class, () -> lease.update("INSERT INTO t(v) VALUES (2)")));
                Expect.interrupted(
                    assertThrows(
                        SQLException.class,
                        () -> statement.execute("INSERT INTO t(v) VALUES (3)")));
                assertTrue(Thread.currentThread().isInterrupted());
                lease.commit();
                return 0;
              }
            });

    interrupted.result();
    assertTrue(interrupted.interruptedAtEnd());
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void rollbackAndClose_interruptedThread_doTheirWork() throws SQLException {
    SqlitePool pool = open();
    Background<?> interrupted =
        start(
            "interrupted",
            () -> {
              WriteLease lease = pool.acquireWriter();
              lease.update("INSERT INTO t(v) VALUES (1)");
              ReadLease snapshot = pool.acquireSnapshot();
              count(snapshot);
              Thread.currentThread().interrupt();
              lease.rollback();
              snapshot.close();
              return 0;
            });
    interrupted.result();
    assertTrue(interrupted.interruptedAtEnd());
    assertEquals(List.of(), values(pool));
    assertEquals(1, pool.stats().writer().idle());
    assertEquals(2, pool.stats().readers().idle());
  }

  @Test
  void query_interruptedWhileItRuns_endsAndTheConnectionIsHealthy() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    Background<?> running =
        start(
            "running",
            () -> {
              try (ReadLease lease = pool.acquireReader()) {
                SQLException failure =
                    assertThrows(SQLException.class, () -> lease.query(Gate.ENDLESS_QUERY));
                Expect.interrupted(failure);
                Expect.mentions(failure, "WITH RECURSIVE");
                assertTrue(Thread.interrupted());
                assertEquals(0, count(lease));
                Thread.currentThread().interrupt();
                return 0;
              }
            });
    gate().awaitReached();

    running.thread().interrupt();

    running.result();
    assertEquals(List.of(), values(pool));
  }

  @Test
  void jdbcQuery_interruptedWhileItRuns_endsAndTheConnectionIsHealthy() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    Background<?> running =
        start(
            "running",
            () -> {
              try (Connection connection = pool.readerDataSource().getConnection();
                  var statement = connection.prepareStatement(Gate.ENDLESS_QUERY)) {
                Expect.interrupted(assertThrows(SQLException.class, statement::executeQuery));
                return Thread.interrupted();
              }
            });
    gate().awaitReached();

    running.thread().interrupt();

    assertEquals(true, running.result());
    assertEquals(List.of(), values(pool));
  }

  @Test
  void read_interruptedWhileItRuns_failsWithoutASuppressedFailure() throws SQLException {
    SqlitePool pool = open();
    Background<?> running =
        start("running", () -> pool.read(lease -> lease.query(Gate.ENDLESS_QUERY)));
    gate().awaitReached();

    running.thread().interrupt();

    SQLException failure = running.failure(SQLException.class);
    Expect.interrupted(failure);
    assertEquals(0, failure.getSuppressed().length);
    assertTrue(running.interruptedAtEnd());
  }
}
