package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What offers leave behind, in the lane around them. */
class LaneOffersTest {

  private static final long MILLI = 1_000_000;
  private static final long PATIENCE = 20 * MILLI;

  private final ScriptedParking parking = new ScriptedParking();

  private static <R> Lane<R> lane(Parking parking, Turnover<R> turnover, List<R> resources) {
    return new Lane<>(
        "test", resources, Lane.UNLIMITED, Terms.FOR_EVER, turnover, new Tally<>(), parking);
  }

  private static Hold<String> newcomer(Lane<String> lane) {
    Hold<String> hold =
        new Hold<>(Thread.ofVirtual().unstarted(() -> {}), Terms.labelled("newcomer"));
    assertDoesNotThrow(() -> lane.acquire(hold, 0));
    return hold;
  }

  private static Hold<String> own(Lane<String> lane, long patience) throws Refusal {
    Hold<String> hold = new Hold<>(Terms.labelled("own"));
    lane.acquire(hold, patience);
    return hold;
  }

  private static void giveBack(Lane<String> lane, Hold<String> hold) {
    assertTrue(hold.end());
    lane.handBack(hold);
  }

  /** Another thread takes what is left, and asks whether it could wait for more. */
  private static void assertAnotherHolderMayWait(Lane<String> lane) throws Exception {
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      other
          .submit(
              () -> {
                Hold<String> hold = own(lane, 0);
                lane.refuseOwn();
                giveBack(lane, hold);
                return null;
              })
          .get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void marks_waiterWithASlotGaveUp_areGone() throws Exception {
    Lane<String> lane = lane(parking, r -> r, List.of("A", "B"));
    Hold<String> mine = own(lane, 0);
    Hold<String> other = newcomer(lane);
    parking.atPark(() -> parking.advance(PATIENCE));
    assertThrows(Refusal.class, () -> own(lane, PATIENCE));
    giveBack(lane, other);
    assertAnotherHolderMayWait(lane);
    giveBack(lane, mine);
  }

  @Test
  void marks_waiterWithASlotWasServed_areGone() throws Exception {
    Lane<String> lane = lane(parking, r -> r, List.of("A", "B"));
    Hold<String> mine = own(lane, 0);
    Hold<String> other = newcomer(lane);
    parking.atPark(() -> giveBack(lane, other));
    giveBack(lane, own(lane, PATIENCE));
    assertAnotherHolderMayWait(lane);
    giveBack(lane, mine);
  }

  @Test
  void newcomer_oneSlotOnOfferAndOneIdle_takesTheIdleOne() throws Refusal {
    Lane<String> lane = lane(parking, r -> r, List.of("A", "B"));
    Hold<String> first = newcomer(lane);
    Hold<String> second = newcomer(lane);
    List<Hold<String>> newcomers = new ArrayList<>();
    parking.atPark(
        () -> {
          giveBack(lane, first);
          giveBack(lane, second);
          newcomers.add(newcomer(lane));
        });
    Hold<String> waiter = own(lane, PATIENCE);
    assertEquals("A", waiter.resource());
    assertEquals("B", newcomers.getFirst().resource());
  }

  @Test
  void close_severalOnOffer_allAreBack() {
    Lane<String> lane = lane(parking, r -> r, List.of("A", "B"));
    Hold<String> first = newcomer(lane);
    Hold<String> second = newcomer(lane);
    // The second waiter waits inside the park of the first.
    parking
        .atPark(
            () -> {
              assertThrows(Refusal.class, () -> own(lane, PATIENCE));
              assertEquals(2, lane.view().idle());
            })
        .atPark(
            () -> {
              giveBack(lane, first);
              giveBack(lane, second);
              assertEquals(2, lane.view().waiting());
              lane.close();
            });
    Refusal refusal = assertThrows(Refusal.class, () -> own(lane, PATIENCE));
    assertEquals(Refusal.Reason.CLOSED, refusal.reason());
    assertTrue(lane.awaitAllBack(0));
  }

  @Test
  void close_oneOfThoseOnOfferCantBeSettled_allAreBack() {
    Turnover<String> failing =
        new Unsettled(
            () -> {
              throw new IllegalStateException("planned");
            });
    Lane<String> lane = lane(parking, failing, List.of("A", "B"));
    Hold<String> first = newcomer(lane);
    Hold<String> second = newcomer(lane);
    parking
        .atPark(() -> assertThrows(Refusal.class, () -> own(lane, PATIENCE)))
        .atPark(
            () -> {
              giveBack(lane, first);
              giveBack(lane, second);
              assertThrows(IllegalStateException.class, lane::close);
            });
    assertThrows(Refusal.class, () -> own(lane, PATIENCE));
    assertTrue(lane.awaitAllBack(0));
  }

  @Test
  void hold_grantedAfterAWait_countsFromTheGrant() throws Refusal {
    Lane<String> lane = lane(parking, r -> r, List.of("A"));
    Hold<String> first = newcomer(lane);
    parking.atPark(
        () -> {
          parking.advance(5);
          giveBack(lane, first);
          parking.advance(3);
        });
    assertEquals(8, own(lane, PATIENCE).sinceNanos());
  }

  @Test
  void alarm_waiterIsOvertakenWhenItsTimeIsUp_ringsForItAtOnce() {
    Bells bells = new Bells();
    Lane<String> lane = lane(bells, r -> r, List.of("A"));
    Hold<String> first = newcomer(lane);
    bells.inPark(
        () -> {
          giveBack(lane, first);
          bells.passTo(2_000 * MILLI); // rings, finds nobody who waits or holds, and is not set
          newcomer(lane);
          int before = bells.unparked().size();
          bells.passTo(2_001 * MILLI);
          assertEquals(before + 1, bells.unparked().size());
        });
    assertThrows(Refusal.class, () -> own(lane, PATIENCE));
  }

  @Test
  void alarm_offerIsWithdrawnToBeSettled_ringsForTheWaiterMeanwhile() throws Refusal {
    Bells bells = new Bells();
    List<Integer> rings = new ArrayList<>();
    Turnover<String> slow =
        new Unsettled(
            () -> {
              int before = bells.unparked().size();
              bells.passTo(bells.now() + MILLI);
              rings.add(bells.unparked().size() - before);
            });
    Lane<String> lane = lane(bells, slow, List.of("A"));
    Hold<String> first = newcomer(lane);
    bells.inPark(
        () -> {
          giveBack(lane, first);
          bells.passTo(2_000 * MILLI);
          lane.settleUnused();
        });
    own(lane, PATIENCE);
    assertEquals(List.of(1), rings);
  }

  @Test
  void queue_firstIsPutBack_theOneBehindItCanStillLeave() {
    WaiterQueue<String> queue = new WaiterQueue<>();
    Waiter<String> first = waiter();
    Waiter<String> second = waiter();
    queue.add(second);
    queue.addFirst(first);
    queue.remove(second);
    assertEquals(1, queue.size());
    assertEquals(first, queue.poll());
  }

  private static Waiter<String> waiter() {
    Thread thread = Thread.ofVirtual().unstarted(() -> {});
    return new Waiter<>(new Hold<>(thread, Terms.labelled(null)), 0, 0, false);
  }
}
