package dev.heddle.pool.internal.lease;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Work;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Outcome;
import dev.heddle.pool.internal.sqlite.Session;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Takes leases from the lanes of one pool. */
public final class Leases {

  /** How often a write runs its work at most. */
  private static final int MOST_RUNS = 3;

  private final Entrance readers;
  private final Entrance writer;
  private final WriterTurnover turnover;
  private final AbstractLease.JdbcView jdbc;
  private final Scope scope = new Scope();

  public Leases(
      Entrance readers, Entrance writer, WriterTurnover turnover, AbstractLease.JdbcView jdbc) {
    this.readers = readers;
    this.writer = writer;
    this.turnover = turnover;
    this.jdbc = jdbc;
  }

  public ReaderLease reader(LeaseOptions options, boolean snapshot) throws SQLException {
    Hold<Session> hold = readers.hold(options);
    ReaderLease lease = new ReaderLease(readers.lane(), hold, jdbc, snapshot);
    readers.acquire(hold, lease, options, 0);
    return lease;
  }

  public WriterLease writer(LeaseOptions options) throws SQLException {
    return options.snapshotAfterCommit()
        ? writerAfterReader(options)
        : writer(options, false, null, 0);
  }

  public boolean hasWriter() {
    return writer.hasConnections();
  }

  /** Throws if the pool has no writer. */
  public void requireWriter() throws SQLException {
    writer.requireConnections();
  }

  /**
   * The reader comes first, so that nobody who has the writer waits for a reader: they could wait
   * for each other.
   */
  private WriterLease writerAfterReader(LeaseOptions options) throws SQLException {
    requireWriter();
    writer.refuseOwn(options);
    long start = System.nanoTime();
    ReaderLease reader = reader(options, true);
    try {
      return writer(options, false, reader, System.nanoTime() - start);
    } catch (Throwable failure) {
      reader.close();
      throw failure;
    }
  }

  private WriterLease writer(
      LeaseOptions options, boolean endedByPool, @Nullable ReaderLease reserved, long waitedNanos)
      throws SQLException {
    requireWriter();
    Hold<Session> hold = writer.hold(options);
    WriterLease lease =
        new WriterLease(
            writer.lane(), hold, jdbc, turnover, options.commitAlone(), endedByPool, reserved);
    writer.acquire(hold, lease, options, waitedNanos);
    return lease;
  }

  /** Runs work on a snapshot, or on what the read or write around it has. */
  public <T extends @Nullable Object, X extends Throwable> T read(
      LeaseOptions options, Work<? super ReadLease, T, X> work) throws SQLException, X {
    ReadLease around = scope.forReading();
    if (around != null) {
      return work.run(around);
    }
    try (ReaderLease lease = reader(options, true)) {
      return scope.run(lease, work);
    }
  }

  /**
   * Runs work in a transaction, and commits it when the work returns; inside another write as a
   * part of that one's. Runs it again if it was rolled back through no fault of its own; the last
   * time alone, so that there is nobody else to blame.
   */
  public <T extends @Nullable Object, X extends Throwable> T write(
      LeaseOptions options, Work<? super WriteLease, T, X> work) throws SQLException, X {
    WriteLease around = scope.forWriting();
    if (around != null) {
      return around.nested(work);
    }
    return transaction(options, lease -> scope.run(lease, work));
  }

  /** As {@link #write}, but whatever is around: in a transaction of its own. */
  public <T extends @Nullable Object, X extends Throwable> T transaction(
      LeaseOptions options, Work<? super WriterLease, T, X> work) throws SQLException, X {
    LeaseOptions now = options;
    Outcome outcome = Outcome.COMMITTED;
    for (int run = 1; run <= MOST_RUNS; run++) {
      try (WriterLease lease = again(now, outcome)) {
        T result = runOrUndo(lease, work);
        outcome = lease.finish();
        if (!outcome.isWorthRepeating()) {
          Outcomes.check(outcome);
          return result;
        }
      }
      now = run + 1 == MOST_RUNS ? options.withCommitAlone(true) : options;
    }
    throw Outcomes.exception(outcome);
  }

  /** A lease of the writer; if there is none, what became of the work before is not forgotten. */
  private WriterLease again(LeaseOptions options, Outcome before) throws SQLException {
    try {
      return writer(options, true, null, 0);
    } catch (SQLException e) {
      if (before.isWorthRepeating()) {
        e.addSuppressed(Outcomes.exception(before));
      }
      throw e;
    }
  }

  private <T extends @Nullable Object, X extends Throwable> T runOrUndo(
      WriterLease lease, Work<? super WriterLease, T, X> work) throws SQLException, X {
    try {
      return work.run(lease);
    } catch (Throwable failure) {
      undo(lease, failure);
      throw failure;
    }
  }

  private static void undo(WriterLease lease, Throwable failure) {
    if (!lease.isOver()) {
      try {
        lease.undo();
      } catch (SQLException second) {
        failure.addSuppressed(second);
      }
    }
  }
}
