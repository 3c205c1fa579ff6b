package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import java.sql.PreparedStatement;

/** A prepared statement of a lease: its {@code close} gives it back to the connection's cache. */
final class LeasedPrepared extends LeasedStatement<PreparedStatement> {

  private final Prepared prepared;

  /** A kept statement is used again and again; this handle is for one of its uses. */
  private final long use;

  private LeasedPrepared(LeasedConnection connection, Prepared prepared, boolean wantsKeys) {
    super(connection, PreparedStatement.class, prepared.jdbc());
    this.prepared = prepared;
    this.use = prepared.use();
    runs(prepared.text(), wantsKeys);
  }

  static PreparedStatement of(LeasedConnection connection, Prepared prepared, boolean wantsKeys) {
    return new LeasedPrepared(connection, prepared, wantsKeys).proxy();
  }

  @Override
  boolean isLive() {
    return prepared.isIn(use);
  }

  @Override
  void release(Session session, PreparedStatement target) {
    prepared.close();
  }
}
