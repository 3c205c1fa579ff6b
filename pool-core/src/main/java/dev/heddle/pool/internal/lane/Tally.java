package dev.heddle.pool.internal.lane;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens in a lane. */
public class Tally implements LaneEvents {

  private final LongAdder granted = new LongAdder();
  private final LongAdder overdue = new LongAdder();
  private final Map<Refusal.Reason, LongAdder> refused = new EnumMap<>(Refusal.Reason.class);

  public Tally() {
    for (Refusal.Reason reason : Refusal.Reason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  @Override
  public void granted(long waitedNanos) {
    granted.increment();
  }

  @Override
  public void refused(Refusal.Reason reason, long waitedNanos) {
    counter(reason).increment();
  }

  @Override
  public void overdue(Hold<?> hold, long heldNanos) {
    overdue.increment();
  }

  public long overdue() {
    return overdue.sum();
  }

  public long granted() {
    return granted.sum();
  }

  public long refused(Refusal.Reason reason) {
    return counter(reason).sum();
  }

  private LongAdder counter(Refusal.Reason reason) {
    LongAdder counter = refused.get(reason);
    if (counter == null) {
      throw new AssertionError(reason);
    }
    return counter;
  }
}
