package dev.heddle.bench;

/** Counts of durations, each bucket at most 1/64 as wide as its lower bound. For one thread. */
public final class Histogram {

  private static final int SUB_BITS = 6;
  private static final int SUB = 1 << SUB_BITS;

  /** A quarter of an hour; whatever takes longer counts as that. */
  private static final long LONGEST = (1L << 40) - 1;

  private final long[] counts = new long[bucket(LONGEST) + 1];
  private long total;
  private long max;
  private long sum;

  public void record(long nanos) {
    counts[bucket(Math.min(nanos, LONGEST))]++;
    total++;
    max = Math.max(max, nanos);
    sum += nanos;
  }

  public void add(Histogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
    max = Math.max(max, other.max);
    sum += other.sum;
  }

  public long total() {
    return total;
  }

  public long max() {
    return max;
  }

  /** The mean, not rounded. */
  public double mean() {
    return (double) sum / total;
  }

  /** The upper bound of the bucket in which that share of all is reached. */
  public long percentile(double share) {
    long wanted = (long) Math.ceil(total * share);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) {
        return Math.min(max, upperBound(i));
      }
    }
    return max;
  }

  private static int bucket(long nanos) {
    if (nanos < SUB) {
      return (int) Math.max(0, nanos);
    }
    int shift = 63 - SUB_BITS - Long.numberOfLeadingZeros(nanos);
    return (shift + 1) * SUB + (int) (nanos >>> shift) - SUB;
  }

  private static long upperBound(int bucket) {
    if (bucket < SUB) {
      return bucket;
    }
    int shift = bucket / SUB - 1;
    return ((long) (bucket % SUB + SUB + 1) << shift) - 1;
  }
}
