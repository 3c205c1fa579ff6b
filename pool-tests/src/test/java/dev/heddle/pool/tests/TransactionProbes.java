package dev.heddle.pool.tests;

import static dev.heddle.pool.tests.JdbcProbe.ignoring;
import static dev.heddle.pool.tests.JdbcProbe.outcome;
import static dev.heddle.pool.tests.JdbcProbe.probe;
import static dev.heddle.pool.tests.JdbcProbe.told;
import static dev.heddle.pool.tests.JdbcProbe.with;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;

/** Where transactions begin and end, and what they see of each other. */
final class TransactionProbes {

  private static final String COUNT = "SELECT count(*) FROM t";

  private TransactionProbes() {}

  static List<JdbcProbe> all() {
    return List.of(
        probe(
                "`close()` with a transaction open",
                "rolled back",
                side -> transaction(side, c -> {}))
            .shownBy("DataSourceTest.transaction_closedWithoutCommit_isRolledBackWithAWarning"),
        probe(
            "`setAutoCommit(true)` with a transaction open",
            "committed",
            side -> transaction(side, c -> c.setAutoCommit(true))),
        probe(
                "`BEGIN` as SQL, `close()`; an `INSERT` of the next connection",
                "is committed",
                TransactionProbes::leftByBegin)
            .shownBy("DataSourceTest.beginCommitRollback_asSql_areTransactions"),
        with(
            "`commit()` with autoCommit",
            "throws `SQLNonTransientException` 25001",
            c -> outcome(c::commit)),
        with(
            "`rollback()` with autoCommit",
            "throws `SQLNonTransientException` 25001",
            c -> outcome(() -> c.rollback())),
        with(
                "`setTransactionIsolation(READ_COMMITTED)`; the level after that",
                "SERIALIZABLE",
                TransactionProbes::isolation)
            .shownBy("JdbcConnectionTest.connection_isolation_isSerializable"),
        with(
            "`setTransactionIsolation(NONE)`",
            "throws `SQLNonTransientException` 22023",
            c -> outcome(() -> c.setTransactionIsolation(Connection.TRANSACTION_NONE))),
        with(
            "`setSavepoint()` with autoCommit",
            "throws `SQLNonTransientException` 25001",
            TransactionProbes::savepointInAutoCommit),
        with(
                "two savepoints, `rollback` to the first; what is left",
                "what came before it",
                TransactionProbes::nestedSavepoints)
            .shownBy("JdbcConnectionTest.savepoints_namedAndNot_undoAPart"),
        probe(
            "`releaseSavepoint` of the outermost, autoCommit off; what it is then",
            "not committed",
            TransactionProbes::release),
        probe(
                "`SELECT` while another connection's transaction has written",
                "sees the last commit",
                TransactionProbes::readBesideWriter)
            .shownBy("DataSourceTest.autoCommit_writerHeldElsewhere_readsGoOnAndSeeTheLastCommit"),
        probe(
                "two `SELECT`s of a transaction that is read-only if it can be, and a commit"
                    + " between them",
                "see the same",
                TransactionProbes::snapshot)
            .shownBy("DataSourceTest.readOnly_transaction_isASnapshotOfAReader"),
        probe(
            "a transaction reads, another connection's `INSERT` comes, the transaction writes",
            "the other waits; writing works; kept: 1, 2",
            TransactionProbes::readThenWrite),
        probe(
                "`INSERT` while another thread's transaction has written, until patience ends",
                "throws `SQLTransientConnectionException` 08001",
                TransactionProbes::secondWriter)
            .shownBy("DataSourceTest.autoCommit_writerHeldByAnotherThread_theStatementTimesOut"),
        probe(
                "the same in one thread",
                "throws `SQLNonTransientException` 25001",
                TransactionProbes::secondWriterOfAThread)
            .shownBy("DataSourceTest.transaction_ofAThreadThatHoldsTheWriter_isRefusedByName"),
        probe(
            "an `UPDATE` is cancelled, for which SQLite rolls the transaction back; `INSERT` and"
                + " `commit()` after that",
            "`INSERT` throws `SQLNonTransientException` 40000; `commit()` throws"
                + " `SQLNonTransientException` 40000; kept: nothing",
            TransactionProbes::lost),
        with(
            "the next row of a result set after `commit()`",
            "throws `SQLNonTransientConnectionException` 08003",
            TransactionProbes::resultAfterCommit),
        probe(
                "`INSERT … RETURNING` of two rows with autoCommit, closed after the first",
                "committed",
                TransactionProbes::returning)
            .shownBy("DataSourceTest.returning_inAutoCommit_isCommittedBeforeItsRowsAreRead"),
        probe(
            "the same, if the commit fails for a deferred foreign key",
            "throws `SQLIntegrityConstraintViolationException` 23000",
            TransactionProbes::returningInVain),
        with("`VACUUM` with autoCommit", "works", c -> outcome(() -> Jdbc.execute(c, "VACUUM")))
            .shownBy("DataSourceTest.vacuum_inAutoCommit_works"));
  }

