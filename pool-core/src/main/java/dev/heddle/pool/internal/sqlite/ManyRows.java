package dev.heddle.pool.internal.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/**
 * An INSERT of many rows in the place of one for each: a batch spends most of its time on the way
 * into SQLite and back. It is used only where nobody can tell; see {@code
 * docs/decisions/0020-batches-of-many-rows.md}. Whatever is special about some rows is left to the
 * statement that they were meant for, which has the error to go with it.
 *
 * <p>Belongs to one {@link Prepared}, and is confined like it.
 */
final class ManyRows {

  /** More of them gain nothing. */
  static final int ROWS = 64;

  /**
   * As many rows as cost what it takes to look at the program, and to prepare another statement.
   */
  private static final int WORTH_A_LOOK = 512;

  /** Of texts and blobs that SQLite gets a copy of; larger ones gain nothing. */
  private static final int MOST_BYTES = 64 * 1024;

  private final Session session;
  private final SqlText single;
  private final @Nullable SqlText pair;
  private final @Nullable SqlText many;
  private final int width;

  /** How many rows to let pass before the next try. */
  private int pause = WORTH_A_LOOK;

  private @Nullable CoreStatement statement;
  private @Nullable Object[] values = {};
  private boolean holdsValues;

  ManyRows(Session session, SqlText single, int parameters) {
    this.session = session;
    this.single = single;
    this.width = parameters;
    InsertRows rows = parameters == 0 ? null : InsertRows.of(single);
    this.pair = rows == null ? null : rows.times(2);
    this.many = rows == null ? null : rows.times(ROWS);
  }

  /**
   * Inserts the next rows of a batch in one go, if it may.
   *
   * @param to behind the last row that may be among them
   * @param number of the first of them in the batch, for messages
   * @param granted how long it may take; null if each row has its own time
   * @return how many; 0 if at least the first is to be inserted by itself
   */
  int insert(
      @Nullable Object[] @Nullable [] rows,
      int from,
      int to,
      long number,
      @Nullable Allowance granted)
      throws SQLException {
    if (pair == null || many == null || to - from < ROWS || isPausing()) {
      return 0;
    }
    if (!session.inTransaction() || !take(rows, from, pair)) {
      pause = ROWS - 1;
      return 0;
    }
    if (!tryAll(many, number, granted)) {
      pause = WORTH_A_LOOK;
      return 0;
    }
    return ROWS;
  }

  private boolean isPausing() {
    if (pause == 0) {
      return false;
    }
    pause--;
    return true;
  }

  /** Takes the values of the rows; false if there is anything to say about one of them. */
  private boolean take(@Nullable Object[] @Nullable [] rows, int from, SqlText two)
      throws SQLException {
    int rowid = session.program(single).bulk().rowid();
    if (rowid == Bulk.UNKNOWN || !session.program(two).bulk().possible()) {
      return false;
    }
    holdsValues = true;
    if (values.length == 0) {
      values = new @Nullable Object[ROWS * width];
    }
    long bytes = 0;
    for (int i = 0; i < ROWS && bytes <= MOST_BYTES; i++) {
      @Nullable Object @Nullable [] row = rows[from + i];
      if (row == null || row.length != width || !convert(row, i * width)) {
        return false;
      }
      bytes += size(i * width);
    }
    return bytes <= MOST_BYTES && (rowid == Bulk.CHOSEN || isAscending(rowid - 1));
  }

  private boolean convert(@Nullable Object[] row, int at) {
    try {
      for (int i = 0; i < width; i++) {
        Object value = row[i];
        values[at + i] = value == null ? null : Values.toStorage(value, i + 1);
      }
      return true;
    } catch (SQLDataException | RuntimeException e) {
      return false; // to be thrown when it is that row's turn
    }
  }

  private long size(int at) {
    long bytes = 0;
    for (int i = at; i < at + width; i++) {
      bytes += Prepared.size(values[i]);
    }
    return bytes;
  }

  /**
   * Whether the rows go where the one before went. SQLite copies each page before it changes it
   * first, in case the statement has to be undone; with rows all over the table that costs more
   * than is gained.
   */
  private boolean isAscending(int column) {
    long last = Long.MIN_VALUE;
    for (int i = column; i < values.length; i += width) {
      Object id = values[i];
      if (id != null) { // SQLite puts those behind all others
        if (!(id instanceof Long || id instanceof Integer) || ((Number) id).longValue() < last) {
          return false;
        }
        last = ((Number) id).longValue();
      }
    }
    return true;
  }

  /**
   * Inserts the rows, or none of them.
   *
   * @throws SQLException if the whole transaction went with them
   */
  private boolean tryAll(SqlText text, long number, @Nullable Allowance granted)
      throws SQLException {
    CoreStatement all = statement(text);
    if (all == null || !session.unstopped(session.attempt()::begin)) {
      return false;
    }
    boolean done = false;
    try {
      done = run(all, granted == null ? session.allowance(ROWS) : granted);
    } catch (SQLException e) {
      resetOrDrop(all);
      if (!session.inTransaction()) {
        throw session.failure(
            e, "rows %d to %d of the batch %s".formatted(number, number + ROWS - 1, single.sql()));
      }
    }
    return session.unstopped(done ? session.attempt()::keep : session.attempt()::undo);
  }

  private boolean run(CoreStatement all, Allowance allowance) throws SQLException {
    DB db = all.getDatabase();
    long before = db.total_changes();
    session.starts(single, allowance);
    try {
      db.execute(all, values);
    } finally {
      allowance.rest();
    }
    return db.total_changes() - before == ROWS;
  }

  private @Nullable CoreStatement statement(SqlText text) {
    if (statement == null) {
      try {
        statement = (CoreStatement) session.prepareApart(text.sql());
      } catch (SQLException e) {
        return null; // as where someone has lowered SQLite's limits
      }
    }
    return statement;
  }

  private void resetOrDrop(CoreStatement all) throws SQLException {
    if (all.pointer.isClosed()) {
      close();
    } else {
      all.pointer.safeRunInt(DB::reset);
    }
  }

  /** Lets go of the values, at the end of a batch. */
  void clear() throws SQLException {
    if (holdsValues) {
      holdsValues = false;
      Arrays.fill(values, null);
      if (statement != null) {
        statement.pointer.safeRunInt(DB::clear_bindings);
      }
    }
  }

  void close() throws SQLException {
    if (statement != null) {
      ((PreparedStatement) statement).close();
      statement = null;
    }
  }
}
