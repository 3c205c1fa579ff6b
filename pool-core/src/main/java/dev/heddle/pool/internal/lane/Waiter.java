package dev.heddle.pool.internal.lane;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for a slot. Its state leaves WAITING once, by one compare-and-set; whoever
 * makes it decides, the other side learns that it lost:
 *
 * <pre>
 *   WAITING --&gt; GRANTED      by the thread that hands a slot over
 *           --&gt; ABANDONED    by the waiter: time-out or interrupt
 *           --&gt; TURNED_AWAY  by the thread that closes the lane
 * </pre>
 *
 * A waiter whose abandoning loses against GRANTED owns the slot.
 *
 * @param <R> the resource
 */
final class Waiter<R> {

  enum State {
    WAITING,
    GRANTED,
    ABANDONED,
    TURNED_AWAY
  }

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", State.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Hold<R> hold;

  /** That of the hold, which waits, and so has not ended. */
  private final Thread thread;

  /** When it gives up, on the lane's clock. */
  final long deadlineNanos;

  /** The thread held slots of this same lane when it came. */
  final boolean holdsSlots;

  /** Guarded by the lane's lock: neighbours in {@link WaiterQueue}, and whether it is in there. */
  @Nullable Waiter<R> previous;

  @Nullable Waiter<R> next;
  boolean queued;

  private volatile State state = State.WAITING;

  Waiter(Hold<R> hold, long deadlineNanos, boolean holdsSlots) {
    this.hold = hold;
    this.thread = Objects.requireNonNull(hold.thread());
    this.deadlineNanos = deadlineNanos;
    this.holdsSlots = holdsSlots;
  }

  Thread thread() {
    return thread;
  }

  State state() {
    return state;
  }

  /** True if this call decided. */
  boolean settle(State outcome) {
    return STATE.compareAndSet(this, State.WAITING, outcome);
  }
}
