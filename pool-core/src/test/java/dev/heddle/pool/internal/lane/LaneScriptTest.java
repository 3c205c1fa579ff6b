package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The races of one waiter, each written out as a script: what the other side does happens exactly
 * between two steps of the waiter, on one thread, the same in every run.
 */
class LaneScriptTest {

  private static final long PATIENCE = 100;

  private final ScriptedParking parking = new ScriptedParking();
  private final Tally<String> tally = new Tally<>();
  private final Lane<String> lane =
      new Lane<>(
          "test",
          List.of("A"),
          Lane.UNLIMITED,
          Terms.FOR_EVER,
          new Unsettled(this::settle),
          tally,
          parking);

  private int settled;

  /** As the lane was while something was settled. */
  private final List<LaneView<?>> views = new ArrayList<>();

  /** Holds the only slot when a test begins, for another thread. */
  private final Hold<String> first = holdOfAnotherThread();

  LaneScriptTest() throws Refusal {
    lane.acquire(first, 0);
  }

  private void settle() {
    settled++;
    views.add(lane.view());
  }

  private static void nothing() {}

  private static Hold<String> holdOfAnotherThread() {
    Thread other = Thread.ofVirtual().unstarted(LaneScriptTest::nothing);
    return new Hold<>(other, Terms.labelled("first"));
  }

  @AfterEach
  void everySlotIsInPlace() {
    assertTrue(parking.isPlayed(), "the script was not played to its end");
    LaneView<?> view = lane.view();
    assertEquals(view.connections(), view.idle() + view.holders().size());
    assertEquals(0, view.waiting());
    assertFalse(Thread.interrupted(), "a test left the flag set");
  }

  private void giveBackFirst() {
    assertTrue(first.end());
    lane.handBack(first);
  }

  private Refusal refused(Hold<String> hold) {
    return assertThrows(Refusal.class, () -> lane.acquire(hold, PATIENCE));
  }

  private void assertIdleAgainAfter(Hold<String> hold) {
    assertTrue(hold.end());
    lane.handBack(hold);
    assertEquals(1, lane.view().idle());
  }

  @Test
  void waiter_grantedWhileParked_hasTheSlot() throws Refusal {
    parking.atPark(this::giveBackFirst);
    Hold<String> hold = new Hold<>(Terms.labelled("w"));
    lane.acquire(hold, PATIENCE);
    assertEquals("A", hold.resource());
    assertIdleAgainAfter(hold);
  }

  @Test
  void waiter_spuriousWakeUp_parksAgain() throws Refusal {
    parking.atPark(LaneScriptTest::nothing).atPark(this::giveBackFirst);
    Hold<String> hold = new Hold<>(Terms.labelled("w"));
    lane.acquire(hold, PATIENCE);
    assertIdleAgainAfter(hold);
  }

  @Test
  void waiter_timeUp_isRefusedAndLeavesTheQueue() {
    parking.atPark(() -> parking.advance(PATIENCE));
    Refusal refusal = refused(new Hold<>(Terms.labelled("w")));
    assertEquals(Refusal.Reason.TIMED_OUT, refusal.reason());
    assertEquals(PATIENCE, refusal.waitedNanos());
    giveBackFirst();
    assertEquals(1, lane.view().idle());
    assertEquals(1, tally.refused(Refusal.Reason.TIMED_OUT));
  }

  @Test
  void waiter_offeredTheSlotBetweenLookingAtTheClockAndGivingUp_keepsIt() throws Refusal {
    // Looks: at the start, then after the park; the second one finds the time up and the offer
    // made.
    parking
        .atLook(LaneScriptTest::nothing)
        .atPark(LaneScriptTest::nothing)
        .atLook(
            () -> {
              parking.advance(PATIENCE);
              giveBackFirst();
            });
    Hold<String> hold = new Hold<>(Terms.labelled("w"));
    lane.acquire(hold, PATIENCE);
    assertEquals("A", hold.resource());
    assertIdleAgainAfter(hold);
  }

  @Test
  void waiter_turnedAwayBetweenLookingAtTheClockAndGivingUp_saysClosed() {
    parking
        .atLook(LaneScriptTest::nothing)
        .atPark(LaneScriptTest::nothing)
        .atLook(
            () -> {
              parking.advance(PATIENCE);
              lane.close();
            });
    assertEquals(Refusal.Reason.CLOSED, refused(new Hold<>(Terms.labelled("w"))).reason());
    giveBackFirst();
  }

  @Test
  void waiter_interruptedWhileParked_isRefusedWithItsFlagKept() {
    parking.atPark(() -> Thread.currentThread().interrupt());
    assertEquals(Refusal.Reason.INTERRUPTED, refused(new Hold<>(Terms.labelled("w"))).reason());
    assertTrue(Thread.interrupted());
    giveBackFirst();
    assertEquals(1, lane.view().idle());
  }

