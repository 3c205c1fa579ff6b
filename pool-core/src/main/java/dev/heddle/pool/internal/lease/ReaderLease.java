package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import org.jspecify.annotations.Nullable;

/** A lease of a reader: a snapshot, or each statement for itself. */
public final class ReaderLease extends AbstractLease {

  /** Written within calls, and read by anyone. */
  private volatile boolean snapshot;

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
