package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the alarm of a lane is set, whom it wakes, and what it takes away. */
class AlarmTest {

  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MAX_HOLD = 500 * MILLI;
  private static final long REPORT = 300 * MILLI;

  private final Bells bells = new Bells();
  private final WaiterQueue<String> queue = new WaiterQueue<>();
  private final Slot<String> slotA = new Slot<>("A");
  private final Slot<String> slotB = new Slot<>("B");
  private final List<Alarm.Finding<String>> found = new ArrayList<>();
  private final Tally<String> tally = new Tally<>();
  private final Alarm<String> alarm = alarm(Terms.FOR_EVER);

  private Alarm<String> alarm(long reportNanos) {
    return new Alarm<>(
        queue, List.of(slotA, slotB), reportNanos, new ReentrantLock(), bells, found::addAll);
  }

  private Lane<String> lane(long reportNanos) {
    return new Lane<>("test", List.of("A", "B"), Lane.UNLIMITED, reportNanos, r -> r, tally, bells);
  }

  private static Terms atMost(long nanos) {
    return new Terms(null, nanos, "a test", null);
  }

  private static Hold<String> holdOfAnotherThread() {
    return holdOfAnotherThread(Terms.FOR_EVER);
  }

  private static Hold<String> holdOfAnotherThread(long maxHoldNanos) {
    return new Hold<>(Thread.ofVirtual().unstarted(() -> {}), atMost(maxHoldNanos));
  }

  private Waiter<String> waits(long nanos) {
    long now = bells.nanoTime();
    Waiter<String> waiter = new Waiter<>(holdOfAnotherThread(), now + nanos, false);
    alarm.ringFor(waiter.deadlineNanos, now);
    queue.add(waiter);
    return waiter;
  }

  private Hold<String> holds(Slot<String> slot, Alarm<String> alarm, long maxHoldNanos) {
    long now = bells.nanoTime();
    Hold<String> hold = holdOfAnotherThread(maxHoldNanos);
    slot.hold = hold;
    hold.granted(slot, now);
    alarm.ringForHold(hold, now);
    return hold;
  }

  private Hold<String> holds(Slot<String> slot) {
    return holds(slot, alarm, MAX_HOLD);
  }

  /** What was found since the last call, when it was looked after. */
  private void assertFound(Object... troublesAndHolds) {
    bells.runAsides();
    List<Object> all = new ArrayList<>();
    for (Alarm.Finding<String> finding : found) {
      all.add(finding.trouble());
      all.add(finding.hold());
    }
    found.clear();
    assertEquals(List.of(troublesAndHolds), all);
  }

  private void assertSetFor(Long... times) {
    assertEquals(List.of(times), bells.times());
  }

