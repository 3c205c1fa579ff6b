package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Every edge of a hold's mark, and who must hand back. */
class HoldTest {

  private final Hold<String> hold = new Hold<>("label");

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
    assertFalse(hold.revoke());
    assertFalse(hold.enter());
    assertTrue(hold.isOver());
    assertFalse(hold.isRevoked());
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
    assertTrue(hold.revoke());
    assertTrue(hold.isRevoked());
    assertFalse(hold.end());
    assertFalse(hold.enter());
  }

  @Test
  void revoke_duringCall_isSeenByTheCallWhichHandsBack() {
    assertTrue(hold.enter());
    assertFalse(hold.revoke());
    assertTrue(hold.isRevoked());
    assertFalse(hold.exit());
    assertTrue(hold.isRevoked());
  }

  @Test
  void endInCall_revokedMeanwhile_isOverEitherWay() {
    assertTrue(hold.enter());
    assertFalse(hold.revoke());
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

  @Test
  void describe_labelled_namesLabelAndThread() {
    String text = hold.describe();
    assertTrue(text.contains("'label'"), text);
    assertTrue(text.contains(Thread.currentThread().getName()), text);
    assertEquals("label", hold.label());
  }
}
