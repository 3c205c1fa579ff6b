package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.sqlite.Allowance;
import dev.heddle.pool.internal.sqlite.Columns;
import dev.heddle.pool.internal.sqlite.ConnectionValues;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One execution of a prepared statement for each row of parameters. */
final class BatchRun extends Run {

  private final List<@Nullable Object[]> rows;
  private final @Nullable Keys keys;

  /** What is run for the first row; behind that, SQLite knows what functions give. */
  private final SqlText first;

  BatchRun(
      LeasedStatement owner, SqlText text, List<@Nullable Object[]> rows, @Nullable Keys keys) {
    this(owner, text, rows, keys, text);
  }

  private BatchRun(
      LeasedStatement owner,
      SqlText text,
      List<@Nullable Object[]> rows,
      @Nullable Keys keys,
      SqlText first) {
    super(owner, text);
    this.rows = rows;
    this.keys = keys;
    this.first = first;
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
    return new BatchRun(owner(), text(), rows, keys, values.in(text()));
  }

  @Override
  Answer on(AbstractLease lease, Session session, Allowance allowance, boolean whole)
      throws SQLException {
    Batch batch = new Batch(session, allowance);
    try {
      batch.run(first, 1);
      batch.run(text(), rows.size());
      return batch.answer();
    } catch (SQLException e) {
      throw Errors.batchFailed(e, Arrays.copyOf(batch.counts, batch.done), batch.done + 1);
    }
  }

  /** How far it is. */
  private final class Batch {
    private final Session session;
    private final Allowance allowance;
    private final long[] counts = new long[rows.size()];
    private final List<@Nullable Object[]> given = new ArrayList<>();
    private final @Nullable Object[] @Nullable [] all = rows.toArray(new @Nullable Object[0][]);
    private int done;
    private @Nullable Columns columns;
    private ConnectionValues.@Nullable Change change;

    Batch(Session session, Allowance allowance) {
      this.session = session;
      this.allowance = allowance;
    }

    void run(SqlText sql, int until) throws SQLException {
      if (done == until) {
        return;
      }
      try (Prepared statement = keys == null ? session.open(sql) : keys.open(session, sql)) {
        require(statement);
        columns = keys == null ? null : statement.describedColumns();
        boolean virtual = keys != null && statement.isVirtual();
        Changes changes = new Changes(session, statement);
        while (done < until) {
          int many = insertMany(statement, until);
          if (many > 0) {
            Arrays.fill(counts, done, done + many, 1);
            done += many;
            continue;
          }
          if (statement.execute(rows.get(done), allowance)) {
            statement.fetch(given, Long.MAX_VALUE, Long.MAX_VALUE);
          }
          counts[done] = changes.ended();
          if (virtual && counts[done] > 0) {
            given.add(new @Nullable Object[] {session.lastInsertRowid()});
            columns = new Columns(List.of("rowid"));
          }
          done++;
        }
        ConnectionValues.Change now = changes.change();
        change = change == null ? now : change.then(now);
      }
    }

    /** Nobody is to be given keys, and the first row went by itself. */
    private int insertMany(Prepared statement, int until) throws SQLException {
      return keys != null || done == 0
          ? 0
          : statement.insertMany(all, done, until, done + 1L, allowance);
    }

    Answer answer() {
      Columns known = columns;
      Rows generated = known == null ? null : Keys.rows(owner(), known, given, null);
      return Answer.ofCounts(counts, generated, change);
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