  private void assertWoken(Thread thread) {
    assertEquals(List.of(thread), bells.unparked());
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
  void ringFor_earlierDeadline_isSetAnew() {
    Waiter<String> patient = waits(20 * MILLI);
    Waiter<String> hasty = waits(5 * MILLI);
    assertSetFor(5 * MILLI);
    bells.passTo(5 * MILLI);
    assertWoken(hasty);
    queue.remove(hasty);
    assertSetFor(20 * MILLI);
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
  void ring_deadlineIsFar_isSetEverySecondUntilThen() {
    Waiter<String> waiter = waits(2_500 * MILLI);
    assertSetFor(SECOND);
    bells.passTo(SECOND);
    assertSetFor(2 * SECOND);
    bells.passTo(2 * SECOND);
    assertSetFor(2_500 * MILLI);
    assertWoken();
    bells.passTo(2_500 * MILLI);
    assertWoken(waiter);
  }

  @Test
  void ring_waitWithoutEnd_neverWakesButStaysSet() {
    waits(Long.MAX_VALUE);
    bells.passTo(3 * SECOND);
    assertWoken();
    assertSetFor(4 * SECOND);
    Waiter<String> other = waits(MILLI);
    bells.passTo(3_500 * MILLI);
    assertWoken(other);
  }

  @Test
  void ring_lateWaiterIsStillInTheQueue_staysSet() {
    Waiter<String> slow = waits(5 * MILLI);
    bells.passTo(5 * MILLI);
    assertSetFor(5 * MILLI + SECOND);
    bells.passTo(5 * MILLI + SECOND);
    assertWoken(slow, slow);
    queue.remove(slow);
    bells.passTo(5 * MILLI + 2 * SECOND);
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

  @Test
  void stop_isSet_doesNotRing() {
    Waiter<String> waiter = waits(5 * MILLI);
    alarm.stop();
    assertSetFor();
    bells.passTo(SECOND);
    assertWoken();
    queue.remove(waiter);
    waits(MILLI);
    assertSetFor(SECOND + MILLI);
  }

  // Holds

  @Test
  void hold_notYetOverdue_isLookedAtHalfWayAndLeftAlone() {
    holds(slotA);
    assertSetFor(MAX_HOLD / 2);
    bells.passTo(MAX_HOLD / 2);
    assertSetFor(MAX_HOLD);
    bells.passTo(MAX_HOLD - 1);
    assertEquals(0, bells.asides());
  }

  @Test
  void hold_overdueAndRevoked_isFoundOnce() {
    Hold<String> hold = holds(slotA);
    bells.passTo(MAX_HOLD);
    assertEquals(List.of(), found, "that is done aside");
    assertFound(Trouble.OVERDUE, hold);
    assertEquals(Hold.Taken.NOW, hold.revoke(Revocation.OVERDUE));
    bells.passTo(10 * SECOND);
    assertFound();
  }

  @Test
  void holds_ofTwoSlots_areFoundEachAtItsTime() {
    Hold<String> one = holds(slotA);
    bells.passTo(100 * MILLI);
    Hold<String> two = holds(slotB, alarm, 200 * MILLI);
    bells.passTo(300 * MILLI);
    assertFound(Trouble.OVERDUE, two);
    assertEquals(Hold.Taken.NOW, two.revoke(Revocation.OVERDUE));
    bells.passTo(MAX_HOLD);
    assertFound(Trouble.OVERDUE, one);
  }

  @Test
  void holds_overdueAtTheSameTime_areFoundTogether() {
    Hold<String> one = holds(slotA);
    Hold<String> two = holds(slotB);
    bells.passTo(MAX_HOLD);
    assertEquals(1, bells.asides());
    assertFound(Trouble.OVERDUE, one, Trouble.OVERDUE, two);
  }

  @Test
  void hold_endedAndNotYetBack_isLeftAlone() {
    assertTrue(holds(slotA).end());
    bells.passTo(MAX_HOLD);
    assertEquals(0, bells.asides());
    assertSetFor();
  }

  @Test
  void hold_endedInItsCall_isLeftAlone() {
    Hold<String> hold = holds(slotA);
    assertTrue(hold.enter());
    assertFalse(hold.end());
    bells.passTo(MAX_HOLD);
    assertEquals(0, bells.asides());
  }

  @Test
  void hold_nextHolderOfTheSlot_hasItsOwnTime() {
    assertTrue(holds(slotA).end());
    bells.passTo(200 * MILLI);
    Hold<String> next = holds(slotA);
    bells.passTo(200 * MILLI + MAX_HOLD - 1);
    assertEquals(0, bells.asides());
    bells.passTo(200 * MILLI + MAX_HOLD);
    assertFound(Trouble.OVERDUE, next);
  }

  @Test
  void hold_mayBeHeldForEver_isLookedAtEverySecondAndLeftAlone() {
    holds(slotA, alarm, Terms.FOR_EVER);
    assertSetFor(SECOND);
    bells.passTo(1_000 * SECOND);
    assertEquals(0, bells.asides());
    assertSetFor(1_001 * SECOND);
  }

  @Test
  void hold_lastsForLong_isFoundOnceAndIsOverdueLater() {
    Alarm<String> reporting = alarm(REPORT);
    Hold<String> hold = holds(slotA, reporting, MAX_HOLD);
    bells.passTo(REPORT - 1);
    assertEquals(0, bells.asides());
    bells.passTo(REPORT);
    assertFound(Trouble.LASTING, hold);
    bells.passTo(MAX_HOLD);
    assertFound(Trouble.OVERDUE, hold);
    assertEquals(Hold.Taken.NOW, hold.revoke(Revocation.OVERDUE));
    bells.passTo(10 * SECOND);
    assertFound();
  }

  @Test
  void hold_overdueBeforeItsLengthIsWorthAReport_isOnlyOverdue() {
    Alarm<String> reporting = alarm(SECOND);
    Hold<String> hold = holds(slotA, reporting, MAX_HOLD);
    bells.passTo(MAX_HOLD);
    assertFound(Trouble.OVERDUE, hold);
    assertEquals(Hold.Taken.NOW, hold.revoke(Revocation.OVERDUE));
    bells.passTo(10 * SECOND);
    assertFound();
    assertSetFor();
  }

  @Test
  void hold_callDoesNotEndWithinASecondOfItsRevocation_isStuck() {
    Hold<String> hold = holds(slotA);
    assertTrue(hold.enter());
    bells.passTo(MAX_HOLD);
    assertFound(Trouble.OVERDUE, hold);
    assertEquals(Hold.Taken.SOON, hold.revoke(Revocation.OVERDUE));
    bells.passTo(MAX_HOLD + 2 * SECOND - 1);
    assertFound();
    bells.passTo(MAX_HOLD + 2 * SECOND);
    assertFound(Trouble.STUCK, hold);
    assertSetFor();
    bells.passTo(10 * SECOND);
    assertFound();
  }

  @Test
  void hold_callEndsWithinASecondOfItsRevocation_isNotStuck() {
    Hold<String> hold = holds(slotA);
    assertTrue(hold.enter());
    assertEquals(Hold.Taken.SOON, hold.revoke(Revocation.CLOSING));
    bells.passTo(SECOND);
    assertFalse(hold.exit());
    bells.passTo(10 * SECOND);
    assertFound();
    assertSetFor();
  }

  @Test
  void hold_itsKeeperIsAlive_isLeftAlone() {
    Hold<String> hold = holds(slotA, alarm, Terms.FOR_EVER);
    Object keeper = new Object();
    hold.keptBy(keeper);
    try {
      System.gc();
      bells.passTo(10 * SECOND);
      assertFound();
    } finally {
      Reference.reachabilityFence(keeper);
    }
  }

  @Test
  void hold_itsKeeperIsGarbage_isForgottenAndFoundOnce() {
    Hold<String> hold = holds(slotA, alarm, Terms.FOR_EVER);
    hold.keptBy(new Object());
    await(hold::isForgotten);
    bells.passTo(SECOND);
    assertFound(Trouble.FORGOTTEN, hold);
    assertEquals(Hold.Taken.NOW, hold.revoke(Revocation.FORGOTTEN));
    bells.passTo(10 * SECOND);
    assertFound();
  }

  /** Collects garbage until it is so. */
  private static void await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      System.gc();
      assertTrue(System.nanoTime() - start < 60 * SECOND, "the garbage collector does not help");
    }
  }

  @Test
  void hold_endedByAnotherThreadAndItsCallDoesNotEnd_isStuck() {
    Hold<String> hold = holds(slotA);
    assertTrue(hold.enter());
    assertFalse(hold.end());
    bells.passTo(MAX_HOLD / 2);
    bells.passTo(MAX_HOLD / 2 + SECOND);
    assertFound(Trouble.STUCK, hold);
    assertSetFor();
  }

  @Test
  void hold_overdueAndNothingWasDone_isFoundAgainASecondLater() {
    Hold<String> hold = holds(slotA);
    bells.passTo(MAX_HOLD);
    assertFound(Trouble.OVERDUE, hold);
    bells.passTo(MAX_HOLD + SECOND - 1);
    assertFound();
    bells.passTo(MAX_HOLD + SECOND);
    assertFound(Trouble.OVERDUE, hold);
  }

  @Test
  void hold_itsThreadHasEnded_isLetGoAndStillNamed() throws InterruptedException {
    Thread thread = Thread.ofVirtual().name("late").start(() -> {});
    thread.join();
    Hold<String> hold = new Hold<>(thread, Terms.labelled(null));
    slotA.hold = hold;
    hold.granted(slotA, bells.nanoTime());
    alarm.ringForHold(hold, bells.nanoTime());
    bells.passTo(SECOND);
    assertNull(hold.thread());
    assertEquals(new Owner(thread.threadId(), "late", true), hold.owner());
  }

  // A machine that stood still

  @Test
  void ring_longAfterItsTime_wakesWaitersAndDoesNotCountThatTimeForHolders() {
    Hold<String> hold = holds(slotA);
    Waiter<String> waiter = waits(40 * MILLI);
    bells.standStill(40 * SECOND);
    bells.passTo(40 * SECOND);
    assertWoken(waiter);
    queue.remove(waiter);
    assertFound();
    bells.passTo(40 * SECOND + MAX_HOLD - 40 * MILLI - 1);
    assertFound();
    bells.passTo(40 * SECOND + MAX_HOLD - 40 * MILLI);
    assertFound(Trouble.OVERDUE, hold);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 20, 200, 400, 500, 1_000, 2_000, 30_000})
  void ring_stoodStillForAsLongAsAHoldMayLast_revokesNobody(long millis) {
    long maxHold = millis * MILLI;
    Hold<String> hold = holds(slotA, alarm, maxHold);
    bells.passTo(1);
    bells.standStill(maxHold);
    bells.passTo(1 + maxHold);
    assertFound();
    bells.passTo(1 + maxHold + maxHold);
    bells.runAsides();
    assertEquals(new Alarm.Finding<>(Trouble.OVERDUE, hold), found.getFirst());
  }

