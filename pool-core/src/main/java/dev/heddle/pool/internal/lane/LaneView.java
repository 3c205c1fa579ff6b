package dev.heddle.pool.internal.lane;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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

  /** Called with the lane's lock. */
  static <R> LaneView<R> of(
      String name,
      List<Slot<R>> slots,
      Collection<Slot<R>> idle,
      Offers<R> offers,
      WaiterQueue<R> queue,
      int mostWaiters,
      long now) {
    Set<Slot<R>> unused = new HashSet<>(idle);
    List<Waiting> waiters = new ArrayList<>();
    offers.forEach(waiter -> waiters.add(waiter.view(now)));
    for (Waiter<R> waiter = queue.first();
        waiter != null && waiters.size() < mostWaiters;
        waiter = waiter.next) {
      waiters.add(waiter.view(now));
    }
    return new LaneView<>(
        name,
        slots.stream().map(slot -> place(slot, unused.contains(slot), now)).toList(),
        offers.size() + queue.size(),
        waiters.isEmpty() ? 0 : waiters.getFirst().waitedNanos(),
        List.copyOf(waiters));
  }

  private static <R> Place<R> place(Slot<R> slot, boolean isIdle, long now) {
    Hold<R> hold = slot.hold;
    if (hold != null) {
      Holder<R> holder =
          new Holder<>(
              hold, hold.owner(), hold.terms().label(), now - hold.sinceNanos(), hold.inCall());
      return new Place<>(State.HELD, holder);
    }
    State turning = slot.offeredTo == null ? State.TURNING : State.OFFERED;
    return new Place<>(isIdle ? State.IDLE : turning, null);
  }

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
