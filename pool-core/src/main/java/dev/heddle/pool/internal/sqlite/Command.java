package dev.heddle.pool.internal.sqlite;

import java.sql.SQLException;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.Codes;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/**
 * One of the pool's own statements, prepared once and stepped raw: a result code is all it gives.
 */
final class Command {

  private final CoreStatement statement;

  Command(SQLiteConnection connection, String sql) throws SQLException {
    this.statement = (CoreStatement) connection.prepareStatement(sql);
  }

  /** Runs it; SQLite's result code, {@link Codes#SQLITE_DONE} if all is well. */
  int run() throws SQLException {
    int code = statement.pointer.safeRunInt(DB::step);
    statement.pointer.safeRunInt(DB::reset);
    return code;
  }

  /** Runs one that gives a row, for a number in it; columns count from 0. */
  long value(int column) throws SQLException {
    int code = statement.pointer.safeRunInt(DB::step);
    try {
      if (code != Codes.SQLITE_ROW) {
        throw Errors.translate(error(code), null);
      }
      return statement.pointer.safeRunLong((db, address) -> db.column_long(address, column));
    } finally {
      statement.pointer.safeRunInt(DB::reset);
    }
  }

  /** The error that the last run ended with. */
  SQLException error(int code) {
    try {
      statement.getDatabase().throwex(code);
      throw new AssertionError("throwex returned");
    } catch (SQLException e) {
      return e;
    }
  }
}
