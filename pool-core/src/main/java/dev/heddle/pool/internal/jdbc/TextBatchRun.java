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
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements of a plain batch, one after the other: one may need what another before it creates.
 */
final class TextBatchRun extends Run {

  /** A batch may do anything that a transaction may. */
  private static final SqlText ANYTHING = SqlText.of("a batch", SqlText.Kind.DDL);

  private static final @Nullable Object[] NO_PARAMETERS = {};

  private final List<SqlText> texts;

  TextBatchRun(LeasedStatement owner, List<SqlText> texts) {
    super(owner, ANYTHING);
    this.texts = texts;
  }

  @Override
  int size() {
    return texts.size();
  }

  @Override
  boolean isCostly() {
    return true;
  }

  @Override
  Run answered(ConnectionValues values) {
    return this;
  }

  @Override
  Answer on(AbstractLease lease, Session session, Allowance allowance, boolean whole)
      throws SQLException {
    long[] counts = new long[texts.size()];
    int done = 0;
    ConnectionValues values = null;
    try {
      for (; done < counts.length; done++) {
        SqlText text = texts.get(done);
        session.starts(text, allowance);
        lease.begin(session, text, true);
        try (Prepared statement = session.open(text)) {
          require(text);
          statement.execute(NO_PARAMETERS, allowance);
          counts[done] = text.changesRows() ? session.changes() : 0;
          ConnectionValues changed = values(session, statement, counts[done]);
          values = changed == null ? values : changed;
        }
      }
      return Answer.ofCounts(counts, null, values);
    } catch (SQLException e) {
      throw Errors.batchFailed(e, Arrays.copyOf(counts, done), done + 1);
    }
  }

  private static void require(SqlText text) throws SQLException {
    if (text.kind() == SqlText.Kind.QUERY) {
      throw new SQLNonTransientException(
          "A batch can't take rows; run a query by itself: " + Errors.shorten(text.sql()),
          Errors.SYNTAX);
    }
  }
}
