package dev.heddle.pool.internal.lane;

import org.jspecify.annotations.Nullable;

/**
 * A unit that is done, and whose thread waits to hear what became of it. The outcome is written
 * once, by the thread that settles the group, before it unparks the one that waits.
 */
public final class Seat {

  private final Thread thread = Thread.currentThread();
  private final long sinceNanos;
  private final boolean first;
  private final Runnable onceCommitted;
  private volatile @Nullable Outcome outcome;

  /**
   * A seat for the calling thread.
   *
   * @param first the first of its group, who has waited longest
   * @param onceCommitted what {@link #committed} does
   */
  Seat(boolean first, long sinceNanos, Runnable onceCommitted) {
    this.first = first;
    this.sinceNanos = sinceNanos;
    this.onceCommitted = onceCommitted;
  }

  boolean isFirst() {
    return first;
  }

  long sinceNanos() {
    return sinceNanos;
  }

  @Nullable Outcome outcome() {
    return outcome;
  }

  /** Does what is to be done between the commit and whatever comes after it. */
  void committed() {
    try {
      onceCommitted.run();
    } catch (Throwable ownConcern) {
      // The commit stands, and the others have to be told.
    }
  }

  void tell(Outcome outcome, Parking parking) {
    this.outcome = outcome;
    if (!thread.equals(Thread.currentThread())) {
      parking.unpark(thread);
    }
  }
}
