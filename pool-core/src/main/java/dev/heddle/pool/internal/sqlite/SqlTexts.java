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

  /** The statement with a RETURNING for these columns; {@code rowid} is one if there are none. */
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
    sql.append(columns.isEmpty() ? "rowid" : quoted(columns));
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
