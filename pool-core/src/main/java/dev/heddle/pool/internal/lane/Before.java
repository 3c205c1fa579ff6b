package dev.heddle.pool.internal.lane;

import org.jspecify.annotations.Nullable;

/**
 * A holder whose slot came back while others waited for it. Not the hold itself: its thread, and
 * what that refers to, need not live on.
 *
 * @param owner the thread that acquired it
 * @param label what it called its lease
 * @param nanos for how long it was held
 * @param untilNanos when it came back, on the lane's clock
 */
public record Before(Owner owner, @Nullable String label, long nanos, long untilNanos) {}
