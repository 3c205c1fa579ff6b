package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** When the alarm of a lane is set, whom it wakes, and what it takes away. */
class AlarmTest {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MAX_HOLD = 50 * MILLI;

  private final Bells bells = new Bells();
  private final WaiterQueue<String> queue = new WaiterQueue<>();
  private final Slot<String> slotA = new Slot<>("A");
  private final Slot<String> slotB = new Slot<>("B");
  private final List<Hold<String>> revoked = new ArrayList<>();
  private final Tally tally = new Tally();
  private final Alarm<String> alarm = alarm(MAX_HOLD);

  private Alarm<String> alarm(long maxHoldNanos) {
    return new Alarm<>(
        queue, List.of(slotA, slotB), maxHoldNanos, new ReentrantLock(), bells, revoked::add);
  }

  private Lane<String> lane(long maxHoldNanos) {
    return new Lane<>(
        "test", List.of("A", "B"), Lane.UNLIMITED, maxHoldNanos, r -> r, tally, bells);
  }

  private static Hold<String> holdOfAnotherThread() {
    return new Hold<>(Thread.ofVirtual().unstarted(() -> {}), null);
  }

  private Waiter<String> waits(long nanos) {
    long now = bells.nanoTime();
    Waiter<String> waiter = new Waiter<>(holdOfAnotherThread(), now + nanos, false);
    alarm.ringFor(waiter.deadlineNanos, now);
    queue.add(waiter);
    return waiter;
  }

  private Hold<String> holds(Slot<String> slot, Alarm<String> alarm) {
    long now = bells.nanoTime();
    Hold<String> hold = holdOfAnotherThread();
    slot.hold = hold;
    hold.granted(slot, now);
    alarm.ringForHold(now);
    return hold;
  }

  private void assertSetFor(Long... times) {
    assertEquals(List.of(times), bells.times());
  }

  private void assertWoken(Waiter<?>... waiters) {
    assertEquals(List.of(waiters).stream().map(Waiter::thread).toList(), bells.unparked());
  }

  // Waiters

  @Test
  void ringFor_firstWaiter_isSetForItsDeadline() {
    waits(20 * MILLI);
    assertSetFor(20 * MILLI);
  }

  @Test
  void ringFor_laterDeadlines_areNotWorthSettingItAgain() {
    waits(20 * MILLI);
    waits(30 * MILLI);
    waits(20 * MILLI);
    waits(Long.MAX_VALUE);
    assertSetFor(20 * MILLI);
  }

  @Test
  void ringFor_earlierDeadline_isSetAgainAndTheStaleRingDoesNothing() {
    Waiter<String> patient = waits(20 * MILLI);
    Waiter<String> hasty = waits(5 * MILLI);
    assertSetFor(20 * MILLI, 5 * MILLI);
    queue.remove(patient);

    bells.passTo(5 * MILLI);
    assertWoken(hasty);
    assertSetFor(20 * MILLI, 5 * MILLI + 10 * SECOND);

    waits(20 * MILLI);
    bells.passTo(20 * MILLI);
    assertWoken(hasty);
    assertSetFor(5 * MILLI + 10 * SECOND, 25 * MILLI);
  }

  @Test
  void ring_twoAreSetForTheSameTime_wakesOnce() {
    Waiter<String> patient = waits(20 * MILLI);
    Waiter<String> hasty = waits(5 * MILLI);
    bells.passTo(5 * MILLI);
    queue.remove(hasty);
    assertSetFor(20 * MILLI, 20 * MILLI);
    bells.passTo(20 * MILLI);
    assertWoken(hasty, patient);
  }

  @Test
  void ring_someAreLate_wakesExactlyTheseAndIsSetForTheNext() {
    Waiter<String> one = waits(5 * MILLI);
    waits(8 * MILLI);
    Waiter<String> three = waits(5 * MILLI);
    waits(7 * MILLI);
    bells.passTo(5 * MILLI);
    assertWoken(one, three);
    assertSetFor(7 * MILLI);
  }

  @Test
  void ringFor_hardlyAnyWait_isSetAMillisecondAhead() {
    Waiter<String> waiter = waits(1);
    assertSetFor(MILLI);
    bells.passTo(MILLI);
    assertWoken(waiter);
  }

