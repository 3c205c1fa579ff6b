package dev.heddle.pool.tests.power;

import java.util.BitSet;
import java.util.Random;

/** Which of the changes that nobody had synced have reached the disk before the power was cut. */
final class Fate {

  /** Everything or nothing is as likely as something between. */
  private static final double[] SHARES = {0, 0.02, 0.5, 0.98, 1};

  private final BitSet kept;

  private Fate(BitSet kept) {
    this.kept = kept;
  }

  /** The first ones, as a disk writes that keeps to the order; or any. */
  static Fate of(int changes, Random random) {
    BitSet kept = new BitSet(changes);
    if (random.nextInt(3) == 0) {
      kept.set(0, random.nextInt(changes + 1));
      return new Fate(kept);
    }
    double share = SHARES[random.nextInt(SHARES.length)];
    for (int i = 0; i < changes; i++) {
      kept.set(i, random.nextDouble() < share);
    }
    return new Fate(kept);
  }

  boolean keeps(int change) {
    return kept.get(change);
  }
}
