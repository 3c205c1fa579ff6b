package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Columns;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in memory. */
class RowList implements Rows {

  private final Columns columns;
  private final List<@Nullable Object[]> rows;
  private int next;
  private boolean closed;

  RowList(Columns columns, List<@Nullable Object[]> rows) {
    this.columns = columns;
    this.rows = rows;
  }

  @Override
  public Columns columns() {
    return columns;
  }

  @Override
  public @Nullable Object @Nullable [] next() throws SQLException {
    @Nullable Object[] row = peek();
    next += row == null ? 0 : 1;
    return row;
  }

  @Override
  public @Nullable Object @Nullable [] peek() throws SQLException {
    requireOpen();
    return next < rows.size() ? rows.get(next) : null;
  }

  @Override
  public void requireOpen() throws SQLException {
    if (closed) {
      throw Failures.closed("The result set");
    }
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }
}
