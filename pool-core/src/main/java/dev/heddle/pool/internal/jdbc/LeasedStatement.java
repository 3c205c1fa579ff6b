package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Allowance;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a lease, plain or prepared. Its SQL is checked before the driver sees it.
 *
 * @param <S> the JDBC interface
 */
class LeasedStatement<S extends Statement> extends Handle<S> {

  /** Anything that a lease may run. */
  private static final SqlText BATCH =
      new SqlText("a batch", SqlText.Kind.DDL, false, false, false, false);

  private final LeasedConnection connection;
  private final S target;
  private final BooleanSupplier live;
  private final Latest latest = new Latest();

  // Touched within calls of the lease only.

  private @Nullable LeasedResultSet result;
  private boolean wantsKeys;
  private @Nullable Long key;
  private boolean closed;
  private boolean closesOnCompletion;
  private int timeoutSeconds;

  /** Of the last execution. */
  private Allowance allowance = Allowance.UNLIMITED;

  /**
   * What it ran last. Apart, because the session asks for it until the lease has ended; by way of
   * this handle, that would keep a lease alive that the program has lost.
   */
  private static final class Latest {
    private @Nullable SqlText text;

    @Nullable String sql() {
      return text == null ? null : text.sql();
    }
  }

  /**
   * A handle for a statement of the driver.
   *
   * @param live asked within calls: false if the driver's statement was closed with its transaction
   */
  LeasedStatement(LeasedConnection connection, Class<S> type, S target, BooleanSupplier live) {
    super(connection.lease(), type);
    this.connection = connection;
    this.target = target;
    this.live = live;
  }

  /** A plain statement. */
  static Statement plain(LeasedConnection connection, Session session, Statement target) {
    long epoch = session.statementsEpoch();
    LeasedStatement<Statement> statement =
        new LeasedStatement<>(
            connection, Statement.class, target, () -> session.statementsEpoch() == epoch);
    session.closeLater(target, statement.latest::sql);
    return statement.proxy();
  }

  @Override
  final S target(Session session) throws SQLException {
    if (closed || !isLive()) {
      throw closed("The statement");
    }
    if (!isUsable()) {
      throw new SQLNonTransientConnectionException(
          "The statement failed before, and SQLite's driver has closed it for that; prepare it"
              + " again",
          Errors.NO_CONNECTION);
    }
    return target;
  }

  /** False if the driver has closed it, though it is still this lease's. Called within a call. */
  boolean isUsable() {
    return true;
  }

  @Override
  final Allowance allowance() {
    return allowance;
  }

  @Override
  final @Nullable SqlText text() {
    return latest.text;
  }

  final void runs(SqlText text, boolean wantsKeys) {
    latest.text = text;
    this.wantsKeys = wantsKeys;
  }

  @Override
  final ResultSet wrap(Session session, ResultSet rows) {
    LeasedResultSet wrapped = new LeasedResultSet(lease(), rows, this);
    result = wrapped;
    return wrapped.proxy();
  }

  /** A result set of this statement was closed. Called within a call of the lease. */
  final void completed(Session session) throws SQLException {
    if (closesOnCompletion) {
      closeTarget(session);
    }
  }

  /** False if the driver's statement was closed, or is somebody else's. Called within a call. */
  final boolean isLive() {
    return live.getAsBoolean();
  }

  /** Gives the driver's statement back. Called within a call of the lease. */
  void release(Session session, S target) throws SQLException {
    session.forget(target);
    target.close();
  }

