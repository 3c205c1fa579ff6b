package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the alarm of a lane is set, whom it wakes, and what it finds. */
class AlarmTest extends AlarmFixture {

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
  void hold_lastsForEver_isFoundOnceAndLookedAtEverySecond() {
    Hold<String> hold = holds(slotA, alarm(REPORT), Terms.FOR_EVER);
    bells.passTo(REPORT);
    assertFound(Trouble.LASTING, hold);
    assertSetFor(REPORT + SECOND);
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
    holds(slotB, alarm, Terms.FOR_EVER); // so that it rings
    bells.passTo(10 * SECOND);
    assertFound();
  }

  @Test
  void hold_revokedAndThenTheMachineStoodStill_isNotStuckForThat() {
    Hold<String> hold = holds(slotA);
    assertTrue(hold.enter());
    bells.passTo(MAX_HOLD);
    assertFound(Trouble.OVERDUE, hold);
    assertEquals(Hold.Taken.SOON, hold.revoke(Revocation.OVERDUE));
    bells.passTo(MAX_HOLD + SECOND);
    Hold<String> other = holds(slotB); // so that it was to ring soon
    bells.standStill(2 * SECOND);
    bells.passTo(MAX_HOLD + 3 * SECOND);
    assertFound();
    assertTrue(other.end());
    bells.passTo(MAX_HOLD + 5 * SECOND);
    assertFound(Trouble.STUCK, hold);
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
    bells.passTo(2 * SECOND);
    assertNull(hold.thread());
    assertEquals(new Owner(thread.threadId(), "late", true), hold.owner());
  }

  @Test
  void hold_itsThreadLives_isNotLetGo() {
    Hold<String> hold = new Hold<>(Terms.labelled(null));
    slotA.hold = hold;
    hold.granted(slotA, bells.nanoTime());
    alarm.ringForHold(hold, bells.nanoTime());
    bells.passTo(SECOND);
    assertEquals(Thread.currentThread(), hold.thread());
  }

  // No memory for a thread

  @Test
  void ring_noThreadForWhatWasFound_isLookedAfterHere() {
    Hold<String> hold = holds(slotA);
    bells.noMoreThreads();
    bells.passTo(MAX_HOLD);
    assertEquals(0, bells.asides());
    assertFound(Trouble.OVERDUE, hold);
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
}
