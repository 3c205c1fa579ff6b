package dev.heddle.pool.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The meters of one pool in one registry: registers them as the catalogue says, and removes them.
 *
 * <p>A registry keeps no hold of what its meters read from, so the caller does.
 */
final class Meters {

  private static final String POOL = "pool";

  /** A commit that waits for no disk takes some ten microseconds. */
  private static final Duration SHORTEST = Duration.ofNanos(10_000);

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final MeterRegistry registry;
  private final String pool;
  private final Queue<Meter> registered = new ConcurrentLinkedQueue<>();

  Meters(MeterRegistry registry, String pool) {
    this.registry = registry;
    this.pool = pool;
  }

  /** Whether a pool of this name has meters there. */
  boolean areThere() {
    return registry.find(PoolMeter.LEASES.id()).tag(POOL, pool).meter() != null;
  }

  void remove() {
    for (Meter meter = registered.poll(); meter != null; meter = registered.poll()) {
      registry.remove(meter);
    }
  }

  private <M extends Meter> M added(M meter) {
    registered.add(meter);
    return meter;
  }

  private Tags tags(String... tags) {
    return Tags.of(tags).and(POOL, pool);
  }

  <T> void gauge(PoolMeter meter, T from, ToDoubleFunction<T> value, String... tags) {
    Gauge.Builder<T> gauge =
        Gauge.builder(meter.id(), from, value).tags(tags(tags)).description(meter.sentence());
    added(
        (meter.unit() == PoolMeter.Unit.BYTES ? gauge.baseUnit("bytes") : gauge)
            .register(registry));
  }

  <T> void timeGauge(PoolMeter meter, T from, ToDoubleFunction<T> nanos, String... tags) {
    added(
        TimeGauge.builder(meter.id(), from, TimeUnit.NANOSECONDS, nanos)
            .tags(tags(tags))
            .description(meter.sentence())
            .register(registry));
  }

  <T> void count(PoolMeter meter, T from, ToDoubleFunction<T> count, String... tags) {
    added(
        FunctionCounter.builder(meter.id(), from, count)
            .tags(tags(tags))
            .description(meter.sentence())
            .register(registry));
  }

  <T> void times(
      PoolMeter meter,
      T from,
      ToLongFunction<T> count,
      ToDoubleFunction<T> totalNanos,
      String... tags) {
    added(
        FunctionTimer.builder(meter.id(), from, count, totalNanos, TimeUnit.NANOSECONDS)
            .tags(tags(tags))
            .description(meter.sentence())
            .register(registry));
  }

  Counter counter(PoolMeter meter, String... tags) {
    return added(
        Counter.builder(meter.id())
            .tags(tags(tags))
            .description(meter.sentence())
            .register(registry));
  }

  Timer timer(PoolMeter meter, String... tags) {
    return added(
        Timer.builder(meter.id())
            .tags(tags(tags))
            .description(meter.sentence())
            .register(registry));
  }

  /** A timer with buckets. */
  Timer histogram(PoolMeter meter, String... tags) {
    return added(
        Timer.builder(meter.id())
            .tags(tags(tags))
            .description(meter.sentence())
            .publishPercentileHistogram()
            .minimumExpectedValue(SHORTEST)
            .maximumExpectedValue(LONGEST)
            .register(registry));
  }

  DistributionSummary summary(PoolMeter meter, String... tags) {
    return added(
        DistributionSummary.builder(meter.id())
            .tags(tags(tags))
            .description(meter.sentence())
            .register(registry));
  }
}
