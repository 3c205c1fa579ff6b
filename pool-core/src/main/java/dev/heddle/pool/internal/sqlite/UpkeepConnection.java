package dev.heddle.pool.internal.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConnection;

/**
 * A connection for what has to be done to the file, beside the lanes. For one thread at a time.
 * Nothing here waits for anybody: what is locked, is told.
 */
public final class UpkeepConnection implements AutoCloseable {

  /**
   * All tables, not only those that this connection has queried; bounded by 0x10 (<a
   * href="https://sqlite.org/pragma.html#pragma_optimize">sqlite.org</a>).
   */
  static final String OPTIMIZE = "optimize = 0x10012";

  /** Of PRAGMA synchronous. */
  private static final int FULL = 2;

  private final SQLiteConnection connection;
  private final Pragmas pragmas;

  UpkeepConnection(SQLiteConnection connection) {
    this.connection = connection;
    this.pragmas = new Pragmas(connection);
    connection.getConnectionConfig().setAutoCommit(false); // or the driver begins and commits, too
  }

  /** The size of a page, in bytes. */
  public long pageSize() throws SQLException {
    return number("page_size");
  }

  /** Whether a commit is synced to the WAL; else the next checkpoint does it. */
  public boolean syncsCommits() throws SQLException {
    return number("synchronous") >= FULL;
  }

  /** How long the WAL is, and how much of it is moved. */
  public WalState look() throws SQLException {
    return checkpoint("NOOP");
  }

  /** Moves what nobody is in the way of, beside readers and the writer. */
  public WalState passive() throws SQLException {
    return checkpoint("PASSIVE");
  }

  /**
   * Moves everything, and has the next writer begin the WAL anew. Nobody writes meanwhile.
   *
   * @return busy if a reader still is in the WAL
   */
  public WalState restart() throws SQLException {
    return checkpoint("RESTART");
  }

  /** {@link #restart}, and gives the WAL's place on the disk back. */
  public WalState truncate() throws SQLException {
    return checkpoint("TRUNCATE");
  }

  /**
   * {@link #restart}, and has SQLite cut the WAL's file. That it does in the first commit to a new
   * WAL, so this makes one, the smallest that there is.
   *
   * @param bytes how much of the file is to be left
   */
  public WalState cut(long bytes) throws SQLException {
    WalState state = restart();
    if (state.busy()) {
      return state;
    }
    try {
      pragmas.execute("journal_size_limit = " + bytes);
      inTransaction(() -> pragmas.execute("user_version = " + number("user_version")));
      return state;
    } catch (SQLException e) {
      if (Errors.isBusy(Errors.code(e))) {
        return new WalState(true, state.pages(), state.moved());
      }
      throw Errors.translate(e, null);
    }
  }

  private WalState checkpoint(String mode) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
      // Nothing is known of the WAL, -1, if it could not even be looked at.
      return new WalState(
          result.getInt(1) != 0, Math.max(0, result.getLong(2)), Math.max(0, result.getLong(3)));
    } catch (SQLException e) {
      if (Errors.isBusy(Errors.code(e))) {
        return new WalState(true, 0, 0);
      }
      throw Errors.translate(e, null);
    }
  }

  private long number(String pragma) throws SQLException {
    return Long.parseLong(String.valueOf(pragmas.read(pragma)));
  }

  /**
   * Looks at the tables whose statistics are old. Other connections read those with the schema, so
   * if there are new ones, the schema counts as changed: else their queries would be planned by the
   * old ones until somebody changes a table.
   */
  public void optimize() throws SQLException {
    try {
      inTransaction(this::renewStatistics);
    } catch (SQLException e) {
      throw Errors.translate(e, null);
    }
  }

  private void renewStatistics() throws SQLException {
    List<String> before = statistics();
    pragmas.execute(OPTIMIZE);
    if (!statistics().equals(before)) {
      pragmas.execute("schema_version = " + (number("schema_version") + 1));
    }
  }

  /** What is done in a transaction. */
  @FunctionalInterface
  private interface Change {
    void make() throws SQLException;
  }

  private void inTransaction(Change change) throws SQLException {
    run("BEGIN IMMEDIATE");
    try {
      change.make();
      run("COMMIT");
    } catch (Throwable failure) {
      rollback(failure);
      throw failure;
    }
  }

  /** After some errors SQLite has rolled back by itself, and then this fails. */
  private void rollback(Throwable failure) {
    try {
      run("ROLLBACK");
    } catch (SQLException second) {
      failure.addSuppressed(second);
    }
  }

  private List<String> statistics() throws SQLException {
    List<String> all = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      if (isThereStatistics(statement)) {
        try (ResultSet rows =
            statement.executeQuery("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx")) {
          while (rows.next()) {
            all.add(rows.getString(1) + '|' + rows.getString(2) + '|' + rows.getString(3));
          }
        }
      }
    }
    return all;
  }

  private static boolean isThereStatistics(Statement statement) throws SQLException {
    try (ResultSet found =
        statement.executeQuery("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'")) {
      return found.next();
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
