package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.sqlite.Allowance;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A result set of a lease.
 *
 * <p>The driver gives the same object for each execution of a statement; so a handle that was
 * closed must not reach it any more.
 */
final class LeasedResultSet extends Handle<ResultSet> {

  private final ResultSet target;
  private final @Nullable LeasedStatement<?> statement;

  /** Touched within calls only. */
  private boolean closed;

  LeasedResultSet(AbstractLease lease, ResultSet target, @Nullable LeasedStatement<?> statement) {
    super(lease, ResultSet.class);
    this.target = target;
    this.statement = statement;
  }

  @Override
  ResultSet target(Session session) throws SQLException {
    if (closed || (statement != null && !statement.isLive())) {
      throw closed("The result set");
    }
    return target;
  }

  @Override
  Allowance allowance() {
    return statement == null ? super.allowance() : statement.allowance();
  }

  @Override
  @Nullable SqlText text() {
    return statement == null ? null : statement.text();
  }

  @Jdbc
  void close() throws SQLException {
    Session session = lease().tryEnter();
    if (session == null) {
      return;
    }
    try {
      if (!closed) {
        closeTarget();
        if (statement != null) {
          statement.completed(session);
        }
      }
    } finally {
      lease().exit();
    }
  }

  /** Called within a call of the lease. */
  void closeTarget() throws SQLException {
    if (!closed && (statement == null || statement.isLive())) {
      target.close();
    }
    closed = true;
  }

  @Jdbc
  boolean isClosed() throws SQLException {
    Session session = lease().tryEnter();
    if (session == null) {
      return lease().isOver();
    }
    try {
      return closed || (statement != null && !statement.isLive()) || target.isClosed();
    } finally {
      lease().exit();
    }
  }

  @Jdbc
  @Nullable Statement getStatement() throws SQLException {
    if (isClosed()) {
      throw closed("The result set");
    }
    return statement == null ? null : statement.proxy();
  }
}
