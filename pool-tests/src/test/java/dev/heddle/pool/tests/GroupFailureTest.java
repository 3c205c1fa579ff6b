package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A unit of a group fails, or is given up, by itself: the others are none the worse for it. */
class GroupFailureTest extends GroupFixture {

  @Test
  void constraint_inTheMiddle_undoesOnlyTheStatement() throws SQLException {
    SqlitePool pool = openPatient();
    try (Logs logs = Logs.capture()) {
      Counts before = Counts.of(pool);
      Company company = company(pool);
      Unit next = waiter(pool);
      Unit unit = company.holder().insert("three");
      unit.fails("23505", "INSERT INTO t(id, v) VALUES (1, 'no')");
      unit.insert("four").startCommit();
      next.awaitHolds().insert("five");
      company.assertWaiting();
      assertFalse(unit.isDone());
      next.commitNow();

      company.awaitCommitted();
      unit.awaitCommitted();
      assertEquals(List.of("one", "two", "three", "four", "five"), values(pool));
      before.assertSince(pool, 1, 4, 0);
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void constraint_asFirstStatement_unitRollsBackAlone() throws SQLException {
    SqlitePool pool = openPatient();
    Counts before = Counts.of(pool);
    Company company = company(pool);
    Unit next = waiter(pool);
    company.holder().fails("23505", "INSERT INTO t(id, v) VALUES (1, 'no')");
    company.holder().rollback();
    next.awaitHolds().insert("three");
    company.assertWaiting();
    next.commitNow();

    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
    before.assertSince(pool, 1, 3, 1);
  }

  @Test
  void constraint_multiRowInsertFailsInItsMiddle_undoesTheWholeStatementOnly() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.holder().insert("three");
    company
        .holder()
        .fails("23505", "INSERT INTO t(id, v) VALUES (50, 'no'), (51, 'no'), (1, 'no')");
    company.holder().commitNow();

    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  @Test
  void orFail_inTheMiddle_keepsTheRowsBeforeAsSqliteDoes() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company
        .holder()
        .fails("23505", "INSERT OR FAIL INTO t(id, v) VALUES (50, 'kept'), (1, 'no'), (51, 'no')");
    company.holder().commitNow();

    company.awaitCommitted();
    assertEquals(List.of("one", "two", "kept"), values(pool));
  }

  @Test
  void syntaxError_asFirstStatement_harmsNobody() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.holder().fails("42000", "INSERT INTO nowhere VALUES (1)");
    company.holder().fails("42000", "INSERT INTO t(nothing) VALUES (1)");
    company.assertWaiting();
    company.holder().insert("three").commitNow();

    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  @Test
  void wrongParameters_asFirstStatement_harmNobody() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.holder().fails("22023", lease -> lease.update("INSERT INTO t(v) VALUES (?)"));
    company.assertWaiting();
    company.holder().insert("three").commitNow();

    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  @Test
  void close_withoutCommitInTheMiddle_undoesTheUnitAndWarnsOnce() throws SQLException {
    SqlitePool pool = openPatient();
    try (Logs logs = Logs.capture()) {
      Counts before = Counts.of(pool);
      Company company = company(pool);
      Unit next = waiter(pool);
      company.holder().insert("no").close();
      next.awaitHolds().insert("three");
      company.assertWaiting();
      next.commitNow();

      company.awaitCommitted();
      assertEquals(List.of("one", "two", "three"), values(pool));
      before.assertSince(pool, 1, 3, 1);
      assertEquals(1, logs.warnings().size(), () -> "" + logs.warnings());
      assertTrue(logs.warnings().getFirst().contains("unit 3"));
    }
  }

  @Test
  void close_ofAUnitThatOnlyReadWhatOthersWrote_doesNotWarn() throws SQLException {
    SqlitePool pool = openPatient();
    try (Logs logs = Logs.capture()) {
      Company company = company(pool);
      company.holder().does(lease -> lease.query("SELECT * FROM t"));
      company.holder().close();

      company.awaitCommitted();
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void close_ofAnUnusedUnit_doesNotWarnAndCommitsTheOthers() throws SQLException {
    SqlitePool pool = openPatient();
    try (Logs logs = Logs.capture()) {
      Company company = company(pool);
      company.holder().close();

      company.awaitCommitted();
      assertEquals(List.of("one", "two"), values(pool));
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void rollback_ofTheLastUnit_commitsForTheOthers() throws SQLException {
    SqlitePool pool = openPatient();
    try (Logs logs = Logs.capture()) {
      Counts before = Counts.of(pool);
      Company company = company(pool);
      company.holder().insert("no").update("UPDATE t SET v = 'no'").rollback();

      company.awaitCommitted();
      assertEquals(List.of("one", "two"), values(pool));
      before.assertSince(pool, 1, 2, 1);
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void rollback_ofTheFirstUnit_leavesATransactionForTheNext() throws SQLException {
    SqlitePool pool = openPatient();
    Counts before = Counts.of(pool);
    List<Unit> units = queue(pool, 3);
    units.get(0).insert("no").rollback();
    units.get(1).awaitHolds().insert("one").startCommit();
    units.get(2).awaitHolds().insert("two").commitNow();

    units.get(1).awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
    before.assertSince(pool, 1, 2, 1);
  }

  @Test
  void rollback_ofEachSecondUnit_undoesExactlyThese() throws SQLException {
    SqlitePool pool = openPatient();
    List<Unit> units = queue(pool, 10);
    for (int i = 0; i < 10; i++) {
      Unit unit = units.get(i).awaitHolds().update("INSERT INTO t(id, v) VALUES (?, ?)", i + 1, i);
      unit.update("UPDATE t SET v = v + 100");
      if (i % 2 == 0) {
        unit.rollback();
      } else {
        unit.startCommit();
      }
    }
    for (int i = 1; i < 10; i += 2) {
      units.get(i).awaitCommitted();
    }
    assertEquals(List.of(501L, 403L, 305L, 207L, 109L), values(pool));
  }

  @Test
  void write_workThrowsInCompany_isNotRunAgainAndTheOthersCommit() throws SQLException {
    SqlitePool pool = openPatient();
    try (Logs logs = Logs.capture()) {
      AtomicInteger runs = new AtomicInteger();
      IOException planned = new IOException("planned");
      Unit one = holder(pool);
      Background<?> work =
          start(
              "work",
              () -> {
                pool.<IOException>useWriter(
                    lease -> {
                      runs.incrementAndGet();
                      lease.update("INSERT INTO t(v) VALUES ('no')");
                      throw planned;
                    });
                return 0;
              });
      Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
      Unit two = waiter(pool);
      one.insert("one").startCommit();
      assertSame(planned, work.failure(IOException.class));
      two.awaitHolds().insert("two");
      assertFalse(one.isDone());
      two.commitNow();

      one.awaitCommitted();
      assertEquals(1, runs.get());
      assertEquals(List.of("one", "two"), values(pool));
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void update_ofRowsOfANeighbour_isKeptWithIt() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.holder().update("UPDATE t SET v = v || ' changed' WHERE v = 'one'").commitNow();

    company.awaitCommitted();
    assertEquals(List.of("one changed", "two"), values(pool));
  }

  @Test
  void laterCalls_unitHasCommitted_areRefusedAndDoNotTouchTheNextUnit() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    WriteLease ended = company.one().lease();
    company.holder().insert("three");
    Expect.over(() -> ended.update("INSERT INTO t(v) VALUES ('late')"));
    Expect.over(ended::commit);
    Expect.over(ended::rollback);
    ended.close();
    company.assertWaiting();
    company.holder().commitNow();

    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  @Test
  void twoThreads_onOneLeaseInCompany_areRefusedAndHarmNobody() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    WriteLease lease = company.holder().lease();
    Background<?> busy =
        start("busy", () -> lease.update("INSERT INTO t(v) VALUES ('gate' || gate())"));
    gate().awaitReached();

    Expect.refused(() -> lease.update("INSERT INTO t(v) VALUES ('second')"));
    Expect.refused(lease::commit);
    Expect.refused(lease::rollback);

    gate().open();
    busy.result();
    company.holder().commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "gate1"), values(pool));
  }

  @Test
  void close_byAnotherThreadInTheMiddleOfAStatement_undoesTheUnitOnly() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    WriteLease lease = company.holder().lease();
    Background<?> busy =
        start("busy", () -> lease.update("INSERT INTO t(v) VALUES ('gate' || gate())"));
    gate().awaitReached();
    lease.close();
    gate().open();

    Await.until("the call ends", busy::isDone);
    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
  }

  @Test
  void write_workThrowsASerializationFailureItself_isNotRunAgain() throws SQLException {
    SqlitePool pool = openPatient();
    AtomicInteger runs = new AtomicInteger();
    SQLException own = new SQLTransactionRollbackException("own", "40001");
    assertSame(
        own,
        assertThrows(
            SQLException.class,
            () ->
                pool.useWriter(
                    lease -> {
                      runs.incrementAndGet();
                      lease.update("INSERT INTO t(v) VALUES ('no')");
                      throw own;
                    })));
    assertEquals(1, runs.get());
    assertEquals(List.of(), values(pool));
  }
}