  @Test
  void ring_nextDeadlineIsVeryNear_isSetAMillisecondAheadAndWakesThemTogether() {
    Waiter<String> one = waits(10 * MILLI);
    Waiter<String> two = waits(10 * MILLI + 1);
    Waiter<String> three = waits(10 * MILLI + 2);
    bells.passTo(10 * MILLI);
    queue.remove(one);
    assertSetFor(11 * MILLI);
    bells.passTo(11 * MILLI);
    assertWoken(one, two, three);
  }

  @Test
  void ring_deadlineIsFar_isSetEveryTenSecondsUntilThen() {
    Waiter<String> waiter = waits(25 * SECOND);
    assertSetFor(10 * SECOND);
    bells.passTo(10 * SECOND);
    assertSetFor(20 * SECOND);
    bells.passTo(20 * SECOND);
    assertSetFor(25 * SECOND);
    assertWoken();
    bells.passTo(25 * SECOND);
    assertWoken(waiter);
  }

  @Test
  void ring_waitWithoutEnd_neverWakesButStaysSet() {
    waits(Long.MAX_VALUE);
    bells.passTo(30 * SECOND);
    assertWoken();
    assertSetFor(40 * SECOND);
    Waiter<String> other = waits(MILLI);
    bells.passTo(31 * SECOND);
    assertWoken(other);
  }

  @Test
  void ring_lateWaiterIsStillInTheQueue_staysSet() {
    Waiter<String> slow = waits(5 * MILLI);
    bells.passTo(5 * MILLI);
    assertSetFor(5 * MILLI + 10 * SECOND);
    bells.passTo(5 * MILLI + 10 * SECOND);
    assertWoken(slow, slow);
    queue.remove(slow);
    bells.passTo(5 * MILLI + 20 * SECOND);
    assertSetFor();
  }

  @Test
  void ring_nobodyWaitsOrHolds_isNotSetUntilTheNextCome() {
    queue.remove(waits(5 * MILLI));
    bells.passTo(5 * MILLI);
    assertSetFor();
    assertWoken();
    waits(20 * MILLI);
    assertSetFor(25 * MILLI);
  }

  // Holds

  @Test
  void hold_notYetOverdue_isLeftAlone() {
    holds(slotA, alarm);
    assertSetFor(MAX_HOLD);
    waits(20 * MILLI);
    bells.passTo(MAX_HOLD - 1);
    assertEquals(0, bells.asides());
  }

  @Test
  void hold_overdue_isRevokedAsideAndNothingIsSetForItAnyMore() {
    Hold<String> hold = holds(slotA, alarm);
    bells.passTo(MAX_HOLD);
    assertEquals(List.of(), revoked);
    assertSetFor();
    bells.runAsides();
    assertEquals(List.of(hold), revoked);
    assertEquals(0, bells.asides());
  }

  @Test
  void holds_ofTwoSlots_areRevokedEachAtItsTime() {
    Hold<String> one = holds(slotA, alarm);
    bells.passTo(20 * MILLI);
    Hold<String> two = holds(slotB, alarm);
    assertSetFor(MAX_HOLD);
    bells.passTo(MAX_HOLD);
    bells.runAsides();
    assertEquals(List.of(one), revoked);
    assertTrue(one.revoke());
    assertSetFor(20 * MILLI + MAX_HOLD);
    bells.passTo(20 * MILLI + MAX_HOLD);
    bells.runAsides();
    assertEquals(List.of(one, two), revoked);
  }

  @Test
  void hold_endedAndNotYetBack_isLeftAlone() {
    assertTrue(holds(slotA, alarm).end());
    bells.passTo(MAX_HOLD);
    assertEquals(0, bells.asides());
    assertSetFor();
  }

  @Test
  void hold_endedInItsCall_isLeftAlone() {
    Hold<String> hold = holds(slotA, alarm);
    assertTrue(hold.enter());
    assertFalse(hold.end());
    bells.passTo(MAX_HOLD);
    assertEquals(0, bells.asides());
  }

  @Test
  void hold_nextHolderOfTheSlot_hasItsOwnTime() {
    assertTrue(holds(slotA, alarm).end());
    bells.passTo(30 * MILLI);
    Hold<String> next = holds(slotA, alarm);
    bells.passTo(MAX_HOLD);
    assertEquals(0, bells.asides());
    assertSetFor(30 * MILLI + MAX_HOLD);
    bells.passTo(30 * MILLI + MAX_HOLD);
    bells.runAsides();
    assertEquals(List.of(next), revoked);
  }

