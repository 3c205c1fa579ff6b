package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.sqlite.Columns;
import dev.heddle.pool.internal.sqlite.Prepared;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A row with values of its own; immutable. */
final class DetachedRow extends AbstractRow {

  private final @Nullable Object[] values;

  private DetachedRow(Columns columns, @Nullable Object[] values) {
    super(columns);
    this.values = values;
  }

  /** The row the cursor is on. */
  static DetachedRow of(Prepared cursor) throws SQLException {
    Columns columns = cursor.columns();
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = cursor.value(i);
    }
    return new DetachedRow(columns, values);
  }

  @Override
  @Nullable Object stored(int index) {
    return values[index];
  }
}