  @Test
  void waiter_interruptedAndGrantedAtOnce_keepsSlotAndFlag() throws Refusal {
    parking.atPark(
        () -> {
          Thread.currentThread().interrupt();
          giveBackFirst();
        });
    Hold<String> hold = new Hold<>(Terms.labelled("w"));
    lane.acquire(hold, PATIENCE);
    assertTrue(Thread.interrupted());
    assertIdleAgainAfter(hold);
  }

  @Test
  void waiter_grantedAfterItsFlagWasSeen_keepsSlotAndFlag() throws Refusal {
    // The second look comes after the park, when the flag was set and seen.
    parking
        .atLook(LaneScriptTest::nothing)
        .atPark(() -> Thread.currentThread().interrupt())
        .atLook(this::giveBackFirst);
    Hold<String> hold = new Hold<>(Terms.labelled("w"));
    lane.acquire(hold, PATIENCE);
    assertTrue(Thread.interrupted());
    assertIdleAgainAfter(hold);
  }

  @Test
  void waiter_closedWhileInterrupted_saysClosedAndKeepsFlag() {
    parking.atPark(
        () -> {
          Thread.currentThread().interrupt();
          lane.close();
        });
    assertEquals(Refusal.Reason.CLOSED, refused(new Hold<>(Terms.labelled("w"))).reason());
    assertTrue(Thread.interrupted());
    giveBackFirst();
  }

  // Overtaking

  /** Somebody who comes now, and gets the slot at once. */
  private Hold<String> newcomer() {
    Hold<String> newcomer = holdOfAnotherThread();
    try {
      lane.acquire(newcomer, 0);
    } catch (Refusal e) {
      throw new AssertionError("not served at once", e);
    }
    return newcomer;
  }

  private void giveBack(Hold<String> hold) {
    assertTrue(hold.end());
    lane.handBack(hold);
  }

  private void assertNewcomerIsRefused() {
    assertThrows(Refusal.class, () -> lane.acquire(holdOfAnotherThread(), 0));
  }

  @Test
  void waiter_wokenAndNotRunning_isOvertakenByOneWhoRuns() throws Refusal {
    parking.atPark(
        () -> {
          giveBackFirst();
          for (int i = 0; i < 3; i++) {
            giveBack(newcomer());
          }
        });
    Hold<String> hold = new Hold<>(Terms.labelled("w"));
    lane.acquire(hold, PATIENCE);
    assertIdleAgainAfter(hold);
    assertEquals(4, parking.unparked().size(), "once for each time that it came back");
  }

  @Test
  void waiter_ranInVain_isNotOvertakenAgain() throws Refusal {
    List<Hold<String>> newcomers = new ArrayList<>();
    parking
        .atPark(
            () -> {
              giveBackFirst();
              newcomers.add(newcomer());
            })
        .atPark(
            () -> {
              giveBack(newcomers.getFirst());
              assertNewcomerIsRefused();
              assertEquals(1, lane.view().waiting());
            });
    Hold<String> hold = new Hold<>(Terms.labelled("w"));
    lane.acquire(hold, PATIENCE);
    assertIdleAgainAfter(hold);
  }

  @Test
  void waiter_overtakenAndTimeUp_isRefusedAndLeavesTheQueue() {
    List<Hold<String>> newcomers = new ArrayList<>();
    parking.atPark(
        () -> {
          giveBackFirst();
          newcomers.add(newcomer());
          parking.advance(PATIENCE);
        });
    assertEquals(Refusal.Reason.TIMED_OUT, refused(new Hold<>(Terms.labelled("w"))).reason());
    giveBack(newcomers.getFirst());
    assertEquals(1, lane.view().idle());
  }

  @Test
  void waiter_wokenAndNotRunning_countsAsWaitingForAnIdleSlot() throws Refusal {
    parking.atPark(
        () -> {
          giveBackFirst();
          LaneView<?> view = lane.view();
          assertEquals(1, view.waiting());
          assertEquals(1, view.idle());
          assertEquals(List.of(), view.holders());
          assertEquals(Owner.of(Thread.currentThread()), view.waiters().getFirst().owner());
        });
    Hold<String> hold = new Hold<>(Terms.labelled("w"));
    lane.acquire(hold, PATIENCE);
    assertIdleAgainAfter(hold);
  }

