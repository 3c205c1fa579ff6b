package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Units in commit() wait for whoever has the writer: how long, and what ends it. */
class GroupWaitTest extends GroupFixture {

  private static final Duration SOON = Duration.ofMillis(30);

  private SqlitePool openImpatient() throws SQLException {
    return openPatient(config -> config.groupMaxAge(SOON));
  }

  /** Not begun: nothing that needs the transaction. */
  static Stream<GroupBreakTest.First> notBegun() {
    return Stream.of(
        new GroupBreakTest.First("nothing", lease -> {}),
        new GroupBreakTest.First("connection", lease -> lease.connection().isReadOnly()),
        new GroupBreakTest.First("statement", lease -> lease.connection().createStatement()),
        new GroupBreakTest.First(
            "prepared",
            lease -> lease.connection().prepareStatement("INSERT INTO t(v) VALUES (1)")),
        new GroupBreakTest.First("refused", lease -> Expect.refused(() -> lease.update("COMMIT"))),
        new GroupBreakTest.First("toString", lease -> assertNotNull(lease.toString())));
  }

  @ParameterizedTest
  @MethodSource("notBegun")
  void holderHasRunNoStatement_maxAgeIsOver_membersCommitAndTheHolderGoesOn(
      GroupBreakTest.First use) throws SQLException {
    SqlitePool pool = openImpatient();
    Counts before = Counts.of(pool);
    Unit one = holder(pool);
    Unit two = waiter(pool);
    one.insert("one").startCommit();
    two.awaitHolds().does(use.act());

    one.awaitCommitted();

    assertEquals(List.of("one"), values(pool));
    before.assertSince(pool, 1, 1, 0);
    two.insert("two");
    assertEquals(List.of("one"), values(pool));
    two.commitNow();
    assertEquals(List.of("one", "two"), values(pool));
    before.assertSince(pool, 2, 2, 0);
  }

  @Test
  void holderHasPreparedAStatement_groupIsCommittedByAMember_statementStillWorks()
      throws SQLException {
    SqlitePool pool = openImpatient();
    Unit one = holder(pool);
    Unit two = waiter(pool);
    one.insert("one").startCommit();
    List<PreparedStatement> statements = new ArrayList<>();
    two.awaitHolds()
        .does(
            lease ->
                statements.add(
                    lease.connection().prepareStatement("INSERT INTO t(v) VALUES ('two')")));
    one.awaitCommitted();
    two.does(lease -> assertEquals(1, statements.getFirst().executeUpdate()));
    assertEquals(List.of("one"), values(pool));
    two.commitNow();
    assertEquals(List.of("one", "two"), values(pool));
  }

  @Test
  void holderHasRunNoStatement_commitsRollsBackOrCloses_afterTheGroupWasCommitted()
      throws SQLException {
    SqlitePool pool = openImpatient();
    try (Logs logs = Logs.capture()) {
      for (Unit.Act end :
          List.<Unit.Act>of(WriteLease::commit, WriteLease::rollback, WriteLease::close)) {
        Unit one = holder(pool);
        Unit two = waiter(pool);
        one.insert("one").startCommit();
        one.awaitCommitted();
        two.awaitHolds().does(end);
        two.does(WriteLease::close);
      }
      assertEquals(List.of("one", "one", "one"), values(pool));
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void holderHasRunAStatement_maxAgeIsOver_membersWaitUntilItLeaves() throws SQLException {
    Duration age = Duration.ofMillis(300);
    SqlitePool pool = openPatient(config -> config.groupMaxAge(age));
    Unit one = holder(pool);
    Unit two = waiter(pool);
    one.insert("one").startCommit();
    two.awaitHolds().insert("two");
    awaitPast(age.multipliedBy(2));
    // Unless the machine stood still for so long that the member was quicker than the statement.
    assertEquals(one.isDone() ? List.of("one") : List.of(), values(pool));
    two.rollback();
    one.awaitCommitted();
    assertEquals(List.of("one"), values(pool));
  }

  private static void awaitPast(Duration age) {
    long start = System.nanoTime();
    Await.until("the time has passed", () -> System.nanoTime() - start > age.toNanos());
  }

  @Test
  void groupIsOld_unitLeaves_commitsThoughOthersWait() throws SQLException {
    SqlitePool pool = openPatient(config -> config.groupMaxAge(Duration.ofMillis(1)));
    Counts before = Counts.of(pool);
    List<Unit> units = queue(pool, 3);
    units.get(0).insert("one").startCommit();
    units.get(1).awaitHolds().insert("two");
    awaitPast(Duration.ofMillis(20));
    units.get(1).startCommit();
    units.get(0).awaitCommitted();
    units.get(1).awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
    units.get(2).awaitHolds().insert("three").commitNow();
    before.assertSince(pool, Counts.of(pool).transactions() - before.transactions(), 3, 0);
  }

  @Test
  void lockHeldAcrossCommit_nextHolderWantsItBeforeItsFirstStatement_bothGoOn()
      throws SQLException {
    SqlitePool pool = openImpatient();
    ReentrantLock cache = new ReentrantLock();
    Unit one = holder(pool);
    Unit two = waiter(pool);
    one.insert("one");
    Background<?> wants =
        start(
            "two",
            () -> {
              two.awaitHolds();
              return two.does(
                  lease -> {
                    cache.lock();
                    try {
                      lease.update("INSERT INTO t(v) VALUES ('two')");
                    } finally {
                      cache.unlock();
                    }
                    lease.commit();
                  });
            });
    one.does(
        lease -> {
          cache.lock();
          try {
            lease.commit();
          } finally {
            cache.unlock();
          }
        });
    wants.result();
    assertEquals(List.of("one", "two"), values(pool));
  }

  @Test
  void firstMemberCommits_laterMembersAreToldToo() throws SQLException {
    SqlitePool pool = openPatient(config -> config.groupMaxAge(Duration.ofMillis(300)));
    List<Unit> units = queue(pool, 4);
    for (Unit unit : units.subList(0, 3)) {
      unit.awaitHolds().insert("x").startCommit();
    }
    units.get(3).awaitHolds();
    for (Unit unit : units.subList(0, 3)) {
      unit.awaitCommitted();
    }
    assertEquals(List.of("x", "x", "x"), values(pool));
  }

  @Test
  void interrupt_whileWaitingForTheGroup_commitReturnsNormallyAndKeepsTheFlag()
      throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.one().thread().interrupt();
    company.two().thread().interrupt();
    company.two().thread().interrupt();
    company.holder().insert("three");
    company.assertWaiting();
    assertEquals(List.of(), values(pool));
    company.holder().commitNow();

    assertTrue(company.one().awaitCommitted(), "the flag of the first");
    assertTrue(company.two().awaitCommitted(), "the flag of the second");
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  @Test
  void interrupt_beforeCommit_joinsTheGroupAndKeepsTheFlag() throws SQLException {
    SqlitePool pool = openPatient();
    Unit one = holder(pool);
    Unit two = waiter(pool);
    one.insert("one");
    Background<Boolean> interrupted =
        start(
            "commits",
            () ->
                one.does(
                    lease -> {
                      Thread.currentThread().interrupt();
                      lease.commit();
                    }));
    two.awaitHolds().insert("two");
    assertFalse(interrupted.isDone());
    two.commitNow();
    assertEquals(true, interrupted.result());
    assertEquals(List.of("one", "two"), values(pool));
  }

  @Test
  void interrupt_whileWaitingAndTheGroupDies_victimIsToldAndKeepsTheFlag() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.one().thread().interrupt();
    company.holder().insert("three").fails("23505", "INSERT OR ROLLBACK INTO t(id) VALUES (3)");
    company.one().victim();
    company.two().victim();
    assertTrue(company.one().interruptedAtCommit());
    assertFalse(company.two().interruptedAtCommit());
  }

  @Test
  void waiter_timesOutWhileAGroupIsOpen_groupGoesOn() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.holder().insert("three");
    Expect.sql(
        SQLTransientConnectionException.class,
        "08001",
        () -> pool.acquireWriter(Duration.ofMillis(5)));
    company.assertWaiting();
    company.holder().commitNow();
    company.awaitCommitted();
  }

