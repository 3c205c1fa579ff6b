package dev.heddle.pool.tests;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process that writes and reads through a pool until its input says so, or it is killed. Each
 * unit puts the same id into two tables. What was committed is said, and so is every failure.
 */
public final class WritingProcess {

  /** The ids of one process begin at its number times this. */
  static final long IDS = 1_000_000;

  /** Around the id of a unit whose commit has returned: a line may be torn by a kill. */
  private static final String BEGIN = "<";

  private static final String END = ">";

  /** Before what went wrong. */
  static final String FAILED = "failed ";

  /** The last thing that is said, when the pool has been closed. */
  public static final String CLOSED = "closed";

  private static final String LAST_OF_A = "SELECT ifnull(max(id), 0) FROM a";
  private static final String LAST_OF_B = "SELECT ifnull(max(id), 0) FROM b";

  private static final int SHARING = 24;
  private static final int ALONE = 2;
  private static final int READING = 2;

  private final SqlitePool pool;
  private final AtomicLong ids;
  private volatile boolean over;

  private WritingProcess(SqlitePool pool, long number) {
    this.pool = pool;
    this.ids = new AtomicLong(IDS * number);
  }

  /**
   * Runs it.
   *
   * @param arguments file, a number that no other process on this file has
   */
  public static void main(String[] arguments) throws Exception {
    PoolConfig config =
        PoolConfig.builder(Path.of(arguments[0]))
            .readers(READING + 1)
            .acquireTimeout(Duration.ofMinutes(5))
            .build();
    try (SqlitePool pool = SqlitePool.open(config)) {
      new WritingProcess(pool, Long.parseLong(arguments[1])).run();
    } catch (SQLException e) {
      failed("open", e);
    }
    ChildJvm.say(CLOSED);
  }

  private void run() throws SQLException, IOException, InterruptedException {
    pool.useWriter(
        lease ->
            lease.script(
                "CREATE TABLE IF NOT EXISTS a(id INTEGER PRIMARY KEY, v);"
                    + "CREATE TABLE IF NOT EXISTS b(id INTEGER PRIMARY KEY, v)"));
    List<Thread> threads = new ArrayList<>();
    start(threads, SHARING, "sharing", () -> unit(LeaseOptions.DEFAULTS));
    start(threads, ALONE, "alone", () -> unit(LeaseOptions.DEFAULTS.withCommitAlone(true)));
    start(threads, READING, "reading", this::read);
    start(threads, 1, "snapshot", this::snapshot);
    System.in.read();
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** What a thread does again and again. */
  private interface Step {
    void run() throws SQLException;
  }

  private void start(List<Thread> threads, int count, String name, Step step) {
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofVirtual().name(name).start(() -> repeat(name, step)));
    }
  }

  private void repeat(String name, Step step) {
    while (!over) {
      try {
        step.run();
      } catch (SQLException | RuntimeException | Error e) {
        failed(name, e);
      }
    }
  }

  private void unit(LeaseOptions options) throws SQLException {
    long id = ids.incrementAndGet();
    if (id % 10 == 0) {
      leave(-id);
    }
    pool.useWriter(options, lease -> insert(lease, id));
    ChildJvm.say(BEGIN + id + END);
  }

  /** One that is not to be kept. */
  private void leave(long id) throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      insert(lease, id);
      lease.rollback();
    }
  }

  private static void insert(WriteLease lease, long id) throws SQLException {
    lease.update("INSERT INTO a(id, v) VALUES (?, ?)", id, "x".repeat((int) Math.abs(id % 50)));
    lease.update("INSERT INTO b(id, v) VALUES (?, ?)", id, "y".repeat((int) Math.abs(id % 300)));
  }

  private void read() throws SQLException {
    pool.useReader(
        lease ->
            requireWhole(
                lease.query(LAST_OF_A + " UNION ALL " + LAST_OF_B, row -> row.getLong(1))));
  }

  private void snapshot() throws SQLException {
    try (ReadLease lease = pool.acquireSnapshot()) {
      long left = lease.queryOne(LAST_OF_A, row -> row.getLong(1)).orElseThrow();
      long right = lease.queryOne(LAST_OF_B, row -> row.getLong(1)).orElseThrow();
      requireWhole(List.of(left, right));
    }
  }

  private static void requireWhole(List<Long> last) {
    if (!last.getFirst().equals(last.getLast())) {
      throw new AssertionError("a unit is torn: " + last);
    }
  }

  /** The id in a line that says of a unit that it was committed. */
  static OptionalLong committed(String line) {
    return line.startsWith(BEGIN) && line.endsWith(END)
        ? OptionalLong.of(Long.parseLong(line.substring(1, line.length() - 1)))
        : OptionalLong.empty();
  }

  private static void failed(String who, Throwable e) {
    String state = e instanceof SQLException sql ? sql.getSQLState() : "";
    ChildJvm.say(FAILED + who + " " + state + " " + e.toString().replace('\n', ' '));
  }
}
