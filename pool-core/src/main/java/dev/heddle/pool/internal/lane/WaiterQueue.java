package dev.heddle.pool.internal.lane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waiters in the order of their arrival; linked through the waiters themselves, so that one that
 * gives up leaves in constant time, however many wait. Guarded by the lane's lock.
 *
 * @param <R> the resource
 */
final class WaiterQueue<R> {

  private @Nullable Waiter<R> first;
  private @Nullable Waiter<R> last;
  private int size;

  int size() {
    return size;
  }

  @Nullable Waiter<R> first() {
    return first;
  }

  /**
   * Collects the threads whose time is up.
   *
   * @return how long the next one has; {@link Long#MAX_VALUE} if there is none
   */
  long collectLate(long now, List<Thread> late) {
    long soonest = Long.MAX_VALUE;
    for (Waiter<R> waiter = first; waiter != null; waiter = waiter.next) {
      long left = waiter.deadlineNanos - now;
      if (left <= 0) {
        late.add(waiter.thread());
      } else {
        soonest = Math.min(soonest, left);
      }
    }
    return soonest;
  }

  void add(Waiter<R> waiter) {
    waiter.previous = last;
    if (last == null) {
      first = waiter;
    } else {
      last.next = waiter;
    }
    last = waiter;
    waiter.queued = true;
    size++;
  }

  /** Before all others: it was there before them. */
  void addFirst(Waiter<R> waiter) {
    waiter.next = first;
    if (first == null) {
      last = waiter;
    } else {
      first.previous = waiter;
    }
    first = waiter;
    waiter.queued = true;
    size++;
  }

  @Nullable Waiter<R> poll() {
    Waiter<R> waiter = first;
    if (waiter != null) {
      remove(waiter);
    }
    return waiter;
  }

  /** Harmless if the waiter has left already. */
  void remove(Waiter<R> waiter) {
    if (!waiter.queued) {
      return;
    }
    Waiter<R> before = waiter.previous;
    Waiter<R> after = waiter.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    waiter.previous = null;
    waiter.next = null;
    waiter.queued = false;
    size--;
  }
}
