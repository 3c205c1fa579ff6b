package dev.heddle.pool.internal.lane;

/** What a group tells the outside; quick, and without throwing. */
public interface GroupEvents {

  /**
   * A commit begins; {@link #committed} or {@link #failed} follows. If this throws, there is no
   * commit, and the units fail.
   */
  default void committing() {}

  /**
   * A transaction was committed.
   *
   * @param units in how many units
   * @param ageNanos how long the first of them had waited when the commit began
   * @param commitNanos how long the commit took
   */
  void committed(int units, long ageNanos, long commitNanos);

  /** The commit failed that would have been for so many units; the rest as {@link #committed}. */
  default void failed(int units, long ageNanos, long commitNanos) {}

  /** Units were undone. */
  void undone(int units);
}
