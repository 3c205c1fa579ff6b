package dev.heddle.pool.internal.sqlite;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What {@code last_insert_rowid()} and {@code changes()} give on a JDBC connection. It has a
 * physical one for a moment only, on which somebody else may have written since; so the values are
 * put into the statement in place of the calls.
 *
 * @param lastRowid the rowid of its last insert
 * @param changes the rows that its last INSERT, UPDATE or DELETE changed
 */
public record ConnectionValues(long lastRowid, long changes) {

  /**
   * What a statement changed.
   *
   * @param rowid of its last insert; null if it inserted nothing with one
   * @param changes the rows that it changed
   */
  public record Change(@Nullable Long rowid, long changes) {

    /** What this and another one after it come to. */
    public Change then(@Nullable Change next) {
      return next == null
          ? this
          : new Change(next.rowid == null ? rowid : next.rowid, next.changes);
    }
  }

  /** The values after a change. */
  public ConnectionValues after(Change change) {
    Long rowid = change.rowid();
    return new ConnectionValues(rowid == null ? lastRowid : rowid, change.changes());
  }

  /** Of a connection that has not written. */
  public static final ConnectionValues NONE = new ConnectionValues(0, 0);

  /** The statement with the values in the place of the calls. */
  public SqlText in(SqlText text) throws SQLException {
    String sql = text.sql();
    StringBuilder answered = new StringBuilder(sql.length());
    SqlTokens tokens = SqlTokens.of(sql);
    int copied = 0;
    SqlToken token = tokens.next();
    while (token != SqlToken.END && token != SqlToken.UNTERMINATED) {
      String value = value(tokens);
      int from = tokens.start();
      token = tokens.next();
      if (value != null && token == SqlToken.LEFT && tokens.next() == SqlToken.RIGHT) {
        answered.append(sql, copied, from).append(value);
        copied = tokens.end();
      }
      token = tokens.token();
    }
    answered.append(sql, copied, sql.length());
    return new SqlText(
        answered.toString(), text.kind(), text.traits(), text.parameters(), text.pragma());
  }

  private @Nullable String value(SqlTokens tokens) {
    if (tokens.isNamed("last_insert_rowid")) {
      return "(" + lastRowid + ")";
    }
    return tokens.isNamed("changes") ? "(" + changes + ")" : null;
  }
}
