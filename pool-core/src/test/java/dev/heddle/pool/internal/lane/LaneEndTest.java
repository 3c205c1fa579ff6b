package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How slots come back when something fails on the way, and who waits until all are back. */
class LaneEndTest {

  private static final long PATIENCE = 100;

  private final ScriptedParking parking = new ScriptedParking();
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void scriptIsPlayed() {
    assertTrue(parking.isPlayed(), "the script was not played to its end");
    assertFalse(Thread.interrupted(), "a test left the flag set");
  }

  private Lane<String> lane(Turnover<String> turnover, String... resources) {
    return new Lane<>(
        "test",
        List.of(resources),
        Lane.UNLIMITED,
        Terms.FOR_EVER,
        turnover,
        new Tally<>(),
        parking);
  }

  private static Hold<String> acquire(Lane<String> lane) throws Refusal {
    Hold<String> hold = new Hold<>(Terms.labelled(null));
    lane.acquire(hold, PATIENCE);
    return hold;
  }

  private static Hold<String> anotherThreads(Lane<String> lane) throws Refusal {
    Hold<String> hold =
        new Hold<>(Thread.ofVirtual().unstarted(() -> {}), Terms.labelled("another"));
    lane.acquire(hold, 0);
    return hold;
  }

  private static void release(Lane<String> lane, Hold<String> hold) {
    assertTrue(hold.end());
    lane.handBack(hold);
  }

  /** Another thread can use the lane: its lock is free. */
  private static LaneView<String> seenFromElsewhere(Lane<String> lane) {
    return CompletableFuture.supplyAsync(lane::view).join();
  }

  // Between two holders

  /** Settles, tells of it, and gives another resource; which may fail. */
  private final class Renewing implements Turnover<String> {

    boolean fails;

    @Override
    public String clean(String resource) {
      return resource;
    }

    @Override
    public Runnable settle(String resource) {
      return () -> log.add("told");
    }

    @Override
    public String renew(String resource) {
      if (fails) {
        throw new IllegalStateException("planned");
      }
      return resource + "'";
    }
  }

  @Test
  void renew_somebodyWaits_theNextHasTheNewOne() throws Refusal {
    Lane<String> lane = lane(new Renewing(), "A");
    Hold<String> first = anotherThreads(lane);
    parking.atPark(() -> release(lane, first));
    Hold<String> next = acquire(lane);
    assertEquals("A'", next.resource());
    release(lane, next);
  }

  @Test
  void renew_fails_thoseWhoWaitForTheOutcomeAreTold() throws Refusal {
    Renewing turnover = new Renewing();
    Lane<String> lane = lane(turnover, "A");
    Hold<String> hold = acquire(lane);
    turnover.fails = true;
    assertThrows(IllegalStateException.class, () -> release(lane, hold));
    assertEquals(List.of("told"), log);
    assertTrue(Scene.isEachIdle(lane.view()));
  }

  @Test
  void retirement_fails_thoseWhoWaitForTheOutcomeAreTold() throws Refusal {
    Lane<String> lane = lane(new Renewing(), "A");
    Hold<String> hold = acquire(lane);
    lane.close();
    lane.retire(
        resource -> {
          throw new IllegalStateException("planned");
        });
    assertThrows(IllegalStateException.class, () -> release(lane, hold));
    assertEquals(List.of("told"), log);
  }

  // Somebody gave up

  @Test
  void waiter_cantPark_leavesTheLaneToOthers() throws Refusal {
    Lane<String> lane = lane(r -> r, "A", "B");
    Hold<String> own = acquire(lane);
    Hold<String> another = anotherThreads(lane);
    parking.atPark(
        () -> {
          throw new OutOfMemoryError("planned");
        });
    assertThrows(OutOfMemoryError.class, () -> acquire(lane));
    assertEquals(0, seenFromElsewhere(lane).waiting());
    assertNobodyIsMarked(lane);
    release(lane, another);
    release(lane, own);
  }

  @Test
  void close_waiterHoldsASlot_isNoMoreMarkedAsWaiting() throws Refusal {
    Lane<String> lane = lane(r -> r, "A", "B");
    Hold<String> own = acquire(lane);
    Hold<String> another = anotherThreads(lane);
    parking.atPark(lane::close);
    assertThrows(Refusal.class, () -> acquire(lane));
    assertNobodyIsMarked(lane);
    release(lane, another);
    release(lane, own);
  }

  /** Else a holder would be refused who wants to wait: every other one seems to wait already. */
  private static void assertNobodyIsMarked(Lane<String> lane) {
    assertFalse(lane.holds().stream().anyMatch(hold -> hold.slot().ownerWaits));
  }

  @Test
  void heldBy_asked_leavesTheLaneToOthers() throws Refusal {
    Lane<String> lane = lane(r -> r, "A");
    Hold<String> hold = acquire(lane);
    lane.heldBy(Thread.currentThread());
    lane.before(hold, 0);
    assertEquals(1, seenFromElsewhere(lane).holders().size());
    release(lane, hold);
  }

  // All are back

  @Test
  void awaitAllBack_theLastComesBack_isWokenOnceAndForThat() throws Refusal {
    Lane<String> lane = lane(r -> r, "A", "B");
    Hold<String> one = acquire(lane);
    Hold<String> two = acquire(lane);
    lane.close();
    parking
        .atPark(
            () -> {
              parking.advance(30);
              release(lane, one);
              assertEquals(List.of(), parking.unparked());
            })
        .atPark(
            () -> {
              release(lane, two);
              assertEquals(List.of(Thread.currentThread()), parking.unparked());
            });
    assertTrue(lane.awaitAllBack(PATIENCE));
    assertEquals(List.of(PATIENCE, PATIENCE - 30), parking.patiences());
  }

  @Test
  void awaitAllBack_timeIsUp_isFalse() throws Refusal {
    parking.advance(1_000);
    Lane<String> lane = lane(r -> r, "A");
    Hold<String> hold = acquire(lane);
    lane.close();
    parking.atPark(() -> parking.advance(PATIENCE));
    assertFalse(lane.awaitAllBack(PATIENCE));
    release(lane, hold);
    assertTrue(lane.awaitAllBack(0));
  }

  @Test
  void awaitAllBack_interrupted_waitsOnAndKeepsTheFlag() throws Refusal {
    Lane<String> lane = lane(r -> r, "A");
    Hold<String> hold = acquire(lane);
    lane.close();
    parking.atPark(Thread.currentThread()::interrupt).atPark(() -> release(lane, hold));
    assertTrue(lane.awaitAllBack(PATIENCE));
    assertTrue(Thread.interrupted());
    assertTrue(lane.awaitAllBack(PATIENCE));
    assertFalse(Thread.interrupted());
  }
}
