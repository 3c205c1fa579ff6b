package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.events.PoolEvents;
import dev.heddle.pool.internal.lane.Before;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.lane.LaneView;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Has it logged that threads wait long for one lane: the first of a second, with the others. */
final class SlowWaits {

  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String pool;
  private final Lane<Session> lane;
  private final long afterNanos;
  private final String key;
  private final PoolEvents events;
  private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - INTERVAL_NANOS);
  private final LongAdder untold = new LongAdder();

  /**
   * For one lane.
   *
   * @param afterNanos what is long; {@link Long#MAX_VALUE} if nothing is
   * @param key the option that says so
   */
  SlowWaits(String pool, Lane<Session> lane, long afterNanos, String key, PoolEvents events) {
    this.pool = pool;
    this.lane = lane;
    this.afterNanos = afterNanos;
    this.key = key;
    this.events = events;
  }

  /** By the thread that has waited so long for the hold, and has it now. */
  void granted(Hold<Session> hold, long waitedNanos) {
    if (waitedNanos >= afterNanos) {
      long now = System.nanoTime();
      long last = toldNanos.get();
      if (now - last >= INTERVAL_NANOS && toldNanos.compareAndSet(last, now)) {
        tell(hold, waitedNanos);
      } else {
        untold.increment();
      }
    }
  }

  private void tell(Hold<Session> hold, long waitedNanos) {
    try {
      events.report(text(hold, waitedNanos, untold.sumThenReset()));
    } catch (Throwable noMemory) {
      // The lease is had, and nobody is told of it.
    }
  }

  private String text(Hold<Session> hold, long waitedNanos, long others) {
    LaneView<Session> view = lane.view();
    Before before = lane.before(hold, waitedNanos);
    return "Pool '%s', %s lane: %s waited %s for it, more than %s=%s%s. %s%d still wait"
        .formatted(
            pool,
            view.name(),
            Holders.describe(hold),
            Errors.duration(waitedNanos),
            key,
            Errors.duration(afterNanos),
            others == 0 ? "" : ", as did " + others + " others since the last such report",
            before == null ? "" : "Before it, the connection was with " + with(before) + ". ",
            view.waiting());
  }

  private static String with(Before before) {
    return "the lease%s of %s for %s"
        .formatted(
            Holders.label(before.label()),
            Holders.owner(before.owner()),
            Errors.duration(before.nanos()));
  }
}
