package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Every edge of a hold's mark, and who must hand back. */
class HoldTest {

  private final Hold<String> hold = new Hold<>(Terms.labelled("label"));

  @Test
  void enter_whileInCall_isRefused() {
    assertTrue(hold.enter());
    assertFalse(hold.enter());
    assertTrue(hold.exit());
    assertTrue(hold.enter());
  }

  @Test
  void end_betweenCalls_makesTheCallerHandBackOnce() {
    assertTrue(hold.end());
    assertFalse(hold.end());
    assertEquals(Hold.Taken.NOT, hold.revoke(Revocation.OVERDUE));
    assertFalse(hold.enter());
    assertTrue(hold.isOver());
    assertFalse(hold.isRevoked());
  }

  @Test
  void end_over_changesNothing() {
    assertTrue(hold.end());
    assertFalse(hold.end());
    assertFalse(hold.inCall(), "as if a call were to hand it back");
  }

  @Test
  void end_duringCall_makesTheCallHandBack() {
    assertTrue(hold.enter());
    assertFalse(hold.end());
    assertTrue(hold.isOver());
    assertTrue(hold.inCall());
    assertFalse(hold.exit());
    assertFalse(hold.inCall());
    assertFalse(hold.isRevoked());
  }

  @Test
  void revoke_betweenCalls_makesTheRevokerHandBack() {
    assertEquals(Hold.Taken.NOW, hold.revoke(Revocation.OVERDUE));
    assertTrue(hold.isRevoked());
    assertFalse(hold.end());
    assertFalse(hold.enter());
  }

  @Test
  void revoke_duringCall_isSeenByTheCallWhichHandsBack() {
    assertTrue(hold.enter());
    assertEquals(Hold.Taken.SOON, hold.revoke(Revocation.OVERDUE));
    assertTrue(hold.isRevoked());
    assertFalse(hold.exit());
    assertTrue(hold.isRevoked());
  }

  @Test
  void endInCall_revokedMeanwhile_isOverEitherWay() {
    assertTrue(hold.enter());
    assertEquals(Hold.Taken.SOON, hold.revoke(Revocation.OVERDUE));
    hold.endInCall();
    assertTrue(hold.isRevoked());
    assertFalse(hold.inCall());
    assertFalse(hold.end());
  }

  @Test
  void cancelCall_betweenCalls_doesNotReachTheNextCall() {
    hold.cancelCall();
    assertFalse(hold.isCancelled());
    assertTrue(hold.enter());
    hold.cancelCall();
    assertTrue(hold.isCancelled());
    assertTrue(hold.exit());
    assertTrue(hold.enter());
    assertFalse(hold.isCancelled());
  }

  // Lending

  @Test
  void lend_unused_lendsOnce() {
    assertTrue(hold.lend());
    assertTrue(hold.isLent());
    assertFalse(hold.isFree());
    assertFalse(hold.inCall());
    assertFalse(hold.isOver());
    assertFalse(hold.lend());
  }

  @Test
  void giveBack_nothingHappened_isUnusedAgain() {
    assertTrue(hold.lend());
    assertTrue(hold.giveBack());
    assertTrue(hold.isFree());
    assertTrue(hold.lend());
    assertTrue(hold.giveBack());
    assertTrue(hold.end());
  }

  @Test
  void lend_duringACall_isRefused() {
    assertTrue(hold.enter());
    assertFalse(hold.lend());
    assertTrue(hold.exit());
  }

  @Test
  void lend_afterCallsThatDidNotUse_lends() {
    assertTrue(hold.enter());
    assertTrue(hold.exit());
    assertTrue(hold.enter());
    assertTrue(hold.exit());
    assertTrue(hold.lend());
  }

  @Test
  void lend_afterUse_neverAgain() {
    assertTrue(hold.enter());
    hold.use();
    assertFalse(hold.lend());
    assertTrue(hold.exit());
    assertFalse(hold.lend());
    assertTrue(hold.enter());
    assertTrue(hold.exit());
    assertFalse(hold.lend());
    assertTrue(hold.isFree());
  }

  @Test
  void lend_over_isRefused() {
    assertTrue(hold.end());
    assertFalse(hold.lend());
    assertFalse(hold.isLent());
  }

  @Test
  void lend_leftDuringItsCall_isRefused() {
    assertTrue(hold.enter());
    assertFalse(hold.end());
    assertFalse(hold.lend());
    assertFalse(hold.exit());
    assertFalse(hold.lend());
  }

  @Test
  void enter_whileLent_isRefused() {
    assertTrue(hold.lend());
    assertFalse(hold.enter());
    assertTrue(hold.giveBack());
    assertTrue(hold.enter());
  }

  @Test
  void end_whileLent_makesTheBorrowerHandBack() {
    assertTrue(hold.lend());
    assertFalse(hold.end());
    assertTrue(hold.isOver());
    assertFalse(hold.isLent());
    assertFalse(hold.enter());
    assertFalse(hold.giveBack());
    assertTrue(hold.isOver());
    assertFalse(hold.isRevoked());
    assertFalse(hold.inCall());
    assertFalse(hold.end());
  }

  @Test
  void revoke_whileLent_makesTheBorrowerHandBack() {
    assertTrue(hold.lend());
    assertEquals(Hold.Taken.SOON, hold.revoke(Revocation.OVERDUE));
    assertTrue(hold.isRevoked());
    assertFalse(hold.giveBack());
    assertTrue(hold.isRevoked());
    assertFalse(hold.inCall());
    assertFalse(hold.end());
    assertEquals(Hold.Taken.NOT, hold.revoke(Revocation.OVERDUE));
  }

  @Test
  void revoke_whileLentAndEnded_changesNothing() {
    assertTrue(hold.lend());
    assertFalse(hold.end());
    assertEquals(Hold.Taken.NOT, hold.revoke(Revocation.OVERDUE));
    assertFalse(hold.giveBack());
    assertFalse(hold.isRevoked());
  }

  @Test
  void end_afterUse_makesTheCallerHandBack() {
    assertTrue(hold.enter());
    hold.use();
    assertTrue(hold.exit());
    assertTrue(hold.end());
    assertTrue(hold.isOver());
  }

  @Test
  void exit_usedAndEndedMeanwhile_isOver() {
    assertTrue(hold.enter());
    hold.use();
    assertFalse(hold.end());
    assertFalse(hold.exit());
    assertTrue(hold.isOver());
    assertFalse(hold.lend());
  }

  @Test
  void cancelCall_whileLent_doesNotReachTheNextCall() {
    assertTrue(hold.lend());
    hold.cancelCall();
    assertFalse(hold.isCancelled());
    assertTrue(hold.giveBack());
    assertTrue(hold.enter());
    assertFalse(hold.isCancelled());
  }

  @Test
  void revoke_whileItIsFree_saysWhy() {
    assertNull(hold.revocation());
    assertEquals(Hold.Taken.NOW, hold.revoke(Revocation.FORGOTTEN));
    assertEquals(Revocation.FORGOTTEN, hold.revocation());
    assertEquals(Hold.Taken.NOT, hold.revoke(Revocation.CLOSING));
    assertEquals(Revocation.FORGOTTEN, hold.revocation(), "the first one's reason stays");
  }

  @Test
  void revoke_whenItHasEnded_isNoRevocation() {
    assertTrue(hold.end());
    assertEquals(Hold.Taken.NOT, hold.revoke(Revocation.OVERDUE));
    assertNull(hold.revocation());
  }
}
