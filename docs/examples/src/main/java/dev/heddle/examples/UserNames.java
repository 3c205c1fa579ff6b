package dev.heddle.examples;

import dev.heddle.pool.CommitListener.Commit;
import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A cache that every commit to the table behind it clears, whatever statement made it. */
public final class UserNames {

  private final SqlitePool pool;
  private final Map<Long, String> names = new HashMap<>();
  private long cleared;

  public UserNames(SqlitePool pool) {
    this.pool = pool;
    pool.onCommit(this::committed);
  }

  private synchronized void committed(Commit commit) {
    if (commit.mayHaveChanged("users")) {
      names.clear();
      cleared++;
    }
  }

  /** As it was in a commit that is at most a moment old. */
  public String of(long id) throws SQLException {
    long before;
    synchronized (this) {
      String known = names.get(id);
      if (known != null) {
        return known;
      }
      before = cleared;
    }
    String name =
        pool.read(
            lease ->
                lease
                    .queryOne("SELECT name FROM users WHERE id = ?", row -> row.getString(1), id)
                    .orElse(""));
    keep(id, name, before);
    return name;
  }

  /** Not if the cache was cleared meanwhile: the name may have been read before that commit. */
  private synchronized void keep(long id, String name, long before) {
    if (cleared == before) {
      names.put(id, name);
    }
  }
}