  @Test
  void ring_standsStillAgainAndAgain_revokesInTheEnd() {
    Hold<String> hold = holds(slotA);
    for (int i = 0; i < 2; i++) {
      bells.standStill(10 * SECOND);
      bells.passTo(bells.now());
    }
    assertFound(Trouble.OVERDUE, hold);
  }

  @Test
  void ring_stoodStill_reportsNoHoldForThatAlone() {
    Alarm<String> reporting = alarm(REPORT);
    Hold<String> hold = holds(slotA, reporting, Terms.FOR_EVER);
    bells.passTo(1);
    bells.standStill(60 * SECOND);
    bells.passTo(60 * SECOND + 1);
    bells.passTo(60 * SECOND + REPORT);
    assertFound(Trouble.LASTING, hold);
  }

  @Test
  void hold_grantedWhileTheAlarmIsLate_hasAllItsTime() {
    holds(slotA);
    bells.standStill(10 * SECOND);
    Hold<String> young = holds(slotB);
    bells.passTo(10 * SECOND);
    bells.passTo(10 * SECOND + MAX_HOLD / 2);
    found.clear();
    bells.runAsides();
    found.clear();
    bells.passTo(10 * SECOND + MAX_HOLD - 1);
    assertFound();
    bells.passTo(10 * SECOND + MAX_HOLD);
    assertFound(Trouble.OVERDUE, young);
  }