  @Test
  void hold_mayBeHeldForEver_isNeitherSetForNorRevoked() {
    Alarm<String> patient = alarm(0);
    holds(slotA, patient);
    assertSetFor();
    long now = bells.nanoTime();
    patient.ringFor(now + 5 * MILLI, now);
    bells.passTo(10_000 * SECOND);
    assertEquals(0, bells.asides());
    assertSetFor();
  }

  @Test
  void hold_mayBeHeldForLong_isSetForEveryTenSecondsUntilThen() {
    Alarm<String> patient = alarm(25 * SECOND);
    holds(slotA, patient);
    assertSetFor(10 * SECOND);
    bells.passTo(25 * SECOND - 1);
    assertEquals(0, bells.asides());
    assertSetFor(25 * SECOND);
    bells.passTo(25 * SECOND);
    assertEquals(1, bells.asides());
  }

  // A machine that stood still

  @Test
  void ring_overASecondLate_wakesWaitersAndGivesHoldersMoreTime() {
    Hold<String> hold = holds(slotA, alarm);
    Waiter<String> waiter = waits(40 * MILLI);
    bells.standStill(40 * MILLI + SECOND + 1);
    bells.passTo(40 * MILLI + SECOND + 1);
    assertWoken(waiter);
    assertEquals(0, bells.asides());
    queue.remove(waiter);
    long again = 40 * MILLI + SECOND + 1 + SECOND;
    assertTrue(bells.times().contains(again), () -> "" + bells.times());
    bells.passTo(again);
    bells.runAsides();
    assertEquals(List.of(hold), revoked);
  }

  @Test
  void ring_aSecondLate_revokes() {
    holds(slotA, alarm);
    bells.standStill(MAX_HOLD + SECOND);
    bells.passTo(MAX_HOLD + SECOND);
    assertEquals(1, bells.asides());
  }

  @Test
  void ring_overASecondLate_holdThatIsNotOverdueKeepsItsTime() {
    holds(slotA, alarm);
    bells.standStill(2 * SECOND);
    Hold<String> young = holds(slotB, alarm);
    bells.passTo(2 * SECOND);
    assertEquals(0, bells.asides());
    assertSetFor(2 * SECOND + MAX_HOLD);
    assertTrue(young.end());
    bells.passTo(2 * SECOND + MAX_HOLD);
    assertEquals(1, bells.asides());
  }

  // In a lane

  @Test
  void lane_holdOverdueBetweenTwoCalls_isRevokedAndItsSlotIsIdle() throws Refusal {
    Lane<String> lane = lane(MAX_HOLD);
    Hold<String> hold = new Hold<>("slow");
    lane.acquire(hold, 0);
    bells.passTo(MAX_HOLD);
    assertFalse(hold.isOver(), "that is done aside");
    bells.runAsides();
    assertTrue(hold.isRevoked());
    assertFalse(lane.enter(hold));
    assertEquals(2, lane.view().idle());
    assertEquals(1, tally.overdue());
  }

  @Test
  void lane_holdOverdueInACall_isBackWhenTheCallEnds() throws Refusal {
    Lane<String> lane = lane(MAX_HOLD);
    Hold<String> hold = new Hold<>("slow");
    lane.acquire(hold, 0);
    assertTrue(lane.enter(hold));
    bells.passTo(MAX_HOLD);
    bells.runAsides();
    assertTrue(hold.isRevoked());
    assertEquals(1, lane.view().idle(), "the call still has it");
    assertEquals(1, tally.overdue());
    bells.passTo(MAX_HOLD + 20 * SECOND);
    assertEquals(0, bells.asides(), "once is enough");
    assertFalse(hold.exit());
    lane.handBack(hold);
    assertEquals(2, lane.view().idle());
    assertEquals(1, tally.overdue());
  }

  @Test
  void lane_ringsAgainBeforeTheHoldIsRevoked_isReportedOnce() throws Refusal {
    Lane<String> lane = lane(MAX_HOLD);
    Hold<String> one = new Hold<>("one");
    lane.acquire(one, 0);
    bells.passTo(MILLI);
    Hold<String> two = new Hold<>("two");
    lane.acquire(two, 0);
    bells.passTo(MAX_HOLD + MILLI);
    bells.runAsides();
    assertTrue(one.isRevoked());
    assertTrue(two.isRevoked());
    assertEquals(2, lane.view().idle());
    assertEquals(2, tally.overdue(), "two holds, each once");
  }

