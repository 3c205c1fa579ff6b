package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.internal.config.Option;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.Codes;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/**
 * One physical connection and what is going on in it: its transaction, its statements, and the
 * signal that stops a query.
 *
 * <p>Confined to the call that has it: a lease's call, or the hand-back (see {@code Hold} in the
 * lane room, whose mark publishes the plain fields from one to the next). SQLite's callbacks run on
 * the thread of the call they interrupt.
 *
 * <p>The driver believes that it has {@code autoCommit} off, so that it issues no transaction of
 * its own: its {@code commit()} would begin the next one at once. Transactions are raw statements
 * here.
 */
public final class Session {

  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /** How often SQLite asks whether to stop, in its virtual machine's instructions. */
  private static final int OPCODES_BETWEEN_ASKING = 1000;

  private final SQLiteConnection connection;
  private final DB db;
  private final Role role;
  private final boolean utf8;
  private final Duration busyTimeout;
  private final SessionCounts counts;
  private final Statements statements;
  private final Command begin;
  private final Command commit;
  private final Command rollback;

  /** In the order of opening. */
  private final List<Prepared> open = new ArrayList<>(4);

  private final List<Statement> plainStatements = new ArrayList<>(2);

  private boolean inTransaction;

  /** SQLite itself rolled the transaction back, told by its rollback hook. */
  private boolean lost;

  private @Nullable SQLException lostBecause;

  /** A statement of the pool's own is running: no stop signal, and a rollback is ours. */
  private boolean ownCommand;

  private Signal signal = Signal.NONE;

  /** On the clock of System.nanoTime; only if there is a limit. */
  private long deadlineNanos;

  private boolean hasDeadline;

  private @Nullable StopReason stopped;

  /** One instruction of a statement's program, as EXPLAIN shows it. */
  @FunctionalInterface
  interface Instruction {
    boolean test(String opcode, long p1, long p5);
  }

  private enum StopReason {
    INTERRUPTED,
    REVOKED,
    CANCELLED,
    TIMED_OUT
  }

  Session(
      SQLiteConnection connection,
      Role role,
      boolean utf8,
      int statementCache,
      Duration busyTimeout,
      SessionCounts counts)
      throws SQLException {
    this.connection = connection;
    this.db = connection.getDatabase();
    this.role = role;
    this.utf8 = utf8;
    this.busyTimeout = busyTimeout;
    this.counts = counts;
    this.statements = new Statements(statementCache);
    connection.getConnectionConfig().setAutoCommit(false);
    this.begin = new Command(role == Role.WRITER ? "BEGIN IMMEDIATE" : "BEGIN");
    this.commit = new Command("COMMIT");
    this.rollback = new Command("ROLLBACK");
    connection.addCommitListener(new RollbackHook());
    ProgressHandler.setHandler(connection, OPCODES_BETWEEN_ASKING, new StopSignal());
  }

  /** The driver's connection, for what the JDBC room passes on to it. */
  public SQLiteConnection connection() {
    return connection;
  }

  public Role role() {
    return role;
  }

  boolean isUtf8() {
    return utf8;
  }

  /** Asked on the statement's thread while it runs; true ends it. Must be quick. */
  public interface Signal {
    Signal NONE =
        new Signal() {
          @Override
          public boolean isRevoked() {
            return false;
          }

          @Override
          public boolean isCancelled() {
            return false;
          }
        };

    boolean isRevoked();

    boolean isCancelled();
  }

  /** Whose lease this session serves from now on. */
  public void serve(Signal signal) {
    this.signal = signal;
  }

  // Transactions

  public boolean inTransaction() {
    return inTransaction;
  }

  /** Begins a transaction: of a writer with the file's write lock, of a reader as a snapshot. */
  public void begin() throws SQLException {
    lost = false;
    lostBecause = null;
    begin.run(true);
    inTransaction = true;
  }

  /**
   * Throws if SQLite rolled the transaction back by itself. What follows would otherwise run
   * outside of any transaction, each statement committed for itself.
   */
  public void requireAlive() throws SQLException {
    if (lost) {
      throw new SQLNonTransientException(
          "SQLite rolled back the whole transaction when an earlier statement of this lease failed;"
              + " nothing of it remains. Close the lease and start again in a new one",
          Errors.ROLLED_BACK,
          lostBecause);
    }
  }

  /**
   * Commits. If it throws, nothing of the transaction remains, or the exception says that this is
   * unknown.
   */
  public void commit() throws SQLException {
    try {
      commit.run(false);
    } catch (SQLException e) {
      rollbackAfter(e);
      throw isIoError(e) ? outcomeUnknown(e) : e;
    }
    inTransaction = false;
    counts.commits.increment();
  }

