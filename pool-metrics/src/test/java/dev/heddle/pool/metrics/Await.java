package dev.heddle.pool.metrics;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Bounded waits for what comes by itself: events are told a moment later, numbers are kept. */
final class Await {

  /** Far beyond what anything here takes: reaching it is a failure. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Await() {}

  static void until(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new AssertionError("Did not come about: " + what);
      }
      LockSupport.parkNanos(200_000);
    }
  }
}