  // In a lane

  private Hold<String> acquire(Lane<String> lane) throws Refusal {
    Hold<String> hold = new Hold<>(atMost(MAX_HOLD));
    lane.acquire(hold, 0);
    return hold;
  }

  @Test
  void lane_holdOverdueBetweenTwoCalls_isRevokedAndItsSlotIsIdle() throws Refusal {
    Lane<String> lane = lane(Terms.FOR_EVER);
    Hold<String> hold = acquire(lane);
    bells.passTo(MAX_HOLD);
    assertFalse(hold.isOver(), "that is done aside");
    bells.runAsides();
    assertEquals(Revocation.OVERDUE, hold.revocation());
    assertFalse(lane.enter(hold));
    assertEquals(2, lane.view().idle());
    assertEquals(1, tally.troubles(Trouble.OVERDUE));
  }

  @Test
  void lane_holdOverdueInACall_isBackWhenTheCallEnds() throws Refusal {
    Lane<String> lane = lane(Terms.FOR_EVER);
    Hold<String> hold = acquire(lane);
    assertTrue(lane.enter(hold));
    bells.passTo(MAX_HOLD);
    bells.runAsides();
    assertTrue(hold.isRevoked());
    assertEquals(1, lane.view().idle(), "the call still has it");
    assertEquals(1, tally.troubles(Trouble.OVERDUE));
    assertFalse(hold.exit());
    lane.handBack(hold);
    assertEquals(2, lane.view().idle());
    bells.passTo(MAX_HOLD + 20 * SECOND);
    bells.runAsides();
    assertEquals(1, tally.troubles(Trouble.OVERDUE));
    assertEquals(0, tally.troubles(Trouble.STUCK));
  }

