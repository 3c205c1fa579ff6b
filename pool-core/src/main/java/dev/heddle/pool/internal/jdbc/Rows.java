package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Columns;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Where a result set has its rows from: stored values, each a Long, Double, String, byte[] or null.
 */
interface Rows {

  Columns columns();

  /** The next row, or null if there is none. The array is the caller's. */
  @Nullable Object @Nullable [] next() throws SQLException;

  /** What {@link #next} will return. */
  @Nullable Object @Nullable [] peek() throws SQLException;

  /**
   * Does nothing if rows can be read still.
   *
   * @throws SQLException if they, their statement or their connection were closed
   */
  void requireOpen() throws SQLException;

  void close() throws SQLException;

  boolean isClosed();
}
