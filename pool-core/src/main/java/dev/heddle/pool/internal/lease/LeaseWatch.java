package dev.heddle.pool.internal.lease;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.internal.events.PoolEvents;
import dev.heddle.pool.internal.events.Span;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.HoldWatch;
import org.jspecify.annotations.Nullable;

/** Tells of one lease, when it is over. */
final class LeaseWatch implements HoldWatch {

  private final PoolEvents events;
  private final PoolListener.Lane lane;
  private final Hold<?> hold;

  /** Written before {@link #span}. */
  private long waitedNanos;

  /**
   * Null until it is granted. A hold that is revoked between its grant and this is not told of:
   * only {@code close()} of the pool is as quick as that.
   */
  private volatile @Nullable Span<PoolListener.Lease> span;

  LeaseWatch(PoolEvents events, PoolListener.Lane lane, Hold<?> hold) {
    this.events = events;
    this.lane = lane;
    this.hold = hold;
  }

  @Override
  public void granted(long waitedNanos) {
    this.waitedNanos = waitedNanos;
    span = events.holding();
  }

  @Override
  public void back() {
    Span<PoolListener.Lease> begun = span;
    if (begun != null) {
      begun.end(
          new PoolListener.Lease(
              lane,
              hold.terms().label(),
              waitedNanos,
              System.nanoTime() - hold.sinceNanos(),
              hold.isRevoked()));
    }
  }
}
