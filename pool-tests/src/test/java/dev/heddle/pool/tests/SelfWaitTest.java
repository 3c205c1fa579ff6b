package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Waits that could never end are refused at once. */
class SelfWaitTest extends PoolFixture {

  private SqlitePool openPatient(int readers) throws SQLException {
    return open(config -> config.readers(readers).acquireTimeout(Duration.ofHours(1)));
  }

  @Test
  void writer_byItsHolder_isRefusedAtOnce() throws SQLException {
    SqlitePool pool = openPatient(1);
    try (WriteLease lease = pool.acquireWriter(LeaseOptions.DEFAULTS.withLabel("outer"))) {
      SQLException failure = Expect.refused(pool::acquireWriter);

      Expect.mentions(failure, "this thread", "outer", "writer");
      Expect.refused(() -> pool.acquireWriter(Duration.ZERO));
      lease.update("INSERT INTO t(v) VALUES (1)");
      lease.commit();
      insert(pool, 2);
    }
    assertEquals(2, values(pool).size());
    assertEquals(2, pool.stats().writer().refused());
  }

  @Test
  void reader_byTheHolderOfTheOnlyOne_isRefusedAtOnce() throws SQLException {
    SqlitePool pool = openPatient(1);
    try (ReadLease lease = pool.acquireReader()) {
      Expect.refused(pool::acquireReader);
      Expect.refused(pool::acquireSnapshot);
      assertEquals(0, count(lease));
    }
  }

  @Test
  void reader_byTheHolderOfAll_isRefusedAtOnce() throws SQLException {
    SqlitePool pool = openPatient(3);
    try (var _ = pool.acquireReader();
        var _ = pool.acquireReader();
        var _ = pool.acquireReader()) {
      Expect.refused(pool::acquireReader);
    }
  }

  @Test
  void reader_everyHolderWaitsForAnother_theLastToAskIsRefusedAndTheOthersGoOn()
      throws SQLException {
    SqlitePool pool = openPatient(2);
    CountDownLatch bothHold = new CountDownLatch(2);
    CountDownLatch secondMayAsk = new CountDownLatch(1);
    Background<Integer> first =
        start(
            "first",
            () -> {
              try (var _ = pool.acquireReader()) {
                bothHold.countDown();
                Await.latch("both hold one", bothHold);
                return values(pool).size();
              }
            });
    Background<Integer> second =
        start(
            "second",
            () -> {
              try (var _ = pool.acquireReader()) {
                bothHold.countDown();
                Await.latch("the first waits", secondMayAsk);
                Expect.refused(pool::acquireReader);
                return -1;
              }
            });
    Await.until("the first waits", () -> pool.stats().readers().waiting() == 1);
    secondMayAsk.countDown();

    assertEquals(-1, second.result());
    assertEquals(0, first.result());
  }

  @Test
  void reader_oneHolderDoesNotWait_isNotRefused() throws SQLException {
    SqlitePool pool = openPatient(2);
    ReadLease idle = start("taker", pool::acquireReader).result();
    Background<Integer> asks;
    try (var _ = pool.acquireReader()) {
      asks =
          start(
              "asks",
              () -> {
                try (ReadLease lease = pool.acquireReader()) {
                  return (int) count(lease);
                }
              });
      Await.until("it waits", () -> pool.stats().readers().waiting() == 1);
      assertFalse(asks.isDone());
    }
    assertEquals(0, asks.result());
    if (idle != null) {
      idle.close();
    }
  }

  @Test
  void reader_waiterGaveUp_isNotCountedAsWaitingAnyMore() throws SQLException {
    SqlitePool pool = openPatient(2);
    CountDownLatch mayEnd = new CountDownLatch(1);
    CountDownLatch gaveUp = new CountDownLatch(1);
    CountDownLatch bothHold = new CountDownLatch(2);
    Background<?> givesUp =
        start(
            "gives-up",
            () -> {
              try (var _ = pool.acquireReader()) {
                bothHold.countDown();
                Await.latch("both hold one", bothHold);
                try (var _ = pool.acquireReader(Duration.ofMillis(20))) {
                  return "has one";
                } catch (SQLException e) {
                  gaveUp.countDown();
                  Await.latch("it may end", mayEnd);
                  return e.getSQLState();
                }
              }
            });
    try (var _ = pool.acquireReader()) {
      bothHold.countDown();
      Await.latch("the other gave up", gaveUp);
      Expect.sql(
          java.sql.SQLTransientConnectionException.class,
          "08001",
          () -> pool.acquireReader(Duration.ofMillis(20)));
    }
    mayEnd.countDown();
    assertEquals("08001", givesUp.result());
  }
}