  private void closeTarget(Session session) throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    if (!isLive()) {
      return;
    }
    try {
      if (result != null) {
        result.closeTarget();
      }
    } finally {
      release(session, target);
    }
  }

  // What differs from the driver, for both kinds

  @Jdbc
  void close() throws SQLException {
    Session session = lease().tryEnter();
    if (session == null) {
      return; // ended with the lease
    }
    try {
      closeTarget(session);
    } catch (SQLException e) {
      throw failure(session, e);
    } finally {
      lease().exit();
    }
  }

  @Jdbc
  boolean isClosed() {
    Session session = lease().tryEnter();
    if (session == null) {
      return lease().isOver();
    }
    try {
      return closed || !isLive() || !isUsable();
    } finally {
      lease().exit();
    }
  }

  private void requireOpen() throws SQLException {
    if (isClosed()) {
      throw closed("The statement");
    }
  }

  @Override
  final Connection connection() {
    return connection.proxy();
  }

  @Jdbc
  void cancel() {
    lease().cancel();
  }

  @Jdbc
  void setQueryTimeout(int seconds) throws SQLException {
    requireOpen();
    if (seconds < 0) {
      throw new SQLNonTransientException(
          "A query timeout of " + seconds + " s; allowed is 0 (none) or more",
          Errors.INVALID_PARAMETER);
    }
    timeoutSeconds = seconds;
  }

  @Jdbc
  int getQueryTimeout() throws SQLException {
    requireOpen();
    return timeoutSeconds;
  }

  /** The driver's own can't be undone, so a kept statement would close itself in its next use. */
  @Jdbc
  void closeOnCompletion() throws SQLException {
    requireOpen();
    closesOnCompletion = true;
  }

  @Jdbc
  boolean isCloseOnCompletion() throws SQLException {
    requireOpen();
    return closesOnCompletion;
  }

  /** The key of the last execution, if it was an insert and keys were asked for. */
  @Jdbc
  ResultSet getGeneratedKeys() throws SQLException {
    return within(
        session -> {
          Statement query = target(session).getConnection().createStatement();
          query.closeOnCompletion();
          ResultSet rows =
              query.executeQuery(
                  "SELECT "
                      + (key == null ? "0" : key)
                      + " AS GENERATED_KEY WHERE "
                      + (key != null));
          session.closeLater(query, () -> null);
          return new LeasedResultSet(lease(), rows, null).proxy();
        });
  }

  /**
   * Before an execution: what the last one gave is over, and the lease's transaction has begun.
   * Called within a call of the lease.
   */
  final S ready(Session session) throws SQLException {
    return ready(session, timeoutSeconds > 0);
  }

  /** {@link #ready} for a batch. */
  private S batchReady(Session session) throws SQLException {
    target(session);
    runs(batchText(), false);
    return ready(session, true);
  }

  private S ready(Session session, boolean costly) throws SQLException {
    S statement = target(session);
    allowance =
        timeoutSeconds > 0
            ? new Allowance(Duration.ofSeconds(timeoutSeconds), "its query timeout")
            : session.allowance();
    // Beginning may wait for another process, and does other things that are no step of this.
    session.starts(text(), allowance);
    lease().begin(session, text(), costly);
    session.starts(text(), allowance);
    return cleared(statement);
  }

  /** What a batch of plain statements may do: one may need what another one before it creates. */
  SqlText batchText() {
    return BATCH;
  }

  private S cleared(S statement) throws SQLException {
    if (result != null) {
      result.closeTarget();
      result = null;
    }
    key = null;
    return statement;
  }

  /** After an execution. Called within a call of the lease. */
  final void executed(Session session) throws SQLException {
    SqlText text = text();
    if (wantsKeys && text != null && text.inserts() && session.changes() > 0) {
      key = session.lastInsertRowid();
    }
  }

  // Running SQL given as text: for plain statements; a prepared one has the driver refuse it

  private void check(Session session, String sql, boolean wantsKeys) throws SQLException {
    runs(session.text(sql), wantsKeys);
  }

  @Jdbc
  ResultSet executeQuery(String sql) throws SQLException {
    return within(
        session -> {
          check(session, sql, false);
          return wrap(session, ready(session).executeQuery(sql));
        });
  }

  private boolean execute(String sql, boolean wantsKeys) throws SQLException {
    return within(
        session -> {
          check(session, sql, wantsKeys);
          boolean rows = ready(session).execute(sql);
          executed(session);
          return rows;
        });
  }

  @Jdbc
  boolean execute(String sql) throws SQLException {
    return execute(sql, false);
  }

  @Jdbc
  boolean execute(String sql, int keys) throws SQLException {
    return execute(sql, keys == Statement.RETURN_GENERATED_KEYS);
  }

  @Jdbc
  boolean execute(String sql, int[] keys) throws SQLException {
    return execute(sql, true);
  }

  @Jdbc
  boolean execute(String sql, String[] keys) throws SQLException {
    return execute(sql, true);
  }

  private long update(String sql, boolean wantsKeys) throws SQLException {
    return within(
        session -> {
          check(session, sql, wantsKeys);
          ready(session).executeLargeUpdate(sql);
          executed(session);
          SqlText text = text();
          return text != null && text.changesRows() ? session.changes() : 0;
        });
  }

  @Jdbc
  int executeUpdate(String sql) throws SQLException {
    return (int) update(sql, false);
  }

  @Jdbc
  int executeUpdate(String sql, int keys) throws SQLException {
    return (int) update(sql, keys == Statement.RETURN_GENERATED_KEYS);
  }

  @Jdbc
  int executeUpdate(String sql, int[] keys) throws SQLException {
    return (int) update(sql, true);
  }

  @Jdbc
  int executeUpdate(String sql, String[] keys) throws SQLException {
    return (int) update(sql, true);
  }

  @Jdbc
  long executeLargeUpdate(String sql) throws SQLException {
    return update(sql, false);
  }

  @Jdbc
  long executeLargeUpdate(String sql, int keys) throws SQLException {
    return update(sql, keys == Statement.RETURN_GENERATED_KEYS);
  }

  @Jdbc
  long executeLargeUpdate(String sql, int[] keys) throws SQLException {
    return update(sql, true);
  }

  @Jdbc
  long executeLargeUpdate(String sql, String[] keys) throws SQLException {
    return update(sql, true);
  }

  @Jdbc
  int[] executeBatch() throws SQLException {
    return within(session -> batchReady(session).executeBatch());
  }

  @Jdbc
  long[] executeLargeBatch() throws SQLException {
    return within(session -> batchReady(session).executeLargeBatch());
  }

  @Jdbc
  @Nullable Void addBatch(String sql) throws SQLException {
    return within(
        session -> {
          check(session, sql, false);
          target(session).addBatch(sql);
          return null;
        });
  }
}
