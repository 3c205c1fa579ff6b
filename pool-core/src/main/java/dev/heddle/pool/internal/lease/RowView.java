package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.sqlite.Columns;
import dev.heddle.pool.internal.sqlite.Prepared;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The row that a cursor is on, read where it is. Each read is a call of the lease: user code runs
 * between them, and the lease may end there.
 */
final class RowView extends AbstractRow {

  /** The lease was ended, or its thread interrupted: unchecked, to pass through the mapper. */
  static final class Lost extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final transient Execution execution;
    private final SQLException why;

    private Lost(Execution execution, SQLException why) {
      super("The row can't be read any more: " + why.getMessage(), why);
      this.execution = execution;
      this.why = why;
    }

    /** For the query whose row it is; to others it is what any exception of a mapper is. */
    SQLException whyIf(Execution asked) {
      if (execution != asked) {
        throw this;
      }
      for (Throwable second : getSuppressed()) {
        why.addSuppressed(second);
      }
      return why;
    }
  }

  private final Execution execution;
  private final long position;

  RowView(Execution execution, long position, Columns columns) {
    super(columns);
    this.execution = execution;
    this.position = position;
  }

  @Override
  @Nullable Object stored(int index) {
    try {
      Prepared cursor = execution.beginReading(position);
      try {
        return cursor.value(index);
      } finally {
        execution.endReading();
      }
    } catch (SQLException e) {
      throw new Lost(execution, e);
    }
  }

  /** Without the box around the value, which {@link #stored} needs. */
  @Override
  long longAt(int index) {
    try {
      Prepared cursor = execution.beginReading(position);
      try {
        if (cursor.isInteger(index)) {
          return cursor.integer(index);
        }
      } finally {
        execution.endReading();
      }
    } catch (SQLException e) {
      throw new Lost(execution, e);
    }
    return super.longAt(index);
  }
}
