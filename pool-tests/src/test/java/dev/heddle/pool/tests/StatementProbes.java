package dev.heddle.pool.tests;

import static dev.heddle.pool.tests.JdbcProbe.ignoring;
import static dev.heddle.pool.tests.JdbcProbe.outcome;
import static dev.heddle.pool.tests.JdbcProbe.probe;
import static dev.heddle.pool.tests.JdbcProbe.told;
import static dev.heddle.pool.tests.JdbcProbe.with;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

/** How statements run, end and fail. */
final class StatementProbes {

  /** Stops at the gate once, and has work to do behind it. */
  static final String GATED =
      "WITH RECURSIVE c(n) AS (SELECT hold() UNION ALL SELECT n + 1 FROM c WHERE n < 100000)"
          + " SELECT count(*) FROM c";

  /** Lasts for longer than a second, and has work to do after that. */
  private static final String LONG =
      "WITH RECURSIVE c(n) AS (SELECT takes(1500) UNION ALL SELECT n + 1 FROM c WHERE n < 100000)"
          + " SELECT count(*) FROM c";

  private static final String INSERT = "INSERT INTO t(v) VALUES (1)";
  private static final String TWO_INSERTS = INSERT + "; INSERT INTO t(v) VALUES (2)";
  private static final String TRIGGERING = "INSERT INTO audited VALUES (1)";

  private static final String NAME = "INSERT INTO person(name) VALUES ('%s')";
  private static final List<String> NAMES = List.of("Ann", "Bob", "Ann", "Cid");

  private StatementProbes() {}

  static List<JdbcProbe> all() {
    return List.of(
        with(
                "`setQueryTimeout(1)`, and a query that takes longer",
                "throws `SQLTimeoutException` 57014",
                StatementProbes::queryTimeout)
            .shownBy("QueryTimeoutTest.queryTimeout_withoutTheOption_isWhatCounts"),
        probe(
            "`setQueryTimeout(1)`, and a writer that another transaction keeps for longer",
            "throws `SQLTimeoutException` 57014",
            StatementProbes::queryTimeoutInLine),
        probe(
                "`cancel()` by another thread",
                "throws `SQLNonTransientException` 57014",
                StatementProbes::cancel)
            .shownBy("JdbcStatementTest.cancel_longQuery_endsItAndTheConnectionIsHealthy"),
        probe(
            "the next statement, if another result set is open meanwhile",
            "works",
            StatementProbes::afterCancel),
        probe(
            "`Thread.interrupt()` in a query",
            "throws `SQLNonTransientException` 57014",
            StatementProbes::interrupt),
        with(
            "a parameter that was not set",
            "throws `SQLDataException` 22023",
            StatementProbes::unsetParameter),
        with(
                "a prepared statement, used again after an error",
                "works",
                StatementProbes::againAfterError)
            .shownBy("JdbcCacheTest.prepared_failedWithAnErrorThatFinalizesIt_isPreparedAnew"),
        with(
            "`executeUpdate` of two statements in one text",
            "runs both",
            c -> ran(c, s -> s.executeUpdate(TWO_INSERTS))),
        with(
            "`execute` of two statements in one text",
            "runs both",
            c -> ran(c, s -> s.execute(TWO_INSERTS))),
        with(
            "`prepareStatement` of two statements in one text",
            "throws `SQLSyntaxErrorException` 42000",
            StatementProbes::preparedText),
        with(
            "`executeQuery` of two in one text; whose rows",
            "the second's",
            c -> Jdbc.ask(c, "SELECT 'the first''s'; SELECT 'the second''s'")),
        with(
            "`executeQuery` of an `INSERT`",
            "throws `SQLNonTransientException` 42000; nothing is inserted",
            StatementProbes::queryThatInserts),
        with(
            "`executeUpdate` of a `SELECT`",
            "throws `SQLNonTransientException` 42000",
            c -> count(c, "SELECT 1")),
        with(
                "count of a plain `INSERT` of one row, whose trigger inserts two",
                "1",
                c -> count(c, TRIGGERING))
            .shownBy("JdbcStatementTest.updateCounts_ofBothKinds_leaveOutTriggers"),
        with("the same, prepared", "1", StatementProbes::preparedCount)
            .shownBy("JdbcStatementTest.updateCounts_ofBothKinds_leaveOutTriggers"),
        with(
            "count of `CREATE TABLE`, after an `INSERT` of two rows",
            "0",
            StatementProbes::countOfDdl),
        with(
                "a prepared batch whose third row fails",
                "throws `BatchUpdateException` 23505, counts [-3, -3, -3, -3]",
                c -> failure(() -> preparedBatch(c)))
            .shownBy("ErrorsTest.jdbcBatch_oneRowFails_hasTheStateAndCodeOfTheConstraint"),
        with(
                "the same, plain",
                "throws `BatchUpdateException` 23505, counts [-3, -3, -3, -3]",
                c -> failure(() -> plainBatch(c)))
            .shownBy("ErrorsTest.jdbcPlainBatch_oneRowFails_hasTheStateAndCodeOfTheConstraint"),
        with("what stays of such a batch, with autoCommit", "nothing", StatementProbes::left),
        with(
            "what stays of it in a transaction that commits after it",
            "what came before: Ann, Bob",
            StatementProbes::leftInTransaction));
  }

