package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.lease.ReaderLease;
import dev.heddle.pool.internal.lease.WriterLease;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Role;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import dev.heddle.pool.internal.sqlite.SqlTexts;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import org.jspecify.annotations.Nullable;

/**
 * To one lease, as long as that lasts. Of the writer it is a transaction, with {@code autoCommit}
 * off; of a reader {@code autoCommit} is on, or off while it is a snapshot.
 */
final class LeaseBinding implements Binding {

  private static final SqlText SAVEPOINT = SqlText.of("SAVEPOINT", SqlText.Kind.SAVEPOINT);

  private final AbstractLease lease;
  private final SqlTexts texts;

  LeaseBinding(AbstractLease lease, SqlTexts texts) {
    this.lease = lease;
    this.texts = texts;
  }

  @Override
  public SqlText text(String sql) throws SQLException {
    return texts.forLease(sql, isReadOnly() ? Role.READER : Role.WRITER);
  }

  @Override
  public Answer run(Run run) throws SQLException {
    return run.on(lease, false);
  }

  @Override
  public <R extends @Nullable Object> R ask(Question<R> question) throws SQLException {
    return ask(lease, question);
  }

  @Override
  public <R extends @Nullable Object> R query(Question<R> question) throws SQLException {
    return ask(lease, question);
  }

  /** Asks within a call of a lease. */
  static <R extends @Nullable Object> R ask(AbstractLease lease, Question<R> question)
      throws SQLException {
    Session session = lease.enter();
    try {
      lease.begin(session, null, false);
      return question.ask(session);
    } catch (SQLException e) {
      throw session.failure(e, null);
    } finally {
      lease.exit();
    }
  }

  @Override
  public boolean isAutoCommit() {
    return !lease.transactional();
  }

  @Override
  public boolean isInTransaction() {
    return lease.transactional();
  }

  /** A lease refuses the text of it. */
  @Override
  public void begin() throws SQLException {
    throw refuse("A lease is what it is; it begins by itself", Errors.REFUSED);
  }

  @Override
  public void setAutoCommit(boolean on) throws SQLException {
    switch (lease) {
      case WriterLease writer -> {
        if (on) {
          throw refuse(
              "A write lease is a transaction; autoCommit stays off. Call commit(), and take a new"
                  + " lease for the next transaction",
              Errors.REFUSED);
        }
      }
      case ReaderLease reader -> reader.setSnapshot(!on);
    }
  }

  @Override
  public boolean isReadOnly() {
    return lease instanceof ReaderLease;
  }

  /** A hint in JDBC; a lease is what it is. */
  @Override
  public void setReadOnly(boolean on) throws SQLException {
    if (isReadOnly() && !on) {
      throw refuse("A reader can't be made to write; acquire a writer instead", Errors.READ_ONLY);
    }
  }

  @Override
  public void commit() throws SQLException {
    switch (lease) {
      case WriterLease writer -> writer.commit();
      case ReaderLease reader -> reader.endSnapshot();
    }
  }

  @Override
  public void rollback() throws SQLException {
    switch (lease) {
      case WriterLease writer -> writer.rollback();
      case ReaderLease reader -> reader.endSnapshot();
    }
  }

  @Override
  public void savepoint(String name) throws SQLException {
    savepoint(lease, name);
  }

  @Override
  public void releaseSavepoint(String name) throws SQLException {
    anyway(lease, session -> session.releaseSavepoint(name));
  }

  @Override
  public void rollbackTo(String name) throws SQLException {
    anyway(lease, session -> session.rollbackTo(name));
  }

  static void savepoint(AbstractLease lease, String name) throws SQLException {
    if (lease instanceof ReaderLease) {
      throw refuse("A reader has no savepoints; there is nothing to undo", Errors.READ_ONLY);
    }
    Session session = lease.enter();
    try {
      lease.begin(session, SAVEPOINT, false);
      session.savepoint(name);
    } finally {
      lease.exit();
    }
  }

  /** A step that ends a part of a transaction. */
  @FunctionalInterface
  interface Ending {
    void run(Session session) throws SQLException;
  }

  /**
   * Ends a part of a transaction, also when the thread is interrupted: else a part that has failed
   * could not be undone, and would be committed with the rest.
   */
  static void anyway(AbstractLease lease, Ending ending) throws SQLException {
    Session session = lease.enterAnyway();
    try {
      session.requireAlive();
      ending.run(session);
    } finally {
      lease.exit();
    }
  }

  @Override
  public boolean isOver() {
    return lease.isOver();
  }

  @Override
  public void requireUsable() throws SQLException {
    if (lease.isOver()) {
      lease.enterAnyway(); // throws, and says why
    }
  }

  @Override
  public boolean isValid(int seconds) {
    return !lease.isOver();
  }

  /** The lease goes on without this view of it. */
  @Override
  public void close() {}

  @Override
  public String toString() {
    return lease.toString();
  }

  private static SQLException refuse(String why, String state) {
    return new SQLNonTransientException(why, state);
  }
}