  /** SQLite may have written the commit to the WAL before the error; a recovery may revive it. */
  private static SQLException outcomeUnknown(SQLException e) {
    SQLException unknown =
        new SQLNonTransientConnectionException(
            "An I/O error struck the commit: it is unknown whether the transaction is in the file."
                + " Look before you repeat it: "
                + e.getMessage(),
            Errors.OUTCOME_UNKNOWN,
            e.getErrorCode(),
            e);
    return unknown;
  }

  private static boolean isIoError(SQLException e) {
    return (e.getErrorCode() & 0xFF) == Errors.IOERR;
  }

  private void rollbackAfter(SQLException first) {
    try {
      rollback();
    } catch (SQLException second) {
      first.addSuppressed(second);
    }
  }

  /** Rolls back; harmless if SQLite did so before. */
  public void rollback() throws SQLException {
    if (!inTransaction) {
      return;
    }
    inTransaction = false;
    counts.rollbacks.increment();
    if (!lost) {
      rollback.runUnlessNeedless();
    }
  }

  // Statements

  /**
   * A statement ready to be bound, kept from an earlier use or prepared now. To be closed.
   *
   * @throws SQLException if a lease must not run this SQL, or SQLite can't prepare it
   */
  public Prepared open(String sql) throws SQLException {
    Prepared prepared = statements.find(sql);
    if (prepared == null) {
      counts.cacheMisses.increment();
      prepared = prepare(SqlGuard.check(sql, role));
      statements.add(prepared);
    } else {
      counts.cacheHits.increment();
    }
    prepared.use();
    open.add(prepared);
    return prepared;
  }

  private Prepared prepare(SqlText text) throws SQLException {
    BusyWait wait = null;
    while (true) {
      try {
        PreparedStatement statement = connection.prepareStatement(text.sql());
        return new Prepared(this, text, statement);
      } catch (SQLException e) {
        if (!Errors.isBusy(Errors.code(e))) {
          throw failure(e, text.sql());
        }
        wait = wait == null ? busyWait(true) : wait;
        wait.pause(e);
      }
    }
  }

  /** Called by {@link Prepared#close}. */
  void closed(Prepared prepared) {
    open.remove(prepared);
    boolean fit = false;
    try {
      fit = prepared.tidy();
    } catch (SQLException e) {
      LOG.debug("A statement is not fit to be kept: {}", Errors.shorten(prepared.sql()), e);
    }
    if (!fit) {
      statements.remove(prepared);
      finalizeStatement(prepared);
    }
  }

  void finalizeStatement(Prepared prepared) {
    try {
      prepared.finalizeNow();
    } catch (SQLException e) {
      LOG.debug("Finalizing reported an error: {}", Errors.shorten(prepared.sql()), e);
    }
  }

  /** The rowid of the last insert on this connection. */
  public long lastInsertRowid() throws SQLException {
    try (Prepared statement = open("SELECT last_insert_rowid()")) {
      statement.execute(new Object[0]);
      return statement.integer(0);
    }
  }

  /**
   * Whether the program of a statement has such an instruction (<a
   * href="https://sqlite.org/opcode.html">sqlite.org/opcode.html</a>).
   */
  boolean explains(String sql, Instruction wanted) throws SQLException {
    try (PreparedStatement explain = connection.prepareStatement("EXPLAIN " + sql);
        ResultSet program = explain.executeQuery()) {
      while (program.next()) {
        if (wanted.test(
            program.getString("opcode"), program.getLong("p1"), program.getLong("p5"))) {
          return true;
        }
      }
      return false;
    } catch (SQLException e) {
      throw failure(e, sql);
    }
  }

  /** A plain JDBC statement, closed at the latest when the lease ends. */
  public Statement createStatement() throws SQLException {
    Statement statement = connection.createStatement();
    plainStatements.add(statement);
    return statement;
  }

  /** Closes what {@link #createStatement} made. */
  public void close(Statement statement) throws SQLException {
    plainStatements.remove(statement);
    statement.close();
  }

  /** The SQL of the statements that are open now. */
  public List<String> openSql() {
    return open.stream().map(Prepared::sql).toList();
  }

  /** Ends every open statement, so that no cursor outlives its transaction or lease. */
  public void closeStatements() {
    for (Prepared prepared : List.copyOf(open)) {
      prepared.close();
    }
    for (Statement statement : List.copyOf(plainStatements)) {
      try {
        close(statement);
      } catch (SQLException e) {
        LOG.debug("Closing a statement reported an error", e);
      }
    }
  }

