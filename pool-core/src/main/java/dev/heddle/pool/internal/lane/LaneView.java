package dev.heddle.pool.internal.lane;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A lane at one moment, for messages, statistics and dumps.
 *
 * @param name the lane
 * @param places its slots
 * @param waiting threads that wait
 * @param longestWaitNanos for how long the first of them has; 0 if nobody waits
 * @param waiters the first of them, as many as were asked for
 * @param <R> the resource
 */
public record LaneView<R>(
    String name, List<Place<R>> places, int waiting, long longestWaitNanos, List<Waiting> waiters) {

  /** What a slot is doing. */
  public enum State {
    /** Nobody has it. */
    IDLE,
    /** A thread that waits has been woken for it, and has not run since. */
    OFFERED,
    HELD,
    /** It is on its way from one to the next: its work is committed, say. */
    TURNING
  }

  /**
   * One slot.
   *
   * @param holder who holds it; null if nobody does
   */
  public record Place<R>(State state, @Nullable Holder<R> holder) {}

  /**
   * One holder.
   *
   * @param hold what is held: only for what any thread may read
   * @param owner the thread that acquired the slot
   * @param label what it called its lease
   * @param heldNanos for how long
   * @param inCall whether it is inside a call now
   */
  public record Holder<R>(
      Hold<R> hold, Owner owner, @Nullable String label, long heldNanos, boolean inCall) {}

  /**
   * One who waits.
   *
   * @param owner the thread
   * @param label what it wants to call its lease
   * @param waitedNanos for how long
   */
  public record Waiting(Owner owner, @Nullable String label, long waitedNanos) {}

  /** How many slots it has. */
  public int connections() {
    return places.size();
  }

  /** Slots that nobody holds; some may be on their way to a thread that waits. */
  public int idle() {
    return places.size() - holders().size();
  }

  /** Who holds the others. */
  public List<Holder<R>> holders() {
    return places.stream().map(Place::holder).filter(Objects::nonNull).toList();
  }
}
