package dev.heddle.pool.internal.lease;

import dev.heddle.pool.Action;
import dev.heddle.pool.Row;
import dev.heddle.pool.internal.sqlite.Columns;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Prepared;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a lease that runs with user code in between: each step is a call of its own, so
 * the user code may use the lease, end it, or take so long that it is revoked. Then the statement
 * is closed already, and the next step throws; it never touches what the next lease does.
 */
final class Execution implements AutoCloseable {

  private final AbstractLease lease;
  private final Prepared statement;

  /** A kept statement is used again and again; this execution is one of its uses. */
  private final long use;

  /** The row the cursor is on, from 1; 0 while a view must not read. */
  private long position;

  private long lastPosition;

  // Of a batch: rows run, rows changed, and whether the changes can be counted in one go.

  private long done;
  private long changes;
  private boolean direct;

  /** Looked up within the call that began the execution. */
  private @Nullable Columns columns;

  Execution(AbstractLease lease, Prepared statement) {
    this.lease = lease;
    this.statement = statement;
    this.use = statement.use();
  }

  /** Begins a call, in which the statement is still this execution's. */
  private void enter() throws SQLException {
    lease.enter();
    if (!statement.isIn(use)) {
      lease.exit();
      throw new SQLNonTransientConnectionException(
          "The query ended with the transaction that it ran in", Errors.NO_CONNECTION);
    }
  }

  /** Binds and runs up to the first row; true if there is one. */
  boolean start(@Nullable Object[] parameters) throws SQLException {
    enter();
    try {
      boolean row = statement.execute(parameters);
      columns = statement.columns();
      return row;
    } finally {
      lease.exit();
    }
  }

  boolean next() throws SQLException {
    enter();
    try {
      return statement.next();
    } finally {
      lease.exit();
    }
  }

  /** Runs some rows of a batch, to the end of each. */
  void runAll(@Nullable Object[] @Nullable [] rows, int from, int to) throws SQLException {
    enter();
    try {
      // Worth a look at the program if it saves asking after each of many rows.
      direct = direct || (done > 0 && to - from > 1 && statement.changesOnlyDirectly());
      changes += statement.runAll(rows, from, to, done - from, direct);
      done += to - from;
    } finally {
      lease.exit();
    }
  }

  /** The rows that the batch has changed so far. */
  long changes() {
    return changes;
  }

  <T extends @Nullable Object> T map(Function<? super Row, ? extends T> mapper)
      throws SQLException {
    RowView view = view();
    try {
      return mapper.apply(view);
    } catch (RowView.Lost lost) {
      throw lost.whyIf(this);
    } finally {
      position = 0;
    }
  }

  <X extends Throwable> void pass(Action<? super Row, X> action) throws SQLException, X {
    RowView view = view();
    try {
      action.run(view);
    } catch (RowView.Lost lost) {
      throw lost.whyIf(this);
    } finally {
      position = 0;
    }
  }

  private RowView view() {
    position = ++lastPosition;
    return new RowView(this, position, Objects.requireNonNull(columns));
  }

  /** Begins a call that reads the current row; {@link #endReading} must follow. */
  Prepared beginReading(long asked) throws SQLException {
    if (position != asked) {
      throw new IllegalStateException(
          "The row was used after its time: it is a view, valid only while the mapper or action"
              + " that was given it runs. Take the values out there, or use query(sql,"
              + " parameters)");
    }
    enter();
    return statement;
  }

  void endReading() {
    lease.exit();
  }

  @Override
  public void close() {
    if (lease.tryEnter() != null) {
      try {
        if (statement.isIn(use)) {
          statement.close();
        }
      } finally {
        lease.exit();
      }
    }
  }
}