  @Test
  void lane_revokedCallDoesNotEnd_isSaidOnceAndItsSlotStaysOut() throws Refusal {
    Lane<String> lane = lane(Terms.FOR_EVER);
    Hold<String> hold = acquire(lane);
    assertTrue(lane.enter(hold));
    assertEquals(1, lane.revokeAll().size());
    for (int i = 1; i < 10; i++) {
      bells.passTo(i * SECOND);
      bells.runAsides();
    }
    assertEquals(Revocation.CLOSING, hold.revocation());
    assertEquals(1, tally.troubles(Trouble.STUCK));
    assertEquals(1, lane.view().idle());
    assertFalse(hold.exit());
    lane.handBack(hold);
  }

  @Test
  void lane_holdLastsForLong_isSaidAndStaysHeld() throws Refusal {
    Lane<String> lane = lane(REPORT);
    Hold<String> hold = acquire(lane);
    bells.passTo(REPORT);
    bells.runAsides();
    assertEquals(1, tally.troubles(Trouble.LASTING));
    assertFalse(hold.isOver());
  }

  @Test
  void lane_holdEndsBeforeItsLengthIsSaid_isNotSaid() throws Refusal {
    Lane<String> lane = lane(REPORT);
    Hold<String> hold = acquire(lane);
    bells.passTo(REPORT);
    assertTrue(hold.end());
    lane.handBack(hold);
    bells.runAsides();
    assertEquals(0, tally.troubles(Trouble.LASTING));
  }

  @Test
  void lane_reportCantBeMade_revokesAllTheSame() throws Refusal {
    LaneEvents<String> failing =
        new Tally<>() {
          @Override
          public Runnable notice(Trouble trouble, Hold<String> hold, long nanos) {
            throw new IllegalStateException("no report");
          }
        };
    Lane<String> lane =
        new Lane<>("test", List.of("A", "B"), 9, Terms.FOR_EVER, r -> r, failing, bells);
    Hold<String> one = acquire(lane);
    Hold<String> two = acquire(lane);
    bells.passTo(MAX_HOLD);
    bells.runAsides();
    assertTrue(one.isRevoked());
    assertTrue(two.isRevoked());
    assertEquals(2, lane.view().idle());
  }

  @Test
  void lane_holdIsForgotten_isRevokedAndItsSlotGoesToTheNext() throws Refusal {
    Lane<String> lane = new Lane<>("test", List.of("A"), 9, Terms.FOR_EVER, r -> r, tally, bells);
    Hold<String> hold = holdOfAnotherThread();
    hold.keptBy(new Object());
    lane.acquire(hold, 0);
    await(hold::isForgotten);
    Hold<String> next = new Hold<>(Terms.labelled("next"));
    bells.inPark(
        () -> {
          bells.passTo(SECOND);
          bells.runAsides();
        });
    lane.acquire(next, 5 * SECOND);
    assertEquals(Revocation.FORGOTTEN, hold.revocation());
    assertEquals(1, tally.troubles(Trouble.FORGOTTEN));
    assertFalse(hold.end(), "once is enough");
  }

