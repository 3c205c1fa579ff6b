package dev.heddle.pool.internal.lane;

/**
 * A transaction as a {@link Group} needs it. Called only by the thread that has the resource.
 *
 * @param <X> what its commands throw
 */
public interface Transaction<X extends Exception> {

  /** Begins it. */
  void begin() throws X;

  /** Begins a unit inside of it, which can be undone by itself. At most one is open. */
  void mark() throws X;

  /** Ends the unit begun by {@link #mark}, and makes it a part of the whole. */
  void keep() throws X;

  /** Ends the unit begun by {@link #mark}, and takes back what it did. */
  void undo() throws X;

  /**
   * Commits, with a unit that is still open as a part. If it throws, nothing remains of the
   * transaction and it is over, or the exception says what else; unless it {@linkplain #isOpen is
   * still open}: then it was refused for what its last unit did, and is as it was before.
   */
  void commit() throws X;

  /** Ends it, and takes everything back. Harmless if it is over. Does not throw. */
  void rollback();

  /** False before it begins, after it ended, and when a failure took it down. */
  boolean isOpen();
}
