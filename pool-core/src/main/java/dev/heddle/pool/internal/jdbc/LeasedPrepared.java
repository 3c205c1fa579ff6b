package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.jdbc.SingleRun.Expected;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement with parameters. SQLite prepares it when it runs, or has done so before: each
 * connection of the pool keeps what it prepared.
 */
abstract class LeasedPrepared extends LeasedStatement implements BoundStatement {

  private static final MethodHandle CONSTRUCTOR =
      Completed.constructor(
          MethodHandles.lookup(),
          LeasedPrepared.class,
          LeasedConnection.class,
          SqlText.class,
          Keys.class);

  private final SqlText text;
  private final @Nullable Keys keys;
  private final Parameters parameters;

  /** Guarded by the connection's lock. */
  private final List<@Nullable Object[]> batch = new ArrayList<>(0);

  LeasedPrepared(LeasedConnection connection, SqlText text, @Nullable Keys keys) {
    super(connection);
    this.text = text;
    this.keys = keys;
    this.parameters = new Parameters(text.parameters());
  }

  static LeasedPrepared of(LeasedConnection connection, SqlText text, @Nullable Keys keys) {
    try {
      return (LeasedPrepared) CONSTRUCTOR.invokeExact(connection, text, keys);
    } catch (Throwable e) {
      throw Completed.rethrown(e);
    }
  }

  @Override
  public Parameters parameters() throws SQLException {
    requireOpen();
    return parameters;
  }

  private Answer run(Expected expected) throws SQLException {
    return run(new SingleRun(this, text, parameters.values(), expected, keys));
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    return locked(() -> give(run(Expected.ROWS).rows()));
  }

  @Override
  public boolean execute() throws SQLException {
    return locked(() -> run(Expected.EITHER).rows() != null);
  }

  @Override
  public int executeUpdate() throws SQLException {
    return toInt(executeLargeUpdate());
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    return locked(() -> run(Expected.A_COUNT).counts()[0]);
  }

  @Override
  public void addBatch() throws SQLException {
    locked(
        () -> {
          if (!text.changesRows()) {
            throw refuse(
                "Only INSERT, UPDATE and DELETE come in batches: " + Errors.shorten(text.sql()),
                Errors.REFUSED);
          }
          return batch.add(parameters.values());
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
  public long[] executeLargeBatch() throws SQLException {
    return locked(
        () -> {
          List<@Nullable Object[]> rows = List.copyOf(batch);
          batch.clear();
          return rows.isEmpty() ? new long[0] : batchCounts(new BatchRun(this, text, rows, keys));
        });
  }

  /** Null if the statement gives no rows, as JDBC says. */
  @Override
  public @Nullable ResultSetMetaData getMetaData() throws SQLException {
    requireOpen();
    if (text.kind().controls()
        || (text.kind().actsWhilePrepared() && text.kind() != SqlText.Kind.PRAGMA)) {
      return null; // SQLite would have to prepare it, and that has an effect
    }
    return connection()
        .ask(
            session -> {
              try (Prepared statement = session.open(text)) {
                return statement.givesRows()
                    ? new ColumnsMetaData(statement.describedColumns(), () -> null)
                    : null;
              }
            });
  }

  // The methods of a plain statement that take a text

  private static SQLException hasText() {
    return refuse("A prepared statement has its SQL; use createStatement()", Errors.REFUSED);
  }

  @Override
  public ResultSet executeQuery(String sql) throws SQLException {
    throw hasText();
  }

  @Override
  public boolean execute(String sql) throws SQLException {
    throw hasText();
  }

  @Override
  public boolean execute(String sql, int flag) throws SQLException {
    throw hasText();
  }

  @Override
  public boolean execute(String sql, int[] columns) throws SQLException {
    throw hasText();
  }

  @Override
  public boolean execute(String sql, String[] columns) throws SQLException {
    throw hasText();
  }

  @Override
  public int executeUpdate(String sql) throws SQLException {
    throw hasText();
  }

  @Override
  public long executeLargeUpdate(String sql) throws SQLException {
    throw hasText();
  }

  @Override
  public long executeLargeUpdate(String sql, int flag) throws SQLException {
    throw hasText();
  }

  @Override
  public long executeLargeUpdate(String sql, int[] columns) throws SQLException {
    throw hasText();
  }

  @Override
  public long executeLargeUpdate(String sql, String[] columns) throws SQLException {
    throw hasText();
  }

  @Override
  public void addBatch(String sql) throws SQLException {
    throw hasText();
  }
}
