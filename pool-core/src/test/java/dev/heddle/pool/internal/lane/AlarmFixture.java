package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** An alarm, or a lane with one, in time that the test lets pass. */
abstract class AlarmFixture {

  static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  static final long MAX_HOLD = 500 * MILLI;
  static final long REPORT = 300 * MILLI;

  final Bells bells = new Bells();
  final WaiterQueue<String> queue = new WaiterQueue<>();
  final Slot<String> slotA = new Slot<>("A");
  final Slot<String> slotB = new Slot<>("B");
  final List<Alarm.Finding<String>> found = new ArrayList<>();
  final Tally<String> tally = new Tally<>();
  final Alarm<String> alarm = alarm(Terms.FOR_EVER);

  final Alarm<String> alarm(long reportNanos) {
    return new Alarm<>(
        queue, List.of(slotA, slotB), reportNanos, new ReentrantLock(), bells, found::addAll);
  }

  final Lane<String> lane(long reportNanos) {
    return new Lane<>("test", List.of("A", "B"), Lane.UNLIMITED, reportNanos, r -> r, tally, bells);
  }

  static Terms atMost(long nanos) {
    return new Terms(null, nanos, "a test", null);
  }

  static Hold<String> holdOfAnotherThread() {
    return holdOfAnotherThread(Terms.FOR_EVER);
  }

  static Hold<String> holdOfAnotherThread(long maxHoldNanos) {
    return new Hold<>(Thread.ofVirtual().unstarted(() -> {}), atMost(maxHoldNanos));
  }

  final Waiter<String> waits(long nanos) {
    long now = bells.nanoTime();
    Waiter<String> waiter = new Waiter<>(holdOfAnotherThread(), now, now + nanos, false);
    alarm.ringFor(waiter.deadlineNanos, now);
    queue.add(waiter);
    return waiter;
  }

  final Hold<String> holds(Slot<String> slot, Alarm<String> alarm, long maxHoldNanos) {
    long now = bells.nanoTime();
    Hold<String> hold = holdOfAnotherThread(maxHoldNanos);
    slot.hold = hold;
    hold.granted(slot, now);
    alarm.ringForHold(hold, now);
    return hold;
  }

  final Hold<String> holds(Slot<String> slot) {
    return holds(slot, alarm, MAX_HOLD);
  }

  /** What was found since the last call, when it was looked after. */
  final void assertFound(Object... troublesAndHolds) {
    bells.runAsides();
    List<Object> all = new ArrayList<>();
    for (Alarm.Finding<String> finding : found) {
      all.add(finding.trouble());
      all.add(finding.hold());
    }
    found.clear();
    assertEquals(List.of(troublesAndHolds), all);
  }

  final void assertSetFor(Long... times) {
    assertEquals(List.of(times), bells.times());
  }

  final void assertWoken(Thread thread) {
    assertEquals(List.of(thread), bells.unparked());
  }

  final void assertWoken(Waiter<?>... waiters) {
    assertEquals(List.of(waiters).stream().map(Waiter::thread).toList(), bells.unparked());
  }

  /** Collects garbage until it is so. */
  static void await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      System.gc();
      assertTrue(System.nanoTime() - start < 60 * SECOND, "the garbage collector does not help");
    }
  }
}
