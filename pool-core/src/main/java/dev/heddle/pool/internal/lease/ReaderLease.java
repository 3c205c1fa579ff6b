package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import org.jspecify.annotations.Nullable;

/** A lease of a reader: a snapshot, or each statement for itself. */
public final class ReaderLease extends AbstractLease {

  /** Written within calls, and read by anyone. */
  private volatile boolean snapshot;

  /** It is to show a commit that took place; written by whoever committed. */
  private volatile boolean committed;

  /** Why it does not show it; written by whoever committed. */
  private volatile @Nullable Throwable noSnapshot;

  ReaderLease(Lane<Session> lane, Hold<Session> hold, JdbcView jdbc, boolean snapshot) {
    super(lane, hold, jdbc);
    this.snapshot = snapshot;
  }

  @Override
  public boolean transactional() {
    return snapshot;
  }

  @Override
  public void begin(Session session, @Nullable SqlText text, boolean costly) throws SQLException {
    if (snapshot && !session.inTransaction()) {
      session.begin();
    }
  }

  /**
   * Begins the snapshot now rather than with the first statement: something was committed, and
   * nothing later is to be seen. By the thread that committed, whose commit this can't undo: if
   * there is no snapshot, the lease ends here, and says why when it is used.
   */
  void beginAfterCommit() {
    committed = true;
    Session session = tryEnter();
    if (session == null) {
      return; // it was revoked while it was reserved
    }
    try {
      session.requireAlive();
      session.beginSnapshot();
    } catch (Throwable failure) {
      noSnapshot = failure;
      exitForGood(false);
      return;
    }
    exitElsewhere();
  }

  @Override
  SQLException whyNoCall() {
    Throwable failure = noSnapshot;
    if (failure != null) {
      return new SQLNonTransientConnectionException(
          describe()
              + " shows nothing: its snapshot could not be begun. The commit before it took place,"
              + " so don't repeat that; acquire a snapshot to read. The error: "
              + failure.getMessage(),
          Errors.NO_CONNECTION,
          failure);
    }
    return committed
        ? whyNoCall("its connection went back to the pool. The commit before it took place")
        : super.whyNoCall();
  }

  /** From the next statement on: one snapshot for all, or the newest commit for each. */
  public void setSnapshot(boolean on) throws SQLException {
    Session session = enterAnyway();
    try {
      if (on != snapshot) {
        end(session);
        snapshot = on;
      }
    } finally {
      exit();
    }
  }

  /** Ends the snapshot; the next statement begins a new one. */
  public void endSnapshot() throws SQLException {
    Session session = enterAnyway();
    try {
      if (!snapshot) {
        throw new SQLNonTransientException(
            "Each statement of this reader is for itself (autoCommit is on), so there is nothing to"
                + " end",
            Errors.REFUSED);
      }
      end(session);
    } finally {
      exit();
    }
  }

  private static void end(Session session) throws SQLException {
    session.closeStatements();
    session.rollback();
  }
}
