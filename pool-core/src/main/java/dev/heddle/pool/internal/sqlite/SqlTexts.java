package dev.heddle.pool.internal.sqlite;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What the texts of a program's statements say, read once: it runs the same ones again and again.
 * For JDBC connections, which have no physical one when they are given a text. Safe for all
 * threads.
 */
public final class SqlTexts {

  /** A program that makes up its texts as it goes must not fill the memory with them. */
  private static final int MOST = 1024;

  /** The name of it that is the least likely to be taken by a column. */
  private static final String ROWID = "_rowid_";

  private record WithKeys(String sql, List<String> columns) {}

  private final ConcurrentHashMap<String, SqlText> bySql = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<WithKeys, SqlText> byKeys = new ConcurrentHashMap<>();

  /**
   * As {@link SqlGuard#classify}.
   *
   * @throws SQLException if nobody may run this
   */
  public SqlText of(String sql) throws SQLException {
    SqlText known = bySql.get(sql);
    if (known == null) {
      known = SqlGuard.classify(sql);
      keep(bySql, sql, known);
    }
    return known;
  }

  /**
   * As {@link SqlGuard#check}, which has the better words for what a lease refuses.
   *
   * @throws SQLException if a lease of this role must not run it
   */
  public SqlText forLease(String sql, Role role) throws SQLException {
    SqlText known = bySql.get(sql);
    if (known == null || !isFor(role, known)) {
      known = SqlGuard.check(sql, role);
      keep(bySql, sql, known);
    }
    return known;
  }

  private static boolean isFor(Role role, SqlText text) {
    return text.kind().isForLeases() && (role == Role.WRITER || text.reads());
  }

  /** The statement with a RETURNING for these columns; the rowid if there are none. */
  public SqlText returning(SqlText text, List<String> columns) throws SQLException {
    WithKeys key = new WithKeys(text.sql(), columns);
    SqlText known = byKeys.get(key);
    if (known == null) {
      known = withReturning(text, columns);
      keep(byKeys, key, known);
    }
    return known;
  }

  private static SqlText withReturning(SqlText text, List<String> columns) throws SQLException {
    // A comment at the end of the text, or a semicolon, would hide what is put behind it.
    StringBuilder sql = new StringBuilder(SqlScript.split(text.sql()).getFirst());
    sql.append("\nRETURNING ");
    sql.append(columns.isEmpty() ? ROWID : quoted(columns));
    return new SqlText(sql.toString(), text.kind(), text.traits(), text.parameters(), null);
  }

  /** In backticks: what is in double quotes and no column, SQLite takes for a text. */
  private static String quoted(List<String> columns) {
    return columns.stream()
        .map(column -> '`' + column.replace("`", "``") + '`')
        .collect(Collectors.joining(", "));
  }

  private static <K> void keep(ConcurrentHashMap<K, SqlText> texts, K key, SqlText text) {
    if (texts.size() >= MOST) {
      texts.clear();
    }
    texts.put(key, text);
  }
}
