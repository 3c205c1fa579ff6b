package dev.heddle.pool.internal.sqlite;

/**
 * What the text of one statement says about it, before SQLite has seen it. Whether it writes, and
 * where, is not in here: {@code EXPLAIN} answers that exactly, a text does not.
 *
 * @param sql the text, as given
 * @param kind the verb; behind {@code WITH} or {@code EXPLAIN} that of the main statement
 * @param explain begins with {@code EXPLAIN} or {@code EXPLAIN QUERY PLAN}, so it only reports
 * @param starred may have a {@code *} among its result columns, so their names follow the schema
 * @param conflictClause an {@code INSERT OR IGNORE}, or an INSERT with {@code ON CONFLICT}: there
 *     may be no new row, and {@code last_insert_rowid()} may be somebody else's
 * @param defersForeignKeys sets {@code PRAGMA defer_foreign_keys}, so the foreign keys of the whole
 *     transaction are checked at its COMMIT
 */
public record SqlText(
    String sql,
    Kind kind,
    boolean explain,
    boolean starred,
    boolean conflictClause,
    boolean defersForeignKeys) {

  /** An INSERT or REPLACE. */
  public boolean inserts() {
    return kind == Kind.INSERT || kind == Kind.REPLACE;
  }

  /** A statement after which changes() tells how many rows it changed. */
  public boolean changesRows() {
    return !explain && (inserts() || kind == Kind.UPDATE || kind == Kind.DELETE);
  }

  /** Changes the database, rows or schema. */
  public boolean writes() {
    return !explain && kind.writes();
  }

  /** The statements that callers tell apart. */
  public enum Kind {
    /** SELECT or VALUES. */
    QUERY,
    /** INSERT, also INSERT OR REPLACE. */
    INSERT,
    /** REPLACE INTO. */
    REPLACE,
    /** UPDATE. */
    UPDATE,
    /** DELETE. */
    DELETE,
    /** CREATE, ALTER, DROP. */
    DDL,
    /** PRAGMA; it acts while being prepared already, even behind EXPLAIN. */
    PRAGMA,
    /** SAVEPOINT, RELEASE, ROLLBACK TO. */
    SAVEPOINT,
    /** ANALYZE, REINDEX. */
    OTHER;

    /** The kinds that change the database, whatever their tables. */
    boolean writes() {
      return this != QUERY && this != PRAGMA && this != SAVEPOINT;
    }
  }
}
