package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What leak-report.after and leak-report.stacks say about leases that are held for long. */
class LeakReportTest extends PoolFixture {

  private static final Duration AFTER = Duration.ofMillis(300);

  private static final LeaseOptions LABEL = LeaseOptions.DEFAULTS.withLabel("slow-report");

  private static final LeaseOptions BRIEF = LABEL.withHoldAtMost(AFTER);

  private static final String LASTING = "has been held for";

  private SqlitePool openTalkative() throws SQLException {
    return open(config -> config.leakReportAfter(AFTER));
  }

  private static List<String> awaitReports(Logs logs, int count) {
    Await.until("it is reported", () -> logs.warnings(LASTING).size() >= count);
    return logs.warnings(LASTING);
  }

  /** Two more leases are reported, one after the other, each after its time. */
  private static void awaitTwoMoreReports(SqlitePool pool, Logs logs) throws SQLException {
    for (String label : List.of("first clock", "second clock")) {
      try (ReadLease lease = pool.acquireReader(LeaseOptions.DEFAULTS.withLabel(label))) {
        Await.until("the next is reported", () -> !logs.warnings(label).isEmpty());
        count(lease);
      }
    }
  }

  private static void assertContains(String text, String... words) {
    for (String word : words) {
      assertTrue(text.contains(word), () -> "'" + word + "' is missing in: " + text);
    }
  }

  /** Something that holds a lease until the latch says. */
  record Way(String name, Holding holding) {
    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  interface Holding {
    void run(SqlitePool pool, CountDownLatch end) throws SQLException;
  }

  private static void dawdleUntil(CountDownLatch end) {
    Await.latch("the test lets it go", end);
  }

