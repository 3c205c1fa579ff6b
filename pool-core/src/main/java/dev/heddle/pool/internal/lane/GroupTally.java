package dev.heddle.pool.internal.lane;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens in a group. */
public final class GroupTally implements GroupEvents {

  private final LongAdder commits = new LongAdder();
  private final LongAdder units = new LongAdder();
  private final LongAdder undone = new LongAdder();
  private final LongAdder ageNanos = new LongAdder();
  private final LongAdder commitNanos = new LongAdder();
  private final LongAccumulator mostUnits = new LongAccumulator(Math::max, 0);
  private final LongAccumulator longestAgeNanos = new LongAccumulator(Math::max, 0);
  private final LongAccumulator longestCommitNanos = new LongAccumulator(Math::max, 0);

  @Override
  public void committed(int units, long ageNanos, long commitNanos) {
    commits.increment();
    this.units.add(units);
    this.ageNanos.add(ageNanos);
    this.commitNanos.add(commitNanos);
    mostUnits.accumulate(units);
    longestAgeNanos.accumulate(ageNanos);
    longestCommitNanos.accumulate(commitNanos);
  }

  @Override
  public void undone(int units) {
    undone.add(units);
  }

  /** Transactions committed. */
  public long commits() {
    return commits.sum();
  }

  /** Units committed. */
  public long units() {
    return units.sum();
  }

  public long undone() {
    return undone.sum();
  }

  /** Ages of all groups, added up. */
  public long ageNanos() {
    return ageNanos.sum();
  }

  /** Times of all commits, added up. */
  public long commitNanos() {
    return commitNanos.sum();
  }

  public long mostUnits() {
    return mostUnits.get();
  }

  public long longestAgeNanos() {
    return longestAgeNanos.get();
  }

  public long longestCommitNanos() {
    return longestCommitNanos.get();
  }
}
