package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/**
 * The reader that is reserved for a snapshot after a commit: who has it, and what becomes of it.
 */
class ReservedReaderTest extends GroupFixture {

  private static final LeaseOptions RESERVING = LeaseOptions.DEFAULTS.withSnapshotAfterCommit(true);

  private static final String TOOK_PLACE = "commit before it took place";

  /** Deferred: refused no earlier than in COMMIT. */
  private static final String KEYS =
      """
      CREATE TABLE parent(id INTEGER PRIMARY KEY);
      CREATE TABLE child(p REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED);
      """;

  private static final String VIOLATION = "INSERT INTO child VALUES (99)";

  private static final String TAKE_ALL_DOWN =
      "INSERT OR ROLLBACK INTO t(id, v) VALUES (1, 'twice')";

  private static void assertReserved(SqlitePool pool, int readers) {
    assertEquals(readers, pool.stats().readers().held());
  }

  private static void awaitReserved(SqlitePool pool, int readers) {
    Await.until(readers + " are held", () -> pool.stats().readers().held() == readers);
  }

  // Given back

  /** An end of a write lease that hands no snapshot on. */
  record End(String name, Ending ending) {
    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  interface Ending {
    void run(Unit unit) throws SQLException;
  }

  static Stream<End> ends() {
    return Stream.of(
        new End("commit", unit -> unit.insert(1).commitNow()),
        new End("commit of nothing", Unit::commitNow),
        new End("rollback", unit -> unit.insert(1).rollback()),
        new End("rollback of nothing", Unit::rollback),
        new End("close", unit -> unit.insert(1).close()),
        new End("close of nothing", Unit::close),
        new End("close by another thread", unit -> unit.insert(1).lease().close()),
        new End("JDBC commit", unit -> unit.insert(1).does(lease -> lease.connection().commit())),
        new End("JDBC rollback", unit -> unit.does(lease -> lease.connection().rollback())),
        new End(
            "close in a call",
            unit ->
                unit.insert(1)
                    .does(
                        lease ->
                            lease.forEach("SELECT v FROM t", row -> lease.connection().close()))),
        new End(
            "close in a row action",
            unit -> {
              unit.insert(1).insert(2);
              unit.fails("08003", lease -> lease.forEach("SELECT v FROM t", row -> lease.close()));
            }),
        new End("refused commit", unit -> unit.update(VIOLATION).startCommit().commitFailure()),
        new End(
            "refused commitAndRead",
            unit -> unit.update(VIOLATION).startCommitAndRead().commitFailure()),
        new End(
            "commitAndRead of a lost transaction",
            unit -> {
              unit.update("INSERT INTO t(id, v) VALUES (1, 'once')");
              unit.fails("23505", TAKE_ALL_DOWN);
              Expect.lost(() -> unit.startCommitAndRead().awaitSnapshot());
            }));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void reader_writeLeaseEndsOtherwise_isBackByThen(End end) throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(1));
    pool.useWriter(lease -> lease.script(KEYS));
    Unit unit = holder(pool, RESERVING);
    assertReserved(pool, 1);
    end.ending().run(unit);
    unit.close();
    assertReserved(pool, 0);
  }

