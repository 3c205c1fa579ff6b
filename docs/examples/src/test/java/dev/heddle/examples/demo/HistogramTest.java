package dev.heddle.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HistogramTest {

  private final Histogram histogram = new Histogram();

  @Test
  void percentile_oneToAMillion_isAtMostOneThirtySecondTooHigh() {
    LongStream.rangeClosed(1, 1_000_000).forEach(histogram::record);
    for (double share : new double[] {0.001, 0.01, 0.5, 0.9, 0.99, 0.999}) {
      double exact = share * 1_000_000;
      long given = histogram.percentile(share);
      assertTrue(given >= exact && given <= exact * (1 + 1.0 / 32), share + ": " + given);
    }
    assertEquals(1_000_000, histogram.percentile(1));
    assertEquals(1_000_000, histogram.count());
  }

  @Test
  void percentile_edgesOfTheBuckets_areExactOrAbove() {
    for (int bit = 0; bit < Long.SIZE - 1; bit++) {
      for (long value : new long[] {(1L << bit) - 1, 1L << bit, (1L << bit) + 1}) {
        histogram.reset();
        histogram.record(value);
        histogram.record(Long.MAX_VALUE);
        long given = histogram.percentile(0.5);
        assertTrue(given >= value && given <= value + value / 32 + 1, value + ": " + given);
      }
    }
  }

  @Test
  void percentile_nothingRecorded_isZero() {
    assertEquals(0, histogram.percentile(0.99));
    assertEquals(0, histogram.max());
  }
}
