package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.SqlText;
import dev.heddle.pool.internal.sqlite.SqlTexts;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A JDBC connection: of a data source, or a view of one lease.
 *
 * <p>Its lock guards it and all that it gave out, so that threads may use it one after the other,
 * as JDBC says. What must not wait for a running statement goes past the lock: cancel, abort.
 */
public abstract class LeasedConnection implements Connection, Unwrapping {

  private static final MethodHandle CONSTRUCTOR =
      Completed.constructor(
          MethodHandles.lookup(), LeasedConnection.class, Binding.class, SqlTexts.class);

  private final Binding binding;
  private final SqlTexts texts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Savepoints savepoints = new Savepoints();

  /** Guarded by the lock. */
  private final List<LeasedStatement> statements = new ArrayList<>(2);

  /** The lease on which one of its statements runs now. */
  private volatile @Nullable AbstractLease running;

  private volatile boolean closed;

  /** Guarded by the lock: closed, and nothing is held any more. */
  private boolean ended;

  /** Only remembered: there is no network. */
  private volatile int networkTimeout;

  LeasedConnection(Binding binding, SqlTexts texts) {
    this.binding = binding;
    this.texts = texts;
  }

  /** A view of a lease, which goes on when the connection is closed. */
  public static Connection viewing(AbstractLease lease, SqlTexts texts) {
    return of(new LeaseBinding(lease, texts), texts);
  }

  static LeasedConnection of(Binding binding, SqlTexts texts) {
    try {
      return (LeasedConnection) CONSTRUCTOR.invokeExact(binding, texts);
    } catch (Throwable e) {
      throw Completed.rethrown(e);
    }
  }

  // For what it gives out

  /** A step of something that may run on a lease. */
  @FunctionalInterface
  interface Step<R extends @Nullable Object> {
    R run() throws SQLException;
  }

  final <R extends @Nullable Object> R locked(Step<R> step) throws SQLException {
    lock.lock();
    try {
      requireOpen();
      return step.run();
    } finally {
      lock.unlock();
    }
  }

  /** A step that ends something: it is done whatever the state. */
  final void lockedAnyway(Runnable step) {
    lock.lock();
    try {
      step.run();
    } finally {
      lock.unlock();
    }
  }

  final void requireOpen() throws SQLException {
    if (closed) {
      throw Failures.closed("The connection");
    }
    binding.requireUsable();
  }

  final boolean isOver() {
    return closed || binding.isOver();
  }

  /** Called with the lock. */
  final Answer run(Run run) throws SQLException {
    SqlText text = run.text();
    if (text.explain() || !text.kind().controls()) {
      return binding.run(run);
    }
    run.refuseRows();
    switch (text.kind()) {
      case COMMIT -> commit();
      case ROLLBACK -> rollback();
      default -> binding.begin();
    }
    return Answer.DONE;
  }

  final <R extends @Nullable Object> R query(Binding.Question<R> question) throws SQLException {
    return locked(() -> binding.query(question));
  }

  final <R extends @Nullable Object> R ask(Binding.Question<R> question) throws SQLException {
    return locked(() -> binding.ask(question));
  }

  final SqlTexts texts() {
    return texts;
  }

  final SqlText text(String sql) throws SQLException {
    return binding.text(sql);
  }

  /**
   * A statement is about to run on this lease, or has run. If the connection was aborted while it
   * waited for the lease, it must not run any more: abort marks first and then looks who runs, and
   * here it is the other way round, so one of the two sees the other.
   */
  final void runsOn(@Nullable AbstractLease lease) {
    running = lease;
    if (lease != null && closed) {
      lease.close();
    }
  }

  final void forget(LeasedStatement statement) {
    statements.remove(statement);
  }

  // Its life

  @Override
  public void close() {
    lockedAnyway(
        () -> {
          closed = true;
          if (!ended) {
            ended = true;
            try {
              List.copyOf(statements).forEach(LeasedStatement::close);
            } finally {
              binding.close();
            }
          }
        });
  }