  static Stream<Way> ways() {
    return Stream.of(
        new Way(
            "reader",
            (pool, end) -> {
              try (ReadLease lease = pool.acquireReader(LABEL)) {
                count(lease);
                dawdleUntil(end);
              }
            }),
        new Way(
            "writer",
            (pool, end) -> {
              try (WriteLease lease = pool.acquireWriter(LABEL)) {
                count(lease);
                dawdleUntil(end);
              }
            }),
        new Way(
            "write",
            (pool, end) ->
                pool.write(
                    LABEL,
                    lease -> {
                      dawdleUntil(end);
                      return 0;
                    })),
        new Way(
            "action",
            (pool, end) ->
                pool.useReader(
                    LABEL, lease -> lease.forEach("SELECT 1", row -> dawdleUntil(end)))));
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("ways")
  void holder_forLong_isReportedOnceWithItsLabelAndItsStack(Way way) throws SQLException {
    SqlitePool pool = openTalkative();
    CountDownLatch end = new CountDownLatch(1);
    try (Logs logs = Logs.capture()) {
      Background<?> holder =
          start(
              "dawdling",
              () -> {
                way.holding().run(pool, end);
                return 0;
              });
      String report = awaitReports(logs, 1).getFirst();
      assertContains(report, "slow-report", "dawdling", "LeakReportTest.dawdleUntil");
      assertFalse(report.contains("It is running"), report);

      awaitTwoMoreReports(pool, logs);
      end.countDown();
      holder.result();

      assertEquals(1, logs.warnings("slow-report").size(), () -> "" + logs.warnings());
      assertEquals(3, logs.warnings().size(), () -> "" + logs.warnings());
      assertEquals(0, pool.stats().readers().revoked() + pool.stats().writer().revoked());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void holder_insideAQuery_isReportedWithItsSqlAndWithoutItsValues(boolean jdbc)
      throws SQLException {
    SqlitePool pool = openTalkative();
    String sql = "SELECT gate(), ? AS wanted";
    try (Logs logs = Logs.capture()) {
      Background<?> reading =
          start("reading", () -> pool.read(LABEL, lease -> ask(lease, sql, "pass" + "word", jdbc)));
      gate().awaitReached();
      String report = awaitReports(logs, 1).getFirst();
      gate().open();
      reading.result();

      assertContains(report, "slow-report", "reading", sql, "LeakReportTest.ask");
      assertFalse(report.contains("password"), report);
      assertEquals(1, logs.warnings().size(), () -> "" + logs.warnings());
    }
  }

  private static int ask(ReadLease lease, String sql, String value, boolean jdbc)
      throws SQLException {
    if (!jdbc) {
      return lease.query(sql, value).size();
    }
    try (PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      statement.setString(1, value);
      return statement.execute() ? 1 : 0;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void holder_waitingForAnotherProgram_isReportedWithItsSql(boolean jdbc) throws SQLException {
    SqlitePool pool = open(c -> c.leakReportAfter(AFTER).busyTimeout(Duration.ofHours(1)));
    String sql = "INSERT INTO t(v) VALUES ('waits')";
    try (Logs logs = Logs.capture();
        Database other = Database.connect(file()).run("BEGIN IMMEDIATE")) {
      Background<?> writing =
          start(
              "writing",
              () ->
                  pool.write(
                      LABEL,
                      lease -> {
                        if (!jdbc) {
                          return lease.update(sql);
                        }
                        try (PreparedStatement statement =
                            lease.connection().prepareStatement(sql)) {
                          return statement.executeLargeUpdate();
                        }
                      }));
      String report = awaitReports(logs, 1).getFirst();
      other.run("ROLLBACK");
      writing.result();
      assertContains(report, "slow-report", "writing", sql);
    }
  }

  /** The report is about now: the statement before is over. */
  @Test
  void holder_betweenTwoCalls_isReportedWithoutSql() throws SQLException {
    SqlitePool pool = openTalkative();
    try (Logs logs = Logs.capture();
        ReadLease lease = pool.acquireReader(LABEL)) {
      lease.query("SELECT 4711");
      String report = awaitReports(logs, 1).getFirst();
      assertFalse(report.contains("4711"), report);
    }
  }

  @Test
  void zero_nothingIsReported() throws SQLException {
    SqlitePool pool = open(config -> config.readers(3).leakReportAfter(Duration.ZERO));
    try (Logs logs = Logs.capture();
        ReadLease reader = pool.acquireReader(LABEL);
        WriteLease writer = pool.acquireWriter(LABEL)) {
      count(reader);
      count(writer);
      Passing.untilOthersAreRevoked(pool);
      assertEquals(List.of(), logs.warnings(LASTING));
    }
  }

  @Tag("slow")
  @Test
  void leases_endedInTime_areNotReported() throws SQLException {
    SqlitePool pool = openTalkative();
    try (Logs logs = Logs.capture()) {
      LeaseOptions brief = LeaseOptions.DEFAULTS.withLabel("brief");
      for (int i = 0; i < 3; i++) {
        pool.useReader(brief, PoolFixture::count);
        pool.useWriter(brief, PoolFixture::count);
        pool.acquireSnapshot(brief).close();
      }
      awaitTwoMoreReports(pool, logs);
      assertEquals(List.of(), logs.warnings("brief"));
    }
  }

  // Stacks

  private SqlitePool openWithStacks(boolean on) throws SQLException {
    return open(config -> config.leakReportAfter(AFTER).leakReportStacks(on));
  }

  private static ReadLease acquiredHere(SqlitePool pool, LeaseOptions options) throws SQLException {
    return pool.acquireReader(options);
  }

  private static WriteLease writerAcquiredHere(SqlitePool pool) throws SQLException {
    return pool.acquireWriter(BRIEF);
  }

  private static boolean shows(@Nullable Throwable throwable, String method) {
    return throwable != null
        && Arrays.stream(throwable.getStackTrace())
            .anyMatch(
                frame ->
                    frame.getClassName().equals(LeakReportTest.class.getName())
                        && frame.getMethodName().equals(method));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stacks_inTheReport_showWhereItWasAcquiredIfTheyAreOn(boolean on) throws SQLException {
    SqlitePool pool = openWithStacks(on);
    try (Logs logs = Logs.capture();
        ReadLease lease = acquiredHere(pool, LABEL)) {
      count(lease);
      awaitReports(logs, 1);
      List<String> traces = logs.traces(LASTING);
      assertEquals(on ? 1 : 0, traces.size());
      if (on) {
        assertContains(traces.getFirst(), "LeakReportTest.acquiredHere");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stacks_ofALateCall_areItsCauseIfTheyAreOn(boolean on) throws SQLException {
    SqlitePool pool = openWithStacks(on);
    try (Logs logs = Logs.capture();
        ReadLease reader = acquiredHere(pool, BRIEF);
        WriteLease writer = writerAcquiredHere(pool)) {
      Await.until(
          "both are revoked",
          () -> pool.stats().readers().revoked() + pool.stats().writer().revoked() == 2);

      SQLException ofReader = Expect.over(() -> count(reader));
      SQLException ofWriter = Expect.over(writer::commit);

      assertEquals(on, shows(ofReader.getCause(), "acquiredHere"));
      assertEquals(on, shows(ofWriter.getCause(), "writerAcquiredHere"));
      assertEquals(on, ofReader.getCause() != null);
      Await.until("both are logged", () -> logs.warnings("is revoked").size() == 2);
      assertEquals(on ? 2 : 0, logs.traces("is revoked").size());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stacks_ofAnEndedStatement_areSuppressedIfTheyAreOn(boolean on) throws SQLException {
    SqlitePool pool = openWithStacks(on);
    Background<?> reading =
        start(
            "reading",
            () -> {
              try (ReadLease lease = acquiredHere(pool, BRIEF)) {
                return lease.query(Gate.ENDLESS_QUERY);
              }
            });
    SQLException failure = reading.failure(SQLTimeoutException.class);
    assertEquals(
        on, Arrays.stream(failure.getSuppressed()).anyMatch(stack -> shows(stack, "acquiredHere")));
    assertNotNull(failure.getCause());
    assertEquals(on ? 1 : 0, failure.getSuppressed().length);
  }

  @Test
  void stacks_on_anEndedLeaseSaysSoWithoutThem() throws SQLException {
    SqlitePool pool = openWithStacks(true);
    ReadLease lease = acquiredHere(pool, LABEL);
    lease.close();
    assertNull(
        Expect.sql(SQLNonTransientConnectionException.class, "08003", () -> count(lease))
            .getCause());
  }
}
