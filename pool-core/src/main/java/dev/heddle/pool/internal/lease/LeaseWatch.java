package dev.heddle.pool.internal.lease;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.internal.events.PoolEvents;
import dev.heddle.pool.internal.events.Span;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.HoldWatch;
import org.jspecify.annotations.Nullable;

/**
 * Tells of one lease, when it is over: by its holder, when that one has nothing else in hand; or,
 * if somebody else hands the connection back, by the events' own thread.
 */
final class LeaseWatch implements HoldWatch {

  private final PoolEvents events;
  private final PoolListener.Lane lane;
  private final Hold<?> hold;

  /** Written before {@link #span}. */
  private long waitedNanos;

  /**
   * Null until its thread knows that it is granted. A hold that is revoked before that is not told
   * of.
   */
  private volatile @Nullable Span<PoolListener.Lease> span;

  /** Written and read by who hands the connection back. */
  private boolean holderTells;

  /** As {@link #holderTells}. */
  private PoolListener.@Nullable Lease untold;

  LeaseWatch(PoolEvents events, PoolListener.Lane lane, Hold<?> hold) {
    this.events = events;
    this.lane = lane;
    this.hold = hold;
  }

  @Override
  public void granted(long waitedNanos) {
    try {
      this.waitedNanos = waitedNanos;
      span = events.holding();
    } catch (Throwable noMemory) {
      // The lease is had, and nobody is told of it.
    }
  }

  /** By who is about to hand the connection back: {@link #tell} follows. */
  void holderTells() {
    holderTells = true;
  }

  @Override
  public void back() {
    Span<PoolListener.Lease> begun = span;
    if (begun == null) {
      return;
    }
    try {
      PoolListener.Lease lease =
          new PoolListener.Lease(
              lane,
              hold.terms().label(),
              waitedNanos,
              System.nanoTime() - hold.sinceNanos(),
              hold.isRevoked());
      begun.end(lease);
      if (holderTells) {
        untold = lease;
      } else {
        events.leaseEndedElsewhere(lease);
      }
    } catch (Throwable noMemory) {
      // The connection is back, and nobody is told of it.
    }
  }

  /** By the holder, who may be kept by a listener for as long as that takes. */
  void tell() {
    PoolListener.Lease lease = untold;
    if (lease != null) {
      untold = null;
      events.leaseEnded(lease);
    }
  }
}
