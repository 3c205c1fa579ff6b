package dev.heddle.pool.internal.sqlite;

import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * Moves pages from the WAL into the database, on the writer, each time that the WAL has grown by so
 * many. SQLite's own checkpoints come with <em>every</em> commit once the WAL is longer than that,
 * and as long as there is always some reader, it does not begin anew.
 */
final class Checkpoints {

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

  /** 16 MiB of the usual pages. Pages that change again and again are moved once. */
  private static final long PAGES = 4_000;

  /** Looking takes a microsecond or two, which a small commit would notice. */
  private static final int LOOK_EVERY = 8;

  /** The column with the length of the WAL, in pages. */
  private static final int LENGTH = 1;

  private final Command look;
  private final Command checkpoint;
  private int commits;

  /** The length at the last checkpoint. */
  private long moved;

  Checkpoints(SQLiteConnection connection) throws SQLException {
    new Command(connection, "PRAGMA wal_autocheckpoint = 0").run();
    this.look = new Command(connection, "PRAGMA wal_checkpoint(NOOP)");
    this.checkpoint = new Command(connection, "PRAGMA wal_checkpoint(PASSIVE)");
  }

  /**
   * Called after each commit, outside of any transaction. It does not throw: the commit took place,
   * whatever happens here.
   */
  void committed() {
    if (++commits % LOOK_EVERY != 0) {
      return;
    }
    try {
      long length = look.value(LENGTH);
      moved = Math.min(moved, length); // shorter: it began anew
      if (length - moved >= PAGES) {
        checkpoint.value(LENGTH);
        moved = length;
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("A checkpoint failed; it is tried again with a later commit", e);
    }
  }
}
