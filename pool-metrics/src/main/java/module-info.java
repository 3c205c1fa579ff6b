/**
 * What a pool tells Micrometer and JMX: meters, observations of leases, an MXBean. Of the pool it
 * uses only what every program may use.
 */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // all of Micrometer's are
module dev.heddle.pool.metrics {
  requires transitive dev.heddle.pool;
  requires transitive java.management;
  requires transitive micrometer.core;
  requires transitive micrometer.observation;
  requires micrometer.commons;
  requires static transitive org.jspecify;

  exports dev.heddle.pool.metrics;
}
