package dev.heddle.pool.internal.lane;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Slots that came back, each offered to a waiter that was woken for it and has not run since.
 * Guarded by the lane's lock.
 *
 * @param <R> the resource
 */
final class Offers<R> {

  /** The latest last. */
  private final ArrayDeque<Slot<R>> slots = new ArrayDeque<>();

  private final WaiterQueue<R> queue;

  /**
   * None yet.
   *
   * @param queue where waiters come from, and go back to
   */
  Offers(WaiterQueue<R> queue) {
    this.queue = queue;
  }

  int size() {
    return slots.size();
  }

  /** Those who have an offer, the longest first. */
  void forEach(Consumer<Waiter<R>> action) {
    for (Slot<R> slot : slots) {
      if (slot.offeredTo != null) {
        action.accept(slot.offeredTo);
      }
    }
  }

  /** Offers a slot to the longest waiter; null if nobody waits. */
  @Nullable Waiter<R> make(Slot<R> slot, long nowNanos) {
    Waiter<R> waiter = queue.poll();
    if (waiter != null) {
      waiter.isOffered(slot, nowNanos);
      slot.offeredTo = waiter;
      slots.addLast(slot);
    }
    return waiter;
  }

  /** By the waiter, which runs: the slot that was offered to it; null if there is none. */
  @Nullable Slot<R> takeUp(Waiter<R> waiter) {
    Slot<R> slot = waiter.offer;
    if (slot != null) {
      slots.remove(slot);
      end(slot, waiter);
    }
    return slot;
  }

  /**
   * Takes what is on offer to a waiter that {@linkplain Waiter#mayBeOvertaken may be overtaken};
   * null if there is no such thing, or if the first in the queue is to be spared that. The waiter
   * is first in the queue again. The latest offer comes first, so that their order is kept if
   * several are overtaken.
   */
  @Nullable Slot<R> overtake(long nowNanos) {
    Waiter<R> next = queue.first();
    if (next != null && next.isSpared()) {
      return null;
    }
    for (Iterator<Slot<R>> latest = slots.descendingIterator(); latest.hasNext(); ) {
      Slot<R> slot = latest.next();
      Waiter<R> waiter = slot.offeredTo;
      if (waiter != null && waiter.mayBeOvertaken(nowNanos)) {
        latest.remove();
        waiter.isOvertaken();
        takeBack(slot, waiter);
        return slot;
      }
    }
    return null;
  }

  /** Takes back the latest offer, whoever it was made to; null if there is none. */
  @Nullable Slot<R> withdraw() {
    Slot<R> slot = slots.pollLast();
    if (slot != null && slot.offeredTo != null) {
      takeBack(slot, slot.offeredTo);
    }
    return slot;
  }

  private void takeBack(Slot<R> slot, Waiter<R> waiter) {
    end(slot, waiter);
    queue.addFirst(waiter);
  }

  private static <R> void end(Slot<R> slot, Waiter<R> waiter) {
    slot.offeredTo = null;
    waiter.offer = null;
  }
}
