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
import org.junit.jupiter.api.Test;

/** What becomes of those in a lane whom its alarm wakes, or finds. */
class AlarmInLaneTest extends AlarmFixture {

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

  @Test
  void lane_allIsBackAsItRetires_nothingIsSet() throws Refusal {
    Lane<String> lane = lane(Terms.FOR_EVER);
    Hold<String> hold = acquire(lane);
    assertTrue(hold.end());
    lane.handBack(hold);
    lane.close();
    assertSetFor(MAX_HOLD / 2);
    lane.retire(resource -> {});
    assertSetFor();
  }

  @Test
  void lane_holdOverdue_isSaidWithItsLength() throws Refusal {
    List<Long> lengths = new ArrayList<>();
    LaneEvents<String> noting =
        new Tally<>() {
          @Override
          public Runnable notice(Trouble trouble, Hold<String> hold, long nanos) {
            return () -> lengths.add(nanos);
          }
        };
    Lane<String> lane = new Lane<>("test", List.of("A"), 9, Terms.FOR_EVER, r -> r, noting, bells);
    acquire(lane);
    bells.passTo(MAX_HOLD);
    bells.runAsides();
    assertEquals(List.of(MAX_HOLD), lengths);
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
