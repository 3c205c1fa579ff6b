package dev.heddle.pool.internal.jdbc;

import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The values for the parameters of one prepared statement, as they will be stored. */
final class Parameters {

  private static final Object UNSET = new Object();

  private final @Nullable Object[] values;

  Parameters(int count) {
    values = new @Nullable Object[count];
    clear();
  }

  /**
   * Sets one.
   *
   * @param index from 1
   * @param stored a value as SQLite stores it
   */
  void set(int index, @Nullable Object stored) throws SQLException {
    if (index < 1 || index > values.length) {
      throw Failures.invalid(
          "No parameter %d; the statement has %d, counted from 1".formatted(index, values.length));
    }
    values[index - 1] = stored;
  }

  void clear() {
    Arrays.fill(values, UNSET);
  }

  /** A copy of what was set, for an execution or a batch. */
  @SuppressWarnings("ReferenceEquality") // a marker, and no value
  @Nullable Object[] values() throws SQLException {
    @Nullable Object[] copy = values.clone();
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] == UNSET) {
        throw Failures.invalid(
            "Parameter %d of %d was not set; for NULL, call setNull"
                .formatted(i + 1, values.length));
      }
    }
    return copy;
  }

  ParameterMetaData metaData() {
    return new ParametersMetaData(values.length);
  }
}
