package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.Row;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who holds the writer for longer than writer.max-time loses it, in whatever state. */
class WriterMaxTimeTest extends GroupFixture {

  /** Enough for a few quick steps, also on a busy machine. */
  private static final Duration MAX_TIME = Duration.ofMillis(700);

  private static final LeaseOptions LABEL = LeaseOptions.DEFAULTS.withLabel("slow-import");

  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  private SqlitePool openStrict() throws SQLException {
    return openPatient(config -> config.writerMaxTime(MAX_TIME));
  }

  private static void awaitRevoked(SqlitePool pool, int count) {
    Await.until("a lease is revoked", () -> pool.stats().writer().revoked() >= count);
    assertEquals(count, pool.stats().writer().revoked());
  }

  @Test
  void holder_idleAfterAStatement_losesItsWorkAndTheNextGetsTheWriter() throws SQLException {
    SqlitePool pool = openStrict();
    Unit holder = holder(pool, LABEL).insert("lost");
    Unit next = waiter(pool);

    next.awaitHolds().insert("next").commitNow();

    assertEquals(List.of("next"), values(pool));
    for (Unit.Act call :
        List.<Unit.Act>of(
            lease -> lease.update(INSERT, "late"),
            lease -> lease.query("SELECT 1"),
            lease -> lease.nested(part -> part.update(INSERT, "late")),
            WriteLease::connection,
            WriteLease::rollback,
            WriteLease::commit)) {
      SQLException failure = holder.fails("08003", call);
      Expect.mentions(failure, "slow-import", "unit 1", "acquired", " ago", "revoked");
    }
    holder.close();
    assertEquals(List.of("next"), values(pool));
    awaitRevoked(pool, 1);
  }

  @Test
  void holder_commitIsItsNextCall_throwsAndKeepsNothing() throws SQLException {
    SqlitePool pool = openStrict();
    Unit holder = holder(pool, LABEL).insert("lost");
    awaitRevoked(pool, 1);
    Expect.mentions(holder.fails("08003", WriteLease::commit), "slow-import", "acquired");
    assertEquals(List.of(), values(pool));
  }

