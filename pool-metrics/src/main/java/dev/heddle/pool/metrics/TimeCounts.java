package dev.heddle.pool.metrics;

import java.util.function.Supplier;

/** Times that were counted, in the buckets of {@link Times}. */
interface TimeCounts {

  /** How many times are in each bucket. */
  long[] counts();

  long totalNanos();

  default long count() {
    return countUpTo(Times.buckets() - 1);
  }

  /** How many times were as long as a bucket's bound, or shorter. */
  default long countUpTo(int bucket) {
    long[] counts = counts();
    long count = 0;
    for (int i = 0; i <= bucket; i++) {
      count += counts[i];
    }
    return count;
  }

  /** These, and more. */
  default TimeCounts and(Supplier<long[]> moreCounts, Supplier<Long> moreNanos) {
    TimeCounts these = this;
    return new TimeCounts() {
      @Override
      public long[] counts() {
        long[] counts = these.counts();
        long[] more = moreCounts.get();
        for (int i = 0; i < counts.length; i++) {
          counts[i] += more[i];
        }
        return counts;
      }

      @Override
      public long totalNanos() {
        return these.totalNanos() + moreNanos.get();
      }
    };
  }
}
