package dev.heddle.pool.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentTimesTest {

  private static final long SHORT = 1_000;
  private static final long LONG = 1_000_000_000;

  private final AtomicLong clock = new AtomicLong();
  private final Times times = new Times();
  private final RecentTimes recent = new RecentTimes(times, clock::get);

  private void pass(int seconds) {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void percentile_ofNothing_isNoNumber() {
    assertEquals(Double.NaN, recent.percentile(0.5));
  }

  @Test
  void percentile_ofAll_isTheBoundOfTheLongest() {
    times.add(SHORT);
    times.add(LONG);
    assertEquals(LONG, recent.percentile(1));
    assertEquals(SHORT, recent.percentile(0.5));
  }

  @Test
  void percentile_ofTimesBeyondAllBounds_isTheLastBound() {
    times.add(Long.MAX_VALUE);
    assertEquals((double) Times.bound(Times.buckets() - 1), recent.percentile(0.5));
  }

  @Test
  void percentile_readEveryTwentySeconds_forgetsAfterOneToTwoMinutes() {
    recent.percentile(1);
    times.add(LONG);
    for (int seconds = 20; seconds <= 100; seconds += 20) {
      pass(20);
      times.add(SHORT);
      assertEquals(LONG, recent.percentile(1), "after " + seconds + " s");
    }
    pass(20);
    times.add(SHORT);
    assertEquals(SHORT, recent.percentile(1), "after two minutes");
  }

  @Test
  void percentile_notReadForLong_isThatOfTheTimeSinceThen() {
    times.add(LONG);
    pass(600);
    assertEquals(LONG, recent.percentile(1));
    times.add(SHORT);
    pass(600);
    assertEquals(SHORT, recent.percentile(1));
    pass(600);
    assertEquals(Double.NaN, recent.percentile(1));
  }
}
