package dev.heddle.pool.internal.sqlite;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/** A raw connection to a WAL file, and whether a statement left anything on it. */
final class GuardedConnection implements AutoCloseable {

  /** Settings of a connection or a file; all of them are as before when the work is rolled back. */
  static final List<String> SETTINGS =
      List.of(
          "foreign_keys",
          "synchronous",
          "query_only",
          "journal_mode",
          "locking_mode",
          "recursive_triggers",
          "temp_store",
          "cache_size",
          "busy_timeout",
          "ignore_check_constraints",
          "writable_schema",
          "max_page_count",
          "journal_size_limit",
          "wal_autocheckpoint",
          "mmap_size",
          "secure_delete",
          "defer_foreign_keys",
          "user_version",
          "application_id");

  private static final List<String> SCHEMA =
      List.of(
          "PRAGMA journal_mode=WAL",
          "CREATE TABLE t(a INTEGER PRIMARY KEY, b)",
          "CREATE TABLE u(a UNIQUE, b, c DEFAULT 1)",
          "CREATE TABLE j(doc TEXT)",
          "CREATE TABLE child(t REFERENCES t DEFERRABLE INITIALLY DEFERRED)",
          "CREATE VIEW v AS SELECT a FROM t",
          "INSERT INTO t VALUES(1,'one'),(2,'two')",
          "INSERT INTO j VALUES('{\"a\":{\"b\":[1,2]}}')");

  private final SQLiteConnection connection;

  private GuardedConnection(Path file, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setGetGeneratedKeys(false);
    config.setReadOnly(readOnly);
    connection = (SQLiteConnection) config.createConnection("jdbc:sqlite:" + file);
    // From here on the driver believes that a transaction is open, and issues none of its own.
    connection.getConnectionConfig().setAutoCommit(false);
  }

  /** Creates the file and its tables. */
  static GuardedConnection writer(Path file) throws SQLException {
    GuardedConnection writer = new GuardedConnection(file, false);
    for (String sql : SCHEMA) {
      writer.run(sql);
    }
    return writer;
  }

  static GuardedConnection reader(Path file) throws SQLException {
    return new GuardedConnection(file, true);
  }

  void run(String sql) throws SQLException {
    connection.getDatabase()._exec(sql);
  }

  /** The first value of the first row, or "". */
  String ask(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  /** Runs one statement and reads all of its rows. */
  void runPrepared(String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (statement.execute()) {
        try (ResultSet rows = statement.getResultSet()) {
          while (rows.next()) {
            rows.getString(1);
          }
        }
      }
    }
  }

  /**
   * Runs a text as the driver's prepared statement, or as SQLite's exec, which doesn't stop at a
   * semicolon. SQLite is welcome to refuse it: what counts is what it did before that.
   *
   * @return whether SQLite accepted it
   */
  boolean tryOut(String sql, boolean prepared) {
    try {
      if (prepared) {
        runPrepared(sql);
      } else {
        run(sql);
      }
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** Asked in the only way there is: BEGIN fails inside of a transaction. */
  boolean inTransaction() throws SQLException {
    try {
      run("BEGIN");
    } catch (SQLException e) {
      return String.valueOf(e.getMessage()).contains("within a transaction");
    }
    run("ROLLBACK");
    return false;
  }

  /** The TEMP objects; a rollback would remove them. */
  String temporary() throws SQLException {
    return ask("SELECT group_concat(name) FROM sqlite_temp_master");
  }

  /** Everything that must be as before. */
  String state() throws SQLException {
    StringBuilder state = new StringBuilder();
    for (String setting : SETTINGS) {
      state.append(setting).append('=').append(ask("PRAGMA " + setting)).append(' ');
    }
    return state
        .append(ask("SELECT group_concat(name) FROM pragma_database_list WHERE name <> 'temp'"))
        .append(temporary())
        .append(ask("SELECT group_concat(name || sql) FROM sqlite_master"))
        .append(ask("SELECT group_concat(a || b) FROM t"))
        .toString();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
