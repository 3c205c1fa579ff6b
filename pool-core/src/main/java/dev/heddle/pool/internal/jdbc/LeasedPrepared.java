package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A prepared statement of a lease: its {@code close} gives it back to the connection's cache. */
final class LeasedPrepared extends LeasedStatement<PreparedStatement> {

  private final Prepared prepared;

  /**
   * A handle for one use of a kept statement.
   *
   * @param use which one; the next one is somebody else's
   */
  private LeasedPrepared(
      LeasedConnection connection, Prepared prepared, long use, boolean wantsKeys)
      throws SQLException {
    super(connection, PreparedStatement.class, prepared.jdbc(), () -> prepared.isIn(use));
    this.prepared = prepared;
    runs(prepared.text(), wantsKeys);
  }

  static PreparedStatement of(LeasedConnection connection, Prepared prepared, boolean wantsKeys)
      throws SQLException {
    return new LeasedPrepared(connection, prepared, prepared.use(), wantsKeys).proxy();
  }

  @Override
  void release(Session session, PreparedStatement target) {
    prepared.close();
  }

  @Override
  boolean isUsable() {
    return !prepared.isDead();
  }

  @Override
  SqlText batchText() {
    return prepared.text();
  }

  @Jdbc
  ResultSet executeQuery() throws SQLException {
    return within(session -> wrap(session, ready(session).executeQuery()));
  }

  @Jdbc
  boolean execute() throws SQLException {
    return within(
        session -> {
          boolean rows = ready(session).execute();
          executed(session);
          return rows;
        });
  }

  @Jdbc
  int executeUpdate() throws SQLException {
    return (int) executeLargeUpdate();
  }

  @Jdbc
  long executeLargeUpdate() throws SQLException {
    return within(
        session -> {
          ready(session).executeLargeUpdate();
          executed(session);
          return prepared.text().changesRows() ? session.changes() : 0L;
        });
  }
}
