package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistogramTest {

  private static Histogram of(LongStream values) {
    Histogram histogram = new Histogram();
    values.forEach(histogram::record);
    return histogram;
  }

  @ParameterizedTest
  @CsvSource({"0.5, 500000", "0.99, 990000", "0.999, 999000"})
  void percentile_evenValues_isAtMostABucketAbove(double share, long exact) {
    Histogram histogram = of(LongStream.rangeClosed(1, 1000).map(i -> i * 1000));
    long percentile = histogram.percentile(share);
    assertTrue(percentile >= exact && percentile <= exact + exact / 64 + 1, percentile + " ns");
  }

  @Test
  void percentile_ofAll_isTheGreatestValueItself() {
    assertEquals(123_456_789, of(LongStream.of(5, 123_456_789)).percentile(1));
  }

  @Test
  void percentile_nothingRecorded_isZero() {
    assertEquals(0, new Histogram().percentile(0.99));
  }

  @Test
  void mean_ofTwoAddedUp_isThatOfAllValues() {
    Histogram sum = of(LongStream.of(1, 2));
    sum.add(of(LongStream.of(9)));
    assertEquals(4.0, sum.mean());
  }
}
