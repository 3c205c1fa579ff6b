package dev.heddle.pool.internal.lane;

/**
 * What a lane does with a resource between two holders. Called on the thread that hands it back,
 * which has it to itself, and never under the lane's lock. None of this may throw.
 *
 * @param <R> the resource
 */
public interface Turnover<R> {

  /** Nothing left to do. */
  Runnable NOTHING = () -> {};

  /** Makes it fit for another holder: gives it back, or another one in its place. */
  R clean(R resource);

  /** Whether it may be offered to a waiter, with what is unsettled in it. */
  default boolean mayGoOn(R resource) {
    return false;
  }

  /** When all is settled: gives it back, or another one in its place. */
  default R renew(R resource) {
    return resource;
  }

  /**
   * Settles what is unsettled in it.
   *
   * @return what is left to do when the resource has gone on
   */
  default Runnable settle(R resource) {
    return NOTHING;
  }
}
