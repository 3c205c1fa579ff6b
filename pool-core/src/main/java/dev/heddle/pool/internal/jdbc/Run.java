package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.sqlite.Allowance;
import dev.heddle.pool.internal.sqlite.ConnectionValues;
import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a statement is to do, on whatever lease it is given. */
abstract class Run {

  private final LeasedStatement owner;
  private final SqlText text;

  Run(LeasedStatement owner, SqlText text) {
    this.owner = owner;
    this.text = text;
  }

  final LeasedStatement owner() {
    return owner;
  }

  final SqlText text() {
    return text;
  }

  /** How many executions it is. */
  int size() {
    return 1;
  }

  /** May take so long, or fail in such ways, that nobody else should be in the transaction. */
  boolean isCostly() {
    return owner.timeoutSeconds() > 0;
  }

  /** The same with what its functions give on this connection. */
  abstract Run answered(ConnectionValues values) throws SQLException;

  /**
   * Does it, in a call of the lease.
   *
   * @param whole whether all rows are read at once, so that nothing of the lease is needed any more
   */
  final Answer on(AbstractLease lease, boolean whole) throws SQLException {
    owner.runsOn(lease);
    boolean open = false;
    try {
      Session session = lease.enter();
      Allowance allowance = allowance(session);
      try {
        session.starts(text, allowance);
        lease.begin(session, text, isCostly());
        Answer answer = on(lease, session, allowance, whole);
        open = answer.rows() != null && answer.rows().hasCursor();
        return answer;
      } catch (SQLException e) {
        throw session.failure(e, text.sql());
      } finally {
        allowance.rest();
        lease.exit();
      }
    } finally {
      if (!open) {
        owner.runsOn(null);
      }
    }
  }

  abstract Answer on(AbstractLease lease, Session session, Allowance allowance, boolean whole)
      throws SQLException;

  private Allowance allowance(Session session) {
    int seconds = owner.timeoutSeconds();
    return seconds > 0
        ? new Allowance(Duration.ofSeconds(seconds), "its query timeout")
        : session.allowance();
  }

  /** What the connection has to remember of a statement that changed rows; null if it did not. */
  static @Nullable ConnectionValues values(Session session, Prepared statement, long changes)
      throws SQLException {
    if (!statement.text().changesRows()) {
      return null;
    }
    boolean inserted = statement.text().inserts() && changes > 0;
    return new ConnectionValues(inserted ? session.lastInsertRowid() : 0, changes);
  }
}
