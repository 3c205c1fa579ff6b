package dev.heddle.pool.metrics;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.PoolStats;
import io.micrometer.core.instrument.Counter;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The meters of one lane. */
final class LaneMeters {

  private final Meters meters;
  private final StatsOfAMoment stats;
  private final String lane;
  private final Function<PoolStats, PoolStats.Lane> numbers;

  private final Times waited = new Times();
  private final Times heldAtOnce = new Times();
  private final Times heldAfterWait = new Times();

  // Kept here, since a registry keeps no hold of them.

  private final TimeCounts acquired;
  private final TimeCounts held;
  private final Counter slow;

  LaneMeters(Meters meters, StatsOfAMoment stats, PoolListener.Lane lane) {
    this.meters = meters;
    this.stats = stats;
    this.lane = name(lane);
    this.numbers = lane == PoolListener.Lane.READER ? PoolStats::readers : PoolStats::writer;
    this.acquired = waited.and(this::atOnce, () -> 0L);
    this.held = heldAtOnce.and(heldAfterWait::counts, heldAfterWait::totalNanos);
    LeaseTimes.register(
        meters,
        this.lane,
        acquired,
        PoolMeter.ACQUIRE,
        PoolMeter.ACQUIRE_BUCKETS,
        PoolMeter.ACQUIRE_PERCENTILE);
    LeaseTimes.register(
        meters,
        this.lane,
        held,
        PoolMeter.USAGE,
        PoolMeter.USAGE_BUCKETS,
        PoolMeter.USAGE_PERCENTILE);
    this.slow = meters.counter(PoolMeter.SLOW_STATEMENT, "lane", this.lane);
    registerNow();
    registerFailures();
  }

  /** What tags call a lane. */
  static String name(PoolListener.Lane lane) {
    return lane.name().toLowerCase(Locale.ROOT);
  }

  /** Those who got a lease at once have waited for no time. */
  private long[] atOnce() {
    long[] counts = new long[Times.buckets()];
    counts[0] = heldAtOnce.count();
    return counts;
  }

  private void registerNow() {
    state("held", PoolStats.Lane::held);
    state("idle", PoolStats.Lane::idle);
    state("waiting", PoolStats.Lane::waiting);
    age(PoolMeter.OLDEST, now -> now.longestHeld().toNanos());
    age(PoolMeter.OLDEST_WAIT, now -> now.longestWaiting().toNanos());
  }

  private void registerFailures() {
    count(PoolMeter.TIMEOUTS, PoolStats.Lane::timedOut);
    count(PoolMeter.INTERRUPTED, PoolStats.Lane::interrupted);
    count(PoolMeter.REFUSED, PoolStats.Lane::refused);
    count(PoolMeter.REVOKED, PoolStats.Lane::revoked);
    count(PoolMeter.LEAKED, PoolStats.Lane::leaked);
  }

  private void state(String state, ToDoubleFunction<PoolStats.Lane> number) {
    meters.gauge(PoolMeter.LEASES, stats, of(number), "lane", lane, "state", state);
  }

  private void age(PoolMeter meter, ToDoubleFunction<PoolStats.Lane> nanos) {
    meters.timeGauge(meter, stats, of(nanos), "lane", lane);
  }

  private void count(PoolMeter meter, ToDoubleFunction<PoolStats.Lane> number) {
    meters.count(meter, stats, of(number), "lane", lane);
  }

  private ToDoubleFunction<StatsOfAMoment> of(ToDoubleFunction<PoolStats.Lane> number) {
    return all -> number.applyAsDouble(numbers.apply(all.get()));
  }

  /** Most leases are had at once, and then one counter is enough for both of their times. */
  void add(PoolListener.Lease lease) {
    if (lease.waitedNanos() == 0) {
      heldAtOnce.add(lease.heldNanos());
    } else {
      waited.add(lease.waitedNanos());
      heldAfterWait.add(lease.heldNanos());
    }
  }

  void addSlowStatement() {
    slow.increment();
  }
}
