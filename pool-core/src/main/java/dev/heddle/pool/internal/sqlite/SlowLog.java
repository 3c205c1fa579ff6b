package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.internal.config.Option;
import dev.heddle.pool.internal.config.Settings;
import dev.heddle.pool.internal.events.PoolEvents;
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

  /** How long a statement took that began then, if that was long; otherwise 0. */
  long slowNanos(long beganNanos) {
    if (afterNanos == 0) {
      return 0;
    }
    long nanos = System.nanoTime() - beganNanos;
    return nanos < afterNanos ? 0 : nanos;
  }

  boolean wantsPlans() {
    return plans;
  }

  /**
   * Tells of a statement.
   *
   * @param lease whose it was, in words; null if that is not known any more
   */
  void tell(Role role, @Nullable String lease, String sql, long nanos, @Nullable String plan) {
    String who = lease == null ? "A lease that is over" : lease;
    PoolListener.Lane lane =
        role == Role.WRITER ? PoolListener.Lane.WRITER : PoolListener.Lane.READER;
    events.slowStatement(
        new PoolListener.SlowStatement(lane, who, sql, nanos, plan),
        "Pool '%s': a statement took %s, more than %s=%s. %s ran it: %s%s"
            .formatted(
                pool,
                Errors.duration(nanos),
                Option.SLOW_STATEMENT_AFTER.key(),
                Errors.duration(afterNanos),
                who,
                Errors.shorten(sql),
                plan == null ? "" : System.lineSeparator() + plan));
  }
}
