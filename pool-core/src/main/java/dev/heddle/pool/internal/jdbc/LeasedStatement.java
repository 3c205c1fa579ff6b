package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.jdbc.SingleRun.Expected;
import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.SqlScript;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a connection. It holds nothing of SQLite but while it runs, or while a result of
 * it is open that does not fit into memory.
 */
abstract class LeasedStatement implements Statement, Unwrapping {

  private static final MethodHandle CONSTRUCTOR =
      Completed.constructor(MethodHandles.lookup(), LeasedStatement.class, LeasedConnection.class);

  private static final @Nullable Object[] NO_PARAMETERS = {};

  /** What {@link #getUpdateCount} says when there is nothing, or nothing more. */
  private static final long NO_COUNT = -1;

  private final LeasedConnection connection;

  // Guarded by the connection's lock.

  private @Nullable ReadAhead rows;
  private @Nullable ResultSet resultSet;
  private @Nullable Rows keys;
  private long count = NO_COUNT;
  private final List<SqlText> batch = new ArrayList<>(0);
  private boolean closesOnCompletion;
  private boolean poolable;
  private int timeoutSeconds;
  private long maxRows;
  private int fetchSize;

  private volatile boolean closed;

  /** The lease on which it runs now; what it has open runs only when rows are asked for. */
  private volatile @Nullable AbstractLease lease;

  LeasedStatement(LeasedConnection connection) {
    this.connection = connection;
  }

  /** A plain statement. */
  static LeasedStatement plain(LeasedConnection connection) {
    try {
      return (LeasedStatement) CONSTRUCTOR.invokeExact(connection);
    } catch (Throwable e) {
      throw Completed.rethrown(e);
    }
  }

  // For what it gives out and runs

  final <R extends @Nullable Object> R locked(LeasedConnection.Step<R> step) throws SQLException {
    return connection.locked(
        () -> {
          requireOpen();
          return step.run();
        });
  }

  final void requireOpen() throws SQLException {
    connection.requireOpen();
    if (closed) {
      throw Failures.closed("The statement");
    }
  }

  final boolean isOver() {
    return closed || connection.isOver();
  }

  final LeasedConnection connection() {
    return connection;
  }

  /** Told by what runs, so that other threads can end it. */
  final void runsOn(@Nullable AbstractLease now) {
    lease = now;
    connection.runsOn(now);
  }

  final int timeoutSeconds() {
    return timeoutSeconds;
  }

  /** How much of a result is read at once. */
  final Portion portion() {
    return fetchSize == 0 ? Portion.USUAL : Portion.USUAL.of(fetchSize);
  }

  final long mostRows() {
    return maxRows == 0 ? Long.MAX_VALUE : maxRows;
  }

  // Running

  /** Ends what the last execution gave, and runs. Called with the lock. */
  final Answer run(Run run) throws SQLException {
    forgetResults();
    Answer answer = connection.run(run);
    rows = answer.rows();
    keys = answer.keys();
    count = rows == null ? answer.count() : NO_COUNT;
    return answer;
  }

  private void forgetResults() {
    closeResult();
    keys = null;
    count = NO_COUNT;
  }

  /** Called with the lock. */
  final void closeResult() {
    if (rows != null) {
      rows.close();
      rows = null;
      resultSet = null;
    }
  }

  /** The rows as what programs see. Called with the lock. */
  final ResultSet give(@Nullable ReadAhead given) {
    ReadAhead current = Objects.requireNonNull(given);
    ResultSet result = LeasedResultSet.of(current, this, () -> completed(current));
    resultSet = result;
    return result;
  }

  /** A result set of it was closed; it may be an older one. */
  @SuppressWarnings("ReferenceEquality")
  private void completed(ReadAhead given) {
    connection.lockedAnyway(
        () -> {
          if (closesOnCompletion && given == rows) {
            close();
          }
        });
  }

  /** Its transaction has ended. Called with the lock. */
  final void transactionEnded() {
    boolean completed = rows != null && closesOnCompletion;
    closeResult();
    if (completed) {
      close();
    }
  }

  private Answer run(String sql, Expected expected, @Nullable Keys wanted) throws SQLException {
    List<SqlText> texts = texts(sql);
    long total = 0;
    for (SqlText text : texts.subList(0, texts.size() - 1)) {
      run(new SingleRun(this, text, NO_PARAMETERS, Expected.EITHER, null));
      total += Math.max(count, 0);
    }
    Answer answer = run(new SingleRun(this, texts.getLast(), NO_PARAMETERS, expected, wanted));
    if (rows == null) {
      count += total;
    }
    return answer;
  }

