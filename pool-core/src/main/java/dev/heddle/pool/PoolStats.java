package dev.heddle.pool;

import java.time.Duration;

/**
 * Numbers about a pool, read without stopping it: each is right for a moment, but not all for the
 * same.
 *
 * @param pool the pool's name
 * @param readers the reader lane
 * @param writer the writer lane; that of a read-only pool has no connections
 * @param commits what the writer committed
 * @param checkpoints what was moved from the WAL into the database
 * @param statementCacheHits statements taken from the caches
 * @param statementCacheMisses statements that had to be prepared
 * @param busyRetries how often a statement met another process's lock on the file, and was tried
 *     again a millisecond later
 */
public record PoolStats(
    String pool,
    Lane readers,
    Lane writer,
    Commits commits,
    Checkpoints checkpoints,
    long statementCacheHits,
    long statementCacheMisses,
    long busyRetries) {

  /**
   * Numbers about one lane. The first six describe this moment, the others count since the pool was
   * opened.
   *
   * @param connections the lane's connections
   * @param idle connections that nobody holds; some may be on their way to a thread that waits
   * @param held connections that somebody holds
   * @param waiting threads that wait for a connection
   * @param longestHeld for how long the oldest lease has been held; zero if there is none
   * @param longestWaiting for how long the first of those who wait has; zero if there is none
   * @param granted leases handed out
   * @param timedOut acquisitions that waited in vain
   * @param interrupted acquisitions ended by an interrupt
   * @param refused acquisitions refused at once: the queue was full, the wait could never end, or
   *     the pool was closed
   * @param revoked leases taken away because they were held for longer than allowed: {@code
   *     writer.max-time}, {@code reader.max-time} or their own option
   * @param leaked leases taken back because the program lost them without closing them
   */
  public record Lane(
      int connections,
      int idle,
      int held,
      int waiting,
      Duration longestHeld,
      Duration longestWaiting,
      long granted,
      long timedOut,
      long interrupted,
      long refused,
      long revoked,
      long leaked) {}

  /**
   * Numbers about the commits of the writer lane, mostly counted since the pool was opened. A
   * lease's work is a unit; units that are ready at the same time share a transaction and its
   * commit.
   *
   * @param transactions transactions committed, each with one {@code COMMIT}
   * @param units leases committed in them
   * @param rolledBack leases rolled back: because they said so, or were closed without a commit, or
   *     the commit failed, or by SQLite itself
   * @param waiting leases that are done and wait, at this moment, for the commit that they share
   * @param mostUnits the most units that shared a commit
   * @param meanWait how long the first unit of a transaction had waited for others when the commit
   *     began, on average; zero for a unit alone
   * @param longestWait the longest of these
   * @param meanTime how long {@code COMMIT} took, on average
   * @param longestTime the longest of these
   */
  public record Commits(
      long transactions,
      long units,
      long rolledBack,
      int waiting,
      long mostUnits,
      Duration meanWait,
      Duration longestWait,
      Duration meanTime,
      Duration longestTime) {

    /**
     * How many units shared a commit.
     *
     * @return the average; 0 before the first commit
     */
    public double unitsPerCommit() {
      return transactions == 0 ? 0 : (double) units / transactions;
    }
  }

  /**
   * Numbers about the checkpoints that move pages from the WAL into the database, mostly counted
   * since the pool was opened.
   *
   * @param count checkpoints that were run, most of them beside those who read and write
   * @param heldBack those that could not move everything, because somebody read an older state or
   *     another process was at it
   * @param restarts how often everything was moved, so that the WAL could begin anew
   * @param walPages how long the WAL was at the latest checkpoint, in pages
   * @param movedPages how many of these were in the database then. Far fewer than {@code walPages},
   *     time after time: a reader holds the WAL back
   * @param walBytes how large the WAL file is at this moment
   * @param meanTime how long a checkpoint took, on average
   * @param longestTime the longest of these
   * @param longestPause the longest time that writers were kept out for the end of a checkpoint, or
   *     for {@code PRAGMA optimize}
   */
  public record Checkpoints(
      long count,
      long heldBack,
      long restarts,
      long walPages,
      long movedPages,
      long walBytes,
      Duration meanTime,
      Duration longestTime,
      Duration longestPause) {}
}
