package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
      new Lane<>("test", List.of("A"), Lane.UNLIMITED, Terms.FOR_EVER, r -> r, tally, parking);

  /** Holds the only slot when a test begins, for another thread. */
  private final Hold<String> first = holdOfAnotherThread();

  LaneScriptTest() throws Refusal {
    lane.acquire(first, 0);
  }

  private static void nothing() {}

  private static Hold<String> holdOfAnotherThread() {
    Thread other = Thread.ofVirtual().unstarted(LaneScriptTest::nothing);
    return new Hold<>(other, Terms.labelled("first"));
  }

  @AfterEach
  void everySlotIsInPlace() {
    assertTrue(parking.isPlayed(), "the script was not played to its end");
    LaneView view = lane.view();
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
  void waiter_grantedBetweenLookingAtTheClockAndGivingUp_keepsTheSlot() throws Refusal {
    // Looks: at the start, then in the loop; the second one finds the time up and the grant made.
    parking
        .atLook(LaneScriptTest::nothing)
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
    // The third look comes after the park, when the flag is set and about to be seen.
    parking
        .atLook(LaneScriptTest::nothing)
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
