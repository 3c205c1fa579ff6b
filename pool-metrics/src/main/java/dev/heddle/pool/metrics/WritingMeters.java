package dev.heddle.pool.metrics;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.PoolStats;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The meters of commits and checkpoints: of a pool that writes. */
final class WritingMeters {

  private final Meters meters;
  private final StatsOfAMoment stats;

  private final Timer committed;
  private final Timer failed;
  private final DistributionSummary units;
  private final Timer waited;
  private final Timer checkpoints;

  WritingMeters(Meters meters, StatsOfAMoment stats) {
    this.meters = meters;
    this.stats = stats;
    this.committed = meters.histogram(PoolMeter.COMMIT, "outcome", "committed");
    this.failed = meters.histogram(PoolMeter.COMMIT, "outcome", "failed");
    this.units = meters.summary(PoolMeter.COMMIT_UNITS);
    this.waited = meters.timer(PoolMeter.COMMIT_WAIT);
    this.checkpoints = meters.timer(PoolMeter.CHECKPOINT);
    meters.gauge(PoolMeter.COMMIT_WAITING, stats, all -> all.get().commits().waiting());
    meters.count(
        PoolMeter.ROLLED_BACK,
        stats,
        all -> all.get().commits().rolledBack(),
        "lane",
        LaneMeters.name(PoolListener.Lane.WRITER));
    registerCheckpoints();
  }

  private void registerCheckpoints() {
    meters.count(PoolMeter.CHECKPOINT_HELD_BACK, stats, of(PoolStats.Checkpoints::heldBack));
    meters.count(PoolMeter.CHECKPOINT_RESTARTS, stats, of(PoolStats.Checkpoints::restarts));
    meters.timeGauge(
        PoolMeter.CHECKPOINT_PAUSE, stats, of(numbers -> numbers.longestPause().toNanos()));
  }

  private static ToDoubleFunction<StatsOfAMoment> of(
      ToDoubleFunction<PoolStats.Checkpoints> number) {
    return all -> number.applyAsDouble(all.get().checkpoints());
  }

  void add(PoolListener.Commit commit) {
    (commit.succeeded() ? committed : failed).record(commit.nanos(), TimeUnit.NANOSECONDS);
    units.record(commit.units());
    waited.record(commit.waitedNanos(), TimeUnit.NANOSECONDS);
  }

  void add(PoolListener.Checkpoint checkpoint) {
    checkpoints.record(checkpoint.nanos(), TimeUnit.NANOSECONDS);
  }
}
