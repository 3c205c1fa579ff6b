package dev.heddle.pool.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long something took, each time: a histogram that many threads add to at once. Micrometer's
 * own takes about a hundred nanoseconds for each time; this one is for what may take only a few.
 *
 * <p>A time goes to one of several stripes, by its thread, so that cores seldom write to the same
 * memory. Nothing is lost: counts and the total are exact.
 */
final class Times implements TimeCounts {

  /** The upper bounds of all buckets but the last, which has none: 1 µs to 100 s. */
  private static final long[] BOUNDS = bounds();

  private static final int BUCKETS = BOUNDS.length + 1;

  /** A stripe is the buckets, each with its total beside it, and a cache line that is unused. */
  private static final int STRIPE = 2 * BUCKETS + 8;

  /** For the highest four bits of a time: the bucket of the shortest that has them. */
  private static final byte[] FIRST_BUCKETS = firstBuckets();

  private static final int STRIPES =
      Integer.highestOneBit(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 32)) * 2;

  private final AtomicLongArray cells = new AtomicLongArray(STRIPES * STRIPE);

  private static long[] bounds() {
    long[] bounds = new long[49];
    int next = 0;
    for (long decade = 1_000; decade < 100_000_000_000L; decade *= 10) {
      for (int tenths : new int[] {10, 15, 20, 30, 50, 70}) {
        bounds[next++] = decade / 10 * tenths;
      }
    }
    bounds[next] = 100_000_000_000L;
    return bounds;
  }

  private static byte[] firstBuckets() {
    byte[] buckets = new byte[64 * 4];
    for (int cell = 0; cell < buckets.length; cell++) {
      int exponent = cell >> 2;
      long shortest = exponent < 2 ? 0 : (4L + (cell & 3)) << (exponent - 2);
      int found = Arrays.binarySearch(BOUNDS, Math.max(0, shortest));
      buckets[cell] = (byte) (found >= 0 ? found : -found - 1);
    }
    return buckets;
  }

  /** Which bucket a time belongs to: the first whose bound is not below it. */
  static int bucket(long nanos) {
    if (nanos <= BOUNDS[0]) {
      return 0;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(nanos);
    int bucket = FIRST_BUCKETS[(exponent << 2) | (int) ((nanos >>> (exponent - 2)) & 3)];
    // Bounds are further apart than times with the same highest bits: one step is enough.
    return bucket < BOUNDS.length && nanos > BOUNDS[bucket] ? bucket + 1 : bucket;
  }

  /** How many buckets there are. */
  static int buckets() {
    return BUCKETS;
  }

  /** The longest time in a bucket; of the last one, the longest in the one before. */
  static long bound(int bucket) {
    return BOUNDS[Math.min(bucket, BOUNDS.length - 1)];
  }

  void add(long nanos) {
    // Threads are numbered one after the other: this spreads neighbours, and any other steps.
    long spread = (Thread.currentThread().threadId() * 0x9E3779B97F4A7C15L) >>> 32;
    int cell = ((int) spread & (STRIPES - 1)) * STRIPE + 2 * bucket(nanos);
    cells.getAndAdd(cell, 1);
    cells.getAndAdd(cell + 1, nanos); // in the same cache line, mostly
  }

  @Override
  public long totalNanos() {
    long total = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      total += sum(2 * bucket + 1);
    }
    return total;
  }

  @Override
  public long[] counts() {
    long[] counts = new long[BUCKETS];
    Arrays.setAll(counts, bucket -> sum(2 * bucket));
    return counts;
  }

  private long sum(int place) {
    long sum = 0;
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      sum += cells.get(stripe * STRIPE + place);
    }
    return sum;
  }
}
