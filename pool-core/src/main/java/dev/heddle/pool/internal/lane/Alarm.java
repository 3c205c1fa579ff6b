package dev.heddle.pool.internal.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes the waiters of a lane whose time is up. One alarm for all of them: a timed park for each
 * would start and stop a timer with every hand-over, which costs more than the hand-over itself.
 */
final class Alarm {

  /** How late it may ring: those whose time is up at about the same time are woken together. */
  private static final long GRAIN_NANOS = 1_000_000;

  /** While anybody waits, it rings at least so often: a lane is not kept alive for longer. */
  private static final long LONGEST_NANOS = 10_000_000_000L;

  private final WaiterQueue<?> queue;
  private final ReentrantLock lock;
  private final Parking parking;

  // Guarded by the lock, which is the lane's.

  private boolean set;
  private long ringsAt;

  Alarm(WaiterQueue<?> queue, ReentrantLock lock, Parking parking) {
    this.queue = queue;
    this.lock = lock;
    this.parking = parking;
  }

  /** Called with the lock, before a waiter with this deadline is queued. */
  void ringFor(long deadlineNanos, long now) {
    long at = now + inTime(deadlineNanos - now);
    if (!set || at - ringsAt < 0) {
      setTo(at, now);
    }
  }

  private static long inTime(long left) {
    return Math.clamp(left, GRAIN_NANOS, LONGEST_NANOS);
  }

  private void setTo(long at, long now) {
    parking.later(() -> ring(at), at - now);
    set = true;
    ringsAt = at;
  }

  private void ring(long at) {
    List<Thread> late = new ArrayList<>();
    lock.lock();
    try {
      if (!set || ringsAt != at) {
        return; // it was set to ring sooner, and goes on from there
      }
      set = false;
      long now = parking.nanoTime();
      long left = queue.collectLate(now, late);
      if (queue.size() > 0) {
        setTo(now + inTime(left), now);
      }
    } finally {
      lock.unlock();
    }
    late.forEach(parking::unpark);
  }
}
