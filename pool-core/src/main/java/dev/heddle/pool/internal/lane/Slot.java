package dev.heddle.pool.internal.lane;

import org.jspecify.annotations.Nullable;

/**
 * A place in a lane: its resource, and who holds it. The places stay; resources may be replaced.
 *
 * @param <R> the resource
 */
final class Slot<R> {

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

  // Guarded by the lane's lock: who held it last, for those who wonder why they had to wait. Not
  // the
  // hold itself: its thread, and what that refers to, need not live on.

  /** Its number; 0 if it had ended, negative if there was none. */
  long beforeThread = -1;

  @Nullable String beforeLabel;
  long beforeSinceNanos;

  Slot(R resource) {
    this.resource = resource;
  }

  R resource() {
    return resource;
  }

  void replace(R resource) {
    this.resource = resource;
  }

  /** Nobody holds it any more. Guarded by the lane's lock. */
  void vacate() {
    Hold<R> last = hold;
    if (last != null) {
      Thread thread = last.thread();
      beforeThread = thread == null ? 0 : thread.threadId();
      beforeLabel = last.terms().label();
      beforeSinceNanos = last.sinceNanos();
      hold = null;
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
