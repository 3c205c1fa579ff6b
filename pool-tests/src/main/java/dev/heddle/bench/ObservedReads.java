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
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/** Point reads of many virtual threads for a moment, while somebody looks on, or nobody does. */
final class ObservedReads {

  private static final long WARM_NANOS = 150_000_000;
  private static final String QUERY = "SELECT name FROM t WHERE id = ?";

  /** Who looks on. */
  enum Observer {
    NOBODY("nobody"),
    NO_CLOCK("nobody, slow-statement.after=0"),
    METRICS("metrics, scraped by Prometheus"),
    RECORDING("JFR, default.jfc"),
    OWN_EVENTS("JFR, the events of the pool only");

    private final String text;

    Observer(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private final Path file;
  private final int threads;
  private final int readers;

  ObservedReads(Path file, int threads, int readers) {
    this.file = file;
    this.threads = threads;
    this.readers = readers;
  }

  /** How many reads a second there were. */
  double perSecond(Observer observer, Duration time)
      throws SQLException, InterruptedException, IOException, ParseException {
    PoolConfig.Builder config = PoolConfig.builder(file).readers(readers);
    if (observer == Observer.NO_CLOCK) {
      config.slowStatementAfter(Duration.ZERO);
    }
    try (SqlitePool pool = SqlitePool.open(config.build())) {
      return switch (observer) {
        case NOBODY, NO_CLOCK -> reads(pool, time);
        case METRICS -> {
          PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
          new PoolMetrics(pool).bindTo(registry);
          double reads = reads(pool, time);
          if (!registry.scrape().contains("heddle_lease_acquire")) {
            throw new IllegalStateException("the metrics are not there");
          }
          yield reads;
        }
        case RECORDING ->
            recorded(new Recording(Configuration.getConfiguration("default")), pool, time);
        case OWN_EVENTS -> recorded(new Recording(), pool, time);
      };
    }
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