  private static String insert(int value) {
    return "INSERT INTO t(v) VALUES (" + value + ")";
  }

  private static String fate(JdbcSide side) throws SQLException {
    return side.committed(COUNT).equals("0") ? "rolled back" : "committed";
  }

  /** Does something to a connection. */
  @FunctionalInterface
  private interface Change {
    void of(Connection connection) throws SQLException;
  }

  private static String transaction(JdbcSide side, Change end) throws SQLException {
    try (Connection connection = side.connect()) {
      connection.setAutoCommit(false);
      Jdbc.execute(connection, insert(1));
      end.of(connection);
    }
    return fate(side);
  }

  private static String leftByBegin(JdbcSide side) throws SQLException {
    try (Connection first = side.connect()) {
      Jdbc.execute(first, "BEGIN");
    }
    try (Connection next = side.connect()) {
      Jdbc.execute(next, insert(1));
      return side.committed(COUNT).equals("0") ? "is in the old transaction" : "is committed";
    }
  }

  private static String isolation(Connection connection) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return switch (connection.getTransactionIsolation()) {
      case Connection.TRANSACTION_READ_COMMITTED -> "READ_COMMITTED";
      case Connection.TRANSACTION_SERIALIZABLE -> "SERIALIZABLE";
      default -> "another";
    };
  }

  private static String savepointInAutoCommit(Connection connection) throws SQLException {
    connection.setSavepoint();
    return connection.getAutoCommit() ? "works" : "turns autoCommit off";
  }

  private static String nestedSavepoints(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    Jdbc.execute(connection, insert(1));
    Savepoint outer = connection.setSavepoint("outer");
    Jdbc.execute(connection, insert(2));
    connection.setSavepoint("inner");
    Jdbc.execute(connection, insert(3));
    connection.rollback(outer);
    String values = Jdbc.ask(connection, "SELECT v FROM t");
    connection.rollback();
    return values.equals("1") ? "what came before it" : values;
  }

  private static String release(JdbcSide side) throws SQLException {
    try (Connection connection = side.connect()) {
      connection.setAutoCommit(false);
      Savepoint savepoint = connection.setSavepoint();
      Jdbc.execute(connection, insert(1));
      connection.releaseSavepoint(savepoint);
      String then = side.committed(COUNT).equals("0") ? "not committed" : "committed";
      connection.rollback();
      return then;
    }
  }

  private static String readBesideWriter(JdbcSide side) throws SQLException {
    try (Connection writing = side.connect();
        Connection reading = side.connect()) {
      Jdbc.execute(writing, insert(1));
      writing.setAutoCommit(false);
      Jdbc.execute(writing, insert(2));
      String count = Jdbc.ask(reading, COUNT);
      writing.rollback();
      return count.equals("1") ? "sees the last commit" : "sees " + count + " rows";
    }
  }

  private static String snapshot(JdbcSide side) throws SQLException {
    try (Connection connection = side.connect();
        Connection other = side.connect()) {
      ignoring(() -> connection.setReadOnly(true));
      connection.setAutoCommit(false);
      String before = Jdbc.ask(connection, COUNT);
      Jdbc.execute(other, insert(1));
      String after = Jdbc.ask(connection, COUNT);
      connection.rollback();
      return before.equals(after) ? "see the same" : "see different rows";
    }
  }

  private static String readThenWrite(JdbcSide side) throws SQLException {
    try (Connection connection = side.connect();
        Connection other = side.connect()) {
      connection.setAutoCommit(false);
      Jdbc.ask(connection, COUNT);
      Background<String> inserting =
          side.start("other", () -> outcome(() -> Jdbc.execute(other, insert(1))));
      side.settle(inserting);
      String others = inserting.isDone() ? "the other goes ahead" : "the other waits";
      String writing = outcome(() -> Jdbc.execute(connection, insert(2)));
      ignoring(connection::commit);
      return others + "; writing " + writing + "; kept: " + keptBy(side, inserting);
    }
  }

  private static String keptBy(JdbcSide side, Background<String> inserting) throws SQLException {
    inserting.result();
    return side.committed("SELECT group_concat(v, ', ') FROM (SELECT v FROM t ORDER BY v)");
  }

  private static String secondWriter(JdbcSide side) throws SQLException {
    try (Connection first = side.connect();
        Connection second = side.impatient().getConnection()) {
      first.setAutoCommit(false);
      Jdbc.execute(first, insert(1));
      Background<String> writing =
          side.start("second", () -> outcome(() -> Jdbc.execute(second, insert(2))));
      String told = String.valueOf(writing.result());
      first.rollback();
      return told;
    }
  }

  private static String secondWriterOfAThread(JdbcSide side) throws SQLException {
    try (Connection first = side.connect();
        Connection second = side.connect()) {
      first.setAutoCommit(false);
      Jdbc.execute(first, insert(1));
      String told = outcome(() -> Jdbc.execute(second, insert(2)));
      first.rollback();
      return told;
    }
  }

  private static String lost(JdbcSide side) throws SQLException {
    Connection connection = side.connect();
    connection.setAutoCommit(false);
    Jdbc.execute(connection, insert(1));
    try (Statement update = connection.createStatement()) {
      String sql = "UPDATE t SET v = (" + StatementProbes.GATED + ")";
      StatementProbes.whileRuns(side, () -> update.executeUpdate(sql), thread -> update.cancel());
    }
    String inserting = outcome(() -> Jdbc.execute(connection, insert(2)));
    String committing = outcome(connection::commit);
    String kept =
        side.committed(
            "SELECT CASE count(*) WHEN 0 THEN 'nothing' ELSE 'the second row' END FROM t");
    // HikariCP rolls back in close(), and passes on that the driver has nothing to roll back.
    ignoring(connection::close);
    return "`INSERT` " + inserting + "; `commit()` " + committing + "; kept: " + kept;
  }

  private static String resultAfterCommit(Connection connection) throws SQLException {
    Jdbc.execute(connection, insert(1), insert(2));
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      ResultSet rows = statement.executeQuery("SELECT v FROM t");
      rows.next();
      connection.commit();
      return told(() -> rows.next() ? "is there" : "is missing");
    }
  }

  private static String returning(JdbcSide side) throws SQLException {
    try (Connection connection = side.connect()) {
      readOneRow(connection, "INSERT INTO t(v) VALUES (1), (2) RETURNING id");
    }
    return fate(side);
  }

  private static void readOneRow(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
    }
  }

  private static String returningInVain(JdbcSide side) throws SQLException {
    try (Connection connection = side.connect()) {
      Jdbc.execute(connection, "PRAGMA foreign_keys = ON");
      readOneRow(connection, "INSERT INTO late VALUES (77), (78) RETURNING parent");
    }
    boolean lost = side.committed("SELECT count(*) FROM late").equals("0");
    return lost ? "no error, and the rows are lost" : "no error, and the rows are kept";
  }
}
