package dev.heddle.pool.metrics;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.PoolStats;
import java.util.concurrent.TimeUnit;

/**
 * The numbers of a pool, at most a tenth of a second old: whoever reads all meters one after the
 * other asks the pool, and takes its locks, once.
 */
final class StatsOfAMoment {

  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private record Taken(PoolStats stats, long nanos) {}

  private final LeasePool pool;
  private volatile Taken latest;

  StatsOfAMoment(LeasePool pool) {
    this.pool = pool;
    this.latest = take();
  }

  PoolStats get() {
    Taken taken = latest;
    if (System.nanoTime() - taken.nanos > FRESH_NANOS) {
      taken = take();
      latest = taken;
    }
    return taken.stats;
  }

  private Taken take() {
    return new Taken(pool.stats(), System.nanoTime());
  }
}
