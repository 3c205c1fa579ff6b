package dev.heddle.pool.internal.sqlite;

/**
 * The WAL after a checkpoint, as <a
 * href="https://sqlite.org/pragma.html#pragma_wal_checkpoint">SQLite</a> tells.
 *
 * @param busy somebody was in the way: a reader of what is not moved, another checkpoint, or a
 *     writer
 * @param pages how long the WAL was when the checkpoint began
 * @param moved how many of them are in the database
 */
public record WalState(boolean busy, long pages, long moved) {

  /** Pages that are in the WAL only. */
  public long left() {
    return pages - moved;
  }

  /** Somebody kept the checkpoint from moving everything. */
  public boolean isHeldBack() {
    return busy || left() > 0;
  }
}
