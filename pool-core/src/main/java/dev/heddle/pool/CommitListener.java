package dev.heddle.pool;

import java.util.Set;

/**
 * Is told of the commits of a pool; see {@link SqlitePool#onCommit}.
 *
 * <p>It is called in the order of the commits, one call at a time, on a virtual thread of the
 * pool's own that holds no lease and no lock. So it may take its time, and may use the pool, which
 * has gone on meanwhile: what it reads is as new as the commit it is told of, or newer.
 */
@FunctionalInterface
public interface CommitListener {

  /**
   * A commit took place.
   *
   * @param commit which tables it may have changed
   * @throws Exception is logged; the next commit is told all the same
   */
  void committed(Commit commit) throws Exception;

  /**
   * One commit, or several that were made while the listener was busy. Units of work that {@link
   * WriteLease#commit shared} a commit are one.
   *
   * @param tables the tables whose rows may have changed, as the schema spells them; {@link
   *     #SCHEMA} among them if any table may have. A virtual table stands for the tables that it
   *     keeps its data in; TEMP and attached tables, and SQLite's own, are left out
   * @param commits how many commits these are: more than one if the listener is far behind
   */
  record Commit(Set<String> tables, long commits) {

    /** Stands for all tables: the schema has changed, and each may be another one, or gone. */
    public static final String SCHEMA = "sqlite_schema";

    /**
     * A commit.
     *
     * @throws IllegalArgumentException if there is no table, or no commit
     */
    public Commit {
      tables = Set.copyOf(tables);
      if (tables.isEmpty() || commits < 1) {
        throw new IllegalArgumentException(
            "a commit changes something: tables=" + tables + ", commits=" + commits);
      }
    }

    /**
     * Whether a table may have changed: whether it is among the {@link #tables}, in letters of any
     * case, or the {@link #SCHEMA} is.
     *
     * @param table its name; a view has no rows of its own, and never changes
     * @return false if no row of it has changed
     */
    public boolean mayHaveChanged(String table) {
      return tables.contains(table)
          || tables.contains(SCHEMA)
          || tables.stream().anyMatch(table::equalsIgnoreCase);
    }
  }

  /** Listening that goes on until it is closed, or the pool is. */
  interface Subscription extends AutoCloseable {

    /**
     * Ends the listening: what was not told yet is not told any more. Does not wait for a call that
     * runs, or is about to, and may be called by the listener. Harmless when repeated.
     */
    @Override
    void close();
  }
}
