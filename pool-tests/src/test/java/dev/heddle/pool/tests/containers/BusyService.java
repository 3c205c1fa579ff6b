package dev.heddle.pool.tests.containers;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.ChildJvm;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * A service with a pool as it is by default, and with far more virtual threads than that has
 * connections: they write, read, stream a large result, and run slow queries, while a heart beats.
 * When it is told to end, it closes the pool under them.
 */
public final class BusyService {

  /** Before what the defaults have become. */
  static final String DEFAULTS = "defaults ";

  /** Said when it has streamed the large result as often as is wanted. */
  static final String ENOUGH = "enough";

  /** Before what should not have happened. */
  static final String FAILED = "failed ";

  /** Before what was done, for people. */
  static final String DONE = "done ";

  /** Before the number of rows whose commit has returned: the last thing that is said. */
  static final String ACKNOWLEDGED = "acknowledged ";

  private static final int WRITING = 200;
  private static final int READING = 200;
  private static final int STREAMING = 2;
  private static final int COMPUTING = 2;

  private static final String SCHEMA =
      """
      CREATE TABLE t(id INTEGER PRIMARY KEY, v);
      CREATE TABLE large(id INTEGER PRIMARY KEY, v);
      """;

  /** 24 MiB in small transactions, more than the page cache of any connection. */
  private static final int PORTIONS = 12;

  private static final String PORTION =
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 512)
      INSERT INTO large(v) SELECT randomblob(4000) FROM n
      """;

  /** Some tenths of a second, for a processor that does nothing else. */
  private static final String COMPUTE =
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000)
      SELECT max(i) FROM n
      """;

  private final SqlitePool pool;
  private final int enough;
  private final List<Thread> threads = new ArrayList<>();
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder reads = new LongAdder();
  private final AtomicLong streams = new AtomicLong();
  private final AtomicLong beats = new AtomicLong();
  private volatile boolean closing;

  private BusyService(SqlitePool pool, int enough) {
    this.pool = pool;
    this.enough = enough;
  }

  /**
   * Runs it until it is told to end.
   *
   * @param arguments file, how many streams are enough
   */
  public static void main(String[] arguments) throws Exception {
    PoolConfig config =
        PoolConfig.builder(Path.of(arguments[0])).acquireTimeout(Duration.ofMinutes(5)).build();
    BusyService service = new BusyService(SqlitePool.open(config), Integer.parseInt(arguments[1]));
    service.fill();
    service.start();
    Runtime.getRuntime().addShutdownHook(new Thread(service::end));
    service.sayDefaults();
    service.join();
  }

  private void fill() throws SQLException {
    pool.useWriter(lease -> lease.script(SCHEMA));
    for (int i = 0; i < PORTIONS; i++) {
      pool.useWriter(lease -> lease.update(PORTION));
    }
  }

  private void start() {
    Thread.startVirtualThread(this::beat);
    start(WRITING, this::write);
    start(READING, this::read);
    start(STREAMING, this::stream);
    start(COMPUTING, this::compute);
  }

  private void sayDefaults() {
    var scheduler = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    ChildJvm.say(
        DEFAULTS
            + "processors=%d readers=%d carriers=%d"
                .formatted(
                    Runtime.getRuntime().availableProcessors(),
                    pool.stats().readers().connections(),
                    scheduler.getParallelism()));
  }

  /** What a thread does again and again. */
  private interface Step {
    void run() throws SQLException;
  }

  private void start(int count, Step step) {
    for (int i = 0; i < count; i++) {
      threads.add(Thread.startVirtualThread(() -> repeat(step)));
    }
  }

  /** Until it fails, as everything does in the end, when the pool is closed. */
  private void repeat(Step step) {
    try {
      while (true) {
        step.run();
      }
    } catch (SQLException | RuntimeException | Error e) {
      if (!(closing && e instanceof SQLException closed && "08003".equals(closed.getSQLState()))) {
        ChildJvm.say(FAILED + e.toString().replace('\n', ' '));
      }
    }
  }

  /** Until the process ends: while the pool is being closed, there are queries still. */
  private void beat() {
    while (true) {
      LockSupport.parkNanos(1_000_000);
      beats.incrementAndGet();
    }
  }

  private void write() throws SQLException {
    pool.useWriter(lease -> lease.insert("INSERT INTO t(v) VALUES (?)", "x".repeat(100)));
    acknowledged.increment();
  }

  private void read() throws SQLException {
    pool.useReader(
        lease -> lease.query("SELECT id FROM t ORDER BY id DESC LIMIT 5", row -> row.getLong(1)));
    reads.increment();
  }

  private void stream() throws SQLException {
    pool.useReader(lease -> lease.forEach("SELECT v FROM large", row -> row.getBytes(1)));
    if (streams.incrementAndGet() == enough) {
      ChildJvm.say(ENOUGH);
    }
  }

  /** Inside of SQLite a thread keeps its carrier: the heart needs another one. */
  private void compute() throws SQLException {
    try (ReadLease lease = pool.acquireReader()) {
      long before = beats.get();
      lease.query(COMPUTE, row -> row.getLong(1));
      if (beats.get() == before) {
        ChildJvm.say(FAILED + "no heartbeat during a query");
      }
    }
  }

  private void end() {
    closing = true;
    pool.close();
    join();
    ChildJvm.say(
        DONE
            + "%s commits, %s reads, %s streams; resident: %s"
                .formatted(acknowledged, reads, streams, mostResident()));
    ChildJvm.say(ACKNOWLEDGED + acknowledged);
  }

  private void join() {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("Nobody interrupts here", e);
    }
  }

  private static String mostResident() {
    try {
      return Files.readString(Path.of("/proc/self/status"))
          .lines()
          .filter(line -> line.startsWith("VmHWM"))
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return e.toString();
    }
  }
}
