package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.sqlite.Allowance;
import dev.heddle.pool.internal.sqlite.ConnectionValues;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One execution of a prepared statement for each row of parameters. */
final class BatchRun extends Run {

  private final List<@Nullable Object[]> rows;
  private final @Nullable Keys keys;

  BatchRun(
      LeasedStatement owner, SqlText text, List<@Nullable Object[]> rows, @Nullable Keys keys) {
    super(owner, text);
    this.rows = rows;
    this.keys = keys;
  }

  @Override
  int size() {
    return rows.size();
  }

  @Override
  boolean isCostly() {
    return true;
  }

  @Override
  Run answered(ConnectionValues values) throws SQLException {
    return new BatchRun(owner(), values.in(text()), rows, keys);
  }

  @Override
  Answer on(AbstractLease lease, Session session, Allowance allowance, boolean whole)
      throws SQLException {
    long[] counts = new long[rows.size()];
    int done = 0;
    ArrayDeque<@Nullable Object[]> given = new ArrayDeque<>();
    try (Prepared statement = keys == null ? session.open(text()) : keys.open(session, text())) {
      require(statement);
      boolean counted = text().changesRows();
      for (; done < counts.length; done++) {
        if (statement.execute(rows.get(done), allowance)) {
          statement.fetch(given, Long.MAX_VALUE, Long.MAX_VALUE);
        }
        counts[done] = counted ? session.changes() : 0;
      }
      ConnectionValues values = values(session, statement, done == 0 ? 0 : counts[done - 1]);
      Rows generated = keys == null ? null : keys.rows(owner(), statement, given);
      return Answer.ofCounts(counts, generated, values);
    } catch (SQLException e) {
      throw Errors.batchFailed(e, Arrays.copyOf(counts, done), done + 1);
    }
  }

  private void require(Prepared statement) throws SQLException {
    if (statement.givesRows() && keys == null) {
      throw new SQLNonTransientException(
          "A batch can't take rows; leave out RETURNING, or ask for generated keys: "
              + Errors.shorten(text().sql()),
          Errors.SYNTAX);
    }
  }
}
