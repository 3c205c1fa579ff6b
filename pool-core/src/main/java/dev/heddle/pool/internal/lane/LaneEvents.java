package dev.heddle.pool.internal.lane;

/**
 * What a lane tells the outside. Called on the thread concerned, never under the lane's lock; an
 * implementation must be quick and must not throw.
 *
 * @param <R> the resource
 */
public interface LaneEvents<R> {

  /** A hold was granted after a wait; zero if a slot was to be had at once. */
  void granted(long waitedNanos);

  /** An acquisition failed after a wait. */
  void refused(Refusal.Reason reason, long waitedNanos);

  /**
   * Looks at a hold that is in trouble, before anything is done about it. Called on a thread that
   * may block. The hold's resource is somebody else's: of it, only what any thread may read.
   *
   * @param nanos for how long it has been held; or for how long others have waited, if it delays
   *     them
   * @return tells of it; run only if it was still so
   */
  Runnable notice(Trouble trouble, Hold<R> hold, long nanos);
}
