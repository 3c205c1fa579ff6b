package dev.heddle.pool.metrics;

/**
 * A pool, for JMX: its numbers, which are those of {@link dev.heddle.pool.PoolStats}, and what
 * helps somebody who looks for what is wrong. Times are in milliseconds; an operation that fails
 * throws an {@link IllegalStateException} whose message says why.
 */
public interface PoolMXBean {

  /**
   * The pool's name.
   *
   * @return the name
   */
  String getName();

  /**
   * Connections of the reader lane.
   *
   * @return how many
   */
  int getReaderConnections();

  /**
   * Those of the reader lane that nobody holds.
   *
   * @return how many
   */
  int getReaderIdle();

  /**
   * Those of the reader lane that somebody holds.
   *
   * @return how many
   */
  int getReaderHeld();

  /**
   * Threads that wait for the reader lane.
   *
   * @return how many
   */
  int getReaderWaiting();

  /**
   * For how long the oldest lease of the reader lane has been held.
   *
   * @return milliseconds
   */
  long getReaderLongestHeldMillis();

  /**
   * For how long the first of those who wait for the reader lane has.
   *
   * @return milliseconds
   */
  long getReaderLongestWaitingMillis();

  /**
   * Leases of the reader lane handed out.
   *
   * @return how many
   */
  long getReaderGranted();

  /**
   * Acquisitions of the reader lane that waited in vain.
   *
   * @return how many
   */
  long getReaderTimedOut();

  /**
   * Acquisitions of the reader lane ended by an interrupt.
   *
   * @return how many
   */
  long getReaderInterrupted();

  /**
   * Acquisitions of the reader lane refused at once.
   *
   * @return how many
   */
  long getReaderRefused();

  /**
   * Leases of the reader lane taken away, as they were held for longer than allowed.
   *
   * @return how many
   */
  long getReaderRevoked();

  /**
   * Leases of the reader lane taken back, as the program had lost them.
   *
   * @return how many
   */
  long getReaderLeaked();

  /**
   * Connections of the writer lane.
   *
   * @return how many
   */
  int getWriterConnections();

  /**
   * Those of the writer lane that nobody holds.
   *
   * @return how many
   */
  int getWriterIdle();

  /**
   * Those of the writer lane that somebody holds.
   *
   * @return how many
   */
  int getWriterHeld();

  /**
   * Threads that wait for the writer lane.
   *
   * @return how many
   */
  int getWriterWaiting();

  /**
   * For how long the oldest lease of the writer lane has been held.
   *
   * @return milliseconds
   */
  long getWriterLongestHeldMillis();

  /**
   * For how long the first of those who wait for the writer lane has.
   *
   * @return milliseconds
   */
  long getWriterLongestWaitingMillis();

  /**
   * Leases of the writer lane handed out.
   *
   * @return how many
   */
  long getWriterGranted();

  /**
   * Acquisitions of the writer lane that waited in vain.
   *
   * @return how many
   */
  long getWriterTimedOut();

  /**
   * Acquisitions of the writer lane ended by an interrupt.
   *
   * @return how many
   */
  long getWriterInterrupted();

  /**
   * Acquisitions of the writer lane refused at once.
   *
   * @return how many
   */
  long getWriterRefused();

  /**
   * Leases of the writer lane taken away, as they were held for longer than allowed.
   *
   * @return how many
   */
  long getWriterRevoked();

  /**
   * Leases of the writer lane taken back, as the program had lost them.
   *
   * @return how many
   */
  long getWriterLeaked();

  /**
   * Transactions committed.
   *
   * @return how many
   */
  long getCommits();

  /**
   * Leases committed in them.
   *
   * @return how many
   */
  long getCommittedUnits();

  /**
   * Leases rolled back.
   *
   * @return how many
   */
  long getRolledBack();

  /**
   * Leases that wait for the commit that they share.
   *
   * @return how many
   */
  int getWaitingForCommit();

  /**
   * How long a commit took, on average.
   *
   * @return milliseconds
   */
  double getMeanCommitMillis();

  /**
   * How long the longest commit took.
   *
   * @return milliseconds
   */
  double getLongestCommitMillis();

  /**
   * Checkpoints that were run.
   *
   * @return how many
   */
  long getCheckpoints();

  /**
   * Those that could not move everything.
   *
   * @return how many
   */
  long getCheckpointsHeldBack();

  /**
   * How often everything was moved, so that the WAL could begin anew.
   *
   * @return how many
   */
  long getCheckpointRestarts();

  /**
   * How long the WAL was at the latest checkpoint, in pages.
   *
   * @return how many
   */
  long getWalPages();

  /**
   * How many of these were in the database then.
   *
   * @return how many
   */
  long getWalMovedPages();

  /**
   * How large the file of the WAL is.
   *
   * @return bytes
   */
  long getWalBytes();

  /**
   * The longest time that writers were kept out for upkeep.
   *
   * @return milliseconds
   */
  double getLongestPauseMillis();

  /**
   * Statements taken from the caches.
   *
   * @return how many
   */
  long getStatementCacheHits();

  /**
   * Statements that had to be prepared.
   *
   * @return how many
   */
  long getStatementCacheMisses();

  /**
   * How often a statement met another process's lock, and was tried again.
   *
   * @return how many
   */
  long getBusyRetries();

  /**
   * What each connection is doing, who waits, and the settings.
   *
   * @return several lines
   */
  String dump();

  /**
   * Whether the pool can do its work; see {@link dev.heddle.pool.SqlitePool#isHealthy}.
   *
   * @return false if it can't
   */
  boolean checkHealth();

  /**
   * Moves the whole WAL into the database; see {@link dev.heddle.pool.Maintenance#checkpoint}.
   *
   * @return what came of it, in words
   */
  String checkpoint();

  /** Replaces every reader; see {@link dev.heddle.pool.Maintenance#evictReaders}. */
  void evictReaders();
}