  @Test
  void queue_atItsLimitWithOneOnOffer_isFull() throws Refusal {
    Lane<String> small =
        new Lane<>(
            "small", List.of("A"), 1, Terms.FOR_EVER, new Unsettled(this::settle), tally, parking);
    Hold<String> before = holdOfAnotherThread();
    small.acquire(before, 0);
    List<Refusal> refusals = new ArrayList<>();
    parking.atPark(
        () -> {
          assertTrue(before.end());
          small.handBack(before);
          Hold<String> newcomer = holdOfAnotherThread();
          assertDoesNotThrow(() -> small.acquire(newcomer, 0));
          parking.atPark(
              () -> {
                assertTrue(newcomer.end());
                small.handBack(newcomer);
                Hold<String> late = holdOfAnotherThread();
                refusals.add(assertThrows(Refusal.class, () -> small.acquire(late, PATIENCE)));
              });
        });
    small.acquire(new Hold<>(Terms.labelled("w")), PATIENCE);
    assertEquals(Refusal.Reason.QUEUE_FULL, refusals.getFirst().reason());
    giveBackFirst();
  }

  @Test
  void waiter_cantPark_leavesTheQueue() {
    parking.atPark(LaneScriptTest::noMemory);
    assertThrows(
        OutOfMemoryError.class, () -> lane.acquire(new Hold<>(Terms.labelled("w")), PATIENCE));
    assertEquals(0, lane.view().waiting());
    giveBackFirst();
    assertEquals(1, lane.view().idle());
  }

  @Test
  void waiter_cantParkAndHasAnOffer_passesItOn() {
    parking.atPark(
        () -> {
          giveBackFirst();
          noMemory();
        });
    assertThrows(
        OutOfMemoryError.class, () -> lane.acquire(new Hold<>(Terms.labelled("w")), PATIENCE));
    assertEquals(1, settled);
    giveBack(newcomer());
    assertTrue(parking.unparked().size() <= 1, "nobody waits any more");
  }

  private static void noMemory() {
    throw new OutOfMemoryError("planned");
  }

  @Test
  void view_slotOnOfferIsBeingSettled_addsUp() throws Refusal {
    parking.atPark(
        () -> {
          giveBackFirst();
          lane.settleUnused();
        });
    Hold<String> hold = new Hold<>(Terms.labelled("w"));
    lane.acquire(hold, PATIENCE);
    assertIdleAgainAfter(hold);
    assertFalse(views.isEmpty());
    for (LaneView<?> view : views) {
      assertEquals(view.connections(), view.idle() + view.holders().size());
    }
  }

  @Test
  void settleUnused_slotOnOffer_settlesAndOffersItAgain() throws Refusal {
    parking.atPark(
        () -> {
          giveBackFirst();
          assertEquals(0, settled);
          lane.settleUnused();
          assertEquals(1, settled);
          assertEquals(1, lane.view().waiting());
        });
    Hold<String> hold = new Hold<>(Terms.labelled("w"));
    lane.acquire(hold, PATIENCE);
    assertIdleAgainAfter(hold);
  }

  @Test
  void close_slotOnOffer_turnsItsWaiterAwayAndLosesNoSlot() {
    parking.atPark(
        () -> {
          giveBackFirst();
          lane.close();
        });
    assertEquals(Refusal.Reason.CLOSED, refused(new Hold<>(Terms.labelled("w"))).reason());
    assertTrue(lane.awaitAllBack(0));
    assertEquals(1, settled, "what was left for the waiter to settle");
  }

  @Test
  void acquire_flagSetBefore_isRefusedAtOnceThoughASlotIsIdle() {
    giveBackFirst();
    Thread.currentThread().interrupt();
    assertEquals(Refusal.Reason.INTERRUPTED, refused(new Hold<>(Terms.labelled("w"))).reason());
    assertTrue(Thread.interrupted());
    assertEquals(1, lane.view().idle());
  }

  @Test
  void acquire_noPatience_isRefusedWithoutParking() {
    Refusal refusal =
        assertThrows(Refusal.class, () -> lane.acquire(new Hold<>(Terms.labelled("w")), 0));
    assertEquals(Refusal.Reason.TIMED_OUT, refusal.reason());
    assertEquals(0, refusal.waitedNanos());
    giveBackFirst();
  }

  @Test
  void handBack_revokedInItsCall_isDoneByThatCall() throws Refusal {
    assertTrue(first.enter());
    parking.atPark(
        () -> {
          assertEquals(List.of(first), lane.revokeAll());
          assertEquals(1, lane.view().holders().size(), "the call still has it");
          assertFalse(first.exit());
          lane.handBack(first);
        });
    Hold<String> hold = new Hold<>(Terms.labelled("w"));
    lane.acquire(hold, PATIENCE);
    assertSame("A", hold.resource());
    assertIdleAgainAfter(hold);
  }
}
