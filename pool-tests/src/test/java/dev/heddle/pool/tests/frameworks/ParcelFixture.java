package dev.heddle.pool.tests.frameworks;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Await;
import dev.heddle.pool.tests.Background;
import dev.heddle.pool.tests.PoolFixture;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Pools with a table of parcels, and what the tests of all frameworks ask of them. */
abstract class ParcelFixture extends PoolFixture {

  /** Amounts are TEXT, which keeps every digit; times must not be, see the frameworks' pages. */
  static final String TABLE =
      """
      CREATE TABLE parcel(
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        grams INTEGER CHECK (grams > 0),
        price TEXT,
        token TEXT,
        due DATE,
        opens TIME,
        packed TIMESTAMP,
        seen TIMESTAMP)
      """;

  /** So many rows that they are never all in memory. */
  static final int MANY = 100_000;

  /** Gives the numbers from 1 to {@link #MANY}, in the column n. */
  static final String MANY_ROWS =
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < "
          + MANY
          + ")"
          + " SELECT n FROM c";

  /** Runs for minutes unless it is stopped. */
  static final String ENDLESS =
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 30000000000)"
          + " SELECT max(n) FROM c";

  /** For {@link #withWriterTaken}: long for a read, and soon over for who waits for the writer. */
  static final Duration IMPATIENT = Duration.ofMillis(300);

  /** The code of the parcel that nobody may see. */
  static final String UNCOMMITTED = "uncommitted";

  final SqlitePool parcels() throws SQLException {
    return parcels(config -> config);
  }

  final SqlitePool parcels(UnaryOperator<PoolConfig.Builder> change) throws SQLException {
    SqlitePool pool = open(change);
    pool.useWriter(lease -> lease.script(TABLE));
    return pool;
  }

  static void insert(SqlitePool pool, String... codes) throws SQLException {
    pool.useWriter(
        lease ->
            lease.batch(
                "INSERT INTO parcel(code) VALUES (?)",
                List.of(codes),
                code -> new Object[] {code}));
  }

  /** What is committed, as the pool itself sees it. */
  static List<String> codes(SqlitePool pool) throws SQLException {
    String sql = "SELECT code FROM parcel ORDER BY id";
    return pool.read(lease -> lease.query(sql, row -> requireNonNull(row.getString(1))));
  }

  static long count(SqlitePool pool, String condition) throws SQLException {
    String sql = "SELECT count(*) FROM parcel WHERE " + condition;
    return pool.read(lease -> lease.queryOne(sql, row -> row.getLong(1)).orElseThrow());
  }

  /** A failure's cause, of the class that it must be. */
  static <X extends Throwable> X cause(Class<X> type, Throwable failure) {
    return assertInstanceOf(type, failure.getCause());
  }

  /** Runs an action while another thread's transaction holds the writer, with a row in it. */
  final void withWriterTaken(SqlitePool pool, ThrowingAction action) throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Background<String> other =
        start(
            "other",
            () -> {
              try (var lease = pool.acquireWriter()) {
                lease.update("INSERT INTO parcel(code) VALUES (?)", UNCOMMITTED);
                taken.countDown();
                over.await();
                lease.rollback();
              }
              return "rolled back";
            });
    try {
      Await.latch("the writer is taken", taken);
      action.run();
      assertEquals(1, pool.stats().writer().held(), "the other transaction is still there");
    } finally {
      over.countDown();
    }
    assertEquals("rolled back", other.result());
  }

  /**
   * Called by a thread whose transaction has written: another thread gets in line behind it, and so
   * shares its commit; when its turn comes, it makes SQLite roll back all that the two have done.
   */
  final void ruinTheGroup(SqlitePool pool) {
    start(
        "ruins all",
        () -> {
          try (var lease = pool.acquireWriter(Duration.ofMinutes(1))) {
            lease.update(
                "INSERT INTO parcel(code) VALUES ('harmless')"); // else the others go first
            return lease.update("INSERT OR ROLLBACK INTO parcel(code) VALUES (NULL)");
          }
        });
    Await.until("it is in line", () -> pool.stats().writer().waiting() == 1);
  }

  /** Runs an action in so many virtual threads at once; each is given its number. */
  final void inThreads(int count, ThrowingConsumer action) {
    CountDownLatch go = new CountDownLatch(1);
    List<Background<String>> threads =
        IntStream.range(0, count)
            .mapToObj(
                number ->
                    start(
                        "thread " + number,
                        () -> {
                          go.await();
                          action.accept(number);
                          return "done";
                        }))
            .toList();
    go.countDown();
    threads.forEach(thread -> assertEquals("done", thread.result()));
  }

  @FunctionalInterface
  interface ThrowingAction {
    void run() throws Exception;
  }

  @FunctionalInterface
  interface ThrowingConsumer {
    void accept(int number) throws Exception;
  }
}
