package dev.heddle.pool.internal.sqlite;

import java.sql.SQLException;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.Codes;

/**
 * A part of the transaction that may be undone by itself: SQLite undoes a statement that fails, but
 * without a journal for it where it expects no failure. Confined like {@link Session}.
 */
final class Attempt {

  /** A savepoint's name that {@link SqlGuard} keeps users from. */
  private static final String PART = "heddle_rows";

  private final Command savepoint;
  private final Command release;
  private final Command rollbackTo;

  Attempt(SQLiteConnection connection) throws SQLException {
    this.savepoint = new Command(connection, "SAVEPOINT " + PART);
    this.release = new Command(connection, "RELEASE " + PART);
    this.rollbackTo = new Command(connection, "ROLLBACK TO " + PART);
  }

  /** Begins it; false if that is not possible now, as in the middle of another write. */
  boolean begin() throws SQLException {
    return savepoint.run() == Codes.SQLITE_DONE;
  }

  /** Ends it; true, for there is no other outcome. */
  boolean keep() throws SQLException {
    run(release);
    return true;
  }

  /** Undoes and ends it; false, for nothing of it remains. */
  boolean undo() throws SQLException {
    run(rollbackTo);
    run(release);
    return false;
  }

  private static void run(Command command) throws SQLException {
    int code = command.run();
    if (code != Codes.SQLITE_DONE) {
      throw Errors.translate(command.error(code), null);
    }
  }
}