  /** Makes the session as good as new for the next lease; never throws. */
  public void recycle() {
    signal = Signal.NONE;
    closeStatements();
    try {
      rollback();
    } catch (SQLException e) {
      LOG.error("Rolling back failed on {}; the next lease may fail, too", connection.getUrl(), e);
    }
    lost = false;
    lostBecause = null;
  }

  /** Closes the connection; never throws. */
  public void close() {
    recycle();
    statements.all().forEach(this::finalizeStatement);
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.error("Closing the connection to {} failed", connection.getUrl(), e);
    }
  }

  // Failures and signals

  /** A step of a statement of the lease starts, which may take so long; 0 for any time. */
  public void starts(long timeoutNanos) {
    stopped = null;
    hasDeadline = timeoutNanos > 0;
    if (hasDeadline) {
      deadlineNanos = System.nanoTime() + timeoutNanos;
    }
  }

  BusyWait busyWait(boolean interruptible) {
    return new BusyWait(Option.BUSY_TIMEOUT.key(), busyTimeout, interruptible);
  }

  /** What users get for a failure of one of the lease's statements. */
  public SQLException failure(SQLException e, @Nullable String sql) {
    SQLException translated =
        stopped == null || !Errors.isInterrupt(Errors.code(e))
            ? Errors.translate(e, sql)
            : stopFailure(stopped, e, sql == null ? "" : ": " + Errors.shorten(sql));
    if (lost && lostBecause == null) {
      lostBecause = translated;
    }
    return translated;
  }

  private static SQLException stopFailure(StopReason reason, SQLException e, String running) {
    return switch (reason) {
      case INTERRUPTED ->
          Errors.interrupted("The thread was interrupted while the statement ran" + running);
      case REVOKED ->
          new SQLNonTransientConnectionException(
              "The lease was revoked while the statement ran" + running, Errors.NO_CONNECTION, e);
      case CANCELLED ->
          new SQLNonTransientException(
              "The statement was cancelled" + running, Errors.CANCELLED, e);
      case TIMED_OUT ->
          new SQLTimeoutException(
              "The statement ran longer than its query timeout" + running, Errors.CANCELLED, e);
    };
  }

  /** Tells that SQLite rolled back. Never called for ROLLBACK TO, nor from a COMMIT that worked. */
  private final class RollbackHook implements SQLiteCommitListener {
    @Override
    public void onCommit() {}

    @Override
    public void onRollback() {
      if (!ownCommand) {
        lost = true;
      }
    }
  }

  /**
   * Asked by SQLite now and then while a statement runs; ends it if it answers other than 0. It
   * answers 0 during the pool's own commands: an interrupted COMMIT may have taken place.
   */
  private final class StopSignal extends ProgressHandler {
    @Override
    protected int progress() {
      if (ownCommand) {
        return 0;
      }
      stopped = reason();
      return stopped == null ? 0 : 1;
    }
  }

  private @Nullable StopReason reason() {
    if (signal.isRevoked()) {
      return StopReason.REVOKED;
    }
    if (Thread.currentThread().isInterrupted()) {
      return StopReason.INTERRUPTED;
    }
    if (signal.isCancelled()) {
      return StopReason.CANCELLED;
    }
    return hasDeadline && System.nanoTime() - deadlineNanos > 0 ? StopReason.TIMED_OUT : null;
  }

  /** One of the pool's own statements, stepped raw: its result code is all there is. */
  private final class Command {
    private final CoreStatement statement;

    Command(String sql) throws SQLException {
      statement = (CoreStatement) connection.prepareStatement(sql);
    }

    void run(boolean interruptible) throws SQLException {
      BusyWait wait = null;
      for (int code = step(); code != Codes.SQLITE_DONE; code = step()) {
        SQLException e = error(code);
        if (!Errors.isBusy(code)) {
          throw Errors.translate(e, null);
        }
        wait = wait == null ? busyWait(interruptible) : wait;
        wait.pause(e);
      }
    }

    /** For ROLLBACK, which fails with the general error if SQLite has rolled back before. */
    void runUnlessNeedless() throws SQLException {
      int code = step();
      if (code != Codes.SQLITE_DONE && code != Codes.SQLITE_ERROR) {
        throw Errors.translate(error(code), null);
      }
    }

    private int step() throws SQLException {
      ownCommand = true;
      try {
        int code = statement.pointer.safeRunInt(DB::step);
        statement.pointer.safeRunInt(DB::reset);
        return code;
      } finally {
        ownCommand = false;
      }
    }

    private SQLException error(int code) {
      try {
        db.throwex(code);
        throw new AssertionError("throwex returned");
      } catch (SQLException e) {
        return e;
      }
    }
  }
}