  @Test
  void holder_hasRunNothing_isRevoked() throws SQLException {
    SqlitePool pool = openStrict();
    Unit holder = holder(pool, LABEL);
    waiter(pool).awaitHolds().insert("next").commitNow();
    holder.fails("08003", lease -> lease.update(INSERT, "late"));
    assertEquals(List.of("next"), values(pool));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void holder_inCompany_isRevokedAndTheOthersGetTheirCommit(boolean begun) throws SQLException {
    SqlitePool pool = openStrict();
    Company company = company(pool, LABEL);
    if (begun) {
      company.holder().insert("lost");
    }
    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
    company.holder().fails("08003", WriteLease::commit);
    awaitRevoked(pool, 1);
  }

  @Test
  void member_inCommit_isNotRevokedWhileOneHolderAfterTheOtherIs() throws SQLException {
    SqlitePool pool = openStrict();
    List<Unit> units = queue(pool, 4);
    units.get(0).insert("one").startCommit();
    units.get(1).awaitHolds().insert("lost");
    units.get(2).awaitHolds().insert("lost");
    units.get(3).awaitHolds().insert("four").commitNow();

    units.get(0).awaitCommitted();

    assertEquals(List.of("one", "four"), values(pool));
    units.get(1).fails("08003", WriteLease::commit);
    units.get(2).fails("08003", WriteLease::commit);
    awaitRevoked(pool, 2);
  }

  @Test
  void holder_inALongQuery_isEnded() throws SQLException {
    SqlitePool pool = openStrict();
    Background<?> reading =
        start(
            "reading",
            () ->
                pool.write(
                    LABEL,
                    lease -> {
                      lease.update(INSERT, "lost");
                      return lease.query(Gate.ENDLESS_QUERY);
                    }));
    SQLException failure = reading.failure(SQLTimeoutException.class);
    assertEquals("57014", failure.getSQLState());
    Expect.mentions(
        failure, "slow-import", "acquired", "revoked", "writer.max-time", "WITH RECURSIVE");
    insert(pool, "next");
    assertEquals(List.of("next"), values(pool));
    awaitRevoked(pool, 1);
  }

  @Test
  void holder_inALongQueryInCompany_isEndedAndTheOthersGetTheirCommit() throws SQLException {
    SqlitePool pool = openStrict();
    Company company = company(pool);
    company.holder().insert("lost");
    company.holder().fails("57014", lease -> lease.query(Gate.ENDLESS_QUERY));
    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
  }

  @Test
  void holder_inALongWriteInCompany_isEndedAndTheOthersAreToldToRepeat() throws SQLException {
    SqlitePool pool = openStrict();
    Company company = company(pool);
    company.holder().insert("lost");
    SQLException own = company.holder().fails("57014", Gate.ENDLESS_UPDATE);
    company.assertVictimsOf(own);
    assertEquals(List.of(), values(pool));
    company.holder().fails("08003", WriteLease::commit);
    insert(pool, "next");
    assertEquals(List.of("next"), values(pool));
    awaitRevoked(pool, 1);
  }

  @Test
  void write_neighbourIsRevokedInALongWrite_isRunAgainAndTheNeighbourIsNot() throws SQLException {
    SqlitePool pool = openStrict();
    SQLException slow = assertOnlyTheVictimIsRunAgain(pool, Gate.ENDLESS_UPDATE);
    assertEquals("57014", slow.getSQLState());
    assertEquals(List.of("again"), values(pool));
  }

  @Test
  void holder_inItsActionOnARow_isRevokedAndTheNextRowThrows() throws SQLException {
    SqlitePool pool = openStrict();
    insert(pool, 1);
    insert(pool, 2);
    CountDownLatch taken = new CountDownLatch(1);
    AtomicInteger rows = new AtomicInteger();
    Background<?> acting =
        start(
            "acting",
            () ->
                pool.write(
                    LABEL,
                    lease -> {
                      lease.update(INSERT, "lost");
                      lease.forEach(
                          "SELECT v FROM t",
                          (Row row) -> {
                            rows.incrementAndGet();
                            Await.latch("the writer is taken away", taken);
                          });
                      return 0;
                    }));
    Await.until("the action runs", () -> rows.get() == 1);
    waiter(pool).awaitHolds().insert("next").commitNow();
    taken.countDown();

    SQLException failure = acting.failure(SQLNonTransientConnectionException.class);
    assertEquals("08003", failure.getSQLState());
    Expect.mentions(failure, "slow-import", "acquired", "revoked");
    assertEquals(1, rows.get());
    assertEquals(List.of(1L, 2L, "next"), values(pool));
  }

  @Test
  void holder_insideAnSqlFunction_keepsTheWriterUntilItsCallEnds() throws SQLException {
    SqlitePool pool = openStrict();
    Background<?> calling =
        start(
            "calling",
            () -> pool.write(LABEL, lease -> lease.update("INSERT INTO t(v) VALUES (gate())")));
    gate().awaitReached();
    Unit next = waiter(pool);
    awaitRevoked(pool, 1);
    assertEquals(1, pool.stats().writer().waiting());
    assertFalse(calling.isDone());

    gate().open();

    next.awaitHolds().insert("next").commitNow();
    assertEquals("08003", calling.failure(SQLException.class).getSQLState());
    assertEquals(List.of("next"), values(pool));
    awaitRevoked(pool, 1);
  }

  @Test
  void lockHeldAcrossCommit_nextHolderWantsItAfterItsFirstStatement_bothGoOn() throws SQLException {
    SqlitePool pool = openStrict();
    ReentrantLock cache = new ReentrantLock();
    Unit one = holder(pool);
    Unit two = waiter(pool);
    one.insert("one");
    Background<?> wants =
        start(
            "two",
            () ->
                two.awaitHolds()
                    .does(
                        lease -> {
                          lease.update(INSERT, "two");
                          cache.lock();
                          try {
                            lease.commit();
                          } finally {
                            cache.unlock();
                          }
                        }));
    one.does(
        lease -> {
          cache.lock();
          try {
            lease.commit();
          } finally {
            cache.unlock();
          }
        });
    assertEquals("08003", wants.failure(SQLException.class).getSQLState());
    assertEquals(List.of("one"), values(pool));
    awaitRevoked(pool, 1);
  }

  private static @Nullable Object dawdleUntil(CountDownLatch end) {
    Await.latch("the test lets it go", end);
    return null;
  }

  @Test
  void log_holderIsRevoked_hasOneWarningWithItsLabelAndItsStack() throws SQLException {
    SqlitePool pool = openStrict();
    CountDownLatch end = new CountDownLatch(1);
    try (Logs logs = Logs.capture()) {
      Background<?> dawdling =
          start(
              "dawdling",
              () -> {
                try (WriteLease lease = pool.acquireWriter(LABEL)) {
                  lease.update(INSERT, "lost");
                  return dawdleUntil(end);
                }
              });
      Await.until("it is logged", () -> !logs.warnings().isEmpty());
      insert(pool, "next");
      end.countDown();
      dawdling.result();

      assertEquals(1, logs.warnings().size(), () -> "" + logs.warnings());
      String warning = logs.warnings().getFirst();
      for (String word :
          List.of(
              "slow-import",
              "dawdling",
              "was held for",
              "writer.max-time",
              "rolled back",
              "WriterMaxTimeTest.dawdleUntil")) {
        assertTrue(warning.contains(word), () -> "'" + word + "' is missing in: " + warning);
      }
      assertEquals(1, pool.stats().writer().revoked());
    }
  }

  @Test
  void lease_endedInTime_isNotReported() throws SQLException {
    SqlitePool pool = openStrict();
    try (Logs logs = Logs.capture()) {
      for (Unit.Act end :
          List.<Unit.Act>of(WriteLease::commit, WriteLease::rollback, WriteLease::close)) {
        holder(pool).does(end);
      }
      pool.acquireReader().close();
      holder(pool, LABEL);
      Await.until("it is logged", () -> !logs.warnings().isEmpty());
      insert(pool, "next");

      assertEquals(1, logs.warnings().size(), () -> "" + logs.warnings());
      assertTrue(logs.warnings().getFirst().contains("slow-import"));
      assertEquals(1, pool.stats().writer().revoked());
      assertEquals(0, pool.stats().readers().revoked());
    }
  }

  @Test
  void reader_heldForLonger_isNotRevoked() throws SQLException {
    SqlitePool pool = openStrict();
    try (var reader = pool.acquireReader()) {
      holder(pool);
      awaitRevoked(pool, 1);
      assertEquals(0, count(reader));
    }
    assertEquals(0, pool.stats().readers().revoked());
  }

  @Test
  void zero_holderIsLeftAlone() throws SQLException {
    SqlitePool pool = openPatient(config -> config.writerMaxTime(Duration.ZERO));
    Unit holder = holder(pool).insert("kept");
    Expect.sql(
        SQLTransientConnectionException.class,
        "08001",
        () -> pool.acquireWriter(Duration.ofMillis(300)));
    holder.commitNow();
    assertEquals(List.of("kept"), values(pool));
    assertEquals(0, pool.stats().writer().revoked());
  }

  @Test
  void connection_ofARevokedLease_isClosedAndThrows() throws SQLException {
    SqlitePool pool = openStrict();
    Unit holder = holder(pool, LABEL);
    List<Connection> connections = new ArrayList<>();
    holder.does(
        lease -> {
          Connection connection = lease.connection();
          connection.createStatement().executeUpdate("INSERT INTO t(v) VALUES ('lost')");
          connections.add(connection);
        });
    awaitRevoked(pool, 1);
    Connection connection = connections.getFirst();
    assertTrue(connection.isClosed());
    for (Unit.Act call :
        List.<Unit.Act>of(
            WriteLease::connection,
            lease -> connection.createStatement(),
            lease -> connection.prepareStatement("SELECT 1"))) {
      Expect.mentions(holder.fails("08003", call), "slow-import", "acquired", "revoked");
    }
    connection.close();
    assertEquals(List.of(), values(pool));
  }

  @Test
  void connection_itsNextCallIsCommitOrRollback_throwsAndSaysWhy() throws SQLException {
    SqlitePool pool = openStrict();
    Unit holder = holder(pool, LABEL).insert("lost");
    List<Connection> connections = new ArrayList<>();
    holder.does(lease -> connections.add(lease.connection()));
    awaitRevoked(pool, 1);
    for (Unit.Act call :
        List.<Unit.Act>of(
            lease -> connections.getFirst().commit(), lease -> connections.getFirst().rollback())) {
      Expect.mentions(holder.fails("08003", call), "slow-import", "acquired", "revoked");
    }
  }

  @Test
  void close_ofThePoolWhileAHolderIsRevoked_ends() throws SQLException {
    SqlitePool pool = openStrict();
    Unit holder = holder(pool, LABEL).insert("lost");
    pool.close();
    holder.fails("08003", WriteLease::commit);
    assertEquals("0", Database.ask(file(), "SELECT count(*) FROM t"));
  }
}
