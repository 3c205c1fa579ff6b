package dev.heddle.pool.tests;

import static dev.heddle.pool.tests.JdbcProbe.outcome;
import static dev.heddle.pool.tests.JdbcProbe.told;
import static dev.heddle.pool.tests.JdbcProbe.with;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Result sets and generated keys. */
final class ResultProbes {

  private static final String NAME = "INSERT INTO person(name) VALUES ";
  private static final String ANN = NAME + "('Ann')";
  private static final String THREE = NAME + "('Ann'), ('Bob'), ('Cid')";

  private ResultProbes() {}

  static List<JdbcProbe> all() {
    return List.of(
        with(
                "the old result set of a prepared statement that ran again",
                "throws `SQLNonTransientConnectionException` 08003",
                ResultProbes::oldResult)
            .shownBy("JdbcStatementTest.preparedStatement_executedAgain_theOldResultSetIsClosed"),
        with(
                "rows that are inserted while the connection reads a result set",
                "are not in it",
                ResultProbes::insertWhileReading)
            .shownBy(
                "DataSourceTest.largeResult_anotherStatementOfTheConnection_seesItsOwnLastWrite"),
        with(
                "`closeOnCompletion()`; the statement after its result set",
                "is closed",
                ResultProbes::closeOnCompletion)
            .shownBy("JdbcStatementTest.closeOnCompletion_resultSetClosed_closesTheStatement"),
        with(
                "`createStatement(TYPE_SCROLL_INSENSITIVE, …)`",
                "throws `SQLFeatureNotSupportedException` 0A000",
                ResultProbes::scrollable)
            .shownBy("JdbcConnectionTest.resultSets_scrollableOrUpdatable_areRefused"),
        with("keys that nobody asked for", "none", c -> keys(c.prepareStatement(ANN)))
            .shownBy("JdbcKeysTest.generatedKeys_ofAPreparedInsert_areGivenIfAskedFor"),
        with("keys, asked for with `RETURN_GENERATED_KEYS`", "1", c -> keys(asking(c, ANN)))
            .shownBy("JdbcKeysTest.generatedKeys_ofAPreparedInsert_areGivenIfAskedFor"),
        with("the label of their column", "`id`", ResultProbes::label),
        with(
            "keys, asked for by the column's name, `{\"name\"}`",
            "Ann",
            c -> keys(c.prepareStatement(ANN, new String[] {"name"}))),
        with("keys of an `INSERT` of three rows", "1, 2, 3", c -> keys(asking(c, THREE))),
        with("keys of a batch of three", "1, 2, 3", ResultProbes::keysOfBatch),
        with(
                "keys of `INSERT OR IGNORE` that inserted nothing, after an `INSERT` of three",
                "none",
                c -> keysAfterThree(c, "INSERT OR IGNORE INTO person(name) VALUES ('Ann')"))
            .shownBy("JdbcKeysTest.generatedKeys_nothingInserted_areNotThoseOfAnEarlierInsert"),
        with(
            "keys of `INSERT … ON CONFLICT DO UPDATE` that updated row 1, after that",
            "1",
            c -> keysAfterThree(c, ANN + " ON CONFLICT(name) DO UPDATE SET name = 'Al'")),
        with(
            "keys of an `INSERT` behind a comment",
            "1",
            c -> keys(asking(c, "/* from the shop */ " + ANN))));
  }

  private static String oldResult(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT ?")) {
      statement.setInt(1, 1);
      ResultSet old = statement.executeQuery();
      statement.setInt(1, 2);
      statement.executeQuery();
      return told(() -> old.next() ? "gives the new row" : "is empty");
    }
  }

  private static String insertWhileReading(Connection connection) throws SQLException {
    Jdbc.execute(connection, ANN);
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM person ORDER BY id")) {
      int seen = 0;
      while (rows.next() && seen < 10) {
        seen++;
        Jdbc.execute(connection, NAME + "('" + seen + "')");
      }
      return seen == 1 ? "are not in it" : "are in it, so that it never ends";
    }
  }

  private static String closeOnCompletion(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.closeOnCompletion();
      statement.executeQuery("SELECT 1").close();
      return statement.isClosed() ? "is closed" : "is open";
    }
  }

  private static String scrollable(Connection connection) {
    return outcome(
        () ->
            connection
                .createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)
                .close());
  }

  private static PreparedStatement asking(Connection connection, String sql) throws SQLException {
    return connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS);
  }

  private static String keys(PreparedStatement inserting) throws SQLException {
    try (inserting) {
      inserting.executeUpdate();
      return Jdbc.keys(inserting);
    }
  }

  private static String label(Connection connection) throws SQLException {
    try (PreparedStatement statement = asking(connection, ANN)) {
      statement.executeUpdate();
      try (ResultSet keys = statement.getGeneratedKeys()) {
        return "`" + keys.getMetaData().getColumnLabel(1) + "`";
      }
    }
  }

  private static String keysOfBatch(Connection connection) throws SQLException {
    try (PreparedStatement statement = asking(connection, NAME + "(?)")) {
      for (String name : List.of("Ann", "Bob", "Cid")) {
        statement.setString(1, name);
        statement.addBatch();
      }
      statement.executeBatch();
      return Jdbc.keys(statement);
    }
  }

  private static String keysAfterThree(Connection connection, String sql) throws SQLException {
    Jdbc.execute(connection, THREE);
    return keys(asking(connection, sql));
  }
}
