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
  private final ConnectionValues.@Nullable Change change;

  private Answer(
      @Nullable ReadAhead rows,
      long[] counts,
      @Nullable Rows keys,
      ConnectionValues.@Nullable Change change) {
    this.rows = rows;
    this.counts = counts;
    this.keys = keys;
    this.change = change;
  }

  /**
   * Of a query, or of a change that gives rows.
   *
   * @param change what the connection has to remember; null if no rows were changed
   */
  static Answer ofRows(ReadAhead rows, ConnectionValues.@Nullable Change change) {
    return new Answer(rows, DONE.counts, null, change);
  }

  /**
   * Of a change.
   *
   * @param counts the rows that each statement changed
   * @param keys the keys that were generated; null if nobody asked
   * @param change what the connection has to remember; null if no rows were changed
   */
  static Answer ofCounts(
      long[] counts, @Nullable Rows keys, ConnectionValues.@Nullable Change change) {
    return new Answer(null, counts, keys, change);
  }

  @Nullable ReadAhead rows() {
    return rows;
  }

  /** Not to be changed. */
  long[] counts() {
    return counts;
  }

  /** The rows that all of it changed. */
  long count() {
    long sum = 0;
    for (long one : counts) {
      sum += one;
    }
    return sum;
  }

  @Nullable Rows keys() {
    return keys;
  }

  ConnectionValues.@Nullable Change change() {
    return change;
  }
}
