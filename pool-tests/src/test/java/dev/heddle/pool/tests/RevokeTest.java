package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What close-timeout takes away, in whatever state its holder is. */
class RevokeTest extends PoolFixture {

  private static final LeaseOptions LABEL = LeaseOptions.DEFAULTS.withLabel("slow-import");

  private SqlitePool openImpatient() throws SQLException {
    return open(config -> config.closeTimeout(Duration.ofMillis(100)));
  }

  private Background<@Nullable Void> close(SqlitePool pool) {
    return start(
        "closer",
        () -> {
          pool.close();
          return null;
        });
  }

  @Test
  void idleHolder_isRevoked_itsWorkIsRolledBackAndEveryLateCallSaysSo() throws SQLException {
    SqlitePool pool = openImpatient();
    insert(pool, "before");
    WriteLease lease = pool.acquireWriter(LABEL);
    lease.update("INSERT INTO t(v) VALUES ('lost')");
    var connection = lease.connection();
    var statement = connection.prepareStatement("INSERT INTO t(v) VALUES ('late')");
    try (Logs logs = Logs.capture()) {
      close(pool).result();

      assertTrue(
          logs.warnings().stream().anyMatch(w -> w.contains("slow-import")),
          () -> "" + logs.warnings());
    }
    for (Executable call :
        List.<Executable>of(
            () -> lease.update("INSERT INTO t(v) VALUES ('late')"),
            () -> lease.query("SELECT 1"),
            statement::executeUpdate,
            connection::createStatement,
            lease::commit,
            lease::rollback)) {
      Expect.mentions(Expect.over(call), "slow-import", "revoked");
    }
    assertTrue(connection.isClosed());
    assertTrue(statement.isClosed());
    statement.close();
    connection.close();
    lease.close();
    assertEquals("1", Database.ask(file(), "SELECT count(*) FROM t"));
  }

  @Test
  void holderInALongQuery_isStopped() throws SQLException {
    SqlitePool pool = openImpatient();
    Background<?> reading =
        start("reading", () -> pool.read(LABEL, lease -> lease.query(Gate.ENDLESS_QUERY)));
    gate().awaitReached();

    close(pool).result();

    SQLException failure = reading.failure(SQLNonTransientConnectionException.class);
    assertEquals("08003", failure.getSQLState());
    Expect.mentions(failure, "revoked", "WITH RECURSIVE");
    assertFalse(reading.interruptedAtEnd());
  }

  @Test
  void holderInALongQuery_closeTimeoutZero_closeStillWaitsUntilItHasStopped() throws SQLException {
    SqlitePool pool = open(config -> config.closeTimeout(Duration.ZERO));
    insert(pool, 1);
    Background<?> reading = start("reading", () -> pool.read(l -> l.query(Gate.ENDLESS_QUERY)));
    gate().awaitReached();
    try (Logs logs = Logs.capture()) {
      close(pool).result();

      assertEquals(List.of(), OpenFiles.under(folder));
      assertEquals(1, logs.warnings().size(), () -> "" + logs.warnings());
    }
    assertEquals("08003", reading.failure(SQLException.class).getSQLState());
  }

  @Test
  void holderInALongWrite_isStoppedAndItsWorkIsRolledBack() throws SQLException {
    SqlitePool pool = openImpatient();
    Background<?> writing =
        start(
            "writing",
            () ->
                pool.write(
                    LABEL,
                    lease -> {
                      lease.update("INSERT INTO t(id, v) VALUES (1, 'lost')");
                      return lease.update(Gate.ENDLESS_UPDATE);
                    }));
    gate().awaitReached();

    close(pool).result();

    assertEquals("08003", writing.failure(SQLException.class).getSQLState());
    assertEquals("0", Database.ask(file(), "SELECT count(*) FROM t"));
  }

