package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way to interrupt a virtual thread ends everything it may be doing in the pool, and harms
 * nothing but that.
 */
class InterruptTest extends PoolFixture {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int ROWS = 2_000;
  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  // Queries that stand still in their midst, and have thousands of instructions to go.

  private static final String RECURSIVE =
      "WITH RECURSIVE c(n) AS (SELECT hold() UNION ALL SELECT n + 1 FROM c WHERE n < 50000)"
          + " SELECT count(*) FROM c";
  private static final String SCAN = "SELECT count(*) FROM t WHERE v <> hold()";
  private static final String SORT = "SELECT v FROM t ORDER BY v * hold() DESC";
  private static final String GROUP =
      "SELECT v % 10, count(*) FROM t WHERE v >= hold() GROUP BY v % 10";
  private static final String JOIN =
      "SELECT count(*) FROM t a JOIN t b ON a.v < b.v WHERE a.id < 50 AND hold() = 1";

  /** Gives one row at once, and stands still on its way to the second. */
  private static final String STREAM =
      "SELECT id FROM t WHERE +id = 1 OR (hold() = 1 AND +id = " + ROWS + ")";

  /** What the thread is in when it is interrupted. */
  enum In {
    READER_QUEUE,
    WRITER_QUEUE,
    STATEMENT,
    FILE_LOCK
  }

  /** Work on a pool. */
  @FunctionalInterface
  interface Work {
    void run(SqlitePool pool) throws Exception;
  }

  /** Work that is interrupted. */
  record Place(String name, In in, Work work) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Place place(String name, In in, Work work) {
    return new Place(name, in, work);
  }

  /** A place for each way to interrupt: one of each kind. */
  private static List<Place> main() {
    return List.of(
        place("acquireReader", In.READER_QUEUE, pool -> pool.acquireReader().close()),
        place("acquireWriter", In.WRITER_QUEUE, pool -> pool.acquireWriter().close()),
        place("query", In.STATEMENT, pool -> pool.read(lease -> fails(lease, RECURSIVE))),
        place("lock", In.FILE_LOCK, pool -> insert(pool, "not inserted")));
  }

  private static List<Place> others() {
    return Stream.of(queues(), statements(), rows(), locks()).flatMap(List::stream).toList();
  }

  private static List<Place> queues() {
    return List.of(
        place("acquireSnapshot", In.READER_QUEUE, pool -> pool.acquireSnapshot().close()),
        place("read", In.READER_QUEUE, pool -> pool.read(lease -> 1)),
        place("readerDataSource", In.READER_QUEUE, pool -> connect(pool.readerDataSource())),
        place("write", In.WRITER_QUEUE, pool -> pool.write(lease -> 1)),
        place("writerDataSource", In.WRITER_QUEUE, pool -> connect(pool.writerDataSource())));
  }

