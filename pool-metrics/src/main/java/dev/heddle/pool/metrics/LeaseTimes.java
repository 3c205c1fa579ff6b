package dev.heddle.pool.metrics;

import java.math.BigDecimal;

/** How long something took with the leases of a lane: as a timer, as buckets, as percentiles. */
final class LeaseTimes {

  private static final String[] PERCENTILES = {"0.5", "0.95", "0.99", "0.999"};

  private LeaseTimes() {}

  /** Registers them; whoever reads the meters keeps the counts. */
  static void register(
      Meters meters,
      String lane,
      TimeCounts times,
      PoolMeter timer,
      PoolMeter buckets,
      PoolMeter percentiles) {
    meters.times(timer, times, TimeCounts::count, TimeCounts::totalNanos, "lane", lane);
    for (int i = 0; i < Times.buckets(); i++) {
      int bucket = i;
      meters.count(buckets, times, all -> all.countUpTo(bucket), "lane", lane, "le", bound(bucket));
    }
    RecentTimes recent = new RecentTimes(times, System::nanoTime);
    for (String phi : PERCENTILES) {
      double part = Double.parseDouble(phi);
      meters.timeGauge(
          percentiles, times, all -> recent.percentile(part), "lane", lane, "phi", phi);
    }
  }

  /** In seconds, as Prometheus writes the bounds of its own histograms. */
  private static String bound(int bucket) {
    return bucket == Times.buckets() - 1
        ? "+Inf"
        : BigDecimal.valueOf(Times.bound(bucket), 9).stripTrailingZeros().toPlainString();
  }
}
