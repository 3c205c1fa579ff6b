/**
 * {@code java.sql} on top of leases: connections, statements and result sets that end with their
 * lease, and data sources.
 *
 * <p>Each is a proxy for the driver's object. A {@link dev.heddle.pool.internal.jdbc.Handle} puts
 * every call into the frame of a lease's call and translates what it throws; the classes around it
 * hold only those methods that differ from the driver's, each under the name it has in JDBC.
 */
@NullMarked
package dev.heddle.pool.internal.jdbc;

import org.jspecify.annotations.NullMarked;
