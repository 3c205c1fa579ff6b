package dev.heddle.pool.metrics;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The percentiles of the last one to two minutes. What was counted by then is noted whenever
 * somebody reads and the latest note is older than a minute, so no thread is needed; if nobody has
 * read for longer, they are those since the last time that somebody did.
 */
final class RecentTimes {

  private static final long STEP_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final TimeCounts times;
  private final LongSupplier clock;

  // Guarded by this: two notes.

  private long[] older;
  private long[] newer;
  private long newerNanos;

  RecentTimes(TimeCounts times, LongSupplier clock) {
    this.times = times;
    this.clock = clock;
    this.older = times.counts();
    this.newer = older;
    this.newerNanos = clock.getAsLong();
  }

  /** The time that this part of the recent times did not exceed, in nanoseconds; NaN of none. */
  synchronized double percentile(double part) {
    long[] counts = times.counts();
    long[] before = noted(counts);
    long all = 0;
    for (int i = 0; i < counts.length; i++) {
      counts[i] -= before[i];
      all += counts[i];
    }
    return all == 0 ? Double.NaN : within(counts, part * all);
  }

  /** What was counted when the recent times began. */
  private long[] noted(long[] counts) {
    long now = clock.getAsLong();
    if (now - newerNanos >= STEP_NANOS) {
      older = newer;
      newer = counts.clone();
      newerNanos = now;
    }
    return older;
  }

  /** Where the time with this rank is, if those in a bucket are spread evenly. */
  private static double within(long[] counts, double rank) {
    long below = 0;
    int bucket = 0;
    while (below + counts[bucket] < rank) {
      below += counts[bucket];
      bucket++;
    }
    long from = bucket == 0 ? 0 : Times.bound(bucket - 1);
    return from + (Times.bound(bucket) - from) * ((rank - below) / counts[bucket]);
  }
}
