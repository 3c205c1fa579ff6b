package dev.heddle.pool.internal.lane;

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
