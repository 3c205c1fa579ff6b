package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.ConnectionValues;
import org.jspecify.annotations.Nullable;

/** What came of a {@link Run}. */
final class Answer {

  /** Of something that gives nothing. */
  static final Answer DONE = new Answer(null, new long[1], null, null);

  private final @Nullable ReadAhead rows;
  private final long[] counts;
  private final @Nullable Rows keys;
  private final @Nullable ConnectionValues values;

  private Answer(
      @Nullable ReadAhead rows,
      long[] counts,
      @Nullable Rows keys,
      @Nullable ConnectionValues values) {
    this.rows = rows;
    this.counts = counts;
    this.keys = keys;
    this.values = values;
  }

  /**
   * Of a query, or of a change that gives rows.
   *
   * @param values what the connection has to remember; null if no rows were changed
   */
  static Answer ofRows(ReadAhead rows, @Nullable ConnectionValues values) {
    return new Answer(rows, DONE.counts, null, values);
  }

  /**
   * Of a change.
   *
   * @param counts the rows that each statement changed
   * @param keys the keys that were generated; null if nobody asked
   * @param values what the connection has to remember; null if no rows were changed
   */
  static Answer ofCounts(long[] counts, @Nullable Rows keys, @Nullable ConnectionValues values) {
    return new Answer(null, counts, keys, values);
  }

  @Nullable ReadAhead rows() {
    return rows;
  }

  /** Not to be changed. */
  long[] counts() {
    return counts;
  }

  @Nullable Rows keys() {
    return keys;
  }

  @Nullable ConnectionValues values() {
    return values;
  }
}
