package dev.heddle.examples;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Plain JDBC, as any program has it, over {@code pool.dataSource()}: nothing in here knows of a
 * pool.
 */
public final class Contacts {

  private final DataSource source;

  public Contacts(DataSource source) throws SQLException {
    this.source = source;
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE IF NOT EXISTS contacts(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)");
    }
  }

  /** One statement: it takes the writer for itself, and has committed when it returns. */
  public long add(String name) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO contacts(name) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
      insert.setString(1, name);
      insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        keys.next();
        return keys.getLong("id");
      }
    }
  }

  /** A transaction: it holds the writer from its first statement to its end. */
  public void rename(String from, String to) throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE contacts SET name = ? WHERE name = ?")) {
        update.setString(1, to);
        update.setString(2, from);
        if (update.executeUpdate() != 1) {
          throw new IllegalArgumentException("nobody is called " + from);
        }
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /** Several queries that see one commit: on a reader, beside whoever writes. */
  public List<String> page(int size, int number) throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      List<String> lines = new ArrayList<>();
      lines.add(count(connection) + " contacts");
      try (PreparedStatement select =
          connection.prepareStatement("SELECT name FROM contacts ORDER BY name LIMIT ? OFFSET ?")) {
        select.setInt(1, size);
        select.setInt(2, size * number);
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            lines.add(rows.getString("name"));
          }
        }
      }
      connection.commit();
      return lines;
    }
  }

  private static long count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM contacts")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
