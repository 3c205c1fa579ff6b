package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Errors;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.time.DateTimeException;

/** What the JDBC objects throw on their own account. No message holds a value. */
final class Failures {

  private Failures() {}

  static SQLException closed(String what) {
    return new SQLNonTransientConnectionException(what + " is closed", Errors.NO_CONNECTION);
  }

  static SQLException noRow(String message) {
    return new SQLNonTransientException(message, Errors.NO_ROW);
  }

  static SQLException noColumn(String message) {
    return new SQLNonTransientException(message, Errors.NO_COLUMN);
  }

  static SQLException invalid(String message) {
    return new SQLDataException(message, Errors.INVALID_PARAMETER);
  }

  static SQLException unsupported(String message) {
    return new SQLFeatureNotSupportedException(message, Errors.UNSUPPORTED);
  }

  /**
   * A value that could not be converted.
   *
   * @param reason tells the state; it is no cause, as its message may hold the value
   */
  static SQLException conversion(String message, RuntimeException reason) {
    return new SQLDataException(
        message,
        switch (reason) {
          case ArithmeticException e -> Errors.OUT_OF_RANGE;
          case DateTimeException e -> Errors.NO_TIME;
          default -> Errors.NOT_CONVERTIBLE;
        });
  }

  /** The position, from 1, if it is in a Blob or Clob or right behind its end. */
  static int requireInside(long position, long length, int size) throws SQLException {
    if (position < 1 || position > size + 1L || length < 0) {
      throw invalid(
          "Position " + position + " for " + length + "; positions count from 1 to " + size);
    }
    return (int) position;
  }
}
