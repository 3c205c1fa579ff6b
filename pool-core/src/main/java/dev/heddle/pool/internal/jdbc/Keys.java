package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Columns;
import dev.heddle.pool.internal.sqlite.ConnectionValues;
import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import dev.heddle.pool.internal.sqlite.SqlTexts;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
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
    if (plain.givesRows() || plain.isVirtual() || !canGiveKeys(plain)) {
      return plain;
    }
    plain.close();
    return session.open(texts.returning(text, columns));
  }

  /** Of a table without rowids, or a view, only named columns can be given. */
  private boolean canGiveKeys(Prepared plain) throws SQLException {
    return !columns.isEmpty() || (plain.text().inserts() && plain.setsLastInsertRowid());
  }

  /**
   * What the statement gave, as the rows of a result set.
   *
   * @param ofVirtual what it changed in a virtual table, whose rowids RETURNING does not know
   */
  static Rows rows(
      LeasedStatement owner,
      Columns columns,
      Collection<@Nullable Object[]> given,
      ConnectionValues.@Nullable Change ofVirtual) {
    Long rowid = ofVirtual == null ? null : ofVirtual.rowid();
    if (rowid != null) {
      List<@Nullable Object[]> one = new ArrayList<>();
      one.add(new @Nullable Object[] {rowid});
      return new KeyRows(owner, new Columns(List.of("rowid")), one);
    }
    return new KeyRows(owner, columns, new ArrayList<>(given));
  }

  static Rows none(LeasedStatement owner) {
    return new KeyRows(owner, new Columns(List.of("GENERATED_KEY")), List.of());
  }

  /** Keys can be read as long as their statement is open. */
  private static final class KeyRows extends RowList {
    private final LeasedStatement owner;

    KeyRows(LeasedStatement owner, Columns columns, List<@Nullable Object[]> rows) {
      super(columns, rows);
      this.owner = owner;
    }

    @Override
    public void requireOpen() throws SQLException {
      owner.requireOpen();
      super.requireOpen();
    }

    @Override
    public boolean isClosed() {
      return super.isClosed() || owner.isOver();
    }
  }
}
