package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Prepared;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a lease that has given some rows, and has more. Confined by the connection's lock.
 */
final class Cursor {

  private final LeasedStatement owner;
  private final AbstractLease lease;
  private final Prepared statement;

  /** A kept statement is used again and again; this cursor is one of its uses. */
  private final long use;

  /** The lease was taken for this cursor, and ends with it. */
  private boolean ownsLease;

  Cursor(LeasedStatement owner, AbstractLease lease, Prepared statement) {
    this.owner = owner;
    this.lease = lease;
    this.statement = statement;
    this.use = statement.use();
  }

  /** The lease ends with this cursor. */
  void ownLease() {
    ownsLease = true;
  }

  /** True if a lane has to do without a connection because of this cursor. */
  boolean ownsLease() {
    return ownsLease;
  }

  /** Reads more rows; false if those were the last, and then the cursor is closed. */
  boolean fetch(Collection<@Nullable Object[]> into, Portion portion) throws SQLException {
    boolean more = false;
    owner.runsOn(lease);
    try {
      lease.enter();
      try {
        requireUse();
        more = statement.fetch(into, portion.rows(), portion.bytes());
        return more;
      } finally {
        lease.exit();
      }
    } finally {
      owner.runsOn(null);
      if (!more) {
        close();
      }
    }
  }

  private void requireUse() throws SQLException {
    if (!statement.isIn(use)) {
      throw new SQLNonTransientConnectionException(
          "The query ended with the transaction that it ran in", Errors.NO_CONNECTION);
    }
  }

  void close() {
    if (lease.tryEnter() != null) {
      try {
        if (statement.isIn(use)) {
          statement.close();
        }
      } finally {
        lease.exit();
      }
    }
    if (ownsLease) {
      ownsLease = false;
      lease.close();
    }
  }
}
