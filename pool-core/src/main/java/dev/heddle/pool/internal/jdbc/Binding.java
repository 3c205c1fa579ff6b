package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Where the statements of a JDBC connection run, and what a transaction is there. Called with the
 * connection's lock, but for what says otherwise.
 */
interface Binding {

  /**
   * What a text says about a statement.
   *
   * @throws SQLException if this connection must not run it
   */
  SqlText text(String sql) throws SQLException;

  /** Runs something; what is open when it returns ends with the transaction, or by itself. */
  Answer run(Run run) throws SQLException;

  /** Something that asks SQLite and needs nothing of it afterwards. */
  @FunctionalInterface
  interface Question<R extends @Nullable Object> {
    R ask(Session session) throws SQLException;
  }

  <R extends @Nullable Object> R ask(Question<R> question) throws SQLException;

  /** As {@link #ask}, about what a transaction may change: it belongs to the transaction. */
  <R extends @Nullable Object> R query(Question<R> question) throws SQLException;

  // Transactions

  boolean isAutoCommit();

  /** Whether what runs now waits for {@link #commit}. */
  boolean isInTransaction();

  /** Begins a transaction, as {@code BEGIN} does. */
  void begin() throws SQLException;

  void setAutoCommit(boolean on) throws SQLException;

  boolean isReadOnly();

  void setReadOnly(boolean on) throws SQLException;

  void commit() throws SQLException;

  void rollback() throws SQLException;

  // Savepoints of the transaction; it begins with the first of them, if it has not begun.

  void savepoint(String name) throws SQLException;

  void releaseSavepoint(String name) throws SQLException;

  void rollbackTo(String name) throws SQLException;

  // Its life

  /** True if nothing can run here any more. For any thread. */
  boolean isOver();

  /** Throws, and says why, if {@link #isOver}. For any thread. */
  void requireUsable() throws SQLException;

  /** Whether a statement would work now. */
  boolean isValid(int seconds);

  /** Ends it, and rolls back what was not committed. */
  void close();
}
