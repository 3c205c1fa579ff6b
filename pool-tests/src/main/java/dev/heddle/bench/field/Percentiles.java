package dev.heddle.bench.field;

import dev.heddle.bench.Figures;
import dev.heddle.bench.Histogram;
import java.util.Map;

/** The names under which durations are told. */
final class Percentiles {

  private static final Map<String, Double> SHARES =
      Map.of("P50Micros", 0.5, "P99Micros", 0.99, "P999Micros", 0.999, "MaxMicros", 1.0);

  private Percentiles() {}

  /** Puts half of them, the slowest hundredth, thousandth, and the slowest of all. */
  static void put(Figures figures, String prefix, Histogram durations) {
    SHARES.forEach((name, share) -> figures.put(prefix + name, durations.percentile(share) / 1e3));
  }
}
