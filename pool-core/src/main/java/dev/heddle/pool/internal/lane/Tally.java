package dev.heddle.pool.internal.lane;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Counts what happens in a lane.
 *
 * @param <R> the resource
 */
public class Tally<R> implements LaneEvents<R> {

  private final LongAdder granted = new LongAdder();
  private final Map<Refusal.Reason, LongAdder> refused = counters(Refusal.Reason.class);
  private final Map<Trouble, LongAdder> troubles = counters(Trouble.class);

  private static <E extends Enum<E>> Map<E, LongAdder> counters(Class<E> kinds) {
    return Arrays.stream(kinds.getEnumConstants())
        .collect(
            Collectors.toMap(
                Function.identity(),
                kind -> new LongAdder(),
                (one, other) -> one,
                () -> new EnumMap<>(kinds)));
  }

  @Override
  public void granted(long waitedNanos) {
    granted.increment();
  }

  @Override
  public void refused(Refusal.Reason reason, long waitedNanos) {
    counter(refused, reason).increment();
  }

  @Override
  public Runnable notice(Trouble trouble, Hold<R> hold, long nanos) {
    return counter(troubles, trouble)::increment;
  }

  public long granted() {
    return granted.sum();
  }

  public long refused(Refusal.Reason reason) {
    return counter(refused, reason).sum();
  }

  public long troubles(Trouble trouble) {
    return counter(troubles, trouble).sum();
  }

  private static <E> LongAdder counter(Map<E, LongAdder> counters, E kind) {
    LongAdder counter = counters.get(kind);
    if (counter == null) {
      throw new AssertionError(kind);
    }
    return counter;
  }
}
