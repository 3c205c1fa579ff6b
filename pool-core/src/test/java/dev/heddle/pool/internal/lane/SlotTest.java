package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whom a slot remembers, for those who had to wait for it. */
class SlotTest {

  private static final long START = 1_000;

  private final Slot<String> slot = new Slot<>("A");
  private long now = START;

  /** Somebody holds it for so long, while the first of those who wait does so since then. */
  private void isHeld(String label, long millis, long waitingSince) {
    Hold<String> hold = new Hold<>(Terms.labelled(label));
    hold.granted(slot, now);
    slot.hold = hold;
    now += TimeUnit.MILLISECONDS.toNanos(millis);
    slot.vacate(waitingSince, now);
    assertEquals(now, hold.untilNanos());
    assertNull(slot.hold);
  }

  private @Nullable String remembered() {
    return slot.before == null ? null : slot.before.label();
  }

  @Test
  void vacate_heldForLong_isRemembered() {
    isHeld("report", 20, START);
    Before before = slot.before;
    assertNotNull(before);
    assertEquals("report", before.label());
    assertEquals(Owner.of(Thread.currentThread()), before.owner());
    assertEquals(TimeUnit.MILLISECONDS.toNanos(20), before.nanos());
    assertEquals(now, before.untilNanos());
  }

  @Test
  void vacate_heldForAMoment_isNot() {
    isHeld("quick", 0, START);
    assertNull(slot.before);
  }

  @Test
  void vacate_heldForJustLongEnough_isRemembered() {
    isHeld("report", 1, START);
    assertEquals("report", remembered());
  }

  @Test
  void vacate_heldForAsLongAsAnother_theLaterOneIsRemembered() {
    isHeld("report", 20, START);
    isHeld("other", 20, START);
    assertEquals("other", remembered());
  }

  @Test
  void vacate_oneWhoWaitsCameAsTheLongestEnded_thatOneIsRemembered() {
    isHeld("report", 20, START);
    isHeld("short", 5, now);
    assertEquals("report", remembered());
  }

  @Test
  void vacate_othersHeldItForLess_theLongestIsRemembered() {
    isHeld("report", 20, START);
    isHeld("short", 5, START);
    isHeld("quick", 0, START);
    assertEquals("report", remembered());
    isHeld("longer", 30, START);
    assertEquals("longer", remembered());
  }

  @Test
  void vacate_nobodyWhoWaitsHasSeenTheLongest_theNextIsRemembered() {
    isHeld("report", 20, START);
    isHeld("short", 5, now + 1);
    assertEquals("short", remembered());
  }
}
