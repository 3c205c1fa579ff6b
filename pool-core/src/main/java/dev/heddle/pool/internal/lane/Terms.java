package dev.heddle.pool.internal.lane;

import org.jspecify.annotations.Nullable;

/**
 * On which terms a slot is held.
 *
 * @param label what the holder calls it
 * @param maxHoldNanos for how long at most, {@link #FOR_EVER} for any time
 * @param limit which setting says so, for messages
 * @param acquisition a throwable made when the slot was asked for, if its stack trace is wanted
 */
public record Terms(
    @Nullable String label, long maxHoldNanos, String limit, @Nullable Throwable acquisition) {

  /** A time that never ends. */
  public static final long FOR_EVER = Long.MAX_VALUE;

  /** A label, and no limit. */
  static Terms labelled(@Nullable String label) {
    return new Terms(label, FOR_EVER, "nothing", null);
  }
}
