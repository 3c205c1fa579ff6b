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

  final Hold<R> hold;

  /** That of the hold, which waits, and so has not ended. */
  private final Thread thread;

  /** When it gives up, on the lane's clock. */
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

  Waiter(Hold<R> hold, long deadlineNanos, boolean holdsSlots) {
    this.hold = hold;
    this.thread = Objects.requireNonNull(hold.thread());
    this.deadlineNanos = deadlineNanos;
    this.holdsSlots = holdsSlots;
  }

  Thread thread() {
    return thread;
  }

  void runsInVain() {
    ranInVain = true;
  }

  /**
   * Whether somebody who runs may take what is on offer to it. While it has not run, that costs it
   * nothing, and it happens so often at most; that it runs in vain for it, once at most. One that
   * holds other slots is never overtaken: others may wait for those.
   */
  boolean mayBeOvertaken() {
    return overtaken < MOST_OVERTAKEN && !ranInVain && !holdsSlots;
  }

  void isOvertaken() {
    overtaken++;
  }
}
