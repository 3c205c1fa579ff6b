package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a snapshot after a commit shows, whoever makes the commit. */
class CommitAndReadTest extends GroupFixture {

  private static final LeaseOptions RESERVING = LeaseOptions.DEFAULTS.withSnapshotAfterCommit(true);

  /** The lease that a unit got for its commit; closed by the caller. */
  private static ReadLease snapshot(Unit unit) throws SQLException {
    return unit.startCommitAndRead().awaitSnapshot();
  }

  @Test
  void commitAndRead_alone_showsTheCommitAndNoneAfterIt() throws SQLException {
    SqlitePool pool = openPatient();
    insert(pool, "before");
    try (WriteLease lease = pool.acquireWriter(RESERVING)) {
      lease.update("INSERT INTO t(v) VALUES ('own')");
      try (ReadLease snapshot = lease.commitAndRead()) {
        insert(pool, "later");
        assertEquals(List.of("before", "own"), values(snapshot));
        assertEquals(List.of("before", "own"), values(snapshot), "it is one snapshot");
      }
    }
    assertEquals(List.of("before", "own", "later"), values(pool));
  }

  @Test
  void commitAndRead_snapshotWasNotUsedYet_showsNoLaterCommit() throws SQLException {
    SqlitePool pool = openPatient();
    Unit unit = holder(pool, RESERVING).insert("own");
    try (ReadLease snapshot = snapshot(unit)) {
      pool.useWriter(lease -> lease.script("DELETE FROM t; CREATE TABLE later(x)"));
      assertEquals(List.of("own"), values(snapshot));
      assertEquals(List.of(), snapshot.query("SELECT 1 FROM sqlite_schema WHERE name = 'later'"));
    }
  }

  @Test
  void commitAndRead_noStatementHasRun_showsWhatIsNewest() throws SQLException {
    SqlitePool pool = openPatient();
    insert(pool, "newest");
    Counts before = Counts.of(pool);
    try (ReadLease snapshot = snapshot(holder(pool, RESERVING))) {
      before.assertSince(pool, 0, 0, 0);
      insert(pool, "later");
      assertEquals(List.of("newest"), values(snapshot));
    }
  }

  @Test
  void commitAndRead_noStatementHasRunInCompany_leavesTheOthersToTheirCommit() throws SQLException {
    SqlitePool pool = openPatient();
    insert(pool, "newest");
    Unit one = holder(pool);
    Unit two = waiter(pool, RESERVING);
    Unit three = waiter(pool);
    one.insert("one").startCommit();
    try (ReadLease snapshot = snapshot(two.awaitHolds())) {
      assertFalse(one.isDone());
      assertEquals(List.of("newest"), values(snapshot));
    }
    three.awaitHolds().close();
    one.awaitCommitted();
  }

