package dev.heddle.pool.internal.lane;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for a slot. It is in the {@link WaiterQueue}, or has an {@linkplain Offers
 * offer}, or was turned away. All that changes is guarded by the lane's lock: whoever takes it last
 * knows what became of the others.
 *
 * @param <R> the resource
 */
final class Waiter<R> {

  /**
   * More would give little: seven of eight times nobody is switched to. But then those who need not
   * wait would be served ever more often than those who do.
   */
  static final int MOST_OVERTAKEN = 7;

  /** A queue in which threads wait for so long is longer than a few who run can make up for. */
  static final long LONG_NANOS = 10_000_000;

  /** A thread that was woken runs in a fraction of that, unless the processors are busy. */
  static final long LATE_NANOS = 1_000_000;

  final Hold<R> hold;

  /** That of the hold, which waits, and so has not ended. */
  private final Thread thread;

  /** When it came, on the lane's clock. */
  final long sinceNanos;

  /** When it gives up. */
  final long deadlineNanos;

  /** The thread held slots of this same lane when it came. */
  final boolean holdsSlots;

  /** Neighbours in the queue, and whether it is in there. */
  @Nullable Waiter<R> previous;

  @Nullable Waiter<R> next;
  boolean queued;

  /** What it may take when it runs. */
  @Nullable Slot<R> offer;

  /** The lane is closed. */
  boolean turnedAway;

  /** It was woken, ran, and found nothing on offer. */
  private boolean ranInVain;

  private int overtaken;
  private long offeredNanos;

  Waiter(Hold<R> hold, long sinceNanos, long deadlineNanos, boolean holdsSlots) {
    this.hold = hold;
    this.sinceNanos = sinceNanos;
    this.thread = Objects.requireNonNull(hold.thread());
    this.deadlineNanos = deadlineNanos;
    this.holdsSlots = holdsSlots;
  }

  Thread thread() {
    return thread;
  }

  LaneView.Waiting view(long nowNanos) {
    return new LaneView.Waiting(Owner.of(thread), hold.terms().label(), nowNanos - sinceNanos);
  }

  /** Something is on offer to it from now on. */
  void isOffered(Slot<R> slot, long nowNanos) {
    offer = slot;
    offeredNanos = nowNanos;
  }

  void runsInVain() {
    ranInVain = true;
  }

  void isOvertaken() {
    overtaken++;
  }

  /**
   * Nobody may overtake it any more. While it has not run, being overtaken costs it nothing, and it
   * happens so often at most; that it runs in vain for it, once at most. One that holds other slots
   * is never overtaken: others may wait for those.
   */
  boolean isSpared() {
    return overtaken >= MOST_OVERTAKEN || ranInVain || holdsSlots;
  }

  /**
   * Whether somebody who runs may take what is on offer to it. If it has waited for long, so have
   * others, and their turn comes first; unless it is late to run, and keeps them all waiting.
   */
  boolean mayBeOvertaken(long nowNanos) {
    return !isSpared()
        && (nowNanos - sinceNanos < LONG_NANOS || nowNanos - offeredNanos > LATE_NANOS);
  }
}