  @Override
  public boolean isClosed() {
    return isOver();
  }

  @Override
  public boolean isValid(int seconds) throws SQLException {
    if (seconds < 0) {
      throw refuse("isValid(" + seconds + "): allowed is 0 or more", Errors.INVALID_PARAMETER);
    }
    return !isOver() && locked(() -> binding.isValid(seconds));
  }

  /** Closed from here on; ends what runs, and then everything. */
  @Override
  public void abort(Executor executor) throws SQLException {
    if (executor == null) {
      throw refuse("abort(null): it takes an executor", Errors.INVALID_PARAMETER);
    }
    closed = true;
    executor.execute(
        () -> {
          AbstractLease now = running;
          if (now != null) {
            now.close();
          }
          close();
        });
  }

  // Transactions

  @Override
  public void commit() throws SQLException {
    endTransaction(binding::commit);
  }

  @Override
  public void rollback() throws SQLException {
    endTransaction(binding::rollback);
  }

  /** How a transaction ends. */
  @FunctionalInterface
  private interface End {
    void run() throws SQLException;
  }

  private void endTransaction(End end) throws SQLException {
    locked(
        () -> {
          boolean transaction = binding.isInTransaction();
          try {
            end.run();
          } finally {
            if (transaction) {
              savepoints.clear();
              List.copyOf(statements).forEach(LeasedStatement::transactionEnded);
            }
          }
          return null;
        });
  }

  @Override
  public boolean getAutoCommit() throws SQLException {
    return locked(binding::isAutoCommit);
  }

  @Override
  public void setAutoCommit(boolean on) throws SQLException {
    if (on != getAutoCommit()) {
      endTransaction(() -> binding.setAutoCommit(on));
    }
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    return locked(binding::isReadOnly);
  }

  @Override
  public void setReadOnly(boolean on) throws SQLException {
    locked(
        () -> {
          binding.setReadOnly(on);
          return null;
        });
  }

  @Override
  public Savepoint setSavepoint() throws SQLException {
    return setSavepointCalled(null);
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    if (name == null) {
      throw refuse("setSavepoint(null): it takes a name", Errors.INVALID_PARAMETER);
    }
    return setSavepointCalled(name);
  }

  private Savepoint setSavepointCalled(@Nullable String name) throws SQLException {
    return locked(
        () -> {
          binding.savepoint(savepoints.nextPart());
          return savepoints.add(name);
        });
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    locked(
        () -> {
          binding.rollbackTo(savepoints.part(savepoint));
          savepoints.endAfter(savepoint);
          return null;
        });
  }

