package dev.heddle.pool.tests;

import static dev.heddle.pool.tests.JdbcProbe.outcome;
import static dev.heddle.pool.tests.JdbcProbe.probe;
import static dev.heddle.pool.tests.JdbcProbe.with;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Which exceptions are thrown. */
final class ErrorProbes {

  private static final String ANN = "INSERT INTO person(name) VALUES ('Ann')";
  private static final String ORPHAN = "INSERT INTO child VALUES (77)";

  private ErrorProbes() {}

  static List<JdbcProbe> all() {
    return List.of(
        error(
                "a duplicate key",
                "throws `SQLIntegrityConstraintViolationException` 23505",
                ANN,
                ANN)
            .shownBy("ErrorsTest.jdbc_errorOfSqlite_isTranslated"),
        with("its vendor code", "2067", ErrorProbes::vendorCode),
        error(
            "a foreign key without a parent, if nothing is configured",
            "throws `SQLIntegrityConstraintViolationException` 23000",
            ORPHAN),
        error(
            "a foreign key without a parent, if they are on",
            "throws `SQLIntegrityConstraintViolationException` 23000",
            "PRAGMA foreign_keys = ON",
            ORPHAN),
        error(
            "NULL where it must not be",
            "throws `SQLIntegrityConstraintViolationException` 23000",
            "INSERT INTO person(name) VALUES (NULL)"),
        error("a syntax error", "throws `SQLSyntaxErrorException` 42000", "SELEC 1"),
        error(
            "a table that is not there",
            "throws `SQLSyntaxErrorException` 42000",
            "SELECT * FROM nowhere"),
        with("its message", "has the SQL", ErrorProbes::message)
            .shownBy("ErrorsTest.message_longSql_isShortenedToOneLine"),
        with(
            "a column that is not there, in a result set",
            "throws `SQLNonTransientException` 07009",
            ErrorProbes::column),
        probe(
            "another program has the file locked, until patience ends",
            "throws `SQLTransientConnectionException` 08001",
            ErrorProbes::locked),
        with(
            "no more pages (`PRAGMA max_page_count`)",
            "throws `SQLNonTransientException` 53100",
            ErrorProbes::full));
  }

  private static JdbcProbe error(String behaviour, String promised, String... sql) {
    return with(behaviour, promised, connection -> outcome(() -> Jdbc.execute(connection, sql)));
  }

  private static String vendorCode(Connection connection) {
    try {
      Jdbc.execute(connection, ANN, ANN);
      return "no error";
    } catch (SQLException e) {
      return "" + e.getErrorCode();
    }
  }

  private static String message(Connection connection) {
    String sql = "SELECT 1 FROM nowhere WHERE a = 1";
    try {
      Jdbc.execute(connection, sql);
      return "no error";
    } catch (SQLException e) {
      return String.valueOf(e.getMessage()).contains(sql) ? "has the SQL" : "is without the SQL";
    }
  }

  private static String column(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return "" + statement.executeQuery("SELECT 1 AS a").findColumn("b");
    }
  }

  private static String locked(JdbcSide side) throws SQLException {
    try (Database other = side.outside();
        Connection connection = side.connect()) {
      other.run("BEGIN IMMEDIATE");
      return outcome(() -> Jdbc.execute(connection, ANN));
    }
  }

  private static String full(Connection connection) throws SQLException {
    String pages = Jdbc.ask(connection, "PRAGMA page_count");
    Jdbc.execute(connection, "PRAGMA max_page_count = " + pages);
    return outcome(() -> Jdbc.execute(connection, "INSERT INTO t(v) VALUES (zeroblob(1000000))"));
  }
}
