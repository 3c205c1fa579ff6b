package dev.heddle.pool.internal.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.sqlite.SQLiteConnection;

/**
 * How SQLite goes about a statement, in words, by {@code EXPLAIN QUERY PLAN}.
 *
 * @see <a href="https://sqlite.org/eqp.html">EXPLAIN QUERY PLAN</a>
 */
record QueryPlan(SQLiteConnection connection) {

  /** The steps of a statement that reads or changes rows, each indented below the one it is of. */
  String of(String statement) throws SQLException {
    try (PreparedStatement explain =
            connection.prepareStatement("EXPLAIN QUERY PLAN " + statement);
        ResultSet steps = explain.executeQuery()) {
      Map<Integer, Integer> depths = new HashMap<>();
      StringJoiner lines = new StringJoiner(System.lineSeparator());
      while (steps.next()) {
        int depth = depths.getOrDefault(steps.getInt("parent"), 0) + 1;
        depths.put(steps.getInt("id"), depth);
        lines.add("  ".repeat(depth) + steps.getString("detail"));
      }
      return lines.toString();
    }
  }
}
