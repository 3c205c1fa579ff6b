package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import dev.heddle.pool.internal.sqlite.SqlTexts;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a statement is to give: it runs with a RETURNING. So each row has its own, in a
 * batch too; and where nothing was inserted, there is none, while {@code last_insert_rowid()} would
 * be that of an earlier insert.
 *
 * @param columns the columns that were asked for by name; empty for the rowid
 */
record Keys(List<String> columns, SqlTexts texts) {

  /** For what {@link Statement#RETURN_GENERATED_KEYS} or its opposite asks for. */
  static @Nullable Keys wanted(int flag, SqlTexts texts) {
    return flag == Statement.RETURN_GENERATED_KEYS ? rowid(texts) : null;
  }

  static Keys rowid(SqlTexts texts) {
    return new Keys(List.of(), texts);
  }

  static Keys named(String @Nullable [] columns, SqlTexts texts) throws SQLException {
    if (columns == null || Arrays.asList(columns).contains(null)) {
      throw Failures.invalid("The names of the columns with the keys are null");
    }
    return new Keys(List.of(columns), texts);
  }

  /** The statement, so that it gives the keys, if there can be any. */
  Prepared open(Session session, SqlText text) throws SQLException {
    Prepared plain = session.open(text);
    if (plain.givesRows() || !text.changesRows() || !canGiveKeys(plain)) {
      return plain;
    }
    plain.close();
    return session.open(texts.returning(text, columns));
  }

  /** Of a table without rowids, or a view, only named columns can be given. */
  private boolean canGiveKeys(Prepared plain) throws SQLException {
    return !columns.isEmpty() || (plain.text().inserts() && plain.setsLastInsertRowid());
  }

  /** What the statement gave, as a result set. */
  Rows rows(LeasedStatement owner, Prepared statement, ArrayDeque<@Nullable Object[]> given)
      throws SQLException {
    return new ReadAhead(
        owner, statement.describedColumns(), given, null, Portion.ALL, Long.MAX_VALUE);
  }
}
