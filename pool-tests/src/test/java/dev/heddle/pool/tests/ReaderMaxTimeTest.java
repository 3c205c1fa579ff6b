package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.SqlitePool;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who holds a reader for longer than reader.max-time loses it, in whatever state. */
class ReaderMaxTimeTest extends PoolFixture {

  private static final Duration MAX_TIME = Duration.ofMillis(300);

  private static final LeaseOptions LABEL = LeaseOptions.DEFAULTS.withLabel("slow-report");

  private static final String[] WHY = {"slow-report", "acquired", " ago", "reader.max-time=300 ms"};

  /** One reader: the next one proceeds only if it is taken away from the holder. */
  private SqlitePool openStrict() throws SQLException {
    SqlitePool pool =
        open(
            config ->
                config.readers(1).readerMaxTime(MAX_TIME).acquireTimeout(Duration.ofMinutes(1)));
    insert(pool, 1);
    insert(pool, 2);
    return pool;
  }

  /** Another thread reads from a snapshot, as soon as it gets the reader. */
  private @Nullable List<@Nullable Object> next(SqlitePool pool) {
    return start("next", () -> pool.read(PoolFixture::values)).result();
  }

  private static void awaitRevoked(SqlitePool pool, int count) {
    Await.until("a lease is revoked", () -> pool.stats().readers().revoked() >= count);
    assertEquals(count, pool.stats().readers().revoked());
    assertEquals(0, pool.stats().writer().revoked());
  }

  private static void assertLate(SQLException failure) {
    assertEquals("08003", failure.getSQLState(), () -> "" + failure);
    Expect.mentions(failure, WHY);
    Expect.mentions(failure, "revoked");
  }

