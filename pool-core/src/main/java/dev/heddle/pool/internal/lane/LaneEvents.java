package dev.heddle.pool.internal.lane;

/**
 * What a lane tells the outside. Called on the thread concerned, never under the lane's lock; an
 * implementation must be quick and must not throw.
 */
public interface LaneEvents {

  /** A hold was granted after a wait; zero if a slot was idle. */
  void granted(long waitedNanos);

  /** An acquisition failed after a wait. */
  void refused(Refusal.Reason reason, long waitedNanos);

  /** A hold was taken away from its holder, who had held it for too long. */
  void overdue(Hold<?> hold, long heldNanos);
}
