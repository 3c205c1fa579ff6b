package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.internal.config.Pragma;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sets pragmas one by one and reads each back: SQLite ignores unknown pragmas, and takes only what
 * fits, without a word (<a href="https://sqlite.org/pragma.html">sqlite.org/pragma.html</a>).
 */
final class Pragmas {

  /**
   * What must be set before there is a WAL, in this order; they are the file's, not a connection's.
   */
  static final List<String> OF_THE_FILE = List.of("page_size", "auto_vacuum", "encoding");

  private static final Map<String, String> SWITCH =
      Map.of("on", "1", "yes", "1", "true", "1", "off", "0", "no", "0", "false", "0");

  /** Words that a pragma takes, and the numbers that it gives back for them. */
  private static final Map<String, Map<String, String>> WORDS =
      Map.of(
          "synchronous", Map.of("off", "0", "normal", "1", "full", "2", "extra", "3"),
          "temp_store", Map.of("default", "0", "file", "1", "memory", "2"),
          "auto_vacuum", Map.of("none", "0", "full", "1", "incremental", "2"),
          "secure_delete", Map.of("fast", "2"));

  private final Connection connection;

  Pragmas(Connection connection) {
    this.connection = connection;
  }

  /** Throws IllegalArgumentException if SQLite does not know it, or did not take the value. */
  void set(Pragma pragma) throws SQLException {
    try {
      execute(pragma.name() + " = " + pragma.value());
    } catch (SQLException e) {
      if ((Errors.code(e) & 0xFF) == Errors.GENERIC) {
        throw new IllegalArgumentException(
            "%s=%s: SQLite refused it: %s".formatted(pragma.key(), pragma.value(), e.getMessage()),
            e);
      }
      if (Errors.isReadOnly(Errors.code(e))) {
        throw new IllegalArgumentException(
            "%s=%s: it would change the file, which a read-only connection can't"
                .formatted(pragma.key(), pragma.value()),
            e);
      }
      throw e;
    }
    requireTaken(
        pragma,
        OF_THE_FILE.contains(pragma.name())
            ? "SQLite did not take it, the setting is %s. It can be set for a new database only"
            : "SQLite did not take it, the setting is %s");
  }

  /** Throws IllegalArgumentException if the file is not as the configuration says. */
  void requireOfTheFile(Pragma pragma) throws SQLException {
    requireTaken(pragma, "the file has %s, and mode=read-only does not change it");
  }

  private void requireTaken(Pragma pragma, String problem) throws SQLException {
    String taken = read(pragma.name());
    if (taken == null) {
      throw new IllegalArgumentException(
          "%s=%s: SQLite knows no setting of this name, or none that can be read back. If it is meant"
                  .formatted(pragma.key(), pragma.value())
              + " so, run it in onConnect");
    }
    if (!same(pragma.name(), pragma.value(), taken)) {
      throw new IllegalArgumentException(
          "%s=%s: ".formatted(pragma.key(), pragma.value()) + problem.formatted(taken));
    }
  }

  void execute(String pragma) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA " + pragma);
    }
  }

  /** The setting as SQLite gives it; null if there is none of this name. */
  @Nullable String read(String pragma) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!statement.execute("PRAGMA " + pragma)) {
        return null;
      }
      try (ResultSet result = statement.getResultSet()) {
        return result.next() ? result.getString(1) : null;
      }
    }
  }

  private static boolean same(String name, String wanted, String taken) {
    String want = normal(name, wanted);
    String have = normal(name, taken);
    // PRAGMA encoding=UTF-16 means the machine's own byte order, and is read back with it.
    return want.equals(have) || (name.equals("encoding") && have.startsWith(want));
  }

  private static String normal(String name, String value) {
    String word = value.toLowerCase(Locale.ROOT).replaceAll("^['\"]|['\"]$", "");
    String number = WORDS.getOrDefault(name, Map.of()).get(word);
    if (number != null) {
      return number;
    }
    String switched = SWITCH.getOrDefault(word, word);
    return switched.matches("[+-]?\\d{1,18}") ? Long.toString(Long.parseLong(switched)) : switched;
  }
}