  @Test
  void waiter_isInterruptedWhileAGroupIsOpen_groupGoesOn() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    next.thread().interrupt();
    Expect.interrupted((SQLException) next.refusal());
    company.holder().insert("three").commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  @Test
  void holder_interruptedBeforeItsFirstStatement_isRefusedItAndTheGroupCommits()
      throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company
        .holder()
        .does(
            lease -> {
              Thread.currentThread().interrupt();
              Expect.interrupted(
                  Expect.sql(SQLException.class, "57014", () -> lease.update("DELETE FROM t")));
              lease.close();
            });
    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
  }

  /** First statements and impatient members meet again and again; whoever is told so is kept. */
  @Test
  void firstStatementMeetsAnImpatientMember_manyTimes_everyCommitIsKept() throws Exception {
    SqlitePool pool =
        open(
            config ->
                config
                    .groupMaxAge(Duration.ofMillis(1))
                    .acquireTimeout(Duration.ofMinutes(1))
                    .pragma("synchronous", "OFF"));
    Set<Long> kept = ConcurrentHashMap.newKeySet();
    List<Background<?>> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          start(
              "thread " + i,
              () -> {
                for (int round = 0; round < 60; round++) {
                  try (WriteLease lease = pool.acquireWriter()) {
                    awaitPast(Duration.ofNanos(ThreadLocalRandom.current().nextInt(2_000_000)));
                    long id = lease.insert("INSERT INTO t(v) VALUES (?)", round);
                    if (round % 5 == 0) {
                      lease.rollback();
                    } else {
                      lease.commit();
                      assertTrue(kept.add(id), "the same rowid twice");
                    }
                  }
                }
                return 0;
              }));
    }
    for (Background<?> thread : threads) {
      thread.result();
    }
    assertEquals(8 * 48, kept.size());
    pool.useReader(
        lease ->
            assertEquals(kept, Set.copyOf(lease.query("SELECT id FROM t", row -> row.getLong(1)))));
    assertEquals(8 * 12, pool.stats().commits().rolledBack());
  }

  @Test
  void statement_createdBeforeAMemberCommits_runsInTheNewTransaction() throws SQLException {
    SqlitePool pool = openImpatient();
    Unit one = holder(pool);
    Unit two = waiter(pool);
    one.insert("one").startCommit();
    List<Statement> statements = new ArrayList<>();
    two.awaitHolds().does(lease -> statements.add(lease.connection().createStatement()));
    one.awaitCommitted();
    two.does(lease -> statements.getFirst().executeUpdate("INSERT INTO t(v) VALUES ('two')"));
    two.rollback();
    assertEquals(List.of("one"), values(pool));
  }
}
