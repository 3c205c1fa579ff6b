package dev.heddle.pool;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/**
 * What is done for the file, and not for a user's data: checkpoints, statistics, copies, checks,
 * compaction. Got from {@link SqlitePool#maintenance()}.
 *
 * <p>All of it takes its time, and may be called while the pool is in use, by any thread that holds
 * no lease of the pool. It ends when the calling thread is interrupted (57014, with an {@link
 * InterruptedException} as the cause; the flag stays set) and when the pool is closed (08003). No
 * limit of the pool on statements and leases applies to it.
 */
public interface Maintenance {

  /**
   * What a checkpoint has done.
   *
   * @param complete all of the WAL is in the database, and the WAL's file is empty
   * @param walPages how long the WAL was, in pages, as far as it could not be emptied
   * @param movedPages how many of these are in the database
   */
  record Checkpoint(boolean complete, long walPages, long movedPages) {}

  /**
   * Moves the whole WAL into the database and empties its file. The pool moves it by itself when it
   * has grown ({@code wal.checkpoint-pages}); this is for a file that is to be small, or complete
   * without its WAL, at a certain moment.
   *
   * <p>Most is done while others write; for the end writers wait, and for readers that are in the
   * WAL still, a tenth of a second at most. One that stays for longer keeps it from being complete.
   *
   * @return what came of it
   * @throws SQLException if the writer can't be had within a second (08001), or the file can't be
   *     written; if the calling thread holds the writer (25001) or the pool is read-only (25006).
   *     An interrupt ends only the waiting for it
   */
  Checkpoint checkpoint() throws SQLException;

  /**
   * Brings the statistics for the query planner up to date where they are old (<a
   * href="https://sqlite.org/pragma.html#pragma_optimize">{@code PRAGMA optimize}</a>), and has all
   * connections use them. The pool does so when it is opened, and every {@code optimize.every}.
   * Nobody writes meanwhile, for a fraction of a second.
   *
   * @throws SQLException as {@link #checkpoint}
   */
  void optimize() throws SQLException;

  /**
   * Looks for damage in the whole file (<a
   * href="https://sqlite.org/pragma.html#pragma_integrity_check">{@code integrity_check}</a>): of
   * pages, rows, indexes and constraints, but not of foreign keys. Reads all of the file, on one of
   * the readers, which it keeps meanwhile; others go on. Until it is over, the WAL can't begin
   * anew.
   *
   * @return what is wrong, at most a hundred lines; empty if all is well
   * @throws SQLException if no reader can be had, or the file can't be read
   */
  List<String> integrityCheck() throws SQLException;

  /**
   * {@link #integrityCheck()} that does not compare indexes with their tables (<a
   * href="https://sqlite.org/pragma.html#pragma_quick_check">{@code quick_check}</a>): it takes
   * much less time.
   *
   * @return what is wrong, at most a hundred lines; empty if all is well
   * @throws SQLException if no reader can be had, or the file can't be read
   */
  List<String> quickCheck() throws SQLException;

  /**
   * Builds the database anew, without gaps (<a href="https://sqlite.org/lang_vacuum.html">{@code
   * VACUUM}</a>): the file becomes as small as it can be. The rowids of tables without an {@code
   * INTEGER PRIMARY KEY} may change.
   *
   * <p>It holds the writer all the while: nobody writes, readers go on. The disk has to have room
   * for up to twice the file's size besides the file: for the new one, where SQLite keeps temporary
   * files, and for its pages on their way through the WAL. If it does not come to its end, the
   * database is as it was.
   *
   * @throws SQLException if the writer can't be had; if the disk is full (53100)
   */
  void vacuum() throws SQLException;

  /**
   * Replaces every reader by a new connection, with an empty page cache and no prepared statements:
   * those that nobody holds at once, one after the other, the others when their leases end. Each is
   * missing for a millisecond meanwhile. Where no new one can be had, the old one stays; that is
   * logged, and tried again when it is used next.
   */
  void evictReaders();

  /**
   * {@link #backup(Path, BackupOptions)}, as fast as it goes.
   *
   * @param file the file to make
   * @throws SQLException if there is no whole backup; then there is no file either
   */
  default void backup(Path file) throws SQLException {
    backup(file, BackupOptions.DEFAULTS);
  }

  /**
   * Copies the database as it is now into a new file, while everybody goes on: what is committed
   * before the call is in it, what is committed after it has begun to copy is not.
   *
   * <p>The pages are copied as they are, by SQLite's own backup, on a thread and a connection of
   * its own; the calling thread waits. The copy grows as {@code <file>.part}, with the pool's
   * {@code file-permissions}; it gets its name when it is whole and on disk, so a file with that
   * name is a whole backup. One that fails or is ended leaves nothing.
   *
   * <p>As long as it takes, the WAL can't begin anew: it grows by what is written meanwhile.
   *
   * @param file the file to make, which must not exist yet
   * @param options how fast, and whom to tell
   * @throws SQLException if there is no whole backup: the file exists (58P02), it can't be written
   *     (58030), its disk is full (53100), the calling thread holds the writer (25001)
   */
  void backup(Path file, BackupOptions options) throws SQLException;

  /** Told how far a backup has got. */
  @FunctionalInterface
  interface BackupProgress {

    /**
     * Called on the thread that called {@link #backup(Path, BackupOptions)}, while the copying goes
     * on: if it is slow, it misses some. What it throws ends the backup, and is thrown there.
     *
     * @param pages how many pages are copied
     * @param total how many there are; the last call says as many of one as of the other
     */
    void copied(long pages, long total);
  }

  /**
   * How a backup is made. Immutable.
   *
   * @param bytesPerSecond how fast it copies at most, on average; zero for as fast as it goes. A
   *     disk that is kept busy makes everybody's commits slow
   * @param progress told how far it has got
   */
  record BackupOptions(long bytesPerSecond, BackupProgress progress) {

    /** As fast as it goes, and nobody is told. */
    public static final BackupOptions DEFAULTS = new BackupOptions(0, (pages, total) -> {});

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code bytesPerSecond} is negative
     */
    public BackupOptions {
      if (bytesPerSecond < 0) {
        throw new IllegalArgumentException(
            "bytesPerSecond is " + bytesPerSecond + "; allowed is zero (no limit) or more");
      }
      Objects.requireNonNull(progress, "progress");
    }

    /**
     * These options with a limit on the speed.
     *
     * @param bytesPerSecond how many bytes a second at most; zero for no limit
     * @return new options
     * @throws IllegalArgumentException if it is negative
     */
    public BackupOptions withBytesPerSecond(long bytesPerSecond) {
      return new BackupOptions(bytesPerSecond, progress);
    }

    /**
     * These options, and who is told how far it has got.
     *
     * @param progress who is told
     * @return new options
     */
    public BackupOptions withProgress(BackupProgress progress) {
      return new BackupOptions(bytesPerSecond, progress);
    }
  }
}
