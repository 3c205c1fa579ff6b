package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import java.sql.PreparedStatement;

/** A prepared statement of a lease: its {@code close} gives it back to the connection's cache. */
final class LeasedPrepared extends LeasedStatement<PreparedStatement> {

  private final Prepared prepared;

  private LeasedPrepared(LeasedConnection connection, Prepared prepared, boolean wantsKeys) {
    super(connection, PreparedStatement.class, prepared.jdbc());
    this.prepared = prepared;
    runs(prepared.text(), wantsKeys);
  }

  static PreparedStatement of(LeasedConnection connection, Prepared prepared, boolean wantsKeys) {
    return new LeasedPrepared(connection, prepared, wantsKeys).proxy();
  }

  @Override
  void release(Session session, PreparedStatement target) {
    prepared.close();
  }
}
