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
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One execution of one statement. */
final class SingleRun extends Run {

  /** What the program expects of a statement. */
  enum Expected {
    ROWS,
    A_COUNT,
    EITHER
  }

  private final @Nullable Object[] parameters;
  private final Expected expected;
  private final @Nullable Keys wanted;

  /** Where the names of the columns come from, if not from the statement itself. */
  private final SqlText named;

  SingleRun(
      LeasedStatement owner,
      SqlText text,
      @Nullable Object[] parameters,
      Expected expected,
      @Nullable Keys wanted) {
    this(
        owner,
        text,
        parameters,
        expected,
        text.changesRows() && expected != Expected.ROWS ? wanted : null,
        text);
  }

  private SingleRun(
      LeasedStatement owner,
      SqlText text,
      @Nullable Object[] parameters,
      Expected expected,
      @Nullable Keys wanted,
      SqlText named) {
    super(owner, text);
    this.parameters = parameters;
    this.expected = expected;
    this.wanted = wanted;
    this.named = named;
  }

  @Override
  Run answered(ConnectionValues values) throws SQLException {
    return new SingleRun(owner(), values.in(text()), parameters, expected, wanted, text());
  }

  @Override
  Answer on(AbstractLease lease, Session session, Allowance allowance, boolean whole)
      throws SQLException {
    String setting = text().kind() == SqlText.Kind.SETTING ? text().pragma() : null;
    if (setting == null) {
      return execute(lease, session, allowance, whole);
    }
    String before = session.setting(setting);
    try {
      return execute(lease, session, allowance, true);
    } finally {
      session.wasSet(setting, before);
    }
  }

  private Answer execute(AbstractLease lease, Session session, Allowance allowance, boolean whole)
      throws SQLException {
    Prepared statement = wanted == null ? session.open(text()) : wanted.open(session, text());
    boolean open = false;
    try {
      require(statement);
      Changes changes = new Changes(session, statement);
      boolean row = statement.execute(parameters, allowance);
      if (givesResult(statement)) {
        ReadAhead rows = rows(lease, session, statement, row, whole || text().changesRows());
        open = rows.hasCursor();
        return Answer.ofRows(rows, open ? null : ended(statement, changes));
      }
      return count(statement, row, changes);
    } finally {
      if (!open) {
        statement.close();
      }
    }
  }

  /** Rows that the program has asked for, and that are not the keys. */
  private boolean givesResult(Prepared statement) {
    return expected != Expected.A_COUNT && statement.givesRows() && statement.text().equals(text());
  }

  private static ConnectionValues.@Nullable Change ended(Prepared statement, Changes changes)
      throws SQLException {
    statement.close();
    changes.ended();
    return changes.change();
  }

  private void require(Prepared statement) throws SQLException {
    boolean rows = statement.givesRows();
    if (expected == Expected.ROWS && !rows) {
      throw noRows();
    }
    if (expected == Expected.A_COUNT && rows && text().kind() == SqlText.Kind.QUERY) {
      throw new SQLNonTransientException(
          "The statement only reads; use executeQuery or execute: " + Errors.shorten(text().sql()),
          Errors.SYNTAX);
    }
  }

  private SQLException noRows() {
    return new SQLNonTransientException(
        "The statement gives no rows; use executeUpdate or execute: "
            + Errors.shorten(text().sql()),
        Errors.SYNTAX);
  }

  private ReadAhead rows(
      AbstractLease lease, Session session, Prepared statement, boolean row, boolean whole)
      throws SQLException {
    Portion portion = whole ? Portion.ALL : owner().portion();
    long most = owner().mostRows();
    ArrayDeque<@Nullable Object[]> ahead = new ArrayDeque<>();
    boolean more = row && statement.fetch(ahead, portion.atMost(most).rows(), portion.bytes());
    Cursor cursor = more && ahead.size() < most ? new Cursor(owner(), lease, statement) : null;
    return new ReadAhead(owner(), columns(session, statement), ahead, cursor, portion, most);
  }

  private Columns columns(Session session, Prepared statement) throws SQLException {
    if (named.equals(text())) {
      return statement.describedColumns();
    }
    try (Prepared original = session.open(named)) {
      return original.describedColumns();
    }
  }

  private Answer count(Prepared statement, boolean row, Changes changes) throws SQLException {
    ArrayDeque<@Nullable Object[]> given = new ArrayDeque<>();
    if (row) {
      statement.fetch(given, Long.MAX_VALUE, Long.MAX_VALUE);
    }
    Columns columns = wanted == null ? null : statement.describedColumns();
    boolean virtual = wanted != null && statement.isVirtual();
    ConnectionValues.Change change = ended(statement, changes);
    Rows keys =
        columns == null ? null : Keys.rows(owner(), columns, given, virtual ? change : null);
    return Answer.ofCounts(new long[] {change == null ? 0 : change.changes()}, keys, change);
  }

  @Override
  void refuseRows() throws SQLException {
    if (expected == Expected.ROWS) {
      throw noRows();
    }
  }
}