  @Test
  void reader_writeLeaseIsClosedByAnotherThreadInACall_isBackWithTheCall() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(1));
    WriteLease lease = pool.acquireWriter(RESERVING);
    Background<?> caller = start("caller", () -> lease.query("SELECT hold()"));
    gate().awaitReached();
    lease.close();
    assertReserved(pool, 1);
    gate().open();
    caller.result();
    awaitReserved(pool, 0);
  }

  @Test
  void reader_writeLeaseIsRevoked_isBackWithIt() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(1).writerMaxTime(Duration.ofMillis(50)));
    try (WriteLease lease = pool.acquireWriter(RESERVING)) {
      awaitReserved(pool, 0);
      Expect.mentions(Expect.over(lease::commitAndRead), "revoked", "writer.max-time");
    }
    assertEquals(1, pool.stats().writer().revoked());
    assertEquals(0, pool.stats().readers().revoked());
  }

  @Test
  void reader_writeLeaseIsClosedWhileAMemberSettles_isBack() throws SQLException {
    SqlitePool pool = openPatient(config -> config.groupMaxAge(Duration.ofMillis(1)));
    for (int i = 0; i < 100; i++) {
      Unit unit = holder(pool);
      Unit holder = waiter(pool, RESERVING);
      unit.insert(i).startCommit();
      holder.awaitHolds().lease().close(); // a borrower may have the session just now
      unit.awaitCommitted();
      awaitReserved(pool, 0);
    }
  }

  @Test
  void reader_groupIsTakenDown_isBack() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(3));
    pool.useWriter(lease -> lease.update("INSERT INTO t(id, v) VALUES (1, 'there')"));
    Unit one = holder(pool, RESERVING);
    Unit two = waiter(pool, RESERVING);
    Unit killer = waiter(pool, RESERVING);
    one.insert("one").startCommitAndRead();
    two.awaitHolds().insert("two").startCommitAndRead();
    killer.awaitHolds().insert("three");
    killer.fails("23505", TAKE_ALL_DOWN);
    one.victim();
    two.victim();
    assertReserved(pool, 1);
    killer.close();
    assertReserved(pool, 0);
    assertEquals(List.of("there"), values(pool));
  }

  @Test
  void reader_lastOfAGroupIsRefused_isBackAndTheOthersHaveTheirSnapshots() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(3));
    pool.useWriter(lease -> lease.script(KEYS));
    Unit one = holder(pool, RESERVING);
    Unit two = waiter(pool, RESERVING);
    Unit bad = waiter(pool, RESERVING);
    one.insert("one").startCommitAndRead();
    two.awaitHolds().insert("two").startCommitAndRead();
    bad.awaitHolds().insert("bad").update(VIOLATION).startCommitAndRead();
    assertInstanceOf(SQLIntegrityConstraintViolationException.class, bad.commitFailure());
    try (ReadLease first = one.awaitSnapshot();
        ReadLease second = two.awaitSnapshot()) {
      assertReserved(pool, 2);
      assertEquals(List.of("one", "two"), values(first));
      assertEquals(List.of("one", "two"), values(second));
    }
  }

  @Test
  void reader_writerIsRefusedAtOnce_isBack() throws SQLException {
    SqlitePool pool = openPatient();
    Unit holder = holder(pool);
    SQLException failure =
        Expect.sql(
            SQLTransientConnectionException.class,
            "08001",
            () -> pool.acquireWriter(RESERVING.withWaitAtMost(Duration.ZERO)));
    Expect.mentions(failure, "writer lane", "no connection within");
    assertReserved(pool, 0);
    holder.insert(1).commitNow();
  }

  @Test
  void reader_writerIsNotGrantedInTime_isBack() throws SQLException {
    SqlitePool pool = openPatient();
    Unit holder = holder(pool);
    Expect.sql(
        SQLTransientConnectionException.class,
        "08001",
        () -> pool.acquireWriter(RESERVING.withWaitAtMost(Duration.ofMillis(50))));
    assertReserved(pool, 0);
    holder.close();
  }

  @Test
  void reader_threadIsInterruptedWhileItWaitsForTheWriter_isBack() throws SQLException {
    SqlitePool pool = openPatient();
    Unit holder = holder(pool);
    Unit waiter = waiter(pool, RESERVING);
    assertReserved(pool, 1);
    waiter.thread().interrupt();
    Expect.interrupted(assertInstanceOf(SQLException.class, waiter.refusal()));
    assertReserved(pool, 0);
    holder.insert(1).commitNow();
  }

  @Test
  void reader_poolClosesWhileItsThreadWaitsForTheWriter_isBack() throws SQLException {
    SqlitePool pool = openPatient(config -> config.closeTimeout(Duration.ZERO));
    Unit holder = holder(pool, RESERVING);
    Unit waiter = waiter(pool, RESERVING);
    pool.close();
    assertEquals("08003", assertInstanceOf(SQLException.class, waiter.refusal()).getSQLState());
    holder.fails("08003", WriteLease::commitAndRead);
    assertReserved(pool, 0);
  }

  // Lost before or at the commit

  @Test
  void reader_revokedBeforeTheCommit_isCommittedAndTheSnapshotSaysSo() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(1).readerMaxTime(Duration.ofMillis(50)));
    Unit unit = holder(pool, RESERVING).insert("own");
    Await.until("it is revoked", () -> pool.stats().readers().revoked() == 1);
    try (ReadLease snapshot = unit.startCommitAndRead().awaitSnapshot()) {
      SQLException failure = Expect.over(() -> values(snapshot));
      Expect.mentions(failure, "revoked", "reader.max-time", TOOK_PLACE);
      assertFalse(String.valueOf(failure.getMessage()).contains("rolled back"));
      Expect.over(snapshot::connection);
    }
    assertEquals(List.of("own"), values(pool));
  }

  @Test
  void reader_revokedWhileItsUnitWaitsForTheGroup_allAreCommitted() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readerMaxTime(Duration.ofMillis(50)));
    Unit one = holder(pool, RESERVING);
    Unit two = waiter(pool);
    one.insert("one").startCommitAndRead();
    two.awaitHolds().insert("two");
    Await.until("it is revoked", () -> pool.stats().readers().revoked() == 1);
    two.commitNow();
    try (ReadLease snapshot = one.awaitSnapshot()) {
      Expect.mentions(Expect.over(() -> values(snapshot)), "revoked", TOOK_PLACE);
    }
    assertEquals(List.of("one", "two"), values(pool));
  }

  /** Has each statement of some connections ended, those of the pool as well. */
  private static final class Sabotage extends ProgressHandler {

    private volatile boolean on;

    /** In the place of what the pool has there. */
    void beginOn(List<SQLiteConnection> connections) throws SQLException {
      on = true;
      for (SQLiteConnection connection : connections) {
        ProgressHandler.setHandler(connection, 1, this);
      }
    }

    void end() {
      on = false;
    }

    @Override
    protected int progress() {
      return on ? 1 : 0;
    }
  }

  @Test
  void reader_snapshotCanNotBeBegun_isBackAndTheCommitStandsForAll() throws SQLException {
    List<SQLiteConnection> connections = new ArrayList<>();
    SqlitePool pool =
        openPatient(
            config ->
                config
                    .readers(2)
                    .onConnect(connection -> connections.add((SQLiteConnection) connection)));
    List<SQLiteConnection> readers = connections.subList(1, 3); // the writer is opened first
    Unit one = holder(pool, RESERVING);
    Unit two = waiter(pool, RESERVING);
    one.insert("one").startCommitAndRead();
    two.awaitHolds().insert("two");
    Sabotage sabotage = new Sabotage();
    sabotage.beginOn(readers);
    two.startCommitAndRead();
    for (Unit unit : List.of(one, two)) {
      try (ReadLease snapshot = unit.awaitSnapshot()) {
        SQLException failure = Expect.over(() -> values(snapshot));
        Expect.mentions(failure, "could not be begun", TOOK_PLACE, "don't repeat");
        assertInstanceOf(SQLException.class, failure.getCause());
        assertTrue(snapshot.toString().contains("ended"));
      }
    }
    assertReserved(pool, 0);
    sabotage.end();
    assertEquals(List.of("one", "two"), values(pool));
  }

  // No ring

  @Test
  void readers_allHeldByThoseWhoWaitForTheWriter_itsHolderCommitsAndAllGoOn() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(3));
    Unit one = holder(pool, RESERVING);
    Unit two = waiter(pool, RESERVING);
    Unit three = waiter(pool, RESERVING);
    Background<Integer> fourth =
        start(
            "fourth",
            () -> {
              try (WriteLease lease = pool.acquireWriter(RESERVING)) {
                lease.update("INSERT INTO t(v) VALUES ('four')");
                try (ReadLease snapshot = lease.commitAndRead()) {
                  return values(snapshot).size();
                }
              }
            });
    Await.until("the fourth waits for a reader", () -> pool.stats().readers().waiting() == 1);

    one.insert("one").startCommitAndRead();
    two.awaitHolds().insert("two").startCommitAndRead();
    assertFalse(one.isDone());
    three.awaitHolds().insert("three").startCommitAndRead();

    for (Unit unit : List.of(one, two, three)) {
      try (ReadLease snapshot = unit.awaitSnapshot()) {
        assertEquals(List.of("one", "two", "three"), values(snapshot));
      }
    }
    assertEquals(4, fourth.result());
  }

  @Test
  void acquireWriter_byItsHolderWhileAllReadersAreHeld_isRefusedAtOnce() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(1));
    Unit holder = holder(pool);
    Unit waiter = waiter(pool, RESERVING);
    assertReserved(pool, 1);
    SQLException failure = holder.fails("25001", lease -> pool.acquireWriter(RESERVING).close());
    Expect.mentions(failure, "this thread", "writer lane");
    holder.insert("one").startCommit();
    waiter.awaitHolds().insert("two").startCommitAndRead();
    try (ReadLease snapshot = waiter.awaitSnapshot()) {
      assertEquals(List.of("one", "two"), values(snapshot));
    }
    holder.awaitCommitted();
  }

  @Test
  void acquireWriter_byTheHolderOfTheOnlyReader_isRefusedAtOnce() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(1));
    try (ReadLease lease = pool.acquireReader()) {
      Expect.mentions(Expect.refused(() -> pool.acquireWriter(RESERVING)), "reader lane");
      assertEquals(0, count(lease));
    }
  }

  @Test
  void acquireWriter_noReaderInTime_isRefusedAndTheWriterIsFree() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(1));
    CountDownLatch end = new CountDownLatch(1);
    Background<?> reader =
        start(
            "reader",
            () -> {
              try (ReadLease lease = pool.acquireReader()) {
                Await.latch("the test lets it go", end);
                return count(lease);
              }
            });
    awaitReserved(pool, 1);
    SQLException failure =
        Expect.sql(
            SQLTransientConnectionException.class,
            "08001",
            () -> pool.acquireWriter(RESERVING.withWaitAtMost(Duration.ofMillis(50))));
    Expect.mentions(failure, "reader lane");
    insert(pool, 1);
    end.countDown();
    reader.result();
  }
}
