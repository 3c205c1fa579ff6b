package dev.heddle.bench;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Many long-lived virtual threads that each read one row, over and over, for a fixed time. A JVM of
 * its own for each contender: {@link #main} prints what it counted as lines {@code figure
 * key=value}.
 *
 * <p>Between two reads a thread yields, as it would when it answers a request and waits for the
 * next one. Without that ("tight") a virtual thread that never has to wait for a connection keeps
 * its carrier for ever, and most of the threads are never served at all.
 */
final class PointReads {

  /** Begins the lines that count; a pool may print others. */
  static final String FIGURE = "figure ";

  private static final String SELECT = "SELECT name, balance FROM t WHERE id = ?";

  /** What a program would make of a row. */
  private record Account(@Nullable String name, long balance) {}

  /** One read; gives the nanoseconds that it waited for a connection. */
  private interface Read {
    long run(long id) throws SQLException;
  }

  private enum Phase {
    WARMING,
    MEASURING,
    OVER
  }

  private static volatile Phase phase = Phase.WARMING;

  private static boolean yields;

  /** Compiled code needs so many, however little of the processor the JVM gets. */
  private static final int WARM_ENOUGH = 400_000;

  private static final int LONGEST_WARMING_SECONDS = 20;

  private static final LongAdder WARM_READS = new LongAdder();

  private PointReads() {}

  /**
   * Measures one contender.
   *
   * @param args heddle, heddle-off or hikari; connections; file; threads; seconds to warm up at
   *     least; seconds to measure; yield or tight
   */
  public static void main(String[] args) throws Exception {
    int connections = Integer.parseInt(args[1]);
    Path file = Path.of(args[2]);
    int threads = Integer.parseInt(args[3]);
    int warming = Integer.parseInt(args[4]);
    int measuring = Integer.parseInt(args[5]);
    yields = args[6].equals("yield");
    if (args[0].equals("hikari")) {
      try (HikariDataSource pool = Contenders.hikari(file, connections)) {
        print(measure(id -> read(pool, id), threads, warming, measuring));
      }
    } else {
      boolean reserve = args[0].equals("heddle");
      try (SqlitePool pool = Contenders.heddle(file, connections, reserve)) {
        print(measure(id -> read(pool, id), threads, warming, measuring));
      }
    }
  }

  private static void print(Map<String, Double> figures) {
    figures.forEach((key, value) -> System.out.println(FIGURE + key + "=" + value));
  }

  private static long read(SqlitePool pool, long id) throws SQLException {
    long start = System.nanoTime();
    try (ReadLease lease = pool.acquireReader()) {
      long waited = System.nanoTime() - start;
      Account account =
          lease
              .queryOne(SELECT, row -> new Account(row.getString(1), row.getLong(2)), id)
              .orElseThrow();
      check(account, id);
      return waited;
    }
  }

  private static long read(HikariDataSource pool, long id) throws SQLException {
    long start = System.nanoTime();
    try (Connection connection = pool.getConnection()) {
      long waited = System.nanoTime() - start;
      try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
        statement.setLong(1, id);
        try (ResultSet row = statement.executeQuery()) {
          if (!row.next()) {
            throw new AssertionError("no row " + id);
          }
          check(new Account(row.getString(1), row.getLong(2)), id);
        }
      }
      return waited;
    }
  }

  private static void check(Account account, long id) {
    if (account.balance() != id * 17 || account.name() == null) {
      throw new AssertionError("row " + id + " is " + account);
    }
  }

  private static final class Reader implements Runnable {
    private final Read read;
    private final CountDownLatch go;
    private final Histogram waits = new Histogram();
    private long random;
    private @Nullable Throwable failure;

    Reader(Read read, CountDownLatch go, long seed) {
      this.read = read;
      this.go = go;
      this.random = seed;
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // it is the scheduler that is made to go round
    public void run() {
      try {
        go.await();
        while (true) {
          long waited = read.run(nextId());
          Phase now = phase;
          if (now == Phase.MEASURING) {
            waits.record(waited);
          } else if (now == Phase.OVER) {
            return;
          } else {
            WARM_READS.increment();
          }
          if (yields) {
            Thread.yield();
          }
        }
      } catch (Throwable t) {
        failure = t;
      }
    }

    private long nextId() {
      random ^= random << 13;
      random ^= random >>> 7;
      random ^= random << 17;
      return Long.remainderUnsigned(random, Database.ROWS) + 1;
    }
  }

  private static Map<String, Double> measure(Read read, int threads, int warming, int measuring)
      throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    List<Reader> readers = new ArrayList<>();
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Reader reader = new Reader(read, go, 0x9E3779B97F4A7C15L * (i + 1));
      readers.add(reader);
      all.add(Thread.ofVirtual().start(reader));
    }
    Thread.sleep(200);
    go.countDown();
    for (int i = 0; i < LONGEST_WARMING_SECONDS; i++) {
      if (i >= warming && WARM_READS.sum() >= WARM_ENOUGH) {
        break;
      }
      Thread.sleep(1000);
    }
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    com.sun.management.ThreadMXBean memory =
        ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);
    long bytes = memory.getTotalThreadAllocatedBytes();
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    phase = Phase.MEASURING;
    Thread.sleep(measuring * 1000L);
    phase = Phase.OVER;
    long nanos = System.nanoTime() - start;
    cpu = system.getProcessCpuTime() - cpu;
    bytes = memory.getTotalThreadAllocatedBytes() - bytes;
    for (Thread thread : all) {
      thread.join();
    }
    return figures(readers, nanos, cpu, bytes);
  }

  private static Map<String, Double> figures(
      List<Reader> readers, long nanos, long cpu, long bytes) {
    Histogram waits = new Histogram();
    long least = Long.MAX_VALUE;
    long most = 0;
    int unserved = 0;
    for (Reader reader : readers) {
      if (reader.failure != null) {
        throw new AssertionError("a reader failed", reader.failure);
      }
      waits.add(reader.waits);
      least = Math.min(least, reader.waits.total());
      most = Math.max(most, reader.waits.total());
      unserved += reader.waits.total() == 0 ? 1 : 0;
    }
    double reads = waits.total();
    Map<String, Double> figures = new TreeMap<>();
    figures.put("readsPerSecond", reads * 1e9 / nanos);
    figures.put("kReadsPerSecond", reads * 1e6 / nanos);
    figures.put("cpuMicrosPerRead", cpu / 1e3 / reads);
    figures.put("bytesPerRead", bytes / reads);
    figures.put("waitP50Micros", waits.percentile(0.5) / 1e3);
    figures.put("waitP99Micros", waits.percentile(0.99) / 1e3);
    figures.put("waitMaxMicros", waits.max() / 1e3);
    figures.put("unserved", (double) unserved);
    figures.put("leastServed", (double) least);
    figures.put("mostServed", (double) most);
    return figures;
  }
}
