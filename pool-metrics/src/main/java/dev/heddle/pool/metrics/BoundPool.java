package dev.heddle.pool.metrics;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.SqlitePool;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The meters of a pool in one registry, and what feeds them, until the pool is closed. */
final class BoundPool implements PoolListener {

  private final Meters meters;
  private final StatsOfAMoment stats;
  private final Runnable afterClose;

  private final Map<Lane, LaneMeters> lanes = new EnumMap<>(Lane.class);
  private final TroubleCounters troubles;

  /** Null if the pool is read-only. */
  private final @Nullable WritingMeters writing;

  private BoundPool(Meters meters, StatsOfAMoment stats, Runnable afterClose) {
    this.meters = meters;
    this.stats = stats;
    this.afterClose = afterClose;
    this.troubles = new TroubleCounters(meters);
    lanes.put(Lane.READER, new LaneMeters(meters, stats, Lane.READER));
    if (stats.get().writer().connections() > 0) {
      lanes.put(Lane.WRITER, new LaneMeters(meters, stats, Lane.WRITER));
      this.writing = new WritingMeters(meters, stats);
    } else {
      this.writing = null;
    }
    registerStatements();
    registerWal();
  }

  /** Registers the meters of a pool, which keeps them from then on. */
  static void bind(SqlitePool pool, MeterRegistry registry, Runnable afterClose) {
    StatsOfAMoment stats = new StatsOfAMoment(pool);
    String name = stats.get().pool();
    Meters meters = new Meters(registry, name);
    if (meters.areThere()) {
      throw new IllegalStateException(
          "Another pool named '"
              + name
              + "' has its meters in this registry: give each pool a name of its own (the option"
              + " 'name')");
    }
    try {
      pool.listen(new BoundPool(meters, stats, afterClose));
    } catch (Throwable failure) {
      meters.remove();
      throw failure;
    }
  }

  private void registerStatements() {
    meters.count(
        PoolMeter.STATEMENT_CACHE, stats, all -> all.get().statementCacheHits(), "result", "hit");
    meters.count(
        PoolMeter.STATEMENT_CACHE,
        stats,
        all -> all.get().statementCacheMisses(),
        "result",
        "miss");
    meters.count(PoolMeter.BUSY_RETRIES, stats, all -> all.get().busyRetries());
  }

  private void registerWal() {
    meters.gauge(PoolMeter.WAL_BYTES, stats, all -> all.get().checkpoints().walBytes());
    meters.gauge(
        PoolMeter.WAL_PAGES, stats, all -> all.get().checkpoints().walPages(), "state", "all");
    meters.gauge(
        PoolMeter.WAL_PAGES, stats, all -> all.get().checkpoints().movedPages(), "state", "moved");
  }

  @Override
  public void leaseEnded(Lease lease) {
    LaneMeters lane = lanes.get(lease.lane());
    if (lane != null) {
      lane.add(lease);
    }
  }

  @Override
  public void committed(Commit commit) {
    if (writing != null) {
      writing.add(commit);
    }
  }

  @Override
  public void checkpointed(Checkpoint checkpoint) {
    if (writing != null) {
      writing.add(checkpoint);
    }
  }

  @Override
  public void slowStatement(SlowStatement statement) {
    LaneMeters lane = lanes.get(statement.lane());
    if (lane != null) {
      lane.addSlowStatement();
    }
  }

  @Override
  public void leaseInTrouble(Trouble trouble) {
    troubles.add(trouble);
  }

  @Override
  public void poolClosed() {
    meters.remove();
    afterClose.run();
  }
}