  private static void connect(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.createStatement().executeQuery("SELECT 1");
    }
  }

  private static List<Place> statements() {
    return List.of(
        place("scan", In.STATEMENT, pool -> pool.read(lease -> fails(lease, SCAN))),
        place("sort", In.STATEMENT, pool -> pool.read(lease -> fails(lease, SORT))),
        place("group", In.STATEMENT, pool -> pool.read(lease -> fails(lease, GROUP))),
        place("join", In.STATEMENT, pool -> pool.read(lease -> fails(lease, JOIN))),
        place("in a write", In.STATEMENT, pool -> pool.write(lease -> fails(lease, SCAN))),
        place(
            "nested",
            In.STATEMENT,
            pool -> pool.write(lease -> lease.nested(part -> fails(part, JOIN)))),
        place(
            "read in a write",
            In.STATEMENT,
            pool -> pool.write(lease -> pool.read(same -> fails(same, SORT)))),
        place(
            "queryOne",
            In.STATEMENT,
            pool -> pool.read(lease -> failing(lease, () -> lease.queryOne(GROUP)))),
        place(
            "reader's JDBC",
            In.STATEMENT,
            pool -> {
              try (Connection connection = pool.readerDataSource().getConnection();
                  Statement statement = connection.createStatement()) {
                statement.executeQuery(SCAN);
              }
            }),
        place(
            "writer's JDBC",
            In.STATEMENT,
            pool -> {
              try (Connection connection = pool.writerDataSource().getConnection();
                  PreparedStatement statement = connection.prepareStatement(SORT)) {
                statement.executeQuery();
              }
            }));
  }

  private static List<Place> rows() {
    return List.of(
        place(
            "mapper",
            In.STATEMENT,
            pool -> pool.read(l -> failing(l, () -> l.query(STREAM, row -> row.getLong(1))))),
        place(
            "forEach",
            In.STATEMENT,
            pool -> pool.read(l -> failing(l, () -> l.forEach(STREAM, row -> row.getLong(1))))),
        place(
            "ResultSet.next",
            In.STATEMENT,
            pool -> pool.read(l -> failing(l, () -> next(l, STREAM)))),
        place(
            "ResultSet.next of a writer",
            In.STATEMENT,
            pool -> pool.write(l -> failing(l, () -> next(l, STREAM)))));
  }

  private static void next(ReadLease lease, String sql) throws SQLException {
    try (Statement statement = lease.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertTrue(rows.next());
      rows.next();
    }
  }

  private static List<Place> locks() {
    return List.of(
        place(
            "update at the lock",
            In.FILE_LOCK,
            pool -> {
              try (WriteLease lease = pool.acquireWriter()) {
                lease.update(INSERT, "not inserted");
              }
            }),
        place(
            "query at the lock",
            In.FILE_LOCK,
            pool -> pool.write(lease -> lease.query("SELECT 1"))),
        place(
            "batch at the lock",
            In.FILE_LOCK,
            pool ->
                pool.write(lease -> lease.batch(INSERT, List.of(1), i -> new Object[] {"not"}))),
        place(
            "nested at the lock",
            In.FILE_LOCK,
            pool -> pool.write(lease -> lease.nested(part -> part.update(INSERT, "not")))),
        place(
            "JDBC at the lock",
            In.FILE_LOCK,
            pool -> {
              try (Connection connection = pool.writerDataSource().getConnection();
                  Statement statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO t(v) VALUES ('not inserted')");
              }
            }));
  }

  /** A call that an interrupt ends. */
  @FunctionalInterface
  private interface Call {
    void run() throws SQLException;
  }

  private static int fails(ReadLease lease, String sql) throws SQLException {
    return failing(lease, () -> lease.query(sql));
  }

  /** The call fails, and then the lease is as good as before. */
  private static int failing(ReadLease lease, Call call) throws SQLException {
    try {
      call.run();
      return 0;
    } catch (SQLException e) {
      boolean interrupted = Thread.interrupted();
      assertEquals(ROWS, count(lease));
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
  }

  // What holds the thread up, and how to tell that it does

  private SqlitePool openWithRows() throws SQLException {
    SqlitePool pool =
        open(config -> config.acquireTimeout(LONG).busyTimeout(LONG).closeTimeout(LONG));
    pool.useWriter(
        lease ->
            lease.update(
                "INSERT INTO t(v) WITH RECURSIVE c(n) AS"
                    + " (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT n FROM c",
                ROWS));
    return pool;
  }

  private List<AutoCloseable> obstacles(SqlitePool pool, In in) throws SQLException {
    return switch (in) {
      case READER_QUEUE -> List.of(pool.acquireReader(), pool.acquireReader());
      case WRITER_QUEUE -> List.of(pool.acquireWriter());
      case STATEMENT -> List.of();
      case FILE_LOCK -> List.of(Database.connect(file()).run("BEGIN IMMEDIATE"));
    };
  }

  private void awaitThere(SqlitePool pool, In in, Thread thread) {
    switch (in) {
      case READER_QUEUE -> until(() -> pool.stats().readers().waiting() == 1);
      case WRITER_QUEUE -> until(() -> pool.stats().writer().waiting() == 1);
      case STATEMENT -> gate().awaitReached();
      case FILE_LOCK -> {
        until(() -> pool.stats().writer().held() == 1);
        Await.parked(thread);
      }
    }
  }

  private static void until(BooleanSupplier condition) {
    Await.until("the thread is where it is to be interrupted", condition);
  }

  static Stream<Arguments> places() {
    List<Arguments> places = new ArrayList<>();
    for (Canceller.Way way : Canceller.Way.values()) {
      main().forEach(place -> places.add(Arguments.of(way, place)));
    }
    others().forEach(place -> places.add(Arguments.of(Canceller.Way.INTERRUPT, place)));
    return places.stream();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("places")
  void thread_interrupted_endsWhatItDoesAndAllCanGoOn(Canceller.Way way, Place place)
      throws Exception {
    SqlitePool pool = openWithRows();
    Attempt attempt = new Attempt(() -> run(place, pool), () -> insert(pool, "same thread"));
    SQLException failure;
    try (Canceller canceller = Canceller.by(way)) {
      List<AutoCloseable> obstacles = obstacles(pool, place.in());
      canceller.start(attempt);
      awaitThere(pool, place.in(), attempt.thread());

      canceller.cancel();

      gate().open();
      failure = attempt.failure(SQLNonTransientException.class);
      for (AutoCloseable obstacle : obstacles) {
        obstacle.close();
      }
      attempt.assertWentOn();
    }
    Expect.interrupted(failure);
    assertEquals(0, failure.getSuppressed().length, () -> "suppressed by " + failure);
    insert(pool, "other thread");
    assertEquals(
        List.of("same thread", "other thread"),
        pool.read(
            lease ->
                lease.query(
                    "SELECT v FROM t WHERE id > ?",
                    row -> String.valueOf(row.getString(1)),
                    ROWS)));
    assertEverySlotInPlace(pool);
  }

  private static @Nullable Void run(Place place, SqlitePool pool) throws Exception {
    place.work().run(pool);
    return null;
  }

  /** All can be had at once, and work. */
  private static void assertEverySlotInPlace(SqlitePool pool) throws SQLException {
    try (ReadLease one = pool.acquireReader(Duration.ZERO);
        ReadLease two = pool.acquireReader(Duration.ZERO);
        WriteLease writer = pool.acquireWriter(Duration.ZERO)) {
      for (ReadLease lease : List.of(one, two, writer)) {
        assertEquals(ROWS + 2, count(lease));
      }
      writer.rollback();
    }
  }
}
