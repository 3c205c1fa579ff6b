package dev.heddle.pool.internal.lane;

import java.io.Serial;

/**
 * Says that a lane did not grant a slot, and why. Checked, so that no caller forgets it; without a
 * stack trace, because whoever catches it makes the user's exception, with a stack of its own.
 */
public final class Refusal extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  /** Why there is no slot. */
  public enum Reason {
    /** The wait lasted as long as it may. */
    TIMED_OUT,
    /** The thread was interrupted, before or during the wait; its flag is set. */
    INTERRUPTED,
    /** As many wait as may. */
    QUEUE_FULL,
    /** The thread holds the only slot, or every holder, this thread among them, waits here. */
    OWN_HOLD,
    /** The lane is closed, or was closed during the wait. */
    CLOSED
  }

  private final Reason reason;
  private final long waitedNanos;

  Refusal(Reason reason, long waitedNanos) {
    super(reason.name(), null, false, false);
    this.reason = reason;
    this.waitedNanos = waitedNanos;
  }

  public Reason reason() {
    return reason;
  }

  /** How long the thread waited. */
  public long waitedNanos() {
    return waitedNanos;
  }
}