  @Test
  void lane_holdEndsBeforeItIsRevokedAside_isNotReported() throws Refusal {
    Lane<String> lane = lane(MAX_HOLD);
    Hold<String> hold = new Hold<>("just in time");
    lane.acquire(hold, 0);
    bells.passTo(MAX_HOLD);
    assertTrue(hold.end());
    lane.handBack(hold);
    bells.runAsides();
    assertFalse(hold.isRevoked());
    assertEquals(2, lane.view().idle());
    assertEquals(0, tally.overdue());
  }

  /** A lane whose slots are held, by other threads. */
  private Lane<String> fullLane(Hold<String> one, Hold<String> two) throws Refusal {
    Lane<String> lane = lane(0);
    lane.acquire(one, 0);
    lane.acquire(two, 0);
    return lane;
  }

  @Test
  void lane_timeOfAWaiterIsUp_isRefusedAndNothingIsSetForLong() throws Refusal {
    Lane<String> lane = fullLane(holdOfAnotherThread(), holdOfAnotherThread());
    bells.inPark(() -> bells.passTo(20 * MILLI));
    Refusal refusal = assertThrows(Refusal.class, () -> lane.acquire(new Hold<>("w"), 20 * MILLI));
    assertEquals(Refusal.Reason.TIMED_OUT, refusal.reason());
    assertEquals(20 * MILLI, refusal.waitedNanos());
    assertEquals(List.of(Thread.currentThread()), bells.unparked());
    bells.passTo(60 * SECOND);
    assertSetFor();
    assertEquals(1, bells.unparked().size());
  }

  @Test
  void lane_waiterIsGrantedBeforeTheRing_isNotWokenByIt() throws Refusal {
    Hold<String> first = holdOfAnotherThread();
    Lane<String> lane = fullLane(first, holdOfAnotherThread());
    bells.inPark(
        () -> {
          assertTrue(first.end());
          lane.handBack(first);
        });
    lane.acquire(new Hold<>("w"), 20 * MILLI);
    bells.passTo(20 * MILLI);
    assertEquals(1, bells.unparked().size(), "when it was granted");
    assertSetFor();
  }

  @Test
  void lane_waiterGivesUpBeforeTheRing_isNotWokenByIt() throws Refusal {
    Lane<String> lane = fullLane(holdOfAnotherThread(), holdOfAnotherThread());
    bells.inPark(() -> Thread.currentThread().interrupt());
    Refusal refusal = assertThrows(Refusal.class, () -> lane.acquire(new Hold<>("w"), 20 * MILLI));
    assertEquals(Refusal.Reason.INTERRUPTED, refusal.reason());
    assertTrue(Thread.interrupted());
    bells.passTo(20 * MILLI);
    assertEquals(List.of(), bells.unparked());
    assertSetFor();
  }

  @Test
  void lane_closesBeforeTheRing_nothingIsSet() throws Refusal {
    Lane<String> lane = fullLane(holdOfAnotherThread(), holdOfAnotherThread());
    bells.inPark(lane::close);
    assertThrows(Refusal.class, () -> lane.acquire(new Hold<>("w"), 20 * MILLI));
    bells.passTo(20 * MILLI);
    assertSetFor();
  }

  @Test
  void lane_fiveThousandWaitersWithDeadlinesOfTheirOwn_allTimeOutAndNoneEarly() throws Exception {
    Lane<String> lane =
        new Lane<>("crowd", List.of("A"), Lane.UNLIMITED, 0, r -> r, tally, Parking.SYSTEM);
    lane.acquire(holdOfAnotherThread(), 0);
    int count = 5_000;
    Queue<String> surprises = new ConcurrentLinkedQueue<>();
    CountDownLatch ended = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      long patience = MILLI + 19 * MILLI * i / count;
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  lane.acquire(new Hold<>(null), patience);
                  surprises.add("granted");
                } catch (Refusal refusal) {
                  if (refusal.reason() != Refusal.Reason.TIMED_OUT
                      || refusal.waitedNanos() < patience) {
                    surprises.add(refusal.reason() + " after " + refusal.waitedNanos());
                  }
                } finally {
                  ended.countDown();
                }
              });
    }
    assertTrue(ended.await(60, TimeUnit.SECONDS), () -> ended.getCount() + " still wait");
    assertEquals(List.of(), List.copyOf(surprises));
    assertEquals(count, tally.refused(Refusal.Reason.TIMED_OUT));
    assertEquals(0, lane.view().waiting());
  }
}