  @Override
  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    locked(
        () -> {
          binding.releaseSavepoint(savepoints.part(savepoint));
          savepoints.end(savepoint);
          return null;
        });
  }

  @Override
  public int getTransactionIsolation() throws SQLException {
    requireOpen();
    return TRANSACTION_SERIALIZABLE;
  }

  /** SQLite isolates transactions as strictly as there is a name for, so any weaker wish is met. */
  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    requireOpen();
    switch (level) {
      case TRANSACTION_READ_UNCOMMITTED,
          TRANSACTION_READ_COMMITTED,
          TRANSACTION_REPEATABLE_READ,
          TRANSACTION_SERIALIZABLE -> {}
      default ->
          throw refuse(
              "setTransactionIsolation("
                  + level
                  + "): SQLite always has transactions, and they are serializable",
              Errors.INVALID_PARAMETER);
    }
  }

  // Statements

  @Override
  public Statement createStatement() throws SQLException {
    return locked(() -> keep(LeasedStatement.plain(this)));
  }

  @Override
  public Statement createStatement(int type, int concurrency) throws SQLException {
    requireForwardReadOnly(type, concurrency);
    return createStatement();
  }

  @Override
  public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
    requireForwardReadOnly(type, concurrency);
    requireHoldability(holdability);
    return createStatement();
  }

  private PreparedStatement prepared(String sql, @Nullable Keys keys) throws SQLException {
    return locked(() -> keep(LeasedPrepared.of(this, text(sql), keys)));
  }

  private <S extends LeasedStatement> S keep(S statement) {
    statements.add(statement);
    return statement;
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    return prepared(sql, null);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int keys) throws SQLException {
    return prepared(sql, Keys.wanted(keys, texts));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int[] columns) throws SQLException {
    return prepared(sql, Keys.rowid(texts));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] columns) throws SQLException {
    return prepared(sql, Keys.named(columns, texts));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    requireForwardReadOnly(type, concurrency);
    return prepared(sql, null);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    requireForwardReadOnly(type, concurrency);
    requireHoldability(holdability);
    return prepared(sql, null);
  }

  private static void requireForwardReadOnly(int type, int concurrency) throws SQLException {
    if (type != ResultSet.TYPE_FORWARD_ONLY || concurrency != ResultSet.CONCUR_READ_ONLY) {
      throw new SQLFeatureNotSupportedException(
          "SQLite has only result sets that go forward and are read-only", Errors.UNSUPPORTED);
    }
  }

  private static void requireHoldability(int holdability) throws SQLException {
    if (holdability != ResultSet.CLOSE_CURSORS_AT_COMMIT) {
      throw new SQLFeatureNotSupportedException(
          "A result set ends with its transaction", Errors.UNSUPPORTED);
    }
  }

  @Override
  public String nativeSQL(String sql) throws SQLException {
    requireOpen();
    return sql;
  }

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    requireOpen();
    return LeasedMetaData.of(this);
  }

  // What there is nothing to, in SQLite

  @Override
  public int getHoldability() throws SQLException {
    requireOpen();
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public void setHoldability(int holdability) throws SQLException {
    requireOpen();
    requireHoldability(holdability);
  }

  @Override
  public @Nullable SQLWarning getWarnings() throws SQLException {
    requireOpen();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    requireOpen();
  }

  @Override
  public @Nullable String getCatalog() throws SQLException {
    requireOpen();
    return null;
  }

  /** JDBC has drivers without catalogs ignore it. */
  @Override
  public void setCatalog(@Nullable String catalog) throws SQLException {
    requireOpen();
  }

  @Override
  public @Nullable String getSchema() throws SQLException {
    requireOpen();
    return null;
  }

  /** JDBC has drivers without schemas ignore it. */
  @Override
  public void setSchema(@Nullable String schema) throws SQLException {
    requireOpen();
  }

  @Override
  public Map<String, Class<?>> getTypeMap() throws SQLException {
    requireOpen();
    return Map.of();
  }

  @Override
  public int getNetworkTimeout() throws SQLException {
    requireOpen();
    return networkTimeout;
  }

  @Override
  public void setNetworkTimeout(@Nullable Executor executor, int milliseconds) throws SQLException {
    requireOpen();
    if (milliseconds < 0) {
      throw refuse(
          "setNetworkTimeout(" + milliseconds + "): allowed is 0 or more",
          Errors.INVALID_PARAMETER);
    }
    networkTimeout = milliseconds;
  }

  @Override
  public @Nullable String getClientInfo(String name) throws SQLException {
    requireOpen();
    return null;
  }

  @Override
  public Properties getClientInfo() throws SQLException {
    requireOpen();
    return new Properties();
  }

  /** SQLite keeps no client information, and JDBC lets it be ignored. */
  @Override
  public void setClientInfo(String name, @Nullable String value) throws SQLClientInfoException {
    setClientInfo(new Properties());
  }

  @Override
  public void setClientInfo(Properties properties) throws SQLClientInfoException {
    if (isOver()) {
      throw new SQLClientInfoException(
          "The connection is closed",
          Errors.NO_CONNECTION,
          Map.of(),
          Failures.closed("The connection"));
    }
  }

  @Override
  public String toString() {
    return "Connection of " + binding;
  }

  private static SQLException refuse(String why, String state) {
    return new SQLNonTransientException(why, state);
  }
}
