/**
 * The leases themselves: reader, writer, rows; how a session of the {@code sqlite} room and a hold
 * of the {@code lane} room become what users are handed.
 *
 * <p>Each call of a lease has the same frame: mark the hold (which refuses a second thread, and a
 * lease that is over), see to the transaction, run, drop the mark. User code (mappers, row actions)
 * always runs with the mark dropped.
 */
@NullMarked
package dev.heddle.pool.internal.lease;

import org.jspecify.annotations.NullMarked;
