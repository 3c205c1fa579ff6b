package dev.heddle.pool.internal.lease;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.internal.events.LeaseSpan;
import dev.heddle.pool.internal.events.PoolEvents;
import dev.heddle.pool.internal.events.Span;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.HoldWatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Tells of one lease, when it is over: by its holder, when that one has nothing else in hand; or,
 * if somebody else hands the connection back, by the events' own thread.
 */
final class LeaseWatch implements HoldWatch {

  private static final VarHandle GRANTED;

  static {
    try {
      GRANTED = MethodHandles.lookup().findVarHandle(LeaseWatch.class, "granted", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final PoolEvents events;
  private final PoolListener.Lane lane;
  private final Hold<?> hold;

  /** The wait that is recorded. Confined to the acquiring thread. */
  private @Nullable Span<PoolEvents.Asked> asking;

  /** Written before {@link #granted}. */
  private long waitedNanos;

  /** As {@link #waitedNanos}. */
  private @Nullable LeaseSpan span;

  /** Its thread knows that it has the lease. One that is revoked before that is not told of. */
  @SuppressWarnings("UnusedVariable") // written and read through GRANTED
  private boolean granted;

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
  public void waits() {
    asking = events.acquiring(lane);
  }

  @Override
  public void granted(long waitedNanos) {
    try {
      asked("GRANTED", null);
      this.waitedNanos = waitedNanos;
      span = events.holding();
      GRANTED.setRelease(this, true); // a full fence would cost as much as all the rest
    } catch (Throwable noMemory) {
      // The lease is had, and nobody is told of it.
    }
  }

  /**
   * The wait is over. By the thread that waited.
   *
   * @param holders who has the lane, if the wait was in vain
   */
  void asked(String outcome, @Nullable String holders) {
    if (asking != null) {
      asking.end(new PoolEvents.Asked(hold.terms().label(), outcome, holders));
    }
  }

  /** By who is about to hand the connection back: {@link #tell} follows. */
  void holderTells() {
    holderTells = true;
  }

  @Override
  public void back() {
    if (!(boolean) GRANTED.getAcquire(this)) {
      return;
    }
    try {
      if (span != null) {
        span.end(lane, hold.terms().label(), waitedNanos, hold.isRevoked());
      }
      if (events.haveListeners()) {
        ended();
      }
    } catch (Throwable noMemory) {
      // The connection is back, and nobody is told of it.
    }
  }

  private void ended() {
    long until = hold.untilNanos();
    PoolListener.Lease lease =
        new PoolListener.Lease(
            lane,
            hold.terms().label(),
            waitedNanos,
            (until == 0 ? System.nanoTime() : until) - hold.sinceNanos(),
            hold.isRevoked());
    if (holderTells) {
      untold = lease;
    } else {
      events.leaseEndedElsewhere(lease);
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
