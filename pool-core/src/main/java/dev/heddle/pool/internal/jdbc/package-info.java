/**
 * {@code java.sql} on top of leases: data sources, connections, statements, result sets.
 *
 * <p>The classes called {@code Leased…} are what programs hold; each has the methods that mean
 * something in SQLite, and {@link dev.heddle.pool.internal.jdbc.Completed} refuses the others. A
 * {@link dev.heddle.pool.internal.jdbc.Binding} says where a statement runs, and a {@link
 * dev.heddle.pool.internal.jdbc.Run} what it does there; no object of the driver is behind any of
 * them, but for its metadata. Values go in through {@link dev.heddle.pool.internal.jdbc.Storing}
 * and come out through {@link dev.heddle.pool.internal.jdbc.Reading}.
 */
@NullMarked
package dev.heddle.pool.internal.jdbc;

import org.jspecify.annotations.NullMarked;
