package dev.heddle.examples.demo;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * How often which time was seen: for any number of threads, in fixed space.
 *
 * <p>The buckets are log-linear: each power of two has 32 of them, so a percentile is at most 1/32
 * too high, and never too low.
 */
public final class Histogram {

  private static final int SUB_BITS = 5;
  private static final int SUB = 1 << SUB_BITS;
  private static final int BUCKETS = (Long.SIZE - SUB_BITS) * SUB;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
  private final LongAccumulator max = new LongAccumulator(Math::max, 0);

  /** Counts one time. */
  public void record(long nanos) {
    long value = Math.max(0, nanos);
    counts.incrementAndGet(bucket(value));
    max.accumulate(value);
  }

  /** Forgets all. */
  public void reset() {
    for (int i = 0; i < BUCKETS; i++) {
      counts.set(i, 0);
    }
    max.reset();
  }

  /** How many there are. */
  public long count() {
    long count = 0;
    for (int i = 0; i < BUCKETS; i++) {
      count += counts.get(i);
    }
    return count;
  }

  /** The longest, exactly. */
  public long max() {
    return max.get();
  }

  /** The time that this share of all, from 0 to 1, did not exceed. */
  public long percentile(double share) {
    long rank = (long) Math.ceil(share * count());
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts.get(i);
      if (seen >= rank) {
        return Math.min(highest(i), max());
      }
    }
    return max();
  }

  private static int bucket(long value) {
    int highestBit = Long.SIZE - 1 - Long.numberOfLeadingZeros(value | 1);
    int shift = Math.max(0, highestBit - SUB_BITS);
    return shift * SUB + (int) (value >>> shift);
  }

  private static long highest(int bucket) {
    int shift = Math.max(0, bucket / SUB - 1);
    long lowest = (long) (bucket - shift * SUB) << shift;
    return lowest + (1L << shift) - 1;
  }
}
