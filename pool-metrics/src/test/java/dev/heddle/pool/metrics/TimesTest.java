package dev.heddle.pool.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimesTest {

  private static final int LAST = Times.buckets() - 1;

  /** The slow way to find a bucket. */
  private static int searched(long nanos) {
    int bucket = 0;
    while (bucket < LAST && nanos > Times.bound(bucket)) {
      bucket++;
    }
    return bucket;
  }

  @Test
  void bounds_asNumbers_goFromAMicrosecondToAHundredSeconds() {
    assertEquals(1_000, Times.bound(0));
    assertEquals(1_500, Times.bound(1));
    assertEquals(7_000, Times.bound(5));
    assertEquals(10_000, Times.bound(6));
    assertEquals(100_000_000_000L, Times.bound(LAST - 1));
  }

  @Test
  void bucket_ofEachBoundAndItsNeighbours_isTheFirstThatTheyDoNotExceed() {
    for (int i = 0; i < LAST; i++) {
      long bound = Times.bound(i);
      assertEquals(i, Times.bucket(bound - 1), () -> "below " + bound);
      assertEquals(i, Times.bucket(bound), () -> "at " + bound);
      assertEquals(i + 1, Times.bucket(bound + 1), () -> "above " + bound);
    }
  }

  @Test
  void bucket_ofAnyTime_isTheOneThatASearchFinds() {
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      long nanos = random.nextLong() >>> (1 + random.nextInt(63));
      assertEquals(searched(nanos), Times.bucket(nanos), () -> "of " + nanos);
    }
    assertEquals(0, Times.bucket(0));
    assertEquals(LAST, Times.bucket(Long.MAX_VALUE));
  }

  @Test
  void add_byManyThreads_losesNothing() throws Exception {
    int threads = 64;
    int each = 20_000;
    Times times = new Times();
    Threads.crowd(
        threads,
        thread ->
            () -> {
              for (int i = 0; i < each; i++) {
                times.add(1_000L * (thread + 1));
              }
              return thread;
            });
    assertEquals((long) threads * each, times.count());
    assertEquals(1_000L * each * threads * (threads + 1) / 2, times.totalNanos());
    assertEquals(times.count(), Arrays.stream(times.counts()).sum());
    assertEquals(times.count(), times.countUpTo(LAST));
    assertEquals(10L * each, times.countUpTo(Times.bucket(10_000)));
  }

  @Test
  void percentile_ofTimesSpreadEvenly_isWhereTheyAre() {
    Times times = new Times();
    RecentTimes recent = new RecentTimes(times, () -> 0);
    for (int millis = 1; millis <= 1_000; millis++) {
      times.add(1_000_000L * millis);
    }
    for (double part : new double[] {0.1, 0.5, 0.95, 0.99, 0.999}) {
      double right = 1_000_000_000 * part;
      double shown = recent.percentile(part);
      assertTrue(Math.abs(shown - right) < right / 100, () -> part + ": " + shown);
    }
  }
}
