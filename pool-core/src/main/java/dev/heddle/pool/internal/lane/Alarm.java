package dev.heddle.pool.internal.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Rings when somebody's time is up: wakes those who have waited long enough for a lane, and revokes
 * the holds of those who have held it for too long. One alarm for all of them: a timed park for
 * each would start and stop a timer with every hand-over, which costs more than the hand-over
 * itself.
 *
 * @param <R> the resource
 */
final class Alarm<R> {

  /** How late it may ring: those whose time is up at about the same time are woken together. */
  private static final long GRAIN_NANOS = 1_000_000;

  /** While anybody waits, it rings at least so often: a lane is not kept alive for longer. */
  private static final long LONGEST_NANOS = 10_000_000_000L;

  /**
   * If it rings so late, the whole machine stood still, and nobody could have handed anything back:
   * then holders get as much time again.
   */
  private static final long STANDSTILL_NANOS = 1_000_000_000L;

  private final WaiterQueue<R> queue;
  private final List<Slot<R>> slots;
  private final long maxHoldNanos;
  private final ReentrantLock lock;
  private final Parking parking;
  private final Consumer<Hold<R>> revoke;

  // Guarded by the lock, which is the lane's.

  private boolean set;
  private long ringsAt;

  /**
   * An alarm.
   *
   * @param maxHoldNanos how long a slot may be held; 0 for any time
   * @param revoke called with a hold that is overdue, on a thread that may block
   */
  Alarm(
      WaiterQueue<R> queue,
      List<Slot<R>> slots,
      long maxHoldNanos,
      ReentrantLock lock,
      Parking parking,
      Consumer<Hold<R>> revoke) {
    this.queue = queue;
    this.slots = slots;
    this.maxHoldNanos = maxHoldNanos;
    this.lock = lock;
    this.parking = parking;
    this.revoke = revoke;
  }

  /** Called with the lock, when a slot is granted. */
  void ringForHold(long now) {
    if (maxHoldNanos > 0) {
      ringFor(now + maxHoldNanos, now);
    }
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

  /** Must not throw: a slot may be in the caller's hands. */
  private void setTo(long at, long now) {
    try {
      parking.later(() -> ring(at), at - now);
      set = true;
      ringsAt = at;
    } catch (OutOfMemoryError noThread) {
      set = false; // the next one to come tries again
    }
  }

  private void ring(long at) {
    List<Thread> late = new ArrayList<>();
    List<Hold<R>> overdue = new ArrayList<>();
    lock.lock();
    try {
      if (!set || ringsAt != at) {
        return; // it was set to ring sooner, and goes on from there
      }
      set = false;
      long now = parking.nanoTime();
      long left = queue.collectLate(now, late);
      left = Math.min(left, collectOverdue(now, now - at > STANDSTILL_NANOS, overdue));
      if (left < Long.MAX_VALUE || !late.isEmpty()) {
        setTo(now + inTime(left), now);
      }
    } finally {
      lock.unlock();
    }
    late.forEach(parking::unpark);
    overdue.forEach(this::revoke);
  }

  private void revoke(Hold<R> hold) {
    try {
      parking.aside(() -> revoke.accept(hold));
    } catch (OutOfMemoryError noThread) {
      revoke.accept(hold); // here, then: it may delay others, but nobody waits for ever
    }
  }

  /** How long the next one has; {@link Long#MAX_VALUE} if there is none. Called with the lock. */
  private long collectOverdue(long now, boolean stoodStill, List<Hold<R>> overdue) {
    long soonest = Long.MAX_VALUE;
    for (Slot<R> slot : slots) {
      Hold<R> hold = slot.hold;
      if (maxHoldNanos > 0 && hold != null && !hold.isOver()) {
        long left = hold.sinceNanos() + maxHoldNanos - now;
        if (left <= 0 && !stoodStill) {
          if (!hold.overdue) {
            hold.overdue = true;
            overdue.add(hold);
          }
        } else {
          soonest = Math.min(soonest, left > 0 ? left : STANDSTILL_NANOS);
        }
      }
    }
    return soonest;
  }
}
