package dev.heddle.pool.tests;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Bounded waits. The only place that polls, for what no latch can tell. */
public final class Await {

  /** Far beyond what anything here takes: reaching it is a failure. */
  public static final Duration LIMIT = Duration.ofSeconds(20);

  private Await() {}

  public static void until(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new AssertionError("Did not come about: " + what);
      }
      LockSupport.parkNanos(200_000);
    }
  }

  /** Until the thread is parked, or blocked otherwise. */
  public static void parked(Thread thread) {
    until(thread + " waits", () -> isParked(thread));
  }

  private static boolean isParked(Thread thread) {
    Thread.State state = thread.getState();
    if (state == Thread.State.TERMINATED) {
      throw new AssertionError(thread + " ended instead of waiting");
    }
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }

  public static void latch(String what, CountDownLatch latch) {
    try {
      if (!latch.await(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new AssertionError("Did not come about: " + what);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while waiting for: " + what, e);
    }
  }
}