  /** Mostly one; several are run one after the other, as the driver does in executeUpdate. */
  private List<SqlText> texts(String sql) throws SQLException {
    try {
      return List.of(connection.text(sql));
    } catch (SQLSyntaxErrorException e) {
      List<String> statements = SqlScript.split(sql);
      if (statements.size() < 2) {
        throw e;
      }
      List<SqlText> texts = new ArrayList<>();
      for (String statement : statements) {
        texts.add(connection.text(statement));
      }
      return texts;
    }
  }

  private boolean execute(String sql, @Nullable Keys wanted) throws SQLException {
    return locked(() -> run(sql, Expected.EITHER, wanted).rows() != null);
  }

  private long update(String sql, @Nullable Keys wanted) throws SQLException {
    return locked(
        () -> {
          run(sql, Expected.A_COUNT, wanted);
          return count;
        });
  }

  @Override
  public ResultSet executeQuery(String sql) throws SQLException {
    return locked(() -> give(run(sql, Expected.ROWS, null).rows()));
  }

  @Override
  public boolean execute(String sql) throws SQLException {
    return execute(sql, (Keys) null);
  }

  @Override
  public boolean execute(String sql, int flag) throws SQLException {
    return execute(sql, Keys.wanted(flag, connection.texts()));
  }

  @Override
  public boolean execute(String sql, int[] columns) throws SQLException {
    return execute(sql, Keys.rowid(connection.texts()));
  }

  @Override
  public boolean execute(String sql, String[] columns) throws SQLException {
    return execute(sql, Keys.named(columns, connection.texts()));
  }

  @Override
  public int executeUpdate(String sql) throws SQLException {
    return toInt(update(sql, null));
  }

  @Override
  public int executeUpdate(String sql, int flag) throws SQLException {
    return toInt(executeLargeUpdate(sql, flag));
  }

  @Override
  public int executeUpdate(String sql, int[] columns) throws SQLException {
    return toInt(executeLargeUpdate(sql, columns));
  }

  @Override
  public int executeUpdate(String sql, String[] columns) throws SQLException {
    return toInt(executeLargeUpdate(sql, columns));
  }

  @Override
  public long executeLargeUpdate(String sql) throws SQLException {
    return update(sql, null);
  }

  @Override
  public long executeLargeUpdate(String sql, int flag) throws SQLException {
    return update(sql, Keys.wanted(flag, connection.texts()));
  }

  @Override
  public long executeLargeUpdate(String sql, int[] columns) throws SQLException {
    return update(sql, Keys.rowid(connection.texts()));
  }

  @Override
  public long executeLargeUpdate(String sql, String[] columns) throws SQLException {
    return update(sql, Keys.named(columns, connection.texts()));
  }

  /** As JDBC has it for counts that do not fit: they are unknown. */
  static int toInt(long count) {
    return count <= Integer.MAX_VALUE ? (int) count : SUCCESS_NO_INFO;
  }

  // Batches

  @Override
  public void addBatch(String sql) throws SQLException {
    locked(
        () -> {
          SqlText text = connection.text(sql);
          if (text.staysOutside() || text.lasts() || text.kind().controls()) {
            throw refuse(
                "A batch is one transaction, in which this can't run: " + Errors.shorten(sql),
                Errors.REFUSED);
          }
          return batch.add(text);
        });
  }

  @Override
  public void clearBatch() throws SQLException {
    locked(
        () -> {
          batch.clear();
          return null;
        });
  }

  @Override
  public int[] executeBatch() throws SQLException {
    return Arrays.stream(executeLargeBatch()).mapToInt(LeasedStatement::toInt).toArray();
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    return locked(
        () -> {
          List<SqlText> texts = List.copyOf(batch);
          batch.clear();
          return texts.isEmpty() ? new long[0] : batchCounts(new TextBatchRun(this, texts));
        });
  }

  /** Runs a batch, which leaves no update count behind. Called with the lock. */
  final long[] batchCounts(Run run) throws SQLException {
    long[] counts = run(run).counts();
    count = NO_COUNT;
    return counts;
  }

  // Results

  @Override
  public @Nullable ResultSet getResultSet() throws SQLException {
    return locked(() -> resultSet != null || rows == null ? resultSet : give(rows));
  }

  @Override
  public int getUpdateCount() throws SQLException {
    return toInt(getLargeUpdateCount());
  }

