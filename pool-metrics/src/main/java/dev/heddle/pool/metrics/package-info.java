/**
 * A pool as others see it: {@link dev.heddle.pool.metrics.PoolMetrics} gives its numbers to
 * Micrometer, {@link dev.heddle.pool.metrics.ObservedPool} its leases to whoever traces, {@link
 * dev.heddle.pool.metrics.PoolJmx} the same numbers to JMX.
 *
 * <p>Here belongs what turns the pool's own numbers and events into those of a library or protocol
 * that not every program has. What there is to measure belongs to the pool itself: {@link
 * dev.heddle.pool.PoolStats} and {@link dev.heddle.pool.PoolListener}.
 */
@NullMarked
package dev.heddle.pool.metrics;

import org.jspecify.annotations.NullMarked;
