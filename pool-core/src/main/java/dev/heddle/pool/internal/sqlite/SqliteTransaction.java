package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.internal.config.Option;
import java.sql.ResultSet;
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

  /** A savepoint's name that {@link SqlGuard} keeps users from. */
  private static final String MARK = "heddle_unit";

  private final SQLiteConnection connection;
  private final Command begin;
  private final Command commit;
  private final Command rollback;
  private final Command mark;
  private final Command release;
  private final Command rollbackToMark;
  private final Duration busyTimeout;
  private final StopSignal stopSignal;
  private final SessionCounts counts;

  private boolean open;
  private boolean marked;
  private boolean wrote;

  /** SQLite itself rolled it back. */
  private boolean lost;

  private @Nullable SQLException lostBecause;

  /** Once it has met an error that another connection may not meet. */
  private boolean broken;

  /** COMMIT or ROLLBACK runs, and whoever runs it looks at what comes of it. */
  private boolean ending;

  SqliteTransaction(
      SQLiteConnection connection,
      Role role,
      Duration busyTimeout,
      StopSignal stopSignal,
      SessionCounts counts)
      throws SQLException {
    this.connection = connection;
    this.begin = new Command(connection, role == Role.WRITER ? "BEGIN IMMEDIATE" : "BEGIN");
    this.commit = new Command(connection, "COMMIT");
    this.rollback = new Command(connection, "ROLLBACK");
    this.mark = new Command(connection, "SAVEPOINT " + MARK);
    this.release = new Command(connection, "RELEASE " + MARK);
    this.rollbackToMark = new Command(connection, "ROLLBACK TO " + MARK);
    this.busyTimeout = busyTimeout;
    this.stopSignal = stopSignal;
    this.counts = counts;
    connection.addCommitListener(this);
  }

  /** False also when SQLite itself rolled it back. */
  boolean isOpen() {
    return open && !lost;
  }

  void begin() throws SQLException {
    forget();
    run(begin, true);
    open = true;
    wrote = false;
  }

  // A part of the transaction, which can be undone without the rest.

  void mark() throws SQLException {
    requireAlive();
    run(mark, false);
    marked = true;
    wrote = false;
  }

  boolean isMarked() {
    return marked;
  }

  void keepMarked() throws SQLException {
    requireAlive();
    run(release, false);
    marked = false;
  }

  void undoMarked() throws SQLException {
    requireAlive();
    marked = false;
    run(rollbackToMark, false);
    run(release, false);
  }

  /** A statement that writes is about to run. */
  void writes() {
    wrote = true;
  }

  /** True if something would be lost by not committing. */
  boolean isUnfinished() {
    return open && wrote && !lost;
  }

  /** Whoever wrote last has said what is to become of it, or it was reported. */
  void finish() {
    wrote = false;
  }

  /**
   * Commits. If it throws, nothing of the transaction remains, or the exception says that this is
   * unknown; but if it is still {@linkplain #isOpen open}, a foreign key was violated, and all is
   * as before.
   */
  void commit() throws SQLException {
    requireAlive();
    try {
      run(commit, false);
    } catch (SQLException e) {
      if (Errors.isConstraint(e)) {
        throw e;
      }
      rollbackAfter(e);
      throw Errors.isPlainRefusal(e) ? e : afterWriteError(e);
    } catch (RuntimeException | Error e) {
      SQLException unknown = outcomeUnknown(e, Errors.GENERIC);
      rollbackAfter(unknown);
      throw unknown;
    }
    ended();
  }

  private void rollbackAfter(SQLException first) {
    try {
      rollback();
    } catch (SQLException second) {
      first.addSuppressed(second);
    }
  }

  /**
   * SQLite may have written the commit to the WAL before the error, and a recovery may revive it
   * there. The next commit goes to the same place: once that is on disk, the one before is gone.
   */
  private SQLException afterWriteError(SQLException e) {
    try {
      overwrite();
      return e;
    } catch (SQLException again) {
      rollbackAfter(again);
      SQLException unknown = outcomeUnknown(e, e.getErrorCode());
      unknown.addSuppressed(again);
      return unknown;
    }
  }

  private static SQLException outcomeUnknown(Throwable cause, int code) {
    return new SQLNonTransientConnectionException(
        "The commit was struck by an error: it is unknown whether the transaction is in the file."
            + " Look before you repeat it: "
            + cause.getMessage(),
        Errors.OUTCOME_UNKNOWN,
        code,
        cause);
  }

  /** Commits the smallest change that there is, and syncs it whatever the setting. */
  private void overwrite() throws SQLException {
    int synchronous = pragma("synchronous");
    execute("PRAGMA synchronous = FULL");
    try {
      forget();
      run(begin, false);
      open = true;
      execute("PRAGMA user_version = " + pragma("user_version"));
      commitOverwriting();
    } finally {
      rollback();
      execute("PRAGMA synchronous = " + synchronous);
    }
  }

  /**
   * In a COMMIT the index of the WAL comes last, when the frames are on disk (sqlite3WalFrames): if
   * only that has no room, what was to be overwritten is, and checksums don't fit what follows.
   */
  private void commitOverwriting() throws SQLException {
    try {
      run(commit, false);
      ended();
    } catch (SQLException e) {
      if (!Errors.isFullForWalIndex(e)) {
        throw e;
      }
    }
  }

  private int pragma(String name) throws SQLException {
    stopSignal.hold();
    try (Statement statement = connection.createStatement();
        ResultSet value = statement.executeQuery("PRAGMA " + name)) {
      return value.getInt(1);
    } finally {
      stopSignal.resume();
    }
  }

  /** Rolls back; harmless if there is nothing to roll back, or SQLite did so before. */
  void rollback() throws SQLException {
    if (!open) {
      return;
    }
    ended();
    if (!lost) {
      int code = step(rollback);
      // The general error is what ROLLBACK says without a transaction: a failing COMMIT may end it.
      if (code != Codes.SQLITE_DONE && code != Codes.SQLITE_ERROR) {
        throw Errors.translate(rollback.error(code), null);
      }
    }
  }

  private void ended() {
    open = false;
    marked = false;
  }

  private void run(Command command, boolean interruptible) throws SQLException {
    BusyWait wait = null;
    for (int code = step(command); code != Codes.SQLITE_DONE; code = step(command)) {
      SQLException e = command.error(code);
      if (!Errors.isBusy(code)) {
        SQLException failure = Errors.translate(e, null);
        failed(failure);
        throw failure;
      }
      if (wait == null) {
        wait =
            new BusyWait(
                Option.BUSY_TIMEOUT.key(),
                busyTimeout,
                interruptible ? stopSignal : null,
                counts.busyRetries);
      }
      wait.pause(e);
    }
  }

  private int step(Command command) throws SQLException {
    ending = command.equals(commit) || command.equals(rollback);
    stopSignal.hold();
    try {
      return command.run();
    } finally {
      stopSignal.resume();
      ending = false;
    }
  }

  /** Runs one of the pool's own statements that is not worth keeping. */
  void execute(String sql) throws SQLException {
    stopSignal.hold();
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      SQLException failure = Errors.translate(e, sql);
      failed(failure);
      throw failure;
    } finally {
      stopSignal.resume();
    }
  }

  boolean isLost() {
    return lost;
  }

  /** Why it is lost; null if it is not. */
  @Nullable SQLException lostBecause() {
    return lost && lostBecause == null ? lostError() : lostBecause;
  }

  /** An error was met that may be the connection's own. */
  boolean isBroken() {
    return broken;
  }

  /** A statement of the lease failed; if the transaction went with it, this is why. */
  void failed(SQLException because) {
    broken |= Errors.breaksConnection(because);
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
      throw lostError();
    }
  }

  private SQLException lostError() {
    return new SQLNonTransientException(
        "SQLite rolled back the whole transaction when an earlier statement of this lease failed;"
            + " nothing of it remains. Close the lease and start again in a new one",
        Errors.ROLLED_BACK,
        lostBecause);
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
    if (!ending) {
      lost = true;
    }
  }
}
