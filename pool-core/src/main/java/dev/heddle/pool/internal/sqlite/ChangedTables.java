package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.CommitListener.Commit;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * The tables that the open transaction may have changed: noted when a statement is about to run,
 * kept or dropped with the unit it is of, and told when the transaction is committed. What a
 * savepoint of a user undoes stays noted.
 *
 * <p>Confined like {@link Session}. While nobody listens, nothing is looked up.
 */
final class ChangedTables {

  private final Programs programs;

  /** Of units that are done. */
  private final Set<String> kept = new HashSet<>();

  /** Of the last unit, which may still be undone alone. */
  private final Set<String> last = new HashSet<>();

  private CommitWatch watch = CommitWatch.NOBODY;

  ChangedTables(Programs programs) {
    this.programs = programs;
  }

  void tellCommitsTo(CommitWatch watch) {
    this.watch = watch;
  }

  /** A statement is about to run, in the last unit. */
  void runs(SqlText text) throws SQLException {
    if (watch.isWatching()) {
      programs.addTables(text, last);
    } else if (text.changesRows() || text.changesSchema()) {
      last.add(Commit.SCHEMA); // should somebody begin to listen before the commit
    }
  }

  /** The last unit is a part of the whole, and what comes is another one. */
  void keep() {
    kept.addAll(last);
    last.clear();
  }

  /** The last unit was undone. */
  void undo() {
    last.clear();
  }

  /** The transaction was committed, with the last unit. */
  void committed() {
    keep();
    if (watch.isWatching() && !kept.isEmpty()) {
      watch.committed(Set.copyOf(kept));
    }
    ended();
  }

  /** The transaction is over. */
  void ended() {
    kept.clear();
    last.clear();
  }
}
