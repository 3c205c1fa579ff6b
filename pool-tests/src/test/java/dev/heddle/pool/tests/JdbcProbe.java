package dev.heddle.pool.tests;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A row of the table in docs/jdbc.md: something that programs do with JDBC, and what comes of it.
 *
 * @param behaviour what is done
 * @param promised what comes of it with Heddle
 * @param test the test that goes further, as {@code Class.method}; empty for none
 * @param action does it, and says in a few words what came of it
 */
record JdbcProbe(String behaviour, String promised, String test, Action action) {

  /** Does something on a side. */
  @FunctionalInterface
  interface Action {
    String on(JdbcSide side) throws Exception;
  }

  /** Does something with one connection. */
  @FunctionalInterface
  interface Use {
    String with(Connection connection) throws Exception;
  }

  /** Something that may fail, and gives nothing. */
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  /** Something that may fail. */
  @FunctionalInterface
  interface Attempt {
    String run() throws Exception;
  }

  static JdbcProbe probe(String behaviour, String promised, Action action) {
    return new JdbcProbe(behaviour, promised, "", action);
  }

  /** With one connection, which is closed afterwards. */
  static JdbcProbe with(String behaviour, String promised, Use use) {
    return probe(
        behaviour,
        promised,
        side -> {
          try (Connection connection = side.connect()) {
            return told(() -> use.with(connection));
          }
        });
  }

  JdbcProbe shownBy(String furtherTest) {
    return new JdbcProbe(behaviour, promised, furtherTest, action);
  }

  /** What comes of it on a side. */
  String on(JdbcSide side) {
    return told(() -> action.on(side));
  }

  /** Whatever comes of it: the probe is about what follows. */
  static void ignoring(Step step) {
    outcome(step);
  }

  /** {@code "works"}, or how it fails. */
  static String outcome(Step step) {
    return told(
        () -> {
          step.run();
          return "works";
        });
  }

  /** What it gives, or how it fails. */
  static String told(Attempt attempt) {
    try {
      return attempt.run();
    } catch (SQLException e) {
      return thrown(e);
    } catch (Exception e) {
      return "throws " + name(e);
    }
  }

  static String thrown(SQLException e) {
    String state = e.getSQLState();
    return "throws " + name(e) + (state == null ? ", no SQLState" : " " + state);
  }

  private static String name(Exception e) {
    return "`" + e.getClass().getSimpleName() + "`";
  }

  @Override
  public String toString() {
    return behaviour;
  }
}
