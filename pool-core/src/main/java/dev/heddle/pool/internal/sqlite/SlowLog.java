package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.internal.config.Option;
import dev.heddle.pool.internal.config.Settings;
import dev.heddle.pool.internal.events.PoolEvents;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Notices statements that take long, and has them told. */
public final class SlowLog {

  private final String pool;
  private final long afterNanos;
  private final boolean plans;
  private final PoolEvents events;

  public SlowLog(Settings settings, PoolEvents events) {
    this(
        settings.name(),
        settings.duration(Option.SLOW_STATEMENT_AFTER).toNanos(),
        settings.showsPlans(),
        events);
  }

  SlowLog(String pool, long afterNanos, boolean plans, PoolEvents events) {
    this.pool = pool;
    this.afterNanos = afterNanos;
    this.plans = plans;
    this.events = events;
  }

  /** The time at which a statement begins; 0 if nobody wants to know. */
  long begin() {
    return afterNanos == 0 ? 0 : System.nanoTime();
  }

  /**
   * A statement has ended.
   *
   * @param beganNanos what {@link #begin} gave
   * @param lease whose it was, in words
   * @param planner gives its plan
   */
  void ended(
      String sql, long beganNanos, Role role, @Nullable String lease, Supplier<String> planner) {
    if (afterNanos != 0) {
      long nanos = System.nanoTime() - beganNanos;
      if (nanos >= afterNanos) {
        tell(sql, nanos, role, lease == null ? "A lease that left it open" : lease, planner);
      }
    }
  }

  private void tell(String sql, long nanos, Role role, String lease, Supplier<String> planner) {
    String plan = plans ? planner.get() : null;
    PoolListener.Lane lane =
        role == Role.WRITER ? PoolListener.Lane.WRITER : PoolListener.Lane.READER;
    events.slowStatement(
        new PoolListener.SlowStatement(lane, lease, sql, nanos, plan),
        "Pool '%s': a statement took %s, more than %s=%s. %s ran it: %s%s"
            .formatted(
                pool,
                Errors.duration(nanos),
                Option.SLOW_STATEMENT_AFTER.key(),
                Errors.duration(afterNanos),
                lease,
                Errors.shorten(sql),
                plan == null ? "" : System.lineSeparator() + plan));
  }
}
