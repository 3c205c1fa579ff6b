package dev.heddle.examples;

import dev.heddle.pool.LeasePool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import javax.sql.DataSource;

/**
 * {@code WHERE id IN (…)} with as many values as there are: one parameter, a JSON array, which
 * SQLite takes apart. It is one statement for lists of every length.
 */
public final class ManyIds {

  /** What is asked for. */
  public record Title(long id, String title) {}

  private static final String TITLES =
      """
      SELECT id, title FROM books
      WHERE id IN (SELECT value FROM json_each(?))
      ORDER BY id
      """;

  private ManyIds() {}

  /** By a lease. */
  public static List<Title> titles(LeasePool pool, Collection<Long> ids) throws SQLException {
    return pool.read(lease -> lease.query(TITLES, row -> row.to(Title.class), json(ids)));
  }

  /** By JDBC. */
  public static List<Title> titles(DataSource source, Collection<Long> ids) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(TITLES)) {
      statement.setString(1, json(ids));
      List<Title> titles = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          titles.add(new Title(rows.getLong("id"), rows.getString("title")));
        }
      }
      return titles;
    }
  }

  /** A JSON array of whole numbers, strings and nulls: what needs no library. */
  public static String json(Collection<?> values) {
    StringJoiner array = new StringJoiner(",", "[", "]");
    for (Object value : values) {
      array.add(
          switch (value) {
            case String text -> quoted(text);
            case Long number -> number.toString();
            case Integer number -> number.toString();
            case null -> "null";
            default -> throw new IllegalArgumentException("not for JSON: " + value.getClass());
          });
    }
    return array.toString();
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c < ' ') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
