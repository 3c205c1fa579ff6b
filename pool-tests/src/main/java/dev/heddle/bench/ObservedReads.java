package dev.heddle.bench;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.metrics.PoolMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/** Point reads of many virtual threads for a moment, while somebody looks on, or nobody does. */
final class ObservedReads implements AutoCloseable {

  private static final long WARM_NANOS = 150_000_000;
  private static final String QUERY = "SELECT name FROM t WHERE id = ?";

  /** Who looks on. */
  enum Observer {
    NOBODY("nobody"),
    NO_CLOCK("nobody, slow-statement.after=0"),
    METRICS("metrics, scraped by Prometheus"),
    BARE_RECORDING("JFR without the pool's events"),
    RECORDING("JFR, as it is switched on"),
    LEASES("JFR, and each lease");

    private final String text;

    Observer(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private final int threads;
  private final SqlitePool plain;
  private final SqlitePool withoutClock;
  private final SqlitePool measured;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  ObservedReads(Path file, int threads, int readers) throws SQLException {
    this.threads = threads;
    this.plain = open(file, readers, "plain", config -> config);
    this.withoutClock =
        open(
            file,
            readers,
            "clockless",
            config -> config.reserveCarriers(false).slowStatementAfter(Duration.ZERO));
    this.measured = open(file, readers, "measured", config -> config.reserveCarriers(false));
    new PoolMetrics(measured).bindTo(registry);
  }

  /**
   * Each has the same file, whose pages are in the cache of the system for all of them. One
   * reserves carriers, and that is for the JVM: with those of all there would be more than a
   * program has.
   */
  private static SqlitePool open(
      Path file, int readers, String name, UnaryOperator<PoolConfig.Builder> change)
      throws SQLException {
    return SqlitePool.open(
        change.apply(PoolConfig.builder(file).readers(readers).name(name)).build());
  }

  @Override
  public void close() {
    plain.close();
    withoutClock.close();
    measured.close();
  }

  /** How many reads a second there were. */
  double perSecond(Observer observer, Duration time)
      throws InterruptedException, IOException, ParseException {
    return switch (observer) {
      case NOBODY -> reads(plain, time);
      case NO_CLOCK -> reads(withoutClock, time);
      case METRICS -> measured(time);
      case BARE_RECORDING, RECORDING, LEASES -> recorded(recording(observer), plain, time);
    };
  }

  private double measured(Duration time) throws InterruptedException {
    double reads = reads(measured, time);
    if (!registry.scrape().contains("heddle_lease_acquire")) {
      throw new IllegalStateException("the metrics are not there");
    }
    return reads;
  }

  private static Recording recording(Observer observer) throws IOException, ParseException {
    Recording recording = new Recording(Configuration.getConfiguration("default"));
    if (observer == Observer.LEASES) {
      recording.enable("dev.heddle.pool.Lease");
    } else if (observer == Observer.BARE_RECORDING) {
      for (String event : List.of("Acquire", "Commit", "Checkpoint")) {
        recording.disable("dev.heddle.pool." + event);
      }
    }
    return recording;
  }

  private double recorded(Recording recording, SqlitePool pool, Duration time)
      throws InterruptedException {
    try (recording) {
      recording.start();
      return reads(pool, time);
    }
  }

  private double reads(SqlitePool pool, Duration time) throws InterruptedException {
    LongAdder reads = new LongAdder();
    List<Thread> all = new ArrayList<>();
    Stop stop = new Stop();
    for (int i = 0; i < threads; i++) {
      all.add(Thread.ofVirtual().start(() -> readUntil(stop, pool, reads)));
    }
    LockSupport.parkNanos(WARM_NANOS);
    long before = reads.sum();
    long start = System.nanoTime();
    LockSupport.parkNanos(time.toNanos());
    double perSecond = (reads.sum() - before) * 1e9 / (System.nanoTime() - start);
    stop.now = true;
    for (Thread thread : all) {
      thread.join();
    }
    if (stop.failure != null) {
      throw new IllegalStateException("a read failed", stop.failure);
    }
    return perSecond;
  }

  /** Read by all who read. */
  private static final class Stop {
    volatile boolean now;
    volatile @Nullable Throwable failure;
  }

  private static void readUntil(Stop stop, SqlitePool pool, LongAdder reads) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    try {
      while (!stop.now) {
        int id = 1 + random.nextInt(Database.ROWS);
        pool.read(lease -> lease.queryOne(QUERY, row -> row.getString(1), id).orElseThrow());
        reads.increment();
      }
    } catch (SQLException e) {
      stop.failure = e;
      stop.now = true;
    }
  }
}
