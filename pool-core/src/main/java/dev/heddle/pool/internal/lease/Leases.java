package dev.heddle.pool.internal.lease;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.lane.Refusal;
import dev.heddle.pool.internal.sqlite.Session;
import java.sql.SQLException;
import java.time.Duration;

/** Takes leases from the lanes of one pool. */
public final class Leases {

  private final String pool;
  private final Lane<Session> readers;
  private final Lane<Session> writer;
  private final long acquireTimeoutNanos;
  private final AbstractLease.JdbcView jdbc;

  public Leases(
      String pool,
      Lane<Session> readers,
      Lane<Session> writer,
      Duration acquireTimeout,
      AbstractLease.JdbcView jdbc) {
    this.pool = pool;
    this.readers = readers;
    this.writer = writer;
    this.acquireTimeoutNanos = nanos(acquireTimeout);
    this.jdbc = jdbc;
  }

  public ReaderLease reader(LeaseOptions options, boolean snapshot) throws SQLException {
    return new ReaderLease(readers, acquire(readers, options), jdbc, snapshot);
  }

  public WriterLease writer(LeaseOptions options) throws SQLException {
    return new WriterLease(writer, acquire(writer, options), jdbc);
  }

  private Hold<Session> acquire(Lane<Session> lane, LeaseOptions options) throws SQLException {
    Duration own = options.waitAtMost();
    Hold<Session> hold = new Hold<>(options.label());
    try {
      lane.acquire(hold, own == null ? acquireTimeoutNanos : nanos(own));
      return hold;
    } catch (Refusal refusal) {
      throw Refusals.exception(refusal, pool, lane.view());
    }
  }

  /** A wait of more than 292 years is one without end. */
  private static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }
}
