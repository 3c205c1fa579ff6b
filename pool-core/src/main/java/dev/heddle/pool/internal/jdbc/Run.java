package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.sqlite.Allowance;
import dev.heddle.pool.internal.sqlite.ConnectionValues;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.SQLException;
import java.time.Duration;

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

  /** Whether it calls this function of the connection. */
  boolean asks(SqlText.Trait function) {
    return text.is(function) && (text.kind() == SqlText.Kind.QUERY || text.changesRows());
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
    try {
      Session session = lease.enter();
      Allowance allowance = allowance(session);
      try {
        session.starts(text, allowance);
        lease.begin(session, text, isCostly());
        return on(lease, session, allowance, whole);
      } catch (SQLException e) {
        throw session.failure(e, text.sql());
      } finally {
        allowance.rest();
        lease.exit();
      }
    } finally {
      owner.runsOn(null);
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

  /** Fails if the program expects rows of something that has none. */
  void refuseRows() throws SQLException {}
}
