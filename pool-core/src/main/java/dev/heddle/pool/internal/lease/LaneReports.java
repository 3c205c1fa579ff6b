package dev.heddle.pool.internal.lease;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.internal.events.PoolEvents;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Tally;
import dev.heddle.pool.internal.lane.Trouble;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Counts what happens in a lane, and has logged what somebody should look into. */
public final class LaneReports extends Tally<Session> {

  private final PoolListener.Lane lane;
  private final PoolEvents events;

  public LaneReports(PoolListener.Lane lane, PoolEvents events) {
    this.lane = lane;
    this.events = events;
  }

  @Override
  public Runnable notice(Trouble trouble, Hold<Session> hold, long nanos) {
    Runnable count = super.notice(trouble, hold, nanos);
    PoolListener.Trouble told =
        new PoolListener.Trouble(
            lane,
            kind(trouble),
            hold.terms().label(),
            Holders.sql(hold),
            nanos,
            "Pool '%s', %s lane: %s%s"
                .formatted(
                    events.pool(),
                    lane.name().toLowerCase(Locale.ROOT),
                    Holders.describe(hold),
                    text(trouble, hold, Errors.duration(nanos))));
    return () -> {
      count.run();
      events.trouble(told, hold.terms().acquisition());
    };
  }

  private static PoolListener.Trouble.Kind kind(Trouble trouble) {
    return switch (trouble) {
      case LASTING -> PoolListener.Trouble.Kind.LASTING;
      case OVERDUE -> PoolListener.Trouble.Kind.REVOKED;
      case FORGOTTEN -> PoolListener.Trouble.Kind.LEAKED;
      case STUCK -> PoolListener.Trouble.Kind.STUCK;
      case DELAYING -> PoolListener.Trouble.Kind.DELAYING;
    };
  }

  private static String text(Trouble trouble, Hold<Session> hold, String time) {
    return switch (trouble) {
      case LASTING ->
          " has been held for "
              + time
              + ". If nobody forgot to close it, end leases sooner, or raise 'leak-report.after'."
              + now(hold);
      case OVERDUE ->
          " was held for "
              + time
              + ", longer than "
              + Holders.limit(hold)
              + " allows, and is revoked: its work is rolled back."
              + now(hold);
      case FORGOTTEN ->
          " was never closed, and can't be any more: the program has lost every reference to it."
              + " It is taken back after "
              + time
              + ", its work rolled back. Take leases in try-with-resources";
      case STUCK ->
          " is over, but its call does not come back, and nothing can end it: one long instruction"
              + " of SQLite, or a user function. Its connection is missing until then."
              + now(hold);
      case DELAYING ->
          " has kept another one's commit(), which is to be shared with it, waiting for "
              + time
              + ", and may do so for as long as it is held ("
              + Holders.limit(hold)
              + "). If its thread waits for a lock, see that nobody holds that lock across"
              + " commit()."
              + now(hold);
    };
  }

  /** A hold in words, and what the holder is doing. */
  public static String describeNow(Hold<Session> hold) {
    return Holders.describe(hold) + "." + now(hold);
  }

  /** What the holder is doing. */
  private static String now(Hold<Session> hold) {
    return running(hold) + stack(hold.thread());
  }

  private static String running(Hold<Session> hold) {
    String sql = Holders.sql(hold);
    return sql == null ? "" : " It is running: " + Errors.shorten(sql) + ".";
  }

  private static String stack(@Nullable Thread thread) {
    StackTraceElement[] stack = thread == null ? new StackTraceElement[0] : thread.getStackTrace();
    if (stack.length == 0) {
      return " The thread that acquired it has ended";
    }
    return " The thread that acquired it is at:"
        + Arrays.stream(stack)
            .map(frame -> System.lineSeparator() + "\tat " + frame)
            .collect(Collectors.joining());
  }
}
