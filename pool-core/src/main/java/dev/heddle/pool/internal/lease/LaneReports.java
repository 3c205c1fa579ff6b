package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Tally;
import dev.heddle.pool.internal.lane.Trouble;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what happens in a lane, and logs what somebody should look into. */
public final class LaneReports extends Tally<Session> {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.lease");

  @Override
  public Runnable notice(Trouble trouble, Hold<Session> hold, long nanos) {
    Runnable count = super.notice(trouble, hold, nanos);
    String report = Holders.describe(hold) + text(trouble, hold, Errors.duration(nanos));
    return () -> {
      count.run();
      LOG.warn(report, hold.terms().acquisition());
    };
  }

  private static String text(Trouble trouble, Hold<Session> hold, String time) {
    return switch (trouble) {
      case LASTING ->
          " has been held for %s. If nobody forgot to close it, end leases sooner, or raise"
                  .formatted(time)
              + " 'leak-report.after'."
              + now(hold);
      case OVERDUE ->
          " was held for %s, longer than %s allows, and is revoked: its work is rolled back."
                  .formatted(time, Holders.limit(hold))
              + now(hold);
      case FORGOTTEN ->
          " was never closed, and can't be any more: the program has lost every reference to it."
              + " It is taken back after "
              + time
              + ", its work rolled back. Take leases in try-with-resources";
      case STUCK ->
          " was revoked, but its call does not come back, and nothing can end it: one long"
              + " instruction of SQLite, or a user function. Its connection is missing until then."
              + now(hold);
      case DELAYING ->
          " has kept another one's commit(), which is to be shared with it, waiting for %s, and"
                  .formatted(time)
              + " may do so until it is revoked ("
              + Holders.limit(hold)
              + "). If its thread waits for a lock, see that nobody holds that lock across"
              + " commit()."
              + now(hold);
    };
  }

  private static String now(Hold<Session> hold) {
    String sql = hold.resource().latestSql();
    String running =
        hold.inCall() && sql != null ? " It is running: " + Errors.shorten(sql) + "." : "";
    StackTraceElement[] stack = hold.owner().getStackTrace();
    if (stack.length == 0) {
      return running + " Its thread has ended, or has not begun to run again";
    }
    return running
        + " Its thread is at:"
        + Arrays.stream(stack)
            .map(frame -> System.lineSeparator() + "\tat " + frame)
            .collect(Collectors.joining());
  }
}