  @Test
  void holderInALongWrite_swallowsItAndCommits_nothingIsKept() throws SQLException {
    SqlitePool pool = openImpatient();
    Background<?> writing =
        start(
            "writing",
            () -> {
              try (WriteLease lease = pool.acquireWriter()) {
                lease.update("INSERT INTO t(id, v) VALUES (1, 'lost')");
                assertThrows(SQLException.class, () -> lease.update(Gate.ENDLESS_UPDATE));
                Expect.over(() -> lease.update("INSERT INTO t(v) VALUES ('late')"));
                Expect.over(lease::commit);
                return 0;
              }
            });
    gate().awaitReached();

    close(pool).result();

    writing.result();
    assertEquals("0", Database.ask(file(), "SELECT count(*) FROM t"));
  }

  @Test
  void holderBetweenTwoRows_isRevoked_theNextRowAndTheViewSaySo() throws SQLException {
    SqlitePool pool = openImpatient();
    insert(pool, 1);
    insert(pool, 2);
    CountDownLatch inAction = new CountDownLatch(1);
    CountDownLatch revoked = new CountDownLatch(1);
    AtomicReference<Throwable> ofView = new AtomicReference<>();
    Background<?> reading =
        start(
            "reading",
            () -> {
              try (ReadLease lease = pool.acquireReader(LABEL)) {
                lease.forEach(
                    "SELECT v FROM t",
                    (Row row) -> {
                      inAction.countDown();
                      Await.latch("the pool is closed", revoked);
                      ofView.set(assertThrows(IllegalStateException.class, () -> row.getLong(1)));
                    });
                return 0;
              }
            });
    Await.latch("the action runs", inAction);

    close(pool).result();
    revoked.countDown();

    SQLException failure = reading.failure(SQLNonTransientConnectionException.class);
    Expect.mentions(failure, "slow-import", "revoked");
    Expect.mentions(ofView.get(), "revoked");
  }

  @Test
  void holderInsideAnSqlFunction_cannotBeStopped_closeReturnsAndItsCallClosesTheRest()
      throws SQLException {
    SqlitePool pool = openImpatient();
    Background<?> stuck =
        start(
            "stuck",
            () -> pool.write(LABEL, lease -> lease.update("INSERT INTO t(v) VALUES (gate())")));
    gate().awaitReached();
    try (Logs logs = Logs.capture()) {
      close(pool).result();

      String last = logs.warnings().getLast();
      assertTrue(logs.warnings().getFirst().contains("slow-import"), logs.warnings()::toString);
      assertTrue(last.contains("did not end") && last.contains("gate()"), last);
    }
    assertFalse(stuck.isDone());
    gate().open();

    assertEquals("08003", stuck.failure(SQLException.class).getSQLState());
    Await.until("the connection is closed", () -> OpenFiles.under(folder).isEmpty());
    assertEquals("0", Database.ask(file(), "SELECT count(*) FROM t"));
  }

  @Test
  void severalHolders_areAllRevoked() throws SQLException {
    SqlitePool pool = openImpatient();
    ReadLease one = pool.acquireReader();
    ReadLease two = pool.acquireSnapshot();
    WriteLease three = pool.acquireWriter();
    count(two);

    close(pool).result();

    for (ReadLease lease : List.of(one, two, three)) {
      Expect.mentions(Expect.over(() -> lease.query("SELECT 1")), "revoked");
    }
    assertEquals(List.of(), OpenFiles.under(folder));
  }

  @Test
  void holderWaitingForAnotherProgram_isRevoked_closeDoesNotWaitForTheBusyTimeout()
      throws SQLException {
    SqlitePool pool =
        open(
            config -> config.closeTimeout(Duration.ofMillis(100)).busyTimeout(Duration.ofHours(1)));
    try (Database other = Database.connect(file()).run("BEGIN IMMEDIATE")) {
      Background<?> writing = start("writing", () -> insert(pool, 1));
      Await.parked(writing.thread());
      close(pool).result();

      Await.until("the wait has ended", writing::isDone);
      assertEquals("08003", writing.failure(SQLException.class).getSQLState());
      other.run("ROLLBACK");
    }
  }
}