  private static int run(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return Jdbc.column(rows).length();
    }
  }

  static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      run(statement, sql);
      return "the query runs to its end";
    }
  }

  private static String queryTimeout(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      run(statement, LONG);
      return "the query runs to its end";
    }
  }

  private static String queryTimeoutInLine(JdbcSide side) throws SQLException {
    try (Connection other = side.connect();
        Connection connection = side.connect();
        Statement statement = connection.createStatement()) {
      other.setAutoCommit(false);
      Jdbc.execute(other, INSERT);
      statement.setQueryTimeout(1);
      Background<String> waiting =
          side.start("waiting", () -> outcome(() -> statement.executeUpdate(INSERT)));
      String told = String.valueOf(waiting.result());
      other.rollback();
      return told;
    }
  }

  /** What ends a statement. */
  @FunctionalInterface
  interface End {
    void of(Thread thread) throws SQLException;
  }

  /** Does something while a statement stands at the gate; what comes of the statement. */
  static String whileRuns(JdbcSide side, JdbcProbe.Step statement, End end) throws SQLException {
    Background<String> running = side.start("running", () -> outcome(statement));
    side.gate().awaitReached();
    end.of(running.thread());
    side.gate().open();
    String told = String.valueOf(running.result());
    return told.equals("works") ? "the query runs to its end" : told;
  }

  private static String cancel(JdbcSide side) throws SQLException {
    try (Connection connection = side.connect();
        Statement statement = connection.createStatement()) {
      return whileRuns(side, () -> run(statement, GATED), thread -> statement.cancel());
    }
  }

  private static String afterCancel(JdbcSide side) throws SQLException {
    try (Connection connection = side.connect();
        Statement open = connection.createStatement();
        Statement statement = connection.createStatement()) {
      Jdbc.execute(connection, "INSERT INTO t(v) VALUES (1), (2)");
      open.executeQuery("SELECT v FROM t").next();
      whileRuns(side, () -> run(statement, GATED), thread -> statement.cancel());
      return outcome(() -> Jdbc.ask(connection, "SELECT count(*) FROM t"));
    }
  }

  private static String interrupt(JdbcSide side) throws SQLException {
    try (Connection connection = side.connect();
        Statement statement = connection.createStatement()) {
      return whileRuns(side, () -> run(statement, GATED), Thread::interrupt);
    }
  }

  private static String unsetParameter(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("INSERT INTO t(v) VALUES (?)")) {
      statement.executeUpdate();
    }
    return "is " + Jdbc.ask(connection, "SELECT coalesce(v, 'NULL') FROM t");
  }

  private static String againAfterError(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT abs(?)")) {
      statement.setLong(1, Long.MIN_VALUE);
      ignoring(() -> Jdbc.column(statement.executeQuery()));
      statement.setLong(1, -1);
      return Jdbc.column(statement.executeQuery()).equals("1") ? "works" : "gives a wrong number";
    }
  }

  /** Does something with a statement. */
  @FunctionalInterface
  private interface Call {
    void of(Statement statement) throws SQLException;
  }

  private static String ran(Connection connection, Call call) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      call.of(statement);
    }
    return whichRan(connection);
  }

  private static String whichRan(Connection connection) throws SQLException {
    return switch (Jdbc.ask(connection, "SELECT v FROM t ORDER BY id")) {
      case "1" -> "runs the first";
      case "1, 2" -> "runs both";
      case String other -> other;
    };
  }

  private static String preparedText(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TWO_INSERTS)) {
      statement.executeUpdate();
    }
    return whichRan(connection);
  }

  private static String queryThatInserts(Connection connection) throws SQLException {
    String told = told(() -> query(connection, INSERT));
    boolean nothing = Jdbc.ask(connection, "SELECT count(*) FROM t").equals("0");
    return told + (nothing ? "; nothing is inserted" : "; the row is inserted");
  }

  private static String count(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return "" + statement.executeUpdate(sql);
    }
  }

  private static String preparedCount(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TRIGGERING)) {
      return "" + statement.executeUpdate();
    }
  }

  private static String countOfDdl(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO t(v) VALUES (1), (2)");
      statement.execute("CREATE TABLE x(a)");
      return "" + statement.getUpdateCount();
    }
  }

  private static void preparedBatch(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NAME.replace("'%s'", "?"))) {
      for (String name : NAMES) {
        statement.setString(1, name);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void plainBatch(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String name : NAMES) {
        statement.addBatch(NAME.formatted(name));
      }
      statement.executeBatch();
    }
  }

  private static String failure(JdbcProbe.Step batch) {
    return told(
        () -> {
          try {
            batch.run();
          } catch (BatchUpdateException e) {
            String counts = Arrays.toString(e.getUpdateCounts());
            return JdbcProbe.thrown(e) + ", counts " + counts;
          }
          return "works";
        });
  }

  private static String left(Connection connection) throws SQLException {
    ignoring(() -> preparedBatch(connection));
    return names(connection);
  }

  private static String names(Connection connection) throws SQLException {
    String names = Jdbc.ask(connection, "SELECT name FROM person ORDER BY id");
    return names.isEmpty() ? "nothing" : "what came before: " + names;
  }

  private static String leftInTransaction(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    ignoring(() -> preparedBatch(connection));
    connection.commit();
    connection.setAutoCommit(true);
    return names(connection);
  }
}
