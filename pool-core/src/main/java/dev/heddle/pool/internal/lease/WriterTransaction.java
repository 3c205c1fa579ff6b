package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.lane.Transaction;
import dev.heddle.pool.internal.sqlite.Session;
import java.sql.SQLException;

/** The transaction of a session, as a group of units needs it. */
record WriterTransaction(Session session) implements Transaction<SQLException> {

  @Override
  public void begin() throws SQLException {
    session.begin();
  }

  @Override
  public void mark() throws SQLException {
    session.mark();
  }

  @Override
  public void keep() throws SQLException {
    session.keepMarked();
  }

  @Override
  public void undo() throws SQLException {
    session.undoMarked();
  }

  @Override
  public void commit() throws SQLException {
    session.commit();
  }

  @Override
  public void rollback() {
    session.rollbackQuietly();
  }

  @Override
  public boolean isOpen() {
    return session.inTransaction();
  }
}
