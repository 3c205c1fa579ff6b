package dev.heddle.pool.tests;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done through JDBC again and again. */
final class Jdbc {

  private Jdbc() {}

  static void execute(Connection connection, String... sqls) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : sqls) {
        statement.execute(sql);
      }
    }
  }

  /** The values of the first column, with commas between them. */
  static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return column(rows);
    }
  }

  static String column(ResultSet rows) throws SQLException {
    List<String> values = new ArrayList<>();
    while (rows.next()) {
      values.add(String.valueOf(rows.getString(1)));
    }
    return String.join(", ", values);
  }

  /** The generated keys that a statement gives. */
  static String keys(Statement statement) throws SQLException {
    try (ResultSet keys = statement.getGeneratedKeys()) {
      String all = column(keys);
      return all.isEmpty() ? "none" : all;
    }
  }

  /** Runs a query, with its one parameter set, and does something with its one row. */
  static <T extends @Nullable Object> T firstRow(
      Connection connection, String sql, @Nullable Object parameter, Use<T> use)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, parameter);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          throw new AssertionError("no row: " + sql);
        }
        return use.of(row);
      }
    }
  }

  /** What is done with a row. */
  @FunctionalInterface
  interface Use<T extends @Nullable Object> {
    T of(ResultSet row) throws SQLException;
  }
}
