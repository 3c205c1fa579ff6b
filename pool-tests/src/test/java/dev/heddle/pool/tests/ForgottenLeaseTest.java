package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Leases that are open when the program loses its last reference to them, and those that aren't.
 */
class ForgottenLeaseTest extends GroupFixture {

  private static final String NEVER_CLOSED = "was never closed";

  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  private static LeaseOptions label(String label) {
    return LeaseOptions.DEFAULTS.withLabel(label);
  }

  /** Collects garbage until something has come about. */
  private static void collectUntil(String what, BooleanSupplier condition) {
    Await.until(
        what,
        () -> {
          System.gc();
          return condition.getAsBoolean();
        });
  }

  private static long leaked(SqlitePool pool) {
    return pool.stats().readers().leaked() + pool.stats().writer().leaked();
  }

  private static void awaitLeaked(SqlitePool pool, long count) {
    collectUntil("it is taken back", () -> leaked(pool) >= count);
    assertEquals(count, leaked(pool));
  }

  /** More than are read at once. */
  private static final String MANY_ROWS =
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000)"
          + " SELECT n FROM c";

  /** Leaves a lease open, and no reference to it. */
  record Way(String name, boolean writes, Losing losing) {
    @Override
    public String toString() {
      return name;
    }

    /** On a thread of its own, which ends before anything else happens. */
    void lose(SqlitePool pool) {
      Background.start(
              name,
              () -> {
                losing.run(pool, label("lost " + name));
                return 0;
              })
          .result();
    }
  }

  @FunctionalInterface
  interface Losing {
    void run(SqlitePool pool, LeaseOptions options) throws SQLException;
  }

  @SuppressWarnings("resource") // that is what they are about
  static Stream<Way> ways() {
    return Stream.of(
        new Way("untouched reader", false, SqlitePool::acquireReader),
        new Way("reader", false, (pool, options) -> count(pool.acquireReader(options))),
        new Way("snapshot", false, (pool, options) -> count(pool.acquireSnapshot(options))),
        new Way(
            "connection",
            false,
            (pool, options) -> pool.acquireReader(options).connection().isValid(1)),
        new Way(
            "prepared",
            false,
            (pool, options) -> {
              Connection connection = pool.acquireReader(options).connection();
              connection.prepareStatement("SELECT 1").setMaxRows(1);
            }),
        new Way("result", false, (pool, options) -> Handles.of(pool.acquireReader(options))),
        new Way(
            "metadata",
            false,
            (pool, options) -> {
              Connection connection = pool.acquireSnapshot(options).connection();
              assertTrue(connection.getMetaData().getTables(null, null, "t", null).next());
            }),
        new Way(
            "cursor of a data source",
            false,
            (pool, options) -> {
              Statement statement = pool.dataSource(options).getConnection().createStatement();
              assertTrue(statement.executeQuery(MANY_ROWS).next());
            }),
        new Way(
            "snapshot after a commit",
            false,
            (pool, options) ->
                pool.acquireWriter(options.withSnapshotAfterCommit(true)).commitAndRead()),
        new Way("untouched writer", true, SqlitePool::acquireWriter),
        new Way(
            "writer with a reader reserved",
            true,
            (pool, options) ->
                pool.acquireWriter(options.withSnapshotAfterCommit(true)).update(INSERT, "lost")),
        new Way(
            "writer", true, (pool, options) -> pool.acquireWriter(options).update(INSERT, "lost")),
        new Way(
            "writer with a part",
            true,
            (pool, options) ->
                pool.acquireWriter(options)
                    .nested(
                        part -> {
                          part.connection().setSavepoint();
                          return part.update(INSERT, "lost");
                        })),
        new Way(
            "transaction of a data source",
            true,
            (pool, options) -> {
              Connection connection = pool.dataSource(options).getConnection();
              connection.setAutoCommit(false);
              Statement statement = connection.createStatement();
              statement.executeUpdate("INSERT INTO t(v) VALUES ('lost')");
              statement.execute("INSERT INTO t(v) VALUES ('lost'), ('too') RETURNING id");
              assertTrue(statement.getResultSet().next());
            }));
  }

  private static List<String> reports(Logs logs, Way way) {
    return logs.warnings(NEVER_CLOSED).stream()
        .filter(warning -> warning.contains('"' + way.name() + '"'))
        .toList();
  }

  private static void assertReported(Logs logs, Way way) {
    Await.until("it is logged", () -> !reports(logs, way).isEmpty());
    List<String> reports = reports(logs, way);
    assertEquals(1, reports.size(), () -> "" + logs.warnings());
    if (!way.name().contains("untouched")) {
      assertTrue(reports.getFirst().contains("'lost " + way.name() + "'"), reports::toString);
    }
  }

  /** Each way takes a reader, and all are needed afterwards. */
  @Test
  void readers_lost_areTakenBackAndReported() throws SQLException {
    List<Way> ways = ways().filter(way -> !way.writes()).toList();
    SqlitePool pool = openPatient(config -> config.readers(ways.size()));
    insert(pool, "old");
    try (Logs logs = Logs.capture()) {
      ways.forEach(way -> way.lose(pool));
      assertEquals(0, pool.stats().readers().idle());
      insert(pool, "new");

      awaitLeaked(pool, ways.size());

      for (Way way : ways) {
        assertReported(logs, way);
      }
      assertEquals(ways.size(), logs.warnings().size(), () -> "" + logs.warnings());
      assertEquals(ways.size(), pool.stats().readers().leaked());
      assertEquals(0, pool.stats().readers().revoked());
    }
    CountDownLatch all = new CountDownLatch(ways.size());
    List<Background<List<Object>>> next =
        ways.stream()
            .map(
                way ->
                    this.<List<Object>>start(
                        "next",
                        () -> {
                          try (ReadLease lease = pool.acquireReader()) {
                            all.countDown();
                            Await.latch("each has a connection", all);
                            return List.of(values(lease));
                          }
                        }))
            .toList();
    next.forEach(reader -> assertEquals(List.of(List.of("old", "new")), reader.result()));
  }

  static Stream<Way> writers() {
    return ways().filter(Way::writes);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("writers")
  void writer_lost_isTakenBackAndItsWorkIsRolledBack(Way way) throws SQLException {
    SqlitePool pool = openPatient();
    try (Logs logs = Logs.capture()) {
      way.lose(pool);
      Background<?> next = start("next", () -> insert(pool, "next"));
      collectUntil("the next has the writer", next::isDone);
      next.result();
      awaitLeaked(pool, 1);
      assertEquals(1, pool.stats().writer().leaked());
      assertEquals(0, pool.stats().writer().revoked());
      assertReported(logs, way);
      assertEquals(1, logs.warnings().size(), () -> "" + logs.warnings());
    }
    assertEquals(List.of("next"), values(pool));
  }

  @Test
  void writer_lostInCompany_theOthersGetTheirCommit() throws SQLException {
    SqlitePool pool = openPatient();
    Unit one = holder(pool);
    Unit two = waiter(pool);
    Background<?> forgetful =
        start("forgetful", () -> pool.acquireWriter(label("lost")).update(INSERT, "lost"));
    Await.until("it waits", () -> pool.stats().writer().waiting() == 2);
    try (Logs logs = Logs.capture()) {
      one.insert("one").startCommit();
      two.insert("two").startCommit();
      forgetful.result();
      assertFalse(one.isDone());

      collectUntil("both are committed", () -> one.isDone() && two.isDone());
      one.awaitCommitted();
      two.awaitCommitted();

      awaitLeaked(pool, 1);
      Await.until("it is logged", () -> !logs.warnings(NEVER_CLOSED).isEmpty());
      assertEquals(1, logs.warnings(NEVER_CLOSED).size());
      assertTrue(logs.warnings(NEVER_CLOSED).getFirst().contains("'lost'"));
      assertTrue(logs.warnings(NEVER_CLOSED).getFirst().contains("\"forgetful\""));
    }
    assertEquals(List.of("one", "two"), values(pool));
  }

  /** The thread has ended, and nobody has a reference to it or to what it ran. */
  @Tag("slow")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reader_isTheResultOfATaskThatNobodyAsksFor_isTakenBack(boolean virtual) throws Exception {
    SqlitePool pool = openPatient(config -> config.closeTimeout(Duration.ZERO));
    Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
    builder.start(new FutureTask<>(pool::acquireReader)).join();
    assertEquals(1, pool.stats().readers().held());
    awaitLeaked(pool, 1);
    assertEquals(2, pool.stats().readers().idle());
  }

  // What is not forgotten

  /**
   * Loses one lease of a reader after the other: when the second was taken back, the alarm has
   * looked twice since this began, and garbage was collected all the while.
   */
  private static void passTwoRings(SqlitePool pool) {
    for (int i = 0; i < 2; i++) {
      long before = leaked(pool);
      new Way("clock", false, (p, options) -> count(p.acquireReader(options))).lose(pool);
      awaitLeaked(pool, before + 1);
    }
  }

  private static ReadLease held(SqlitePool pool, String label) throws SQLException {
    return pool.acquireSnapshot(label(label));
  }

  private static ResultSet resultOf(SqlitePool pool) throws SQLException {
    ResultSet rows =
        held(pool, "result").connection().createStatement().executeQuery("SELECT v FROM t");
    assertTrue(rows.next());
    return rows;
  }

  @Tag("slow")
  @Test
  void readers_reachableThroughAnyHandle_areKept() throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(10));
    insert(pool, 1);
    insert(pool, 2);
    useHandlesAfterTwoRings(pool);
    collectUntil("all are back", () -> pool.stats().readers().held() == 0);
  }

  /** A method, so that it keeps nothing alive when it is over. */
  private static void useHandlesAfterTwoRings(SqlitePool pool) throws SQLException {
    ReadLease lease = held(pool, "lease");
    Connection connection = held(pool, "connection").connection();
    Connection ofDataSource = pool.readerDataSource().getConnection();
    ofDataSource.setAutoCommit(false);
    assertTrue(ofDataSource.createStatement().executeQuery("SELECT 1").next());
    Statement plain = held(pool, "plain").connection().createStatement();
    PreparedStatement prepared =
        held(pool, "prepared").connection().prepareStatement("SELECT count(*) FROM t");
    ResultSet result = resultOf(pool);
    DatabaseMetaData metadata = held(pool, "metadata").connection().getMetaData();
    assertEquals(7, pool.stats().readers().held());

    passTwoRings(pool);

    assertEquals(7, pool.stats().readers().held());
    assertEquals(2, leaked(pool));
    assertEquals(2, count(lease));
    assertTrue(connection.createStatement().executeQuery("SELECT 1").next());
    assertTrue(ofDataSource.createStatement().executeQuery("SELECT 1").next());
    assertTrue(plain.executeQuery("SELECT 1").next());
    assertTrue(prepared.executeQuery().next());
    assertTrue(result.next());
    assertEquals(2, result.getInt(1));
    assertFalse(result.next());
    assertTrue(metadata.getTables(null, null, "t", null).next());
    lease.close();
    ofDataSource.close();
  }

  @FunctionalInterface
  interface Inside {
    void run(SqlitePool pool, Runnable userCode) throws SQLException;
  }

  private static int run(Runnable code) {
    code.run();
    return 1;
  }

  private static String sql(boolean gated) {
    return gated ? "SELECT gate()" : "SELECT v FROM t";
  }

  /** Holders that have no reference to their lease themselves, but are in a call of it. */
  private static List<Inside> inside(boolean gated) {
    return List.of(
        (pool, code) -> held(pool, "forEach").forEach(sql(gated), row -> code.run()),
        (pool, code) -> held(pool, "mapper").query(sql(gated), row -> run(code)),
        (pool, code) -> held(pool, "one").queryOne(sql(gated) + " LIMIT 1", row -> run(code)),
        (pool, code) -> pool.read(label("read"), lease -> run(code)),
        (pool, code) -> {
          Statement statement = pool.readerDataSource().getConnection().createStatement();
          statement.setFetchSize(1); // so that there is a cursor
          ResultSet rows = statement.executeQuery(sql(gated));
          while (rows.next()) {
            code.run();
          }
        });
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readers_theirThreadIsInACall_areKept(boolean gated) throws SQLException {
    List<Inside> ways = inside(gated);
    SqlitePool pool = openPatient(config -> config.readers(ways.size() + 1));
    insert(pool, 1);
    insert(pool, 2);
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger rows = new AtomicInteger();
    List<Background<Integer>> holders =
        ways.stream()
            .map(
                way ->
                    start(
                        "holder",
                        () -> {
                          way.run(
                              pool,
                              () -> {
                                rows.incrementAndGet();
                                Await.latch("the test lets it go", end);
                              });
                          return 0;
                        }))
            .toList();
    Await.until("all are held", () -> pool.stats().readers().held() == ways.size());
    if (gated) {
      gate().awaitReached();
    } else {
      Await.until("all are on a row", () -> rows.get() == ways.size());
    }

    passTwoRings(pool);

    assertEquals(2, leaked(pool));
    gate().open();
    end.countDown();
    holders.forEach(Background::result);
    assertEquals(gated ? 5 : 8, rows.get());
    // What they left open is garbage now.
    collectUntil("all are back", () -> pool.stats().readers().held() == 0);
  }

  private static WriteLease writer(SqlitePool pool) throws SQLException {
    return pool.acquireWriter(label("writer"));
  }

  /** Holders of the writer, in a call; their work is committed in the end. */
  private static List<Inside> writing() {
    return List.of(
        (pool, code) ->
            pool.write(
                lease -> {
                  lease.update(INSERT, "kept");
                  return run(code);
                }),
        (pool, code) -> {
          WriteLease lease = writer(pool);
          lease.nested(
              part -> {
                part.update(INSERT, "kept");
                return run(code);
              });
          lease.commit();
        },
        (pool, code) -> {
          WriteLease lease = writer(pool);
          lease.batch(
              INSERT,
              List.of("kept"),
              value -> {
                code.run();
                return new Object[] {value};
              });
          lease.commit();
        });
  }

  static Stream<Inside> writingWays() {
    return writing().stream();
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("writingWays")
  void writer_itsThreadIsInACall_isKept(Inside way) throws SQLException {
    SqlitePool pool = openPatient();
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Background<?> holder =
        start(
            "holder",
            () -> {
              way.run(
                  pool,
                  () -> {
                    reached.countDown();
                    Await.latch("the test lets it go", end);
                  });
              return 0;
            });
    Await.latch("it is in a call", reached);
    passTwoRings(pool);
    end.countDown();
    holder.result();
    assertEquals(0, pool.stats().writer().leaked());
    assertEquals(List.of("kept"), values(pool));
  }

  @Tag("slow")
  @Test
  void writer_waitsInCommitForItsGroup_isKept() throws SQLException {
    SqlitePool pool = openPatient();
    CountDownLatch wait = new CountDownLatch(1);
    Background<?> committing =
        start(
            "committing",
            () -> {
              WriteLease lease = writer(pool);
              lease.update(INSERT, "one");
              Await.latch("another waits", wait);
              lease.commit();
              return 0;
            });
    Await.until("it has the writer", () -> pool.stats().writer().held() == 1);
    Unit next = waiter(pool);
    wait.countDown();
    next.awaitHolds().insert("two");
    passTwoRings(pool);
    assertFalse(committing.isDone());
    next.commitNow();
    committing.result();
    assertEquals(0, pool.stats().writer().leaked());
    assertEquals(List.of("one", "two"), values(pool));
  }
}
