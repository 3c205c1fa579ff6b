package dev.heddle.pool;

/**
 * Numbers about a pool, read without stopping it: each is right for a moment, but not all for the
 * same.
 *
 * @param pool the pool's name
 * @param readers the reader lane
 * @param writer the writer lane
 * @param commits transactions committed
 * @param rollbacks transactions rolled back: because the lease said so, or was closed without a
 *     commit, or its commit failed, or by SQLite itself
 * @param statementCacheHits statements taken from the caches
 * @param statementCacheMisses statements that had to be prepared
 */
public record PoolStats(
    String pool,
    Lane readers,
    Lane writer,
    long commits,
    long rollbacks,
    long statementCacheHits,
    long statementCacheMisses) {

  /**
   * Numbers about one lane. The first four describe this moment, the others count since the pool
   * was opened.
   *
   * @param connections the lane's connections
   * @param idle connections that nobody holds
   * @param held connections that somebody holds
   * @param waiting threads that wait for a connection
   * @param granted leases handed out
   * @param timedOut acquisitions that waited in vain
   * @param interrupted acquisitions ended by an interrupt
   * @param refused acquisitions refused at once: the queue was full, the wait could never end, or
   *     the pool was closed
   */
  public record Lane(
      int connections,
      int idle,
      int held,
      int waiting,
      long granted,
      long timedOut,
      long interrupted,
      long refused) {}
}
