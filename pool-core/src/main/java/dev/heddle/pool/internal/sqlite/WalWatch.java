package dev.heddle.pool.internal.sqlite;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * Watches the WAL grow, on the writer, and rings when it has grown by so many pages; and once in a
 * while in any case, as long as there are commits. SQLite's own checkpoints come with
 * <em>every</em> commit once the WAL is longer than that, and as long as there is always some
 * reader, it does not begin anew.
 */
final class WalWatch {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.upkeep");

  /** Looking takes a microsecond or two, which a small commit would notice. */
  private static final int LOOK_EVERY = 8;

  private static final long RING_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The column with the length of the WAL, in pages. */
  private static final int LENGTH = 1;

  private final Command look;
  private final long pages;
  private final Bell bell;
  private int commits;
  private long rangAt = System.nanoTime() - RING_EVERY_NANOS; // the first commit rings

  /** The length of the WAL when it was last found to have grown. */
  private long known;

  /**
   * Watches.
   *
   * @param pages growth that is worth a ring; 0 for none
   */
  WalWatch(SQLiteConnection connection, long pages, Bell bell) throws SQLException {
    new Command(connection, "PRAGMA wal_autocheckpoint = 0").run();
    this.look = new Command(connection, "PRAGMA wal_checkpoint(NOOP)");
    this.pages = pages;
    this.bell = bell;
  }

  /**
   * Called after each commit, outside of any transaction. It does not throw: the commit took place,
   * whatever happens here.
   */
  void committed() {
    long now = System.nanoTime();
    if ((pages > 0 && ++commits % LOOK_EVERY == 0 && hasGrown())
        || now - rangAt >= RING_EVERY_NANOS) {
      rangAt = now;
      bell.ring();
    }
  }

  private boolean hasGrown() {
    try {
      long length = look.value(LENGTH);
      known = Math.min(known, length); // shorter: it began anew
      if (length - known < pages) {
        return false;
      }
      known = length;
      return true;
    } catch (SQLException | RuntimeException e) {
      LOG.warn("Can't tell how long the WAL is; it is looked at again after later commits", e);
      return false;
    }
  }
}
