package dev.heddle.bench.field;

import dev.heddle.bench.Histogram;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Durations from any number of threads. Ten thousand histograms would fill the heap; so some
 * threads share one, which is locked for some nanoseconds.
 */
final class Tally {

  private static final int SHARES = 256;

  private final List<Histogram> shares =
      new ArrayList<>(IntStream.range(0, SHARES).mapToObj(i -> new Histogram()).toList());

  void record(int worker, long nanos) {
    Histogram share = shares.get(worker % SHARES);
    synchronized (share) {
      share.record(nanos);
    }
  }

  /** Everything up to now. */
  Histogram sum() {
    Histogram sum = new Histogram();
    for (Histogram share : shares) {
      synchronized (share) {
        sum.add(share);
      }
    }
    return sum;
  }
}
