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

  /** What functions give, until a statement of the batch has set it; null if SQLite knows. */
  private final @Nullable ConnectionValues values;

  TextBatchRun(LeasedStatement owner, List<SqlText> texts) {
    this(owner, texts, null);
  }

  private TextBatchRun(
      LeasedStatement owner, List<SqlText> texts, @Nullable ConnectionValues values) {
    super(owner, ANYTHING);
    this.texts = texts;
    this.values = values;
  }

  @Override
  boolean asks(SqlText.Trait function) {
    return texts.stream().anyMatch(text -> text.is(function));
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
  Run answered(ConnectionValues now) {
    return new TextBatchRun(owner(), texts, now);
  }

  @Override
  Answer on(AbstractLease lease, Session session, Allowance allowance, boolean whole)
      throws SQLException {
    long[] counts = new long[texts.size()];
    int done = 0;
    ConnectionValues.Change change = null;
    try {
      for (; done < counts.length; done++) {
        SqlText text = answered(texts.get(done), change);
        session.starts(text, allowance);
        lease.begin(session, text, true);
        ConnectionValues.Change now = run(session, text, allowance);
        counts[done] = now == null ? 0 : now.changes();
        change = change == null ? now : change.then(now);
      }
      return Answer.ofCounts(counts, null, change);
    } catch (SQLException e) {
      throw Errors.batchFailed(e, Arrays.copyOf(counts, done), done + 1);
    }
  }

  private SqlText answered(SqlText text, ConnectionValues.@Nullable Change before)
      throws SQLException {
    boolean asks =
        (text.is(SqlText.Trait.ASKS_LAST_ROWID) && (before == null || before.rowid() == null))
            || (text.is(SqlText.Trait.ASKS_CHANGES) && before == null);
    return values == null || !asks || !text.changesRows() ? text : values.in(text);
  }

  private static ConnectionValues.@Nullable Change run(
      Session session, SqlText text, Allowance allowance) throws SQLException {
    try (Prepared statement = session.open(text)) {
      require(statement);
      Changes changes = new Changes(session, statement);
      statement.execute(NO_PARAMETERS, allowance);
      changes.ended();
      return changes.change();
    }
  }

  private static void require(Prepared statement) throws SQLException {
    SqlText text = statement.text();
    if (statement.givesRows() && (text.changesRows() || text.kind() == SqlText.Kind.QUERY)) {
      throw new SQLNonTransientException(
          "A batch can't take rows; run a query by itself, and leave out RETURNING: "
              + Errors.shorten(text.sql()),
          Errors.SYNTAX);
    }
  }
}