  private static void assertEnded(SQLException failure) {
    assertEquals("57014", failure.getSQLState(), () -> "" + failure);
    Expect.mentions(failure, WHY);
    Expect.mentions(failure, "revoked", "WITH RECURSIVE");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void holder_idleBetweenCalls_losesTheReaderAndItsNextCallSaysWhy(boolean snapshot)
      throws SQLException {
    SqlitePool pool = openStrict();
    ReadLease lease = snapshot ? pool.acquireSnapshot(LABEL) : pool.acquireReader(LABEL);
    assertEquals(2, count(lease));
    insert(pool, 3);

    assertEquals(List.of(1L, 2L, 3L), next(pool));

    for (Executable call :
        List.<Executable>of(
            () -> lease.query("SELECT 1"),
            () -> lease.query("SELECT 1", row -> 1),
            () -> lease.queryOne("SELECT 1"),
            () -> lease.forEach("SELECT 1", row -> {}),
            lease::connection)) {
      SQLException failure = Expect.over(call);
      assertLate(failure);
      Expect.mentions(failure, Thread.currentThread().getName());
    }
    lease.close();
    awaitRevoked(pool, 1);
  }

  @Test
  void holder_hasRunNothing_isRevoked() throws SQLException {
    SqlitePool pool = openStrict();
    ReadLease lease = pool.acquireReader(LABEL);
    assertEquals(List.of(1L, 2L), next(pool));
    assertLate(Expect.over(() -> count(lease)));
    awaitRevoked(pool, 1);
  }

  /** Something that runs user code between two rows. */
  @FunctionalInterface
  interface Between {
    void run(ReadLease lease, java.util.function.Consumer<Row> code) throws SQLException;
  }

  static Stream<Between> between() {
    return Stream.of(
        (lease, code) -> lease.forEach("SELECT v FROM t", code::accept),
        (lease, code) ->
            lease.query(
                "SELECT v FROM t",
                row -> {
                  code.accept(row);
                  return 1;
                }),
        (lease, code) ->
            lease.queryOne(
                "SELECT v FROM t WHERE id = 1",
                row -> {
                  code.accept(row);
                  return 1;
                }));
  }

  @ParameterizedTest
  @MethodSource("between")
  void holder_inItsOwnCodeOnARow_losesTheReaderAndTheNextRowThrows(Between way)
      throws SQLException {
    SqlitePool pool = openStrict();
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(1);
    AtomicInteger rows = new AtomicInteger();
    AtomicReference<Throwable> ofView = new AtomicReference<>();
    Background<?> reading =
        start(
            "reading",
            () -> {
              try (ReadLease lease = pool.acquireReader(LABEL)) {
                way.run(
                    lease,
                    row -> {
                      rows.incrementAndGet();
                      reached.countDown();
                      Await.latch("the reader is taken away", taken);
                      ofView.set(assertThrows(IllegalStateException.class, () -> row.getLong(1)));
                    });
                return 0;
              }
            });
    Await.latch("the code on the first row runs", reached);

    assertEquals(List.of(1L, 2L), next(pool));
    taken.countDown();

    assertLate(reading.failure(SQLNonTransientConnectionException.class));
    Expect.mentions(ofView.get(), "revoked");
    assertEquals(1, rows.get());
    awaitRevoked(pool, 1);
  }

  /** Something that runs a query without an end. */
  @FunctionalInterface
  interface Endless {
    @Nullable Object run(SqlitePool pool) throws SQLException;
  }

  static Stream<Endless> endless() {
    return Stream.of(
        pool -> {
          try (ReadLease lease = pool.acquireReader(LABEL)) {
            return lease.query(Gate.ENDLESS_QUERY);
          }
        },
        pool -> {
          try (ReadLease lease = pool.acquireSnapshot(LABEL)) {
            lease.forEach(Gate.ENDLESS_QUERY, row -> {});
            return 0;
          }
        },
        pool -> pool.read(LABEL, lease -> lease.queryOne(Gate.ENDLESS_QUERY, row -> 1)),
        pool -> {
          try (ReadLease lease = pool.acquireReader(LABEL);
              Statement statement = lease.connection().createStatement()) {
            return statement.executeQuery(Gate.ENDLESS_QUERY);
          }
        });
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("endless")
  void holder_inAnEndlessQuery_isEndedAndTheNextProceeds(Endless way) throws SQLException {
    SqlitePool pool = openStrict();
    Background<?> reading = start("reading", () -> way.run(pool));
    gate().awaitReached();

    assertEquals(List.of(1L, 2L), next(pool));

    assertEnded(reading.failure(SQLTimeoutException.class));
    awaitRevoked(pool, 1);
  }

  @Test
  void read_idleInItsWork_losesTheReaderAndItsNextCallFailsTheWork() throws SQLException {
    SqlitePool pool = openStrict();
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(1);
    Background<?> reading =
        start(
            "reading",
            () ->
                pool.read(
                    LABEL,
                    lease -> {
                      count(lease);
                      reached.countDown();
                      Await.latch("the reader is taken away", taken);
                      return count(lease);
                    }));
    Await.latch("the work runs", reached);
    assertEquals(List.of(1L, 2L), next(pool));
    taken.countDown();
    assertLate(reading.failure(SQLNonTransientConnectionException.class));
    awaitRevoked(pool, 1);
  }

  @Test
  void jdbcHandles_ofARevokedLease_areAllDead() throws SQLException {
    SqlitePool pool = openStrict();
    Handles handles = Handles.of(pool.acquireReader(LABEL));

    assertEquals(List.of(1L, 2L), next(pool));

    assertTrue(handles.connection().isClosed());
    assertTrue(handles.plain().isClosed());
    assertTrue(handles.prepared().isClosed());
    assertTrue(handles.result().isClosed());
    for (Executable call :
        List.<Executable>of(
            () -> handles.connection().createStatement(),
            () -> handles.connection().prepareStatement("SELECT 1"),
            () -> handles.metadata().getTables(null, null, null, null),
            () -> handles.plain().executeQuery("SELECT 1"),
            () -> handles.prepared().executeQuery(),
            () -> handles.prepared().setInt(1, 1),
            () -> handles.result().next(),
            () -> handles.result().getLong(1))) {
      assertLate(Expect.over(call));
    }
    handles.result().close();
    handles.prepared().close();
    handles.plain().close();
    handles.connection().close();
    awaitRevoked(pool, 1);
  }

  @Test
  void resultSetLoop_waitingForSomethingElse_losesTheReader() throws SQLException {
    SqlitePool pool = openStrict();
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch taken = new CountDownLatch(1);
    Background<?> reading =
        start(
            "reading",
            () -> {
              try (ReadLease lease = pool.acquireReader(LABEL);
                  Statement statement = lease.connection().createStatement();
                  ResultSet rows = statement.executeQuery("SELECT v FROM t")) {
                int count = 0;
                while (rows.next()) {
                  count++;
                  reached.countDown();
                  Await.latch("the reader is taken away", taken);
                }
                return count;
              }
            });
    Await.latch("the first row is there", reached);
    assertEquals(List.of(1L, 2L), next(pool));
    taken.countDown();
    assertLate(reading.failure(SQLNonTransientConnectionException.class));
    awaitRevoked(pool, 1);
  }

  @Tag("slow")
  @Test
  void resultSetLoop_busyForEver_losesTheReader() throws SQLException {
    SqlitePool pool = openStrict();
    AtomicInteger count = new AtomicInteger();
    Background<?> reading =
        start(
            "reading",
            () -> {
              try (ReadLease lease = pool.acquireReader(LABEL);
                  Statement statement = lease.connection().createStatement();
                  ResultSet rows =
                      statement.executeQuery(
                          "WITH RECURSIVE c(n) AS (SELECT reached() UNION ALL SELECT n + 1 FROM c)"
                              + " SELECT n FROM c")) {
                while (rows.next()) {
                  count.incrementAndGet();
                }
                return count;
              }
            });
    gate().awaitReached();
    assertEquals(List.of(1L, 2L), next(pool));
    // Between two calls, or inside one.
    Expect.mentions(reading.failure(SQLException.class), WHY);
    assertTrue(count.get() > 0);
    awaitRevoked(pool, 1);
  }

  @Test
  void dataSource_snapshotHeldForTooLong_isRevokedAndTheConnectionCanGoOn() throws SQLException {
    SqlitePool pool = openStrict();
    try (Connection connection = pool.readerDataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      assertTrue(statement.executeQuery("SELECT v FROM t").next());

      assertEquals(List.of(1L, 2L), next(pool));

      for (Executable call :
          List.<Executable>of(
              () -> statement.executeQuery("SELECT 1"),
              () -> connection.createStatement().executeQuery("SELECT 1"))) {
        Expect.mentions(Expect.over(call), "acquired", " ago", "revoked", "reader.max-time=300 ms");
      }
      connection.rollback();
      assertTrue(statement.executeQuery("SELECT v FROM t").next());
    }
    awaitRevoked(pool, 1);
  }

  @Tag("slow")
  @Test
  void dataSource_snapshotInAnEndlessQuery_isEnded() throws SQLException {
    SqlitePool pool = openStrict();
    Background<?> reading =
        start(
            "reading",
            () -> {
              try (Connection connection = pool.readerDataSource().getConnection()) {
                connection.setAutoCommit(false);
                return connection.prepareStatement(Gate.ENDLESS_QUERY).executeQuery();
              }
            });
    gate().awaitReached();
    assertEquals(List.of(1L, 2L), next(pool));
    SQLException failure = reading.failure(SQLTimeoutException.class);
    assertEquals("57014", failure.getSQLState());
    Expect.mentions(failure, "revoked", "reader.max-time=300 ms", "WITH RECURSIVE");
    awaitRevoked(pool, 1);
  }

  @Test
  void zero_holderIsLeftAlone() throws SQLException {
    SqlitePool pool = open(config -> config.readerMaxTime(Duration.ZERO));
    try (ReadLease lease = pool.acquireSnapshot(LABEL)) {
      count(lease);
      insert(pool, 1);
      start(
              "clock",
              () -> {
                Passing.untilOthersAreRevoked(pool);
                return 0;
              })
          .result();
      assertEquals(0, count(lease));
    }
    awaitRevoked(pool, 2);
  }
}
