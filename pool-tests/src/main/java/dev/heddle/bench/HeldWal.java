package dev.heddle.bench;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Threads that each change one row of a large table and commit it, over and over, while somebody
 * begins to read, stays in that snapshot, and leaves it: how long writers wait, how long the WAL
 * gets, and when it is short again. A JVM of its own for each holder of the snapshot.
 */
final class HeldWal {

  /** A lease of the pool holds the snapshot. */
  static final String LEASE = "lease";

  /** Another process holds it. */
  static final String PROCESS = "process";

  /** Nobody does: what the load is like by itself. */
  static final String NOBODY = "nobody";

  /** Above this the pool has a WAL truncated, if it is not told otherwise. */
  static final long LIMIT = 64L << 20;

  /** Between two looks at the length of the WAL. */
  static final Duration TICK = Duration.ofMillis(250);

  private static final String COUNT = "SELECT count(*) FROM wide WHERE id < 1000";
  private static final Measurement.Warming WARMING = new Measurement.Warming(1, 10_000, 5);

  /** Somebody who holds a snapshot. */
  interface Holder {

    void begin() throws SQLException, IOException;

    void leave() throws IOException, InterruptedException;
  }

  /** When a unit ended. */
  private enum Stage {
    BEFORE,
    DURING,
    AFTER;

    String key(String figure) {
      return figure + name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
  }

  /** What was done in one stage. */
  private static final class Tally {
    private final LongAdder units = new LongAdder();
    private final LongAccumulator longestNanos = new LongAccumulator(Math::max, 0);
    private double seconds;
  }

  private final Path file;
  private final int seconds;
  private final Measurement measurement = new Measurement();
  private final Crowd crowd = new Crowd(measurement, false);
  private final Map<Stage, Tally> tallies = new EnumMap<>(Stage.class);
  private final Figures figures = new Figures();
  private final WalSize wal;
  private volatile Stage stage = Stage.BEFORE;

  private HeldWal(Path file, int seconds) {
    this.file = file;
    this.seconds = seconds;
    this.wal = WalSize.watch(file);
    for (Stage each : Stage.values()) {
      tallies.put(each, new Tally());
    }
  }

  /**
   * Measures with one holder.
   *
   * @param args who holds the snapshot, file, value of {@code synchronous}, threads, seconds for
   *     each of before, during and after
   */
  public static void main(String[] args) throws Exception {
    HeldWal held = new HeldWal(Path.of(args[1]), Integer.parseInt(args[4]));
    held.run(args[0], args[2], Integer.parseInt(args[3]));
  }

  private void run(String who, String synchronous, int threads)
      throws SQLException, IOException, InterruptedException {
    Reports reports = Reports.listen();
    try (SqlitePool pool = Contenders.heddle(file, 2, synchronous)) {
      ReadBack.requireSynchronous(ReadBack.ofWriter(pool), synchronous);
      crowd.start(Thread.ofVirtual().factory(), threads, random -> update(pool, random));
      Holder holder = holder(who, pool);
      measurement.run(WARMING, () -> stages(holder), () -> {});
      crowd.join();
    }
    tallies.forEach(this::put);
    figures.put("peakMiB", wal.peakMiB()).put("reports", reports.count.get());
    figures.units(measurement, crowd).print();
  }

  private long update(SqlitePool pool, long random) throws SQLException {
    long nanos = RandomUpdates.update(pool, random);
    Tally tally = tallies.get(stage);
    if (tally != null && measurement.phase() == Measurement.Phase.MEASURING) {
      tally.units.increment();
      tally.longestNanos.accumulate(nanos);
    }
    return nanos;
  }

  private void stages(Holder holder) throws InterruptedException {
    try {
      wal.forget();
      pass(Stage.BEFORE);
      holder.begin();
      pass(Stage.DURING);
      figures.put("leftMiB", wal.bytes() / WalSize.MIB);
      holder.leave();
      wal.await(LIMIT);
      pass(Stage.AFTER);
      wal.stop(figures, "shortMillis"); // close() truncates it, too
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("no snapshot", e);
    }
  }

  private Holder holder(String who, SqlitePool pool) throws IOException {
    return switch (who) {
      case NOBODY -> new Nobody();
      case LEASE -> new Lease(pool);
      case PROCESS -> SnapshotHolder.start(file, COUNT);
      default -> throw new IllegalArgumentException(who);
    };
  }

  private static final class Nobody implements Holder {
    @Override
    public void begin() {}

    @Override
    public void leave() {}
  }

  private static final class Lease implements Holder {
    private final SqlitePool pool;
    private @Nullable ReadLease lease;

    Lease(SqlitePool pool) {
      this.pool = pool;
    }

    @Override
    public void begin() throws SQLException {
      lease = pool.acquireSnapshot(LeaseOptions.DEFAULTS.withLabel("long report"));
      lease.query(COUNT);
    }

    @Override
    public void leave() {
      if (lease != null) {
        lease.close();
      }
    }
  }

  /** Stays in a stage for its time, and looks at the WAL. */
  private void pass(Stage current) throws InterruptedException {
    stage = current;
    long start = System.nanoTime();
    long ticks = seconds * 1000L / TICK.toMillis();
    for (long i = 0; i < ticks; i++) {
      figures.put(current.key("walMiB"), wal.bytes() / WalSize.MIB);
      Thread.sleep(TICK);
    }
    Tally tally = tallies.get(current);
    if (tally != null) {
      tally.seconds = (System.nanoTime() - start) / 1e9;
    }
  }

  private void put(Stage ended, Tally tally) {
    figures.put(ended.key("rate"), tally.units.sum() / tally.seconds);
    figures.put(ended.key("longestMillis"), tally.longestNanos.get() / 1e6);
  }

  /** What the pool reports about its upkeep. */
  private static final class Reports extends AppenderBase<ILoggingEvent> {
    private final AtomicInteger count = new AtomicInteger();

    static Reports listen() {
      Reports reports = new Reports();
      reports.start();
      if (LoggerFactory.getLogger("dev.heddle.pool.upkeep") instanceof Logger logger) {
        logger.addAppender(reports);
      }
      return reports;
    }

    @Override
    protected void append(ILoggingEvent event) {
      count.incrementAndGet();
    }
  }
}