  @Override
  public long getLargeUpdateCount() throws SQLException {
    return locked(() -> count);
  }

  @Override
  public boolean getMoreResults() throws SQLException {
    return getMoreResults(CLOSE_CURRENT_RESULT);
  }

  /** There is never more than one. */
  @Override
  public boolean getMoreResults(int current) throws SQLException {
    if (current != CLOSE_CURRENT_RESULT && current != CLOSE_ALL_RESULTS) {
      throw new SQLFeatureNotSupportedException(
          "getMoreResults closes the result before", Errors.UNSUPPORTED);
    }
    return locked(
        () -> {
          closeResult();
          count = NO_COUNT;
          return false;
        });
  }

  @Override
  public ResultSet getGeneratedKeys() throws SQLException {
    return locked(
        () -> {
          Rows given = keys;
          keys = null;
          return LeasedResultSet.of(given == null ? Keys.none(this) : given, this, () -> {});
        });
  }

  // Its life

  @Override
  public void close() {
    connection.lockedAnyway(
        () -> {
          if (!closed) {
            closed = true;
            closeResult();
            connection.forget(this);
          }
        });
  }

  @Override
  public boolean isClosed() {
    return isOver();
  }

  /** Ends what it runs now; of what runs next it knows nothing. Does not wait. */
  @Override
  public void cancel() throws SQLException {
    requireOpen();
    AbstractLease now = lease;
    if (now != null) {
      now.cancel();
    }
  }

  @Override
  public void closeOnCompletion() throws SQLException {
    requireOpen();
    closesOnCompletion = true;
  }

  @Override
  public boolean isCloseOnCompletion() throws SQLException {
    requireOpen();
    return closesOnCompletion;
  }

  // How it runs

  @Override
  public int getQueryTimeout() throws SQLException {
    return locked(() -> timeoutSeconds);
  }

  @Override
  public void setQueryTimeout(int seconds) throws SQLException {
    requireNotNegative("a query timeout", seconds);
    locked(() -> timeoutSeconds = seconds);
  }

  @Override
  public int getMaxRows() throws SQLException {
    return toInt(getLargeMaxRows());
  }

  @Override
  public void setMaxRows(int max) throws SQLException {
    setLargeMaxRows(max);
  }

  @Override
  public long getLargeMaxRows() throws SQLException {
    return locked(() -> maxRows);
  }

  @Override
  public void setLargeMaxRows(long max) throws SQLException {
    requireNotNegative("a number of rows", max);
    locked(() -> maxRows = max);
  }

  @Override
  public int getFetchSize() throws SQLException {
    return locked(() -> fetchSize);
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    requireNotNegative("a fetch size", rows);
    locked(() -> fetchSize = rows);
  }

  private static void requireNotNegative(String what, long value) throws SQLException {
    if (value < 0) {
      throw refuse(
          what + " of " + value + "; allowed is 0 (for none) or more", Errors.INVALID_PARAMETER);
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    requireOpen();
    return connection;
  }

  @Override
  public int getFetchDirection() throws SQLException {
    requireOpen();
    return ResultSet.FETCH_FORWARD;
  }

  /** A hint. */
  @Override
  public void setFetchDirection(int direction) throws SQLException {
    requireOpen();
  }

  @Override
  public int getResultSetConcurrency() throws SQLException {
    requireOpen();
    return ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public int getResultSetType() throws SQLException {
    requireOpen();
    return ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public int getResultSetHoldability() throws SQLException {
    requireOpen();
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public int getMaxFieldSize() throws SQLException {
    requireOpen();
    return 0;
  }

  @Override
  public void setMaxFieldSize(int max) throws SQLException {
    requireOpen();
    if (max != 0) {
      throw new SQLFeatureNotSupportedException(
          "Heddle cuts no values; use substr() in the SQL", Errors.UNSUPPORTED);
    }
  }

  /** SQLite has no escapes; a text without them is the same either way. */
  @Override
  public void setEscapeProcessing(boolean on) throws SQLException {
    requireOpen();
  }

  @Override
  public boolean isPoolable() throws SQLException {
    return locked(() -> poolable);
  }

  /** A hint; statements are kept by their SQL, whatever this says. */
  @Override
  public void setPoolable(boolean wanted) throws SQLException {
    locked(() -> poolable = wanted);
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

  static SQLException refuse(String why, String state) {
    return new SQLNonTransientException(why, state);
  }
}
