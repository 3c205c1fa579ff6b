package dev.heddle.pool.internal.sqlite;

import java.sql.SQLSyntaxErrorException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the text of one statement says about it, before SQLite has seen it.
 *
 * @param sql the text, as given
 * @param kind the verb; behind {@code WITH} or {@code EXPLAIN} that of the main statement
 * @param traits what else there is to it
 * @param parameters how many parameters it has
 * @param pragma the setting that a {@code PRAGMA} sets, if it is a setting that can be read as well
 */
public record SqlText(
    String sql, Kind kind, Set<Trait> traits, int parameters, @Nullable String pragma) {

  /** What may be true of a statement of any kind. */
  public enum Trait {
    /** Begins with {@code EXPLAIN} or {@code EXPLAIN QUERY PLAN}, so it only reports. */
    EXPLAIN,
    /** May have a {@code *} among its result columns, so their names follow the schema. */
    STARRED,
    /**
     * An {@code INSERT OR IGNORE}, or an INSERT with {@code ON CONFLICT}: there may be no new row,
     * and {@code last_insert_rowid()} may be somebody else's.
     */
    CONFLICT_CLAUSE,
    /**
     * Sets {@code PRAGMA defer_foreign_keys}, so the foreign keys of the whole transaction are
     * checked at its COMMIT.
     */
    DEFERS_FOREIGN_KEYS,
    /** Calls {@code last_insert_rowid()}. */
    ASKS_LAST_ROWID,
    /** Calls {@code changes()}. */
    ASKS_CHANGES
  }

  public SqlText {
    traits = Set.copyOf(traits);
  }

  /** A statement of the pool's own, without anything special to it. */
  public static SqlText of(String sql, Kind kind) {
    return new SqlText(sql, kind, Set.of(), 0, null);
  }

  /** The text without the comments and semicolons around it. */
  public String statement() {
    try {
      return SqlScript.split(sql).getFirst();
    } catch (SQLSyntaxErrorException e) {
      return sql;
    }
  }

  public boolean is(Trait trait) {
    return traits.contains(trait);
  }

  public boolean explain() {
    return is(Trait.EXPLAIN);
  }

  public boolean starred() {
    return is(Trait.STARRED);
  }

  public boolean conflictClause() {
    return is(Trait.CONFLICT_CLAUSE);
  }

  public boolean defersForeignKeys() {
    return is(Trait.DEFERS_FOREIGN_KEYS);
  }

  /** An INSERT or REPLACE. */
  public boolean inserts() {
    return kind == Kind.INSERT || kind == Kind.REPLACE;
  }

  /** A statement after which changes() tells how many rows it changed. */
  public boolean changesRows() {
    return !explain() && (inserts() || kind == Kind.UPDATE || kind == Kind.DELETE);
  }

  /** A SELECT or VALUES. */
  boolean selects() {
    return !explain() && kind == Kind.QUERY;
  }

  /** A CREATE, ALTER or DROP, though perhaps of something TEMP. */
  boolean changesSchema() {
    return !explain() && kind == Kind.DDL;
  }

  /** Changes the database, rows or schema. */
  public boolean writes() {
    return !explain() && kind.writes();
  }

  /**
   * Asks, and changes nothing. A SELECT may call a function that writes; then a reader refuses it.
   */
  public boolean reads() {
    return kind == Kind.QUERY || kind == Kind.PRAGMA || (explain() && !kind.actsWhilePrepared());
  }

  /** Leaves something on the connection, where everybody who has it later would find it. */
  public boolean lasts() {
    return kind == Kind.SETTING || (!explain() && (kind == Kind.ATTACH || kind == Kind.TEMP));
  }

  /** Acts outside of a transaction only, or differently inside of one. */
  public boolean staysOutside() {
    return kind == Kind.SETTING
        || (!explain() && (kind == Kind.ATTACH || kind == Kind.VACUUM || kind == Kind.UPKEEP));
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
    /** A PRAGMA that tells something. */
    PRAGMA,
    /** A PRAGMA that sets what belongs to the transaction, such as user_version. */
    HEADER,
    /** SAVEPOINT, RELEASE, ROLLBACK TO. */
    SAVEPOINT,
    /** ANALYZE, REINDEX. */
    OTHER,

    // No lease may run what follows; a JDBC connection may, which can have the writer for itself.

    /** BEGIN, whatever kind of transaction it asks for. */
    BEGIN,
    /** COMMIT or END. */
    COMMIT,
    /** ROLLBACK, of all. */
    ROLLBACK,
    /** VACUUM. */
    VACUUM,
    /** A PRAGMA that does something to the file, such as wal_checkpoint. */
    UPKEEP,
    /** A PRAGMA that sets something on the connection. */
    SETTING,
    /** CREATE TEMP. */
    TEMP,
    /** ATTACH or DETACH. */
    ATTACH;

    /** The kinds that change the database, whatever their tables. */
    boolean writes() {
      return switch (this) {
        case INSERT, REPLACE, UPDATE, DELETE, DDL, HEADER, OTHER, TEMP -> true;
        default -> false;
      };
    }

    /** Begins or ends a transaction. */
    public boolean controls() {
      return this == BEGIN || this == COMMIT || this == ROLLBACK;
    }

    /** PRAGMAs do, even behind EXPLAIN. */
    public boolean actsWhilePrepared() {
      return this == PRAGMA || this == HEADER || this == UPKEEP || this == SETTING;
    }

    /** True for what a lease may run; any lease may meet it among the kept statements then. */
    public boolean isForLeases() {
      return compareTo(BEGIN) < 0;
    }
  }
}
