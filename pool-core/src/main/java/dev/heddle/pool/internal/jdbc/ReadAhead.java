package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Columns;
import java.sql.SQLException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query: some in memory, the others behind a cursor. A result that fits into the
 * first portion needs no connection any more when the program gets it.
 */
final class ReadAhead implements Rows {

  private final LeasedStatement owner;
  private final Columns columns;
  private final Portion portion;

  // Guarded by the connection's lock.

  private final ArrayDeque<@Nullable Object[]> ahead;

  /** Null when all rows have been read. */
  private @Nullable Cursor cursor;

  /** Why there are no more rows, though there should be. */
  private @Nullable SQLException failure;

  /** How many rows the program still gets; the others are none of its business. */
  private long left;

  private volatile boolean closed;

  /**
   * A result.
   *
   * @param ahead its first rows
   * @param cursor where the others are; null if there are none
   * @param most how many rows there are to be
   */
  ReadAhead(
      LeasedStatement owner,
      Columns columns,
      ArrayDeque<@Nullable Object[]> ahead,
      @Nullable Cursor cursor,
      Portion portion,
      long most) {
    this.owner = owner;
    this.columns = columns;
    this.ahead = ahead;
    this.cursor = cursor;
    this.portion = portion;
    this.left = most;
  }

  @Override
  public Columns columns() {
    return columns;
  }

  @Override
  public @Nullable Object @Nullable [] next() throws SQLException {
    return owner.locked(
        () -> {
          if (!isThereMore()) {
            return null;
          }
          left--;
          @Nullable Object @Nullable [] row = ahead.poll();
          if (left == 0) {
            release();
          }
          return row;
        });
  }

  @Override
  public @Nullable Object @Nullable [] peek() throws SQLException {
    return owner.locked(() -> isThereMore() ? ahead.peek() : null);
  }

  private boolean isThereMore() throws SQLException {
    requireOpen();
    Cursor more = cursor;
    if (left > 0 && ahead.isEmpty() && more != null) {
      read(more, portion.atMost(left));
    }
    if (left > 0 && ahead.isEmpty() && failure != null) {
      throw failure;
    }
    return left > 0 && !ahead.isEmpty();
  }

  /** Takes the rest into memory, if it is not too much, so that no lane is kept waiting for it. */
  void makeRoom() {
    Cursor more = cursor;
    if (more != null && more.ownsLease()) {
      read(more, Portion.SPARE.atMost(left - ahead.size()));
      if (ahead.size() >= left) {
        release();
      }
    }
  }

  /**
   * What fails is told when the rows before it have been read, and whenever somebody asks again.
   */
  private void read(Cursor more, Portion wanted) {
    try {
      if (!more.fetch(ahead, wanted)) {
        cursor = null;
      }
    } catch (SQLException e) {
      failure = e;
      cursor = null;
    }
  }

  boolean hasCursor() {
    return cursor != null;
  }

  /** The lease that it runs on was taken for it alone. */
  void ownLease() {
    if (cursor != null) {
      cursor.ownLease();
    }
  }

  /** True while a reader is kept for it alone. */
  boolean holdsReader() {
    Cursor more = cursor;
    return more != null && more.ownsLease();
  }

  private void release() {
    Cursor more = cursor;
    cursor = null;
    if (more != null) {
      more.close();
    }
  }

  @Override
  public void requireOpen() throws SQLException {
    owner.requireOpen();
    if (closed) {
      throw Failures.closed("The result set");
    }
  }

  @Override
  public void close() {
    owner.connection().lockedAnyway(this::end);
  }

  private void end() {
    closed = true;
    release();
    ahead.clear();
  }

  @Override
  public boolean isClosed() {
    return closed || owner.isOver();
  }
}
