package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a lane tells of those who ask it, have it, and had it before. */
class LaneTellsTest {

  private static final long PATIENCE = 100;
  private static final long LONG = TimeUnit.MILLISECONDS.toNanos(20);

  private final ScriptedParking parking = new ScriptedParking();
  private final Tally<String> tally = new Tally<>();
  private final List<String> told = new ArrayList<>();
  private final Lane<String> lane =
      new Lane<>(
          "test", List.of("A"), Lane.UNLIMITED, Terms.FOR_EVER, r -> r, new Telling(), parking);

  /** Notes waits, and counts the rest. */
  private final class Telling implements LaneEvents<String> {

    @Override
    public void granted(long waitedNanos) {
      told.add("granted after " + waitedNanos);
    }

    @Override
    public void refused(Refusal.Reason reason, long waitedNanos) {
      told.add(reason + " after " + waitedNanos);
    }

    @Override
    public Runnable notice(Trouble trouble, Hold<String> hold, long nanos) {
      Runnable counted = tally.notice(trouble, hold, nanos);
      told.add(trouble + " for " + nanos);
      return counted;
    }
  }

  /** So that no time is 0. */
  @BeforeEach
  void clockHasRun() {
    parking.advance(1_000);
  }

  private static Hold<String> hold(String label) {
    return new Hold<>(Thread.ofVirtual().unstarted(() -> {}), Terms.labelled(label));
  }

  private Hold<String> held(String label) throws Refusal {
    Hold<String> hold = hold(label);
    lane.acquire(hold, 0);
    return hold;
  }

  private void giveBack(Hold<String> hold) {
    assertTrue(hold.end());
    lane.handBack(hold);
  }

  /** Notes what its watch is told. */
  private Hold<String> watched() {
    Hold<String> hold = new Hold<>(Terms.labelled("watched"));
    hold.watchedBy(
        new HoldWatch() {
          @Override
          public void waits() {
            told.add("it waits");
          }

          @Override
          public void granted(long waitedNanos) {
            told.add("it waited " + waitedNanos);
          }

          @Override
          public void back() {
            told.add("it is back");
          }
        });
    return hold;
  }

  @Test
  void acquire_slotIsIdle_tellsOfNoWait() throws Refusal {
    Hold<String> hold = watched();
    assertEquals(0, lane.acquire(hold, PATIENCE));
    giveBack(hold);
    assertEquals(List.of("granted after 0", "it waited 0", "it is back"), told);
  }

  @Test
  void acquire_slotComesBack_tellsHowLongItTook() throws Refusal {
    Hold<String> other = held("other");
    told.clear();
    parking.atPark(
        () -> {
          parking.advance(30);
          giveBack(other);
        });
    Hold<String> hold = watched();
    assertEquals(30, lane.acquire(hold, PATIENCE));
    giveBack(hold);
    assertEquals(List.of("it waits", "granted after 30", "it waited 30", "it is back"), told);
  }

  @Test
  void acquire_closedMeanwhile_tellsHowLongItTook() throws Refusal {
    held("other");
    told.clear();
    parking.atPark(
        () -> {
          parking.advance(30);
          lane.close();
        });
    assertThrows(Refusal.class, () -> lane.acquire(new Hold<>(Terms.labelled("late")), PATIENCE));
    assertEquals(List.of("CLOSED after 30"), told);
  }

  @Test
  void refuseOwn_threadHoldsTheOnlySlot_isToldAsARefusal() throws Refusal {
    Hold<String> own = new Hold<>(Terms.labelled("own"));
    lane.acquire(own, 0);
    told.clear();
    assertThrows(Refusal.class, lane::refuseOwn);
    assertEquals(List.of("OWN_HOLD after 0"), told);
  }

  @Test
  void refuseOwn_ownHoldIsForgotten_isNotRefused() throws Refusal {
    Hold<String> own = new Hold<>(Terms.labelled("own"));
    own.keptBy(new Object());
    lane.acquire(own, 0);
    AlarmFixture.await(own::isForgotten);
    lane.refuseOwn();
    assertEquals(List.of("granted after 0"), told);
  }

  // Those who keep others waiting

  @Test
  void noticeDelay_somebodyHoldsIt_isToldAside() throws Refusal {
    held("other");
    told.clear();
    assertTrue(lane.noticeDelay(7));
    assertEquals(List.of(), told);
    parking.asides().forEach(Runnable::run);
    assertEquals(List.of("DELAYING for 7"), told);
    assertEquals(1, tally.troubles(Trouble.DELAYING));
  }

  @Test
  void noticeDelay_nobodyHoldsIt_isNotTold() {
    assertFalse(lane.noticeDelay(7));
    assertEquals(List.of(), parking.asides());
  }

  @Test
  void noticeDelay_itsHoldIsOver_isNotTold() throws Refusal {
    assertTrue(held("other").end());
    assertFalse(lane.noticeDelay(7));
    assertEquals(List.of(), parking.asides());
  }

  // Those who hold it, or did

  @Test
  void heldBy_threadHoldsASlot_isItsHold() throws Refusal {
    Hold<String> other = held("other");
    Thread thread = other.thread();
    assertNotNull(thread);
    assertSame(other, lane.heldBy(thread));
    assertNull(lane.heldBy(Thread.currentThread()));
    giveBack(other);
    assertNull(lane.heldBy(thread));
  }

  /** Somebody holds it for so long, and then one who has waited for less. */
  private Hold<String> heldAfter(long nanos, long waited) throws Refusal {
    Hold<String> other = held("long");
    parking.advance(nanos - waited);
    parking.atPark(
        () -> {
          parking.advance(waited);
          giveBack(other);
        });
    Hold<String> hold = new Hold<>(Terms.labelled("next"));
    lane.acquire(hold, 2 * waited);
    return hold;
  }

  @Test
  void before_anotherHeldItForLong_isThatOne() throws Refusal {
    Hold<String> hold = heldAfter(LONG, LONG / 2);
    Before before = lane.before(hold, LONG / 2);
    assertNotNull(before);
    assertEquals("long", before.label());
    assertNotNull(lane.before(hold, 0), "it came as the other one ended");
    parking.advance(1);
    giveBack(hold);
    assertNull(lane.before(hold, LONG / 2), "its hold is over");
  }

  @Test
  void before_anotherHeldItForLongBeforeItAsked_isNobody() throws Refusal {
    giveBack(heldAfter(LONG, LONG / 2));
    parking.advance(1);
    Hold<String> other = held("quick");
    parking.atPark(() -> giveBack(other));
    Hold<String> hold = new Hold<>(Terms.labelled("next"));
    lane.acquire(hold, PATIENCE);
    assertNull(lane.before(hold, 0));
  }
}
