package dev.heddle.pool.internal.lease;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolListener;
import dev.heddle.pool.internal.events.PoolEvents;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.lane.LaneView;
import dev.heddle.pool.internal.lane.Refusal;
import dev.heddle.pool.internal.lane.Terms;
import dev.heddle.pool.internal.sqlite.Session;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The way into one lane: on the pool's terms, unless the options of the lease say otherwise. */
public final class Entrance {

  /** What messages call the limit that a lease brought itself. */
  private static final String OWN_LIMIT = "its holdAtMost";

  private final String pool;
  private final Lane<Session> lane;
  private final long acquireTimeoutNanos;
  private final Terms standard;
  private final PoolListener.Lane kind;
  private final PoolEvents events;
  private final SlowWaits slowWaits;
  private final boolean keepsStacks;

  /** There is nothing to wait for, now or later. */
  private final boolean empty;

  /**
   * What the pool grants whoever comes with no wishes.
   *
   * @param acquireTimeout how long to wait for the lane
   * @param maxTime how long it may be held; zero for any time
   * @param maxTimeKey the option that says so
   * @param slowWait after which wait it is logged; zero for none
   * @param slowWaitKey the option that says so
   * @param keepsStacks whether the stack of each acquisition is kept
   */
  public record Conditions(
      Duration acquireTimeout,
      Duration maxTime,
      String maxTimeKey,
      Duration slowWait,
      String slowWaitKey,
      boolean keepsStacks) {}

  /**
   * The way into a lane.
   *
   * @param pool its pool's name
   * @param kind which one it is
   * @param events who is told of leases
   */
  public Entrance(
      String pool,
      Lane<Session> lane,
      PoolListener.Lane kind,
      Conditions conditions,
      PoolEvents events) {
    this.pool = pool;
    this.lane = lane;
    this.kind = kind;
    this.events = events;
    this.acquireTimeoutNanos = nanos(conditions.acquireTimeout);
    this.standard = new Terms(null, limit(conditions.maxTime), conditions.maxTimeKey, null);
    this.keepsStacks = conditions.keepsStacks;
    this.slowWaits =
        new SlowWaits(pool, lane, limit(conditions.slowWait), conditions.slowWaitKey, events);
    this.empty = lane.view().connections() == 0;
  }

  /** Zero is none. */
  private static long limit(Duration time) {
    return time.isZero() ? Terms.FOR_EVER : nanos(time);
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
    LeaseWatch watch = null;
    if (events.areHeard()) {
      watch = new LeaseWatch(events, kind, hold);
      lease.watchedBy(watch);
    }
    try {
      long waited =
          lane.acquire(hold, (own == null ? acquireTimeoutNanos : nanos(own)) - waitedNanos);
      slowWaits.granted(hold, waited);
    } catch (Refusal refusal) {
      throw refused(refusal, watch, waitedNanos, options);
    } catch (RuntimeException | Error failure) {
      lane.giveUp(hold); // no memory to tell of it, say: it would be held by nobody
      throw failure;
    }
  }

  private SQLException refused(
      Refusal refusal, @Nullable LeaseWatch watch, long waitedNanos, LeaseOptions options) {
    LaneView<Session> view = lane.view();
    if (watch != null) {
      watch.asked(refusal.reason().name(), Refusals.state(view));
    }
    events.refused(
        new PoolListener.Refused(
            kind,
            options.label(),
            waitedNanos + refusal.waitedNanos(),
            Refusals.reason(refusal.reason())));
    return Refusals.exception(refusal, waitedNanos, pool, view, options);
  }

  /** Refuses a thread that would wait for itself, before it waits for another lane. */
  void refuseOwn(LeaseOptions options) throws SQLException {
    try {
      lane.refuseOwn();
    } catch (Refusal refusal) {
      throw refused(refusal, null, 0, options);
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
