package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.internal.lease.Leases;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.SqlTexts;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Locale;

/**
 * What the connections of a data source have in common: the lanes that they may use, and on what
 * terms.
 *
 * @param use which lanes
 * @param options the terms of each lease
 * @param acquireTimeout how long to wait for a lease if the options do not say so
 */
record Routes(
    Leases leases,
    SqlTexts texts,
    Advice advice,
    Use use,
    LeaseOptions options,
    Duration acquireTimeout) {

  /** Which lanes a connection uses. */
  enum Use {
    BOTH,
    READERS,
    WRITER
  }

  /** But for a snapshot after a commit: no connection could give it to anybody. */
  Routes with(LeaseOptions other) {
    LeaseOptions usable = other.withSnapshotAfterCommit(false);
    return new Routes(leases, texts, advice, use, usable, acquireTimeout);
  }

  Routes with(Use other) {
    return new Routes(leases, texts, advice, other, options, acquireTimeout);
  }

  /** Takes a lease, and may do something with it. */
  @FunctionalInterface
  interface Taking<R> {
    R with(LeaseOptions options) throws SQLException;
  }

  /**
   * Takes a lease for a statement, and waits for it no longer than the statement may take.
   *
   * @param seconds the statement's query timeout; zero for none
   */
  <R> R take(int seconds, Taking<R> taking) throws SQLException {
    Duration own = options.waitAtMost() == null ? acquireTimeout : options.waitAtMost();
    Duration limit = Duration.ofSeconds(seconds);
    long start = System.nanoTime();
    if (seconds == 0 || limit.compareTo(own) >= 0) {
      return taking.with(options);
    }
    try {
      return taking.with(options.withWaitAtMost(limit));
    } catch (SQLTransientConnectionException e) {
      if (e.getErrorCode() != 0 || System.nanoTime() - start < limit.toNanos()) {
        throw e; // SQLite waited for another process; or the queue is full
      }
      throw new SQLTimeoutException(
          "The query timeout of "
              + seconds
              + " s has passed before the statement could begin: "
              + e.getMessage(),
          Errors.CANCELLED,
          e);
    }
  }

  @Override
  public String toString() {
    return "a data source, "
        + (use == Use.BOTH ? "both lanes" : use.name().toLowerCase(Locale.ROOT));
  }
}
