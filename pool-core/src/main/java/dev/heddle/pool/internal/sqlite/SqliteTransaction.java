package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.internal.config.Option;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.Codes;

/**
 * The transaction of one connection, in raw statements: the driver's {@code commit()} would begin
 * the next one at once.
 *
 * <p>Whether SQLite has rolled everything back by itself does not follow from the result code of
 * the statement that failed. Its rollback hook tells exactly: it fires within that statement, never
 * for {@code ROLLBACK TO}, nor in a COMMIT that works. Confined like {@link Session}.
 */
final class SqliteTransaction implements SQLiteCommitListener {

  private final SQLiteConnection connection;
  private final Role role;
  private final Command begin;
  private final Command commit;
  private final Command rollback;
  private final Duration busyTimeout;
  private final SessionCounts counts;
  private final StopSignal stopSignal;

  private boolean open;
  private boolean wrote;

  /** SQLite itself rolled it back. */
  private boolean lost;

  private @Nullable SQLException lostBecause;

  /** One of the commands above runs: a rollback now is ours. */
  private boolean inCommand;

  SqliteTransaction(
      SQLiteConnection connection,
      Role role,
      Duration busyTimeout,
      SessionCounts counts,
      StopSignal stopSignal)
      throws SQLException {
    this.connection = connection;
    this.role = role;
    this.begin = new Command(connection, role == Role.WRITER ? "BEGIN IMMEDIATE" : "BEGIN");
    this.commit = new Command(connection, "COMMIT");
    this.rollback = new Command(connection, "ROLLBACK");
    this.busyTimeout = busyTimeout;
    this.counts = counts;
    this.stopSignal = stopSignal;
    connection.addCommitListener(this);
  }

  boolean isOpen() {
    return open;
  }

  void begin() throws SQLException {
    forget();
    run(begin, true);
    open = true;
    wrote = false;
  }

  /** A statement that writes is about to run. */
  void writes() {
    wrote = true;
  }

  /** True if something would be lost by not committing. */
  boolean isUnfinished() {
    return open && wrote && !lost;
  }

  /**
   * Commits. If it throws, nothing of the transaction remains, or the exception says that this is
   * unknown.
   */
  void commit() throws SQLException {
    try {
      run(commit, false);
    } catch (SQLException e) {
      rollbackAfter(e);
      throw (e.getErrorCode() & 0xFF) == Errors.IOERR ? outcomeUnknown(e) : e;
    }
    open = false;
    counts.commits.increment();
  }

  /** SQLite may have written the commit to the WAL before the error; a recovery may revive it. */
  private static SQLException outcomeUnknown(SQLException e) {
    return new SQLNonTransientConnectionException(
        "An I/O error struck the commit: it is unknown whether the transaction is in the file. Look"
            + " before you repeat it: "
            + e.getMessage(),
        Errors.OUTCOME_UNKNOWN,
        e.getErrorCode(),
        e);
  }

  private void rollbackAfter(SQLException first) {
    try {
      rollback();
    } catch (SQLException second) {
      first.addSuppressed(second);
    }
  }

  /** Rolls back; harmless if there is nothing to roll back, or SQLite did so before. */
  void rollback() throws SQLException {
    if (!open) {
      return;
    }
    open = false;
    if (role == Role.WRITER) {
      counts.rollbacks.increment(); // a snapshot has no other end than this
    }
    if (!lost) {
      int code = step(rollback);
      // The general error is what ROLLBACK says without a transaction: a failing COMMIT may end it.
      if (code != Codes.SQLITE_DONE && code != Codes.SQLITE_ERROR) {
        throw Errors.translate(rollback.error(code), null);
      }
    }
  }

  private void run(Command command, boolean interruptible) throws SQLException {
    BusyWait wait = null;
    for (int code = step(command); code != Codes.SQLITE_DONE; code = step(command)) {
      SQLException e = command.error(code);
      if (!Errors.isBusy(code)) {
        throw Errors.translate(e, null);
      }
      if (wait == null) {
        wait =
            new BusyWait(Option.BUSY_TIMEOUT.key(), busyTimeout, interruptible ? stopSignal : null);
      }
      wait.pause(e);
    }
  }

  private int step(Command command) throws SQLException {
    enterCommand();
    try {
      return command.run();
    } finally {
      exitCommand();
    }
  }

  private void enterCommand() {
    inCommand = true;
    stopSignal.hold();
  }

  private void exitCommand() {
    inCommand = false;
    stopSignal.resume();
  }

  /** Runs one of the pool's own statements that is not worth keeping. */
  void execute(String sql) throws SQLException {
    enterCommand();
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw Errors.translate(e, sql);
    } finally {
      exitCommand();
    }
  }

  boolean isLost() {
    return lost;
  }

  /** A statement of the lease failed; if the transaction went with it, this is why. */
  void failed(SQLException because) {
    if (lost && lostBecause == null) {
      lostBecause = because;
    }
  }

  /**
   * Throws if SQLite rolled it back by itself: what follows would run outside of any transaction,
   * each statement committed for itself.
   */
  void requireAlive() throws SQLException {
    if (lost) {
      throw new SQLNonTransientException(
          "SQLite rolled back the whole transaction when an earlier statement of this lease failed;"
              + " nothing of it remains. Close the lease and start again in a new one",
          Errors.ROLLED_BACK,
          lostBecause);
    }
  }

  /** For the next lease. */
  void forget() {
    lost = false;
    lostBecause = null;
  }

  /** Proves nothing: it fires before the commit is on disk. */
  @Override
  public void onCommit() {}

  @Override
  public void onRollback() {
    if (!inCommand) {
      lost = true;
    }
  }
}
