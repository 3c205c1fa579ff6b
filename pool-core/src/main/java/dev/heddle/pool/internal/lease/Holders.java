package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.LaneView;
import dev.heddle.pool.internal.lane.Owner;
import dev.heddle.pool.internal.lane.Revocation;
import dev.heddle.pool.internal.lane.Terms;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTimeoutException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Holders in words. */
public final class Holders {

  private Holders() {}

  /** A lease, by its label and thread. */
  public static String describe(Hold<?> hold) {
    return "The lease" + label(hold.terms().label()) + " of " + owner(hold.owner());
  }

  /** How long a lease may be held, and what says so. */
  static String limit(Hold<?> hold) {
    Terms terms = hold.terms();
    return terms.maxHoldNanos() == Terms.FOR_EVER
        ? terms.limit() + " sets no limit"
        : terms.limit() + "=" + Errors.duration(terms.maxHoldNanos());
  }

  static String label(@Nullable String label) {
    return label == null ? "" : " '" + label + "'";
  }

  static String asking(@Nullable String label) {
    return label == null ? "" : " for '" + label + "'";
  }

  /** A thread by name and number; virtual threads mostly have no name. */
  static String owner(Owner owner) {
    return (owner.virtual() ? "virtual thread" : "thread")
        + " #"
        + owner.id()
        + (owner.name().isEmpty() ? "" : " \"" + owner.name() + "\"");
  }

  /** What a hold runs at this moment; null if it runs nothing. */
  static @Nullable String sql(Hold<Session> hold) {
    boolean inCall = hold.inCall();
    String sql = hold.resource().latestSql();
    // Asked before and after: in between, the connection may have gone to somebody else.
    return inCall && hold.inCall() ? sql : null;
  }

  /** A lane in numbers. */
  static String counts(LaneView<?> lane) {
    return "%d connection%s, %d idle, %d thread%s waiting"
        .formatted(
            lane.connections(),
            lane.connections() == 1 ? "" : "s",
            lane.idle(),
            lane.waiting(),
            lane.waiting() == 1 ? "" : "s");
  }

  /** A holder, and what it is doing. */
  static String describe(LaneView.Holder<Session> holder) {
    return owner(holder.owner())
        + label(holder.label())
        + " for "
        + Errors.duration(holder.heldNanos())
        + doing(holder);
  }

  private static String doing(LaneView.Holder<Session> holder) {
    String sql = sql(holder.hold());
    if (sql == null) {
      return holder.inCall() ? " (in a call)" : "";
    }
    long began = holder.hold().resource().latestBeganNanos();
    return " (running"
        + (began == 0 ? "" : " for " + Errors.duration(System.nanoTime() - began))
        + ": "
        + Errors.shorten(sql)
        + ")";
  }

  /**
   * Why a hold could not be entered.
   *
   * @param whenRevoked what came of it, if it was revoked
   */
  static SQLException whyNoCall(Hold<?> hold, String whenRevoked) {
    Revocation revocation = hold.revocation();
    if (revocation != null) {
      return new SQLNonTransientConnectionException(
          describe(hold)
              + ", acquired "
              + since(hold)
              + ", was revoked "
              + because(hold, revocation)
              + ": "
              + whenRevoked,
          Errors.NO_CONNECTION,
          hold.terms().acquisition());
    }
    if (hold.isOver()) {
      return new SQLNonTransientConnectionException(
          describe(hold) + " has ended; acquire a new one", Errors.NO_CONNECTION);
    }
    return new SQLNonTransientException(
        describe(hold)
            + " is in a call already: two threads use it at once, or an SQL function called the"
            + " lease that runs it. Give each thread a lease of its own",
        Errors.REFUSED);
  }

  /**
   * Why a statement was ended whose hold is over.
   *
   * @param running what ran, with a colon before it, or nothing
   */
  static SQLException whyStopped(Hold<?> hold, SQLException e, String running) {
    Revocation revocation = hold.revocation();
    if (revocation == null) {
      return new SQLNonTransientConnectionException(
          describe(hold) + " was closed by another thread while its statement ran" + running,
          Errors.NO_CONNECTION,
          e);
    }
    String message =
        describe(hold)
            + ", acquired "
            + since(hold)
            + ", was revoked while its statement ran, "
            + because(hold, revocation)
            + "; its work is rolled back"
            + running;
    SQLException failure =
        revocation == Revocation.OVERDUE
            ? new SQLTimeoutException(message, Errors.CANCELLED, e)
            : new SQLNonTransientConnectionException(message, Errors.NO_CONNECTION, e);
    if (hold.terms().acquisition() != null) {
      failure.addSuppressed(hold.terms().acquisition());
    }
    return failure;
  }

  private static String because(Hold<?> hold, Revocation revocation) {
    return switch (revocation) {
      case OVERDUE -> "because it was held for longer than " + limit(hold) + " allows";
      case FORGOTTEN -> "because the program had lost every reference to it";
      case CLOSING -> "because its pool was closed";
    };
  }

  private static String since(Hold<?> hold) {
    long nanos = System.nanoTime() - hold.sinceNanos();
    return Errors.duration(nanos)
        + " ago (at "
        + Instant.now().minusNanos(nanos).truncatedTo(ChronoUnit.MILLIS)
        + ")";
  }
}
