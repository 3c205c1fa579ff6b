package dev.heddle.pool.internal.lease;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolListener;
import dev.heddle.pool.internal.lane.LaneView;
import dev.heddle.pool.internal.lane.Refusal;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTransientConnectionException;
import java.util.stream.Collectors;

/** What users get when a lane refuses: what was wanted, what happened, what to do. */
final class Refusals {

  private static final int SHOWN_HOLDERS = 4;

  private Refusals() {}

  /**
   * The exception for a refusal.
   *
   * @param waitedBefore how long the thread had waited for another lane, in the same time
   */
  static SQLException exception(
      Refusal refusal,
      long waitedBefore,
      String pool,
      LaneView<Session> lane,
      LeaseOptions options) {
    String waited = Errors.duration(waitedBefore + refusal.waitedNanos());
    String wanted =
        "pool '" + pool + "', " + lane.name() + " lane" + Holders.asking(options.label()) + ": ";
    return switch (refusal.reason()) {
      case TIMED_OUT ->
          new SQLTransientConnectionException(
              wanted
                  + "no connection within "
                  + waited
                  + "; "
                  + state(lane)
                  + ". End leases sooner, "
                  + (lane.connections() == 1 ? "" : "raise 'readers', ")
                  + (options.waitAtMost() == null
                      ? "or raise 'acquire-timeout'"
                      : "or allow a longer wait in the call"),
              Errors.CANT_CONNECT);
      case QUEUE_FULL ->
          new SQLTransientConnectionException(
              wanted + "as many wait as 'queue-limit' allows; " + state(lane), Errors.CANT_CONNECT);
      case INTERRUPTED ->
          Errors.interrupted(wanted + "interrupted after waiting " + waited + " for a connection");
      case OWN_HOLD -> ownHold(wanted, lane);
      case CLOSED ->
          new SQLNonTransientConnectionException(
              wanted + "the pool is closed", Errors.NO_CONNECTION);
    };
  }

  static SQLException noWriter(String pool) {
    return new SQLNonTransientException(
        "pool '" + pool + "' is read-only (mode=read-only) and has no writer", Errors.READ_ONLY);
  }

  private static SQLException ownHold(String wanted, LaneView<Session> lane) {
    String why =
        lane.connections() == 1
            ? "this thread holds its only connection already, so it would wait for itself, as with"
                + " a second transaction inside the first (REQUIRES_NEW). Pass the lease or"
                + " connection that you have on, or end it first"
            : "every connection is held by a thread that waits for another one of this lane, this"
                + " thread too, so none would ever come back. Take one lease at a time in a thread";
    return new SQLNonTransientException(wanted + why + "; " + state(lane), Errors.REFUSED);
  }

  static PoolListener.Refused.Reason reason(Refusal.Reason reason) {
    return switch (reason) {
      case TIMED_OUT -> PoolListener.Refused.Reason.TIMED_OUT;
      case INTERRUPTED -> PoolListener.Refused.Reason.INTERRUPTED;
      case QUEUE_FULL -> PoolListener.Refused.Reason.QUEUE_FULL;
      case OWN_HOLD -> PoolListener.Refused.Reason.OWN_LEASE;
      case CLOSED -> PoolListener.Refused.Reason.CLOSED;
    };
  }

  /** A lane in numbers, and who holds it. */
  static String state(LaneView<Session> lane) {
    String holders =
        lane.holders().stream()
            .limit(SHOWN_HOLDERS)
            .map(Holders::describe)
            .collect(Collectors.joining(", "));
    int more = lane.holders().size() - SHOWN_HOLDERS;
    return "%s; held by %s%s"
        .formatted(
            Holders.counts(lane),
            holders.isEmpty() ? "nobody now" : holders,
            more > 0 ? ", and " + more + " more" : "");
  }
}
