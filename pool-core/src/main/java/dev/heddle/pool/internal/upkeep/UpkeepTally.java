package dev.heddle.pool.internal.upkeep;

import dev.heddle.pool.internal.sqlite.WalState;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the upkeep does. Written by its thread, mostly; read by anyone. */
public final class UpkeepTally {

  private final LongAdder checkpoints = new LongAdder();
  private final LongAdder held = new LongAdder();
  private final LongAdder finished = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAccumulator longestNanos = new LongAccumulator(Math::max, 0);
  private final LongAccumulator longestPauseNanos = new LongAccumulator(Math::max, 0);
  private volatile WalState latest = new WalState(false, 0, 0);

  void checkpoint(WalState state, long nanos) {
    checkpoints.increment();
    this.nanos.add(nanos);
    longestNanos.accumulate(nanos);
    if (state.isHeldBack()) {
      held.increment();
    }
    if (state.pages() > 0 || !state.busy()) { // or else it could not even look
      latest = state;
    }
  }

  void finished() {
    finished.increment();
  }

  /** Writers were kept out for so long. */
  public void paused(long nanos) {
    longestPauseNanos.accumulate(nanos);
  }

  public long checkpoints() {
    return checkpoints.sum();
  }

  /** Those that a reader, or another process, kept from moving everything. */
  public long held() {
    return held.sum();
  }

  /** How often the WAL was left to begin anew. */
  public long finishedCount() {
    return finished.sum();
  }

  public WalState latest() {
    return latest;
  }

  public long nanos() {
    return nanos.sum();
  }

  public long longestNanos() {
    return longestNanos.get();
  }

  /** The longest time that writers were kept waiting. */
  public long longestPauseNanos() {
    return longestPauseNanos.get();
  }
}