  @Test
  void lane_ringsAgainBeforeTheHoldIsRevoked_isSaidOnce() throws Refusal {
    Lane<String> lane = lane(Terms.FOR_EVER);
    Hold<String> one = acquire(lane);
    bells.passTo(MILLI);
    Hold<String> two = acquire(lane);
    bells.passTo(MAX_HOLD + MILLI);
    bells.runAsides();
    assertTrue(one.isRevoked());
    assertTrue(two.isRevoked());
    assertEquals(2, lane.view().idle());
    assertEquals(2, tally.troubles(Trouble.OVERDUE), "two holds, each once");
  }

  @Test
  void lane_holdEndsBeforeItIsRevokedAside_isNotSaid() throws Refusal {
    Lane<String> lane = lane(Terms.FOR_EVER);
    Hold<String> hold = acquire(lane);
    bells.passTo(MAX_HOLD);
    assertTrue(hold.end());
    lane.handBack(hold);
    bells.runAsides();
    assertFalse(hold.isRevoked());
    assertEquals(2, lane.view().idle());
    assertEquals(0, tally.troubles(Trouble.OVERDUE));
  }

  @Test
  void lane_allIsBackForGood_nothingIsSet() throws Refusal {
    Lane<String> lane = lane(Terms.FOR_EVER);
    Hold<String> hold = acquire(lane);
    lane.close();
    lane.retire(resource -> {});
    assertSetFor(MAX_HOLD / 2);
    assertTrue(hold.end());
    lane.handBack(hold);
    assertSetFor();
  }

  /** A lane whose slots are held, by other threads. */
  private Lane<String> fullLane(Hold<String> one, Hold<String> two) throws Refusal {
    Lane<String> lane = lane(Terms.FOR_EVER);
    lane.acquire(one, 0);
    lane.acquire(two, 0);
    return lane;
  }

  @Test
  void lane_timeOfAWaiterIsUp_isRefusedAndNotWokenAgain() throws Refusal {
    Lane<String> lane = fullLane(holdOfAnotherThread(), holdOfAnotherThread());
    bells.inPark(() -> bells.passTo(20 * MILLI));
    Refusal refusal =
        assertThrows(
            Refusal.class, () -> lane.acquire(new Hold<>(Terms.labelled("w")), 20 * MILLI));
    assertEquals(Refusal.Reason.TIMED_OUT, refusal.reason());
    assertEquals(20 * MILLI, refusal.waitedNanos());
    assertEquals(List.of(Thread.currentThread()), bells.unparked());
    bells.passTo(60 * SECOND);
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
    lane.acquire(new Hold<>(Terms.labelled("w")), 20 * MILLI);
    bells.passTo(20 * MILLI);
    assertEquals(1, bells.unparked().size(), "when it was granted");
  }

  @Test
  void lane_waiterGivesUpBeforeTheRing_isNotWokenByIt() throws Refusal {
    Lane<String> lane = fullLane(holdOfAnotherThread(), holdOfAnotherThread());
    bells.inPark(() -> Thread.currentThread().interrupt());
    Refusal refusal =
        assertThrows(
            Refusal.class, () -> lane.acquire(new Hold<>(Terms.labelled("w")), 20 * MILLI));
    assertEquals(Refusal.Reason.INTERRUPTED, refusal.reason());
    assertTrue(Thread.interrupted());
    bells.passTo(20 * MILLI);
    assertEquals(List.of(), bells.unparked());
  }

  @Test
  void lane_closesBeforeTheRing_nobodyIsWokenByIt() throws Refusal {
    Lane<String> lane = fullLane(holdOfAnotherThread(), holdOfAnotherThread());
    bells.inPark(lane::close);
    assertThrows(Refusal.class, () -> lane.acquire(new Hold<>(Terms.labelled("w")), 20 * MILLI));
    assertWoken(Thread.currentThread());
    bells.passTo(20 * MILLI);
    assertWoken(Thread.currentThread());
  }

  @Test
  void lane_fiveThousandWaitersWithDeadlinesOfTheirOwn_allTimeOutAndNoneEarly() throws Exception {
    Lane<String> lane =
        new Lane<>(
            "crowd", List.of("A"), Lane.UNLIMITED, Terms.FOR_EVER, r -> r, tally, Parking.SYSTEM);
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
                  lane.acquire(new Hold<>(Terms.labelled(null)), patience);
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