  @Test
  void commitAndRead_unitsShareACommit_allSeeAllOfItAndNoneTheNext() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(4).groupMaxUnits(2));
    Unit one = holder(pool, RESERVING);
    Unit two = waiter(pool, RESERVING);
    Unit three = waiter(pool, RESERVING);
    Counts before = Counts.of(pool);
    one.insert("one").startCommitAndRead();
    two.awaitHolds().insert("two").startCommitAndRead();
    three.awaitHolds().insert("three").startCommitAndRead();
    try (ReadLease last = three.awaitSnapshot();
        ReadLease first = one.awaitSnapshot();
        ReadLease second = two.awaitSnapshot()) {
      assertEquals(List.of("one", "two"), values(first));
      assertEquals(List.of("one", "two"), values(second));
      assertEquals(List.of("one", "two", "three"), values(last));
      before.assertSince(pool, 2, 3, 0);
    }
  }

  /**
   * Somebody who commits for the one before.
   *
   * @param expected what that one sees
   */
  record Settler(String name, LeaseOptions options, List<Object> expected, Settling settling) {
    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  interface Settling {
    void run(Unit holder) throws SQLException;
  }

  static Stream<Settler> settlers() {
    LeaseOptions any = LeaseOptions.DEFAULTS;
    return Stream.of(
        new Settler("commits", any, List.of("one", "two"), h -> h.insert("two").commitNow()),
        new Settler("rolls back", any, List.of("one"), h -> h.insert("no").rollback()),
        new Settler("is closed unused", any, List.of("one"), Unit::close),
        new Settler(
            "is closed by another thread",
            any,
            List.of("one"),
            h -> h.insert("no").lease().close()),
        new Settler(
            "commits alone",
            any.withCommitAlone(true),
            List.of("one"),
            h -> h.insert("two").commitNow()),
        new Settler(
            "begins with a batch",
            any,
            List.of("one"),
            h -> {
              h.does(
                  lease ->
                      lease.batch(
                          "INSERT INTO t(v) VALUES (?)", List.of(1), i -> new Object[] {i}));
              h.commitNow();
            }),
        new Settler(
            "changes the schema",
            any,
            List.of("one"),
            h -> h.update("CREATE TABLE u(x)").commitNow()),
        new Settler(
            "is revoked",
            any.withHoldAtMost(Duration.ofMillis(50)),
            List.of("one"),
            h -> Await.until("it is revoked", () -> h.lease().toString().contains("ended"))));
  }

  @ParameterizedTest
  @MethodSource("settlers")
  void commitAndRead_settledByAnother_showsItsGroupsCommitAndNoneAfterIt(Settler settler)
      throws SQLException {
    SqlitePool pool = openPatient();
    Unit unit = holder(pool, RESERVING);
    Unit holder = waiter(pool, settler.options());
    unit.insert("one").startCommitAndRead();
    settler.settling().run(holder.awaitHolds());
    try (ReadLease snapshot = unit.awaitSnapshot()) {
      holder.close();
      insert(pool, "later");
      assertEquals(settler.expected(), values(snapshot));
    }
  }

  @Test
  void commitAndRead_settledByItselfWhileTheHolderIsIdle_showsNothingOfTheHolder()
      throws SQLException {
    SqlitePool pool = openPatient(config -> config.groupMaxAge(Duration.ofMillis(50)));
    Unit unit = holder(pool, RESERVING);
    Unit holder = waiter(pool);
    unit.insert("one").startCommitAndRead();
    holder.awaitHolds();
    try (ReadLease snapshot = unit.awaitSnapshot()) {
      holder.insert("two").commitNow();
      assertEquals(List.of("one"), values(snapshot));
    }
  }

  @Test
  void commitAndRead_settledByTheClosingOfThePool_isCommittedAndItsSnapshotIsOver()
      throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(Duration.ZERO));
    Unit unit = holder(pool, RESERVING);
    Unit holder = waiter(pool);
    unit.insert("one").startCommitAndRead();
    holder.awaitHolds();
    pool.close();
    ReadLease snapshot = unit.awaitSnapshot();
    SQLException failure = Expect.over(() -> values(snapshot));
    Expect.mentions(failure, "pool was closed", "commit before it took place");
    assertEquals("one", Database.ask(file(), "SELECT group_concat(v) FROM t"));
  }

  private static ReadLease commitInterrupted(WriteLease lease) throws SQLException {
    Thread.currentThread().interrupt();
    ReadLease snapshot = lease.commitAndRead();
    assertTrue(Thread.interrupted());
    return snapshot;
  }

  @Test
  void commitAndRead_threadIsInterrupted_commitsAndKeepsTheFlag() throws SQLException {
    SqlitePool pool = openPatient();
    Unit unit = holder(pool, RESERVING).insert("one");
    try (ReadLease snapshot = unit.get(CommitAndReadTest::commitInterrupted)) {
      assertEquals(List.of("one"), values(snapshot));
    }
  }

  // The lease that it gives

  @Test
  void snapshot_writeLeaseIsClosedOrUsedAgain_goesOn() throws SQLException {
    SqlitePool pool = openPatient();
    WriteLease lease = pool.acquireWriter(RESERVING);
    lease.update("INSERT INTO t(v) VALUES ('own')");
    try (ReadLease snapshot = lease.commitAndRead()) {
      Expect.over(lease::commitAndRead);
      Expect.over(lease::commit);
      lease.close();
      assertEquals(List.of("own"), values(snapshot));
    }
  }

  @Test
  void snapshot_asConnection_isATransactionThatCanBeEnded() throws SQLException {
    SqlitePool pool = openPatient();
    try (ReadLease snapshot = snapshot(holder(pool, RESERVING).insert("own"))) {
      Connection connection = snapshot.connection();
      assertFalse(connection.getAutoCommit());
      assertTrue(connection.isReadOnly());
      insert(pool, "later");
      assertEquals(List.of("own"), values(snapshot));
      connection.commit();
      assertEquals(List.of("own", "later"), values(snapshot), "the next snapshot");
    }
  }

  @Test
  void snapshot_writes_isRefused() throws SQLException {
    SqlitePool pool = openPatient();
    try (ReadLease snapshot = snapshot(holder(pool, RESERVING).insert("own"))) {
      Expect.readOnly(() -> snapshot.query("INSERT INTO t(v) VALUES (1) RETURNING id"));
    }
  }

  // Where there is none

  @Test
  void commitAndRead_noReaderReserved_isRefusedAndTheLeaseGoesOn() throws SQLException {
    SqlitePool pool = openPatient();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES ('own')");
      Expect.mentions(Expect.refused(lease::commitAndRead), "withSnapshotAfterCommit(true)");
      lease.commit();
    }
    assertEquals(List.of("own"), values(pool));
  }

  @Test
  void commitAndRead_inAPart_isRefusedAndTheLeaseGoesOn() throws SQLException {
    SqlitePool pool = openPatient();
    Unit unit = holder(pool, RESERVING);
    unit.does(
        lease ->
            lease.nested(
                part -> {
                  Expect.mentions(Expect.refused(part::commitAndRead), "nested");
                  return part.update("INSERT INTO t(v) VALUES ('own')");
                }));
    try (ReadLease snapshot = snapshot(unit)) {
      assertEquals(List.of("own"), values(snapshot));
    }
  }

  @Test
  void commitAndRead_inWrite_isRefusedAndNoReaderIsTaken() throws SQLException {
    SqlitePool pool = openPatient();
    long granted = pool.stats().readers().granted();
    pool.useWriter(
        RESERVING,
        lease -> {
          Expect.mentions(Expect.refused(lease::commitAndRead), "write(…)", "acquireWriter");
          lease.update("INSERT INTO t(v) VALUES ('own')");
        });
    assertEquals(granted, pool.stats().readers().granted());
    assertEquals(List.of("own"), values(pool));
  }

  @Test
  void dataSource_withTheOption_takesNoReaderToWrite() throws SQLException {
    SqlitePool pool = openPatient();
    long granted = pool.stats().readers().granted();
    try (Connection connection = pool.dataSource(RESERVING).getConnection()) {
      connection.setAutoCommit(false);
      connection.createStatement().executeUpdate("INSERT INTO t(v) VALUES ('own')");
      connection.commit();
      connection.setAutoCommit(true);
      connection.createStatement().executeUpdate("INSERT INTO t(v) VALUES ('more')");
    }
    assertEquals(granted, pool.stats().readers().granted());
    assertEquals(List.of("own", "more"), values(pool));
  }

  @Test
  void reader_withTheOption_isAReader() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(1));
    try (ReadLease lease = pool.acquireReader(RESERVING)) {
      assertEquals(0, count(lease));
    }
    assertThrows(
        IllegalStateException.class,
        () ->
            pool.read(
                RESERVING,
                lease -> {
                  throw new IllegalStateException("planned");
                }));
  }
}
