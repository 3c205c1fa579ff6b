package dev.heddle.pool;

import org.jspecify.annotations.Nullable;

/**
 * Is told what happens in a pool, for metrics, traces and alarms; see {@link SqlitePool#listen}.
 * Each method does nothing unless it is overridden. Times are in nanoseconds.
 *
 * <p>Nothing that others wait for waits for a listener: no method is called under a lock of the
 * pool, inside SQLite, or by a thread that has the lane which the event is about.
 *
 * <ul>
 *   <li>{@link #leaseEnded} and {@link #leaseRefused} are called by the thread that ended the lease
 *       or asked for it, as the last thing that its call does: when the connection is back, and the
 *       commit done. So they should be quick for that thread's sake, and safe for many threads. If
 *       the thread has another lease, or a JDBC connection's lock, it keeps that meanwhile. Where
 *       the pool itself ends a lease, its end is told as the others are:
 *   <li>One at a time, on a virtual thread of the pool's own for each listener. One that falls
 *       1,024 events behind loses the later ones; how many is logged.
 * </ul>
 *
 * <p>A listener must not take leases of the pool that it listens to: the end of each of them would
 * be told it again, without end. What a method throws is logged, at most once a second, and changes
 * nothing for the pool.
 */
public interface PoolListener {

  /** One of the two lanes of a pool. */
  enum Lane {
    /** The lane of many readers. */
    READER,
    /** The lane of the one writer. */
    WRITER
  }

  /**
   * A lease is over, and its connection is back in the lane. A writer's may still wait for the
   * commit that it shares.
   *
   * @param lease what it was
   */
  default void leaseEnded(Lease lease) {}

  /**
   * Somebody asked for a lease and got none.
   *
   * @param refused what was asked for
   */
  default void leaseRefused(Refused refused) {}

  /**
   * A transaction was committed, for all leases that shared it; or its commit failed. If SQLite
   * refused it for what one lease did, that one's failure is told, and then the commit of the
   * others.
   *
   * @param commit what was done
   */
  default void committed(Commit commit) {}

  /**
   * Pages were moved from the WAL into the database.
   *
   * @param checkpoint what was done
   */
  default void checkpointed(Checkpoint checkpoint) {}

  /**
   * A statement was open for longer than {@code slow-statement.after}.
   *
   * @param statement which one
   */
  default void slowStatement(SlowStatement statement) {}

  /**
   * A lease is in trouble, or was; what was logged of it, too.
   *
   * @param trouble what is the matter
   */
  default void leaseInTrouble(Trouble trouble) {}

  /**
   * The pool is closed. Comes last, and once. {@link SqlitePool#close} waits for it, for {@code
   * close-timeout} at most, but two seconds at least.
   */
  default void poolClosed() {}

  /**
   * A lease that is over.
   *
   * @param lane its lane
   * @param label what {@link LeaseOptions#label} called it
   * @param waitedNanos how long its thread had waited for it; 0 if a connection was to be had at
   *     once
   * @param heldNanos for how long its connection was away; a writer's commit is in it, unless
   *     others came to share it
   * @param revoked whether the pool took it away
   */
  record Lease(
      Lane lane, @Nullable String label, long waitedNanos, long heldNanos, boolean revoked) {}

  /**
   * An acquisition that failed.
   *
   * @param lane the lane
   * @param label what the lease was to be called
   * @param waitedNanos how long the thread had waited
   * @param reason why it got none
   */
  record Refused(Lane lane, @Nullable String label, long waitedNanos, Reason reason) {

    /** Why an acquisition failed. */
    public enum Reason {
      /** The wait was too long. */
      TIMED_OUT,
      /** The thread was interrupted. */
      INTERRUPTED,
      /** As many waited as {@code queue-limit} allows. */
      QUEUE_FULL,
      /** The thread would have waited for a lease of its own. */
      OWN_LEASE,
      /** The pool was closed. */
      CLOSED
    }
  }

  /**
   * A commit.
   *
   * @param units how many leases shared it
   * @param waitedNanos how long the first of them had waited for the others; 0 for one alone
   * @param nanos how long {@code COMMIT} took
   * @param succeeded false if it failed; each of these leases has got an exception then
   */
  record Commit(int units, long waitedNanos, long nanos, boolean succeeded) {}

  /**
   * A checkpoint, or a part of one.
   *
   * @param nanos how long it took
   * @param walPages how long the WAL is, in pages
   * @param movedPages how many of these are in the database now
   * @param heldBack whether somebody kept it from moving everything
   */
  record Checkpoint(long nanos, long walPages, long movedPages, boolean heldBack) {}

  /**
   * A statement that took long.
   *
   * @param lane the lane of its connection
   * @param lease whose it was, in words
   * @param sql its text, without the values of its parameters
   * @param nanos from when it was begun until its cursor was closed, with what the program did in
   *     between; all rows of a batch count as one
   * @param plan what {@code EXPLAIN QUERY PLAN} says of it, a line for each step; null unless
   *     {@code slow-statement.plan} is on
   */
  record SlowStatement(Lane lane, String lease, String sql, long nanos, @Nullable String plan) {}

  /**
   * A lease in trouble.
   *
   * @param lane its lane
   * @param kind what is the matter
   * @param label what {@link LeaseOptions#label} called it
   * @param sql the statement that it ran at that moment, without the values of its parameters; null
   *     if it ran none
   * @param nanos for how long it has been held; of {@link Kind#DELAYING}, for how long others have
   *     waited for their commit
   * @param report all of it in words, as it is logged
   */
  record Trouble(
      Lane lane,
      Kind kind,
      @Nullable String label,
      @Nullable String sql,
      long nanos,
      String report) {

    /** What is the matter with a lease. */
    public enum Kind {
      /** It has been held for longer than {@code leak-report.after}. */
      LASTING,
      /** It was held for longer than it may be, and is revoked. */
      REVOKED,
      /** The program has lost it without closing it, and the pool takes it back. */
      LEAKED,
      /** It is over, but a call of it does not come back. */
      STUCK,
      /** It keeps others waiting for the commit that they share with it. */
      DELAYING
    }
  }
}
