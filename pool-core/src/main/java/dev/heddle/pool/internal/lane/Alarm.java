package dev.heddle.pool.internal.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rings when somebody's time is up: wakes those who have waited long enough for a lane, and has
 * those looked at who have held it for long. One alarm for all of them: a timed park for each would
 * start and stop a timer with every hand-over, which costs more than the hand-over itself.
 *
 * @param <R> the resource
 */
final class Alarm<R> {

  /** How late it may ring: those whose time is up at about the same time are woken together. */
  private static final long GRAIN_NANOS = 1_000_000;

  /** A hold in trouble. */
  record Finding<R>(Trouble trouble, Hold<R> hold) {}

  private final WaiterQueue<R> queue;
  private final List<Slot<R>> slots;
  private final long reportNanos;
  private final ReentrantLock lock;
  private final Parking parking;
  private final Consumer<List<Finding<R>>> attend;

  // Guarded by the lock, which is the lane's.

  /** Takes back what is set; null if nothing is. */
  private @Nullable Runnable unset;

  private long ringsAt;

  /**
   * An alarm.
   *
   * @param reportNanos how long a slot is held until that is said
   * @param attend called with what was found, on a thread that may block
   */
  Alarm(
      WaiterQueue<R> queue,
      List<Slot<R>> slots,
      long reportNanos,
      ReentrantLock lock,
      Parking parking,
      Consumer<List<Finding<R>>> attend) {
    this.queue = queue;
    this.slots = slots;
    this.reportNanos = reportNanos;
    this.lock = lock;
    this.parking = parking;
    this.attend = attend;
  }

  /** Called with the lock, when a slot is granted. */
  void ringForHold(Hold<R> hold, long now) {
    ringFor(now + Math.min(Overtime.interval(hold.terms().maxHoldNanos()), reportNanos), now);
  }

  /** Called with the lock, before a waiter with this deadline is queued. */
  void ringFor(long deadlineNanos, long now) {
    long at = now + inTime(deadlineNanos - now);
    if (unset == null || at - ringsAt < 0) {
      setTo(at, now);
    }
  }

  private static long inTime(long left) {
    return Math.clamp(left, GRAIN_NANOS, Overtime.INTERVAL_NANOS);
  }

  /** Must not throw: a slot may be in the caller's hands. */
  private void setTo(long at, long now) {
    stop();
    try {
      unset = parking.later(() -> ring(at), at - now);
      ringsAt = at;
    } catch (OutOfMemoryError noThread) {
      unset = null; // the next one to come tries again
    }
  }

  /** Called with the lock: nobody holds or waits, or ever will. */
  void stop() {
    if (unset != null) {
      unset.run();
      unset = null;
    }
  }

  private void ring(long at) {
    List<Thread> late = new ArrayList<>();
    List<Finding<R>> found = new ArrayList<>();
    lock.lock();
    try {
      if (unset == null || ringsAt != at) {
        return; // it was set to ring sooner, and goes on from there
      }
      unset = null;
      long now = parking.nanoTime();
      long left = queue.collectLate(now, late);
      left = Math.min(left, lookAtHolds(now, now - at, found));
      if (left < Overtime.NEVER || !late.isEmpty()) {
        setTo(now + inTime(left), now);
      }
    } finally {
      lock.unlock();
    }
    late.forEach(parking::unpark);
    if (!found.isEmpty()) {
      attend(found);
    }
  }

  /** In which time to look again. Called with the lock. */
  private long lookAtHolds(long now, long lateNanos, List<Finding<R>> found) {
    long soonest = Overtime.NEVER;
    for (Slot<R> slot : slots) {
      Hold<R> hold = slot.hold;
      if (hold != null) {
        Overtime overtime = overtime(hold);
        overtime.ranLate(lateNanos, now);
        hold.letEndedThreadGo();
        Trouble trouble = overtime.look(now);
        if (trouble != null) {
          found.add(new Finding<>(trouble, hold));
        }
        soonest = Math.min(soonest, overtime.left(now));
      }
    }
    return soonest;
  }

  private Overtime overtime(Hold<R> hold) {
    if (hold.overtime == null) {
      hold.overtime = new Overtime(hold, reportNanos);
    }
    return hold.overtime;
  }

  private void attend(List<Finding<R>> found) {
    try {
      parking.aside(() -> attend.accept(found));
    } catch (OutOfMemoryError noThread) {
      attend.accept(found); // here, then: it may delay others, but nobody waits for ever
    }
  }
}
