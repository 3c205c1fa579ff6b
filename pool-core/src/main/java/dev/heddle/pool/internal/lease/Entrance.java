package dev.heddle.pool.internal.lease;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.lane.Refusal;
import dev.heddle.pool.internal.lane.Terms;
import dev.heddle.pool.internal.sqlite.Session;
import java.sql.SQLException;
import java.time.Duration;

/** The way into one lane: on the pool's terms, unless the options of the lease say otherwise. */
public final class Entrance {

  /** What messages call the limit that a lease brought itself. */
  private static final String OWN_LIMIT = "its holdAtMost";

  private final String pool;
  private final Lane<Session> lane;
  private final long acquireTimeoutNanos;
  private final Terms standard;
  private final boolean keepsStacks;

  /** There is nothing to wait for, now or later. */
  private final boolean empty;

  /**
   * The way into a lane.
   *
   * @param pool its pool's name
   * @param acquireTimeout how long to wait for it
   * @param maxTime how long it may be held; zero for any time
   * @param maxTimeKey the option that says so
   * @param keepsStacks whether the stack of each acquisition is kept
   */
  public Entrance(
      String pool,
      Lane<Session> lane,
      Duration acquireTimeout,
      Duration maxTime,
      String maxTimeKey,
      boolean keepsStacks) {
    this.pool = pool;
    this.lane = lane;
    this.acquireTimeoutNanos = nanos(acquireTimeout);
    this.standard =
        new Terms(null, maxTime.isZero() ? Terms.FOR_EVER : nanos(maxTime), maxTimeKey, null);
    this.keepsStacks = keepsStacks;
    this.empty = lane.view().connections() == 0;
  }

  Lane<Session> lane() {
    return lane;
  }

  boolean hasConnections() {
    return !empty;
  }

  /** Throws if nobody can ever have it. */
  void requireConnections() throws SQLException {
    if (empty) {
      throw Refusals.noWriter(pool);
    }
  }

  /** What the calling thread is going to {@link #acquire}. */
  Hold<Session> hold(LeaseOptions options) {
    return new Hold<>(terms(options));
  }

  private Terms terms(LeaseOptions options) {
    Duration own = options.holdAtMost();
    if (options.label() == null && own == null && !keepsStacks) {
      return standard;
    }
    return new Terms(
        options.label(),
        own == null ? standard.maxHoldNanos() : nanos(own),
        own == null ? standard.limit() : OWN_LIMIT,
        keepsStacks ? new AcquiredHere() : null);
  }

  /**
   * Waits for the lane.
   *
   * @param lease the only one who can end the hold
   * @param waitedNanos how long the thread has waited before, for another lane, in the same time
   */
  void acquire(Hold<Session> hold, AbstractLease lease, LeaseOptions options, long waitedNanos)
      throws SQLException {
    Duration own = options.waitAtMost();
    hold.keptBy(lease);
    try {
      lane.acquire(hold, (own == null ? acquireTimeoutNanos : nanos(own)) - waitedNanos);
    } catch (Refusal refusal) {
      throw Refusals.exception(refusal, waitedNanos, pool, lane.view(), options);
    }
  }

  /** Refuses a thread that would wait for itself, before it waits for another lane. */
  void refuseOwn(LeaseOptions options) throws SQLException {
    try {
      lane.refuseOwn();
    } catch (Refusal refusal) {
      throw Refusals.exception(refusal, 0, pool, lane.view(), options);
    }
  }

  /** More than 292 years is a time without end. */
  private static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }
}
