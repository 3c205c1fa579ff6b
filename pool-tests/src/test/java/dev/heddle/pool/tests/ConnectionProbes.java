package dev.heddle.pool.tests;

import static dev.heddle.pool.tests.JdbcProbe.ignoring;
import static dev.heddle.pool.tests.JdbcProbe.outcome;
import static dev.heddle.pool.tests.JdbcProbe.probe;
import static dev.heddle.pool.tests.JdbcProbe.told;
import static dev.heddle.pool.tests.JdbcProbe.with;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConnection;

/** What a connection is, and what it leaves to the next one. */
final class ConnectionProbes {

  private static final String INSERT = "INSERT INTO t(v) VALUES (1)";

  private ConnectionProbes() {}

  static List<JdbcProbe> all() {
    return List.of(
        probe(
            "a third `getConnection()`, while two are open and unused; both pools are of two",
            "works",
            ConnectionProbes::third),
        with("`setReadOnly(true)`", "works", c -> outcome(() -> c.setReadOnly(true))),
        with("`isReadOnly()` after that", "true", ConnectionProbes::readOnlyAfterSet),
        with(
                "`INSERT` after that",
                "throws `SQLNonTransientException` 25006",
                ConnectionProbes::insertAfterSetReadOnly)
            .shownBy("DataSourceTest.readOnly_transaction_isASnapshotOfAReader"),
        with(
            "`setReadOnly(false)` after that, and an `INSERT`",
            "works",
            ConnectionProbes::insertAfterReadOnlyOff),
        probe(
            "`setReadOnly(true)`, `close()`; the next connection's `isReadOnly()`",
            "false",
            side -> left(side, c -> c.setReadOnly(true), c -> "" + c.isReadOnly())),
        probe(
            "`setAutoCommit(false)`, `close()`; the next one's `getAutoCommit()`",
            "true",
            side -> left(side, c -> c.setAutoCommit(false), c -> "" + c.getAutoCommit())),
        probe(
                "`PRAGMA foreign_keys` changed, `close()`; what the next one has",
                "what it was before",
                ConnectionProbes::pragma)
            .shownBy(
                "StickyConnectionTest.pragma_thatSets_keepsTheWriterUntilTheConnectionIsClosed"),
        probe(
                "a TEMP table that hides another one, `close()`; which one the next connection"
                    + " sees",
                "the other one",
                ConnectionProbes::temporary)
            .shownBy("StickyConnectionTest.temporaryTable_ofAConnection_isGoneWithIt"),
        with("`PRAGMA foreign_keys`, if nothing is configured", "ON", c -> onOff(foreignKeys(c))),
        with("`isValid(1)`; the same after `close()`", "true; false", ConnectionProbes::valid)
            .shownBy("JdbcConnectionTest.isValid_lifeOfALease_isTrueUntilItsEnd"),
        with(
            "`createStatement()` after `close()`",
            "throws `SQLNonTransientConnectionException` 08003",
            ConnectionProbes::useAfterClose),
        probe(
                "`abort()` while a query runs in another thread",
                "throws `SQLNonTransientConnectionException` 08003; `isClosed()` is true",
                ConnectionProbes::abort)
            .shownBy("DataSourceTest.abort_ofAConnectionInAQuery_endsTheQueryAndTheLease"),
        with(
            "`getNetworkTimeout()` after `setNetworkTimeout(…, 5000)`",
            "5000",
            ConnectionProbes::networkTimeout),
        with(
            "`isWrapperFor(SQLiteConnection.class)`",
            "false",
            c -> "" + c.isWrapperFor(SQLiteConnection.class)),
        with(
                "`unwrap(SQLiteConnection.class)`",
                "throws `SQLNonTransientException` 25001",
                ConnectionProbes::unwrap)
            .shownBy("JdbcEscapeTest.unwrap_driverClasses_isRefused"),
        with("`getWarnings()`", "null", c -> "" + c.getWarnings()));
  }

  private static String third(JdbcSide side) throws SQLException {
    try (Connection first = side.connect();
        Connection second = side.connect();
        Connection third = side.impatient().getConnection()) {
      return first.equals(second) || second.equals(third) ? "gives the same again" : "works";
    }
  }

  private static String readOnlyAfterSet(Connection connection) throws SQLException {
    ignoring(() -> connection.setReadOnly(true));
    return "" + connection.isReadOnly();
  }

  private static String insertAfterSetReadOnly(Connection connection) {
    ignoring(() -> connection.setReadOnly(true));
    return outcome(() -> Jdbc.execute(connection, INSERT));
  }

  private static String insertAfterReadOnlyOff(Connection connection) throws SQLException {
    ignoring(() -> connection.setReadOnly(true));
    connection.setReadOnly(false);
    return outcome(() -> Jdbc.execute(connection, INSERT));
  }

  /** Does something to a connection. */
  @FunctionalInterface
  private interface Change {
    void of(Connection connection) throws SQLException;
  }

  /** What one connection leaves to the next one. */
  private static String left(JdbcSide side, Change change, JdbcProbe.Use look) throws SQLException {
    try (Connection first = side.connect()) {
      ignoring(() -> change.of(first));
    }
    try (Connection next = side.connect()) {
      return told(() -> look.with(next));
    }
  }

  private static boolean foreignKeys(Connection connection) throws SQLException {
    return Jdbc.ask(connection, "PRAGMA foreign_keys").equals("1");
  }

  private static String onOff(boolean on) {
    return on ? "ON" : "OFF";
  }

  private static String pragma(JdbcSide side) throws SQLException {
    boolean before;
    try (Connection first = side.connect()) {
      before = foreignKeys(first);
      Jdbc.execute(first, "PRAGMA foreign_keys = " + onOff(!before));
    }
    try (Connection next = side.connect()) {
      return foreignKeys(next) == before ? "what it was before" : "what it was changed to";
    }
  }

  private static String temporary(JdbcSide side) throws SQLException {
    return left(
        side,
        c -> Jdbc.execute(c, INSERT, "CREATE TEMP TABLE t(id)"),
        c ->
            Jdbc.ask(c, "SELECT count(*) FROM t").equals("1") ? "the other one" : "the TEMP table");
  }

  private static String valid(Connection connection) throws SQLException {
    boolean open = connection.isValid(1);
    connection.close();
    return open + "; " + connection.isValid(1);
  }

  private static String useAfterClose(Connection connection) throws SQLException {
    connection.close();
    return outcome(() -> connection.createStatement().close());
  }

  private static String abort(JdbcSide side) throws SQLException {
    try (Connection connection = side.connect()) {
      Background<String> query =
          side.start(
              "query", () -> told(() -> StatementProbes.query(connection, StatementProbes.GATED)));
      side.gate().awaitReached();
      List<Background<?>> aborting = new ArrayList<>();
      connection.abort(
          work ->
              aborting.add(
                  side.start(
                      "abort",
                      () -> {
                        work.run();
                        return 0;
                      })));
      side.gate().open();
      aborting.forEach(Background::result);
      return query.result() + "; `isClosed()` is " + connection.isClosed();
    }
  }

  private static String networkTimeout(Connection connection) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, 5000);
    return "" + connection.getNetworkTimeout();
  }

  private static String unwrap(Connection connection) throws SQLException {
    return connection.unwrap(SQLiteConnection.class).isClosed()
        ? "is closed"
        : "gives the driver's";
  }
}
