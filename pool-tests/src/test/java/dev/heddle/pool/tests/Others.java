package dev.heddle.pool.tests;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A hundred virtual threads that want nothing of any pool, only a carrier for a moment. */
final class Others {

  /** How many they are. */
  private static final int COUNT = 100;

  private final CountDownLatch ran = new CountDownLatch(COUNT);

  private Others() {}

  static Others start() {
    Others others = new Others();
    for (int i = 0; i < COUNT; i++) {
      Thread.startVirtualThread(others::run);
    }
    return others;
  }

  private void run() {
    LockSupport.parkNanos(1);
    ran.countDown();
  }

  /** Waits until all have run. */
  void await() {
    Await.latch("other virtual threads run", ran);
  }

  /**
   * How many have run when all have, or that time is over. That nobody runs can't be waited for: a
   * moment must do.
   */
  long ranWithin(Duration time) throws InterruptedException {
    boolean all = ran.await(time.toMillis(), TimeUnit.MILLISECONDS);
    return all ? COUNT : COUNT - ran.getCount();
  }
}
