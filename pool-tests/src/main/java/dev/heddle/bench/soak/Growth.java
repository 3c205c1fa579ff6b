package dev.heddle.bench.soak;

import java.util.List;

/**
 * A figure of the program that was left alone: once it was warm, and at the end. Medians, as there
 * are rushes and faults in both times.
 *
 * @param early the median of the first quarter after the warm-up
 * @param late that of the last quarter
 * @param most what {@code late} may be
 */
record Growth(String figure, double early, double late, double most) {

  /** Classes, code and caches come in, as a share of the program's life. */
  private static final double WARM_UP = 0.125;

  private static final double QUARTER = (1 - WARM_UP) / 4;

  /** By how much more than before a figure may be: as a factor, and besides. */
  private record Limit(String figure, double factor, double besides) {}

  /** Generous: what grows with every lease, or every fault, exceeds it within minutes. */
  private static final List<Limit> LIMITS =
      List.of(
          new Limit(Sampler.HEAP, 1.25, 8),
          new Limit(Sampler.RSS, 1.25, 64),
          new Limit(Sampler.DESCRIPTORS, 1, 20),
          new Limit(Sampler.THREADS, 1, 20),
          new Limit(Sampler.WAL, 2, 64),
          new Limit(Sampler.FILE, 1.5, 32));

  /** All figures that must not grow. */
  static List<Growth> in(List<History.Sample> life) {
    return LIMITS.stream().map(limit -> of(limit, life)).toList();
  }

  private static Growth of(Limit limit, List<History.Sample> life) {
    double early = median(limit.figure(), life, WARM_UP);
    double late = median(limit.figure(), life, 1 - QUARTER);
    return new Growth(limit.figure(), early, late, early * limit.factor() + limit.besides());
  }

  /** In the quarter that begins there. */
  private static double median(String figure, List<History.Sample> life, double from) {
    List<Double> sorted =
        life.stream()
            .skip((long) (life.size() * from))
            .limit(1 + (long) (life.size() * QUARTER))
            .map(sample -> sample.of(figure))
            .sorted()
            .toList();
    return sorted.get(sorted.size() / 2);
  }

  /** A figure that the system does not tell has not grown. */
  boolean isTooMuch() {
    return late > most;
  }

  @Override
  public String toString() {
    return "%s went from %.0f to %.0f".formatted(figure, early, late);
  }
}
