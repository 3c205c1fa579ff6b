package dev.heddle.pool.tests;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A connection of the driver's own, past any pool: another program on the same file. */
public final class Database implements AutoCloseable {

  private final Connection connection;

  private Database(Connection connection) {
    this.connection = connection;
  }

  public static Database connect(Path file) throws SQLException {
    return new Database(
        DriverManager.getConnection("jdbc:sqlite:file:" + file.toUri().getRawPath()));
  }

  /** Makes a file, with these statements. */
  public static void create(Path file, String... statements) throws SQLException {
    try (Database database = connect(file)) {
      database.run(statements);
    }
  }

  /** The first value that a query on a file gives. */
  public static @Nullable String ask(Path file, String query) throws SQLException {
    try (Database database = connect(file)) {
      return database.ask(query);
    }
  }

  public Database run(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    return this;
  }

  public @Nullable String ask(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      return result.next() ? result.getString(1) : null;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
