package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** close(): turn away, let finish, revoke, close. */
class CloseTest extends PoolFixture {

  private static final Duration LONG = Duration.ofMinutes(1);

  private Background<@Nullable Void> close(SqlitePool pool) {
    return start(
        "closer",
        () -> {
          pool.close();
          return null;
        });
  }

  private static boolean isClosed(SqlitePool pool) {
    try {
      pool.acquireReader(Duration.ZERO).close();
      return false;
    } catch (SQLNonTransientConnectionException e) {
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  @Test
  void close_holdersFinish_waitsForThemAndKeepsTheirWork() throws SQLException {
    SqlitePool pool = open(config -> config.closeTimeout(LONG));
    CountDownLatch mayFinish = new CountDownLatch(1);
    CountDownLatch holds = new CountDownLatch(2);
    Background<?> writer =
        start(
            "writer",
            () ->
                pool.write(
                    lease -> {
                      lease.update("INSERT INTO t(v) VALUES (1)");
                      holds.countDown();
                      Await.latch("it may finish", mayFinish);
                      return lease.update("INSERT INTO t(v) VALUES (2)");
                    }));
    Background<?> reader =
        start(
            "reader",
            () ->
                pool.read(
                    lease -> {
                      holds.countDown();
                      Await.latch("it may finish", mayFinish);
                      return count(lease);
                    }));
    Await.latch("both hold a lease", holds);
    Background<?> closer = close(pool);
    Await.until("the pool is closed", () -> isClosed(pool));
    assertFalse(closer.isDone());

    mayFinish.countDown();

    closer.result();
    writer.result();
    reader.result();
    assertEquals("2", Database.ask(file(), "SELECT count(*) FROM t"));
  }

  @Test
  void close_threadsWait_areTurnedAway() throws SQLException {
    SqlitePool pool = open(config -> config.acquireTimeout(LONG).closeTimeout(LONG).readers(1));
    WriteLease writer = pool.acquireWriter();
    ReadLease reader = pool.acquireReader();
    Background<?> one = start("one", pool::acquireWriter);
    Background<?> two = start("two", pool::acquireSnapshot);
    Await.until(
        "both wait",
        () -> pool.stats().writer().waiting() == 1 && pool.stats().readers().waiting() == 1);
    Background<?> closer = close(pool);

    for (Background<?> waiter : List.of(one, two)) {
      SQLException failure = waiter.failure(SQLNonTransientConnectionException.class);
      assertEquals("08003", failure.getSQLState());
      Expect.mentions(failure, "closed", "test.db");
    }
    assertEquals(0, count(reader));
    writer.update("INSERT INTO t(v) VALUES (1)");
    writer.commit();
    reader.close();
    closer.result();
    assertEquals("1", Database.ask(file(), "SELECT count(*) FROM t"));
  }

  @Test
  void everyMethod_poolIsClosed_saysSo() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    var readers = pool.readerDataSource();
    var writers = pool.writerDataSource();

    pool.close();

    for (Executable call :
        List.<Executable>of(
            pool::acquireReader,
            pool::acquireSnapshot,
            pool::acquireWriter,
            () -> pool.read(lease -> 1),
            () -> pool.write(lease -> 1),
            () -> pool.useReader(lease -> {}),
            () -> pool.useWriter(lease -> {}),
            readers::getConnection,
            writers::getConnection)) {
      Expect.mentions(Expect.over(call), "closed");
    }
    assertEquals(1, pool.stats().commits().transactions() - 1);
    assertTrue(pool.dump().contains("test.db"));
    assertTrue(pool.toString().contains("test.db"));
  }

  @Test
  void close_again_isHarmless() throws SQLException {
    SqlitePool pool = open();
    pool.close();
    pool.close();
  }

  @Test
  void close_fromTwoThreads_bothReturnWhenItIsDone() throws SQLException {
    SqlitePool pool = open(config -> config.closeTimeout(LONG));
    ReadLease lease = pool.acquireReader();
    Background<?> one = close(pool);
    Background<?> two = close(pool);
    Await.until("the pool is closed", () -> isClosed(pool));
    Await.parked(one.thread());
    Await.parked(two.thread());
    assertFalse(one.isDone());
    assertFalse(two.isDone());

    lease.close();

    one.result();
    two.result();
    assertEquals(List.of(), OpenFiles.under(folder));
  }

  @Test
  void close_byAHolder_isRefusedAndThePoolGoesOn() throws SQLException {
    SqlitePool pool = open();
    for (boolean writer : new boolean[] {true, false}) {
      try (ReadLease lease = writer ? pool.acquireWriter() : pool.acquireSnapshot()) {
        IllegalStateException failure = assertThrows(IllegalStateException.class, pool::close);

        Expect.mentions(failure, "test.db", writer ? "writer" : "reader");
        assertEquals(0, count(lease));
      }
    }
    insert(pool, 1);
  }

  @Test
  void close_byAHolderWhileAnotherCloses_isRefused() throws SQLException {
    SqlitePool pool = open(config -> config.closeTimeout(LONG));
    ReadLease lease = pool.acquireReader();
    Background<?> closer = close(pool);
    Await.until("the pool is closed", () -> isClosed(pool));

    assertThrows(IllegalStateException.class, pool::close);

    lease.close();
    closer.result();
    pool.close();
  }

  @Test
  void close_interruptedThread_closesAndKeepsTheFlag() throws SQLException {
    SqlitePool pool = open(config -> config.closeTimeout(LONG));
    insert(pool, 1);
    ReadLease lease = pool.acquireReader();
    Background<?> closer =
        start(
            "closer",
            () -> {
              Thread.currentThread().interrupt();
              pool.close();
              return 0;
            });
    Await.until("the pool is closed", () -> isClosed(pool));
    Await.parked(closer.thread());
    assertFalse(closer.isDone());
    lease.close();

    closer.result();
    assertTrue(closer.interruptedAtEnd());
    assertFalse(Files.exists(Path.of(file() + "-wal")));
    assertEquals("1", Database.ask(file(), "SELECT v FROM t"));
  }

  @Test
  void close_rowsOnlyInTheWal_areCheckpointed() throws SQLException {
    SqlitePool pool = open(config -> config.pragma("synchronous", "NORMAL"));
    for (int i = 0; i < 50; i++) {
      insert(pool, "x".repeat(1000));
    }
    try (ReadLease lease = pool.acquireSnapshot()) {
      assertEquals(50, count(lease));
    }
    assertTrue(Files.exists(Path.of(file() + "-wal")));

    pool.close();

    assertFalse(Files.exists(Path.of(file() + "-wal")));
    assertEquals("50", Database.ask(file(), "SELECT count(*) FROM t"));
    assertEquals("ok", Database.ask(file(), "PRAGMA integrity_check"));
  }

  @Test
  void close_closeTimeoutZero_revokesAtOnce() throws SQLException {
    SqlitePool pool = open(config -> config.closeTimeout(Duration.ZERO));
    WriteLease lease = pool.acquireWriter(LeaseOptions.DEFAULTS.withLabel("late"));
    lease.update("INSERT INTO t(v) VALUES (1)");

    close(pool).result();

    Expect.mentions(Expect.over(lease::commit), "late", "revoked");
    assertEquals("0", Database.ask(file(), "SELECT count(*) FROM t"));
  }
}
