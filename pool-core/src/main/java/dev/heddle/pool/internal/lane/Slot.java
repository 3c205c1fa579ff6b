package dev.heddle.pool.internal.lane;

import org.jspecify.annotations.Nullable;

/**
 * A place in a lane: its resource, and who holds it. The places stay; resources may be replaced.
 *
 * @param <R> the resource
 */
final class Slot<R> {

  /** A shorter hold is nobody's reason to wait for long, and there are many. */
  private static final long LONG_NANOS = 1_000_000;

  /**
   * Written by whoever hands the slot back, who has it to itself. Volatile for those who only look;
   * the next holder has it by the lane's lock and the grant.
   */
  private volatile R resource;

  /** Guarded by the lane's lock; null while idle, or on offer. */
  @Nullable Hold<R> hold;

  /** Guarded by the lane's lock: who may take it, see {@link Offers}. */
  @Nullable Waiter<R> offeredTo;

  /** Guarded by the lane's lock: the holder's owner is waiting for this same lane. */
  boolean ownerWaits;

  /**
   * Guarded by the lane's lock: of those who held it for long while others waited, the one who did
   * for longest; for those who wonder why they had to.
   */
  @Nullable Before before;

  Slot(R resource) {
    this.resource = resource;
  }

  R resource() {
    return resource;
  }

  void replace(R resource) {
    this.resource = resource;
  }

  /**
   * Nobody holds it any more, and somebody waits for it. Guarded by the lane's lock.
   *
   * @param waitingSinceNanos since when the first of them does
   */
  void vacate(long waitingSinceNanos, long nowNanos) {
    Hold<R> last = hold;
    hold = null;
    if (last != null) {
      last.isVacated(nowNanos);
      long nanos = nowNanos - last.sinceNanos();
      Before known = before;
      boolean isLonger =
          known == null
              || nanos >= known.nanos()
              || known.untilNanos() - waitingSinceNanos < 0; // nobody who waits has seen that one
      if (nanos >= LONG_NANOS && isLonger) {
        before = new Before(last.owner(), last.terms().label(), nanos, nowNanos);
      }
    }
  }

  /**
   * Held by the thread, in earnest: a hold that is over or lost is on its way back, and waiting for
   * it is no mistake. Guarded by the lane's lock.
   */
  boolean isHeldBy(Thread owner) {
    return isHeld() && hold != null && owner.equals(hold.thread());
  }

  /** Held by a thread that waits for this same lane. Guarded by the lane's lock. */
  boolean isHeldByWaiter() {
    return ownerWaits && isHeld();
  }

  private boolean isHeld() {
    return hold != null && !hold.isOver() && !hold.isForgotten();
  }
}
