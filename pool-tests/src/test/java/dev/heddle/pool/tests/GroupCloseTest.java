package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The pool closes while units wait for their group. */
class GroupCloseTest extends GroupFixture {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(100);

  private Background<?> close(SqlitePool pool) {
    Background<?> closer =
        start(
            "closer",
            () -> {
              pool.close();
              return 0;
            });
    Await.until("the pool is closed", () -> isClosed(pool));
    return closer;
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

  private String rows() throws SQLException {
    return String.valueOf(
        Database.ask(file(), "SELECT group_concat(v) FROM (SELECT v FROM t ORDER BY id)"));
  }

  @Test
  void close_holderFinishesInTime_allAreCommitted() throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(LONG));
    try (Logs logs = Logs.capture()) {
      Company company = company(pool);
      company.holder().insert("three");
      Background<?> closer = close(pool);
      company.assertWaiting();
      company.holder().commitNow();

      company.awaitCommitted();
      closer.result();
      assertEquals("one,two,three", rows());
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void close_holderRollsBackInTime_membersAreCommitted() throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(LONG));
    Company company = company(pool);
    company.holder().insert("no");
    Background<?> closer = close(pool);
    company.holder().rollback();
    company.awaitCommitted();
    closer.result();
    assertEquals("one,two", rows());
  }

  @Test
  void close_waitersBehindAGroup_areTurnedAwayAndTheGroupCommits() throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(LONG));
    Company company = company(pool);
    Unit next = waiter(pool);
    Background<?> closer = close(pool);
    assertEquals("08003", ((SQLException) next.refusal()).getSQLState());
    company.holder().insert("three").commitNow();
    company.awaitCommitted();
    closer.result();
    assertEquals("one,two,three", rows());
  }

  @Test
  void close_holderBetweenTwoStatements_isRevokedAndMembersAreCommitted() throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(SHORT));
    Company company = company(pool);
    company.holder().insert("no");
    Background<?> closer = close(pool);
    closer.result();

    company.awaitCommitted();
    Expect.mentions(company.holder().fails("08003", "INSERT INTO t(v) VALUES ('late')"), "revoked");
    company.holder().fails("08003", WriteLease::commit);
    assertEquals("one,two", rows());
  }

  @Test
  void close_holderUnused_isRevokedAndMembersAreCommitted() throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(SHORT));
    Company company = company(pool);
    Background<?> closer = close(pool);
    closer.result();

    company.awaitCommitted();
    company.holder().fails("08003", WriteLease::commit);
    assertEquals("one,two", rows());
  }

  @Test
  void close_holderUnusedAndMembersImpatient_membersAreCommittedByThemselves() throws SQLException {
    SqlitePool pool =
        openPatient(config -> config.closeTimeout(LONG).groupMaxAge(Duration.ofMillis(200)));
    Company company = company(pool);
    Background<?> closer = close(pool);
    company.awaitCommitted();
    assertFalse(closer.isDone());
    company.holder().insert("three").commitNow();
    closer.result();
    assertEquals("one,two,three", rows());
  }

  @Test
  void close_closeTimeoutZero_membersAreCommitted() throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(Duration.ZERO));
    Company company = company(pool);
    company.holder().insert("no");
    close(pool).result();
    company.awaitCommitted();
    assertEquals("one,two", rows());
  }

  @Test
  void close_holderInALongQuery_isStoppedAndMembersAreCommitted() throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(SHORT));
    Company company = company(pool);
    company.holder().insert("no");
    WriteLease lease = company.holder().lease();
    Background<?> querying = start("querying", () -> lease.query(Gate.ENDLESS_QUERY));
    gate().awaitReached();
    close(pool).result();

    assertEquals("08003", querying.failure(SQLException.class).getSQLState());
    company.awaitCommitted();
    assertEquals("one,two", rows());
  }

  /** Stopping it makes SQLite roll everything back; what matters is that nobody is told a lie. */
  @Test
  void close_holderInALongWrite_isStoppedAndMembersAreToldThatNothingIsKept() throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(SHORT));
    Company company = company(pool);
    company.holder().insert("no");
    WriteLease lease = company.holder().lease();
    Background<?> writing = start("writing", () -> lease.update(Gate.ENDLESS_UPDATE));
    gate().awaitReached();
    close(pool).result();

    assertEquals("08003", writing.failure(SQLException.class).getSQLState());
    company.one().victim();
    company.two().victim();
    assertEquals("null", rows());
  }

  @Test
  void close_holderStuckInAnSqlFunction_membersAreCommittedWhenItEnds() throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(SHORT));
    Company company = company(pool);
    WriteLease lease = company.holder().lease();
    Background<?> stuck =
        start("stuck", () -> lease.update("INSERT INTO t(v) VALUES ('no' || gate())"));
    gate().awaitReached();
    close(pool).result();
    company.assertWaiting();
    gate().open();

    Await.until("the call ends", stuck::isDone);
    company.awaitCommitted();
    Await.until("the connection is closed", () -> OpenFiles.under(folder).isEmpty());
    assertEquals("one,two", rows());
  }

  @Test
  void close_byAMemberThread_isRefusedOnlyWhileItHolds() throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(LONG));
    Unit one = holder(pool);
    one.does(
        lease -> {
          lease.update("INSERT INTO t(v) VALUES ('one')");
          lease.commit();
          pool.close();
        });
    assertEquals("one", rows());
  }

  @Test
  void close_victimsOfWriteWouldRunAgain_areToldThatThePoolIsClosed() throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(LONG));
    AtomicInteger runs = new AtomicInteger();
    Unit first = holder(pool);
    Background<?> victim =
        start(
            "victim",
            () ->
                pool.write(
                    lease -> {
                      runs.incrementAndGet();
                      return lease.update("INSERT INTO t(v) VALUES ('no')");
                    }));
    Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
    Unit killer = waiter(pool);
    first.insert("first").startCommit();
    killer.awaitHolds().insert("killer");
    Background<?> closer = close(pool);
    killer.fails("23505", "INSERT OR ROLLBACK INTO t(id) VALUES (1)");

    first.victim();
    assertEquals("08003", victim.failure(SQLException.class).getSQLState());
    assertEquals(1, runs.get());
    killer.rollback();
    closer.result();
    assertEquals("null", rows());
    assertTrue(isClosed(pool));
  }
}
