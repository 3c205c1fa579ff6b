package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * SQLite asks whether to stop every thousand instructions, counted over all statements of a
 * connection; so with small units, sooner or later it asks within BEGIN, SAVEPOINT, RELEASE,
 * ROLLBACK TO and COMMIT, which must not be stopped.
 */
class CommandInterruptTest extends GroupFixture {

  private static final int UNITS = 1_500;
  private static final int WRITERS = 4;

  @Test
  void commit_flagIsSetEachTime_neverFails() throws SQLException {
    SqlitePool pool = openPatient();
    for (int i = 0; i < UNITS; i++) {
      try (WriteLease lease = pool.acquireWriter()) {
        lease.update("INSERT INTO t(v) VALUES ('x')");
        Thread.currentThread().interrupt();
        lease.commit();
      }
      assertTrue(Thread.interrupted());
    }
    assertEquals(Integer.toString(UNITS), Database.ask(file(), "SELECT count(*) FROM t"));
  }

  @Test
  void rollback_flagIsSetEachTime_neverFails() throws SQLException {
    SqlitePool pool = openPatient();
    for (int i = 0; i < UNITS; i++) {
      try (WriteLease lease = pool.acquireWriter()) {
        lease.update("INSERT INTO t(v) VALUES ('x')");
        Thread.currentThread().interrupt();
        lease.rollback();
      }
      assertTrue(Thread.interrupted());
    }
    assertEquals("0", Database.ask(file(), "SELECT count(*) FROM t"));
  }

  @Test
  void units_interruptedAtAnyMoment_areCommittedOrSayThatTheyWereInterrupted() throws Exception {
    SqlitePool pool = openPatient();
    AtomicInteger committed = new AtomicInteger();
    List<Throwable> others = new ArrayList<>();
    List<Thread> writers = new ArrayList<>();
    for (int w = 0; w < WRITERS; w++) {
      writers.add(Thread.ofVirtual().unstarted(() -> write(pool, committed, others)));
    }
    AtomicBoolean over = new AtomicBoolean();
    Thread interrupter =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    writers.forEach(Thread::interrupt);
                  }
                });
    writers.forEach(Thread::start);
    for (Thread writer : writers) {
      writer.join();
    }
    over.set(true);
    interrupter.join();
    assertEquals(List.of(), others);
    assertEquals(Integer.toString(committed.get()), Database.ask(file(), "SELECT count(*) FROM t"));
    assertTrue(committed.get() > 0);
  }

  private static void write(SqlitePool pool, AtomicInteger committed, List<Throwable> others) {
    for (int i = 0; i < UNITS; i++) {
      try (WriteLease lease = pool.acquireWriter()) {
        lease.update("INSERT INTO t(v) VALUES ('x')");
        lease.commit();
        committed.incrementAndGet();
      } catch (SQLException e) {
        if (!"57014".equals(e.getSQLState())) {
          synchronized (others) {
            others.add(e);
          }
        }
      }
      Thread.interrupted();
    }
  }
}
