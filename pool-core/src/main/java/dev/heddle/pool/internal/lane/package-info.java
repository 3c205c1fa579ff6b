/**
 * Who may hold what, and when: slots, waiters, hand-off, holds, and groups that share a commit.
 *
 * <p>Generic and pure: here is no {@code java.sql}, no SQLite, no logging. Resources are of any
 * type, time and parking come in through {@link dev.heddle.pool.internal.lane.Parking}, and what
 * happened goes out as a {@link dev.heddle.pool.internal.lane.Refusal} or through {@link
 * dev.heddle.pool.internal.lane.LaneEvents}; so every schedule can be scripted in a test. The
 * argument why a slot is never lost is in {@code docs/concurrency.md}.
 */
@NullMarked
package dev.heddle.pool.internal.lane;

import org.jspecify.annotations.NullMarked;
