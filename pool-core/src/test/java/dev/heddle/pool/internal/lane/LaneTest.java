package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lanes with real threads. */
class LaneTest {

  private static final long LONG = TimeUnit.SECONDS.toNanos(60);

  private final List<Lane<String>> lanes = new ArrayList<>();

  private Lane<String> lane(int queueLimit, Turnover<String> turnover, String... resources) {
    Lane<String> lane =
        new Lane<>(
            "test",
            List.of(resources),
            queueLimit,
            Terms.FOR_EVER,
            turnover,
            new Tally<>(),
            Parking.SYSTEM);
    lanes.add(lane);
    return lane;
  }

  private Lane<String> lane(String... resources) {
    return lane(Lane.UNLIMITED, r -> r, resources);
  }

  /** Gives another resource each time, and notes which one there was. */
  private static Turnover<String> noting(List<String> cleaned) {
    return resource -> {
      cleaned.add(resource);
      return resource + "'";
    };
  }

  @Test
  void giveUp_somethingFailedAfterTheGrant_theSlotIsBack() {
    List<String> cleaned = new ArrayList<>();
    Lane<String> lane = lane(Lane.UNLIMITED, noting(cleaned), "A");
    Hold<String> hold = new Hold<>(Terms.labelled("unlucky"));
    hold.watchedBy(
        new HoldWatch() {
          @Override
          public void waits() {}

          @Override
          public void granted(long waitedNanos) {
            throw new OutOfMemoryError("planned");
          }

          @Override
          public void back() {}
        });
    assertThrows(OutOfMemoryError.class, () -> lane.acquire(hold, 0));
    assertEquals(0, lane.view().idle());

    lane.giveUp(hold);

    assertEquals(List.of("A"), cleaned);
    lane.giveUp(hold);
    lane.giveUp(new Hold<>(Terms.labelled("never granted")));
    assertEquals(List.of("A"), cleaned, "once is enough");
  }

  @Test
  void renewIdle_oneIsHeld_cleansTheOthers() throws Refusal {
    List<String> cleaned = new ArrayList<>();
    Lane<String> lane = lane(Lane.UNLIMITED, noting(cleaned), "A", "B", "C");
    Hold<String> hold = new Hold<>(Terms.labelled("holder"));
    lane.acquire(hold, 0);

    lane.renewIdle();

    assertEquals(2, cleaned.size());
    assertFalse(cleaned.contains(hold.resource()));
    assertEquals(2, lane.resources().stream().filter(r -> r.endsWith("'")).count());
    assertEquals(2, CompletableFuture.supplyAsync(() -> lane.view().idle()).join());
    hold.end();
    lane.handBack(hold);
    lane.close();
    lane.renewIdle();
    assertEquals(3, cleaned.size());
  }

  @AfterEach
  void everySlotIsBack() {
    for (Lane<String> lane : lanes) {
      LaneView<?> view = lane.view();
      assertTrue(Scene.isEachIdle(view), view::toString);
      assertEquals(0, view.waiting());
    }
  }

  private static Hold<String> acquire(Lane<String> lane) throws Refusal {
    Hold<String> hold = new Hold<>(Terms.labelled(null));
    lane.acquire(hold, LONG);
    return hold;
  }

  private static void release(Lane<String> lane, Hold<String> hold) {
    assertTrue(hold.end());
    lane.handBack(hold);
  }

  private static Refusal.Reason refusal(Lane<String> lane) {
    return assertThrows(Refusal.class, () -> lane.acquire(new Hold<>(Terms.labelled(null)), LONG))
        .reason();
  }

  private static Refusal.Reason refusalIn(Exception e) {
    return assertInstanceOf(Refusal.class, e.getCause()).reason();
  }

  /** Runs on a virtual thread of its own. */
  private static <T> CompletableFuture<T> async(Callable<T> task) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            future.complete(task.call());
          } catch (Throwable t) {
            future.completeExceptionally(t);
          }
        });
    return future;
  }

  /** Nothing else tells that a thread has queued up; bounded by the test's own time limit. */
  private static void awaitWaiting(Lane<String> lane, int waiting) {
    while (lane.view().waiting() != waiting) {
      LockSupport.parkNanos(100_000);
    }
  }

  @Test
  void idleSlots_lastUsed_isGivenFirst() throws Refusal {
    Lane<String> lane = lane("A", "B", "C");
    Hold<String> one = acquire(lane);
    Hold<String> two = acquire(lane);
    release(lane, one);
    release(lane, two);
    Hold<String> next = acquire(lane);
    assertEquals(two.resource(), next.resource());
    release(lane, next);
  }

  // What is to be done when a slot is back

  /** Something that ends a hold. */
  enum End {
    BY_ITS_HOLDER {
      @Override
      void of(Hold<String> hold, Lane<String> lane) {
        release(lane, hold);
      }
    },
    IN_ITS_LAST_CALL {
      @Override
      void of(Hold<String> hold, Lane<String> lane) {
        assertTrue(lane.enter(hold));
        hold.endInCall();
        lane.handBack(hold);
      }
    },
    BY_ANOTHER_DURING_A_CALL {
      @Override
      void of(Hold<String> hold, Lane<String> lane) {
        assertTrue(lane.enter(hold));
        assertFalse(hold.end());
        assertFalse(hold.exit());
        lane.handBack(hold);
      }
    },
    REVOKED {
      @Override
      void of(Hold<String> hold, Lane<String> lane) {
        lane.revokeAll();
      }
    },
    REVOKED_DURING_A_CALL {
      @Override
      void of(Hold<String> hold, Lane<String> lane) {
        assertTrue(lane.enter(hold));
        lane.revokeAll();
        assertFalse(hold.exit());
        lane.handBack(hold);
      }
    };

    abstract void of(Hold<String> hold, Lane<String> lane);
  }

  @ParameterizedTest
  @EnumSource
  void whenBack_holdEnds_isDoneOnceWhenTheSlotHasGoneOn(End end) throws Refusal {
    Lane<String> lane = lane("A");
    List<Integer> idle = new ArrayList<>();
    Hold<String> hold = new Hold<>(Terms.labelled(null));
    hold.whenBack(() -> idle.add(lane.view().idle()));
    lane.acquire(hold, 0);
    assertEquals(List.of(), idle);

    end.of(hold, lane);

    assertEquals(List.of(1), idle);
    assertFalse(hold.end());
    lane.revokeAll();
    assertEquals(List.of(1), idle);
  }

  @Test
  void whenBack_takenOffInTheLastCall_isNotDone() throws Refusal {
    Lane<String> lane = lane("A");
    List<String> done = new ArrayList<>();
    Hold<String> hold = acquire(lane);
    hold.whenBack(() -> done.add("back"));
    assertTrue(lane.enter(hold));
    hold.whenBack(Turnover.NOTHING);
    hold.endInCall();
    lane.handBack(hold);
    assertEquals(List.of(), done);
  }

  @Test
  void whenBack_turnoverThrows_isDone() throws Refusal {
    List<String> done = new ArrayList<>();
    Lane<String> lane =
        lane(
            Lane.UNLIMITED,
            r -> {
              throw new IllegalStateException("planned");
            },
            "A");
    Hold<String> hold = acquire(lane);
    hold.whenBack(() -> done.add("back"));
    assertThrows(IllegalStateException.class, () -> release(lane, hold));
    assertEquals(List.of("back"), done);
  }

  @Test
  void refuseOwn_threadHoldsTheOnlySlot_isRefused() throws Refusal {
    Lane<String> lane = lane("A");
    Hold<String> hold = acquire(lane);
    assertEquals(Refusal.Reason.OWN_HOLD, assertThrows(Refusal.class, lane::refuseOwn).reason());
    release(lane, hold);
    lane.refuseOwn();
  }

  @Test
  void refuseOwn_anotherThreadHoldsTheOnlySlot_isNotRefused() throws Exception {
    Lane<String> lane = lane("A");
    Hold<String> hold = async(() -> acquire(lane)).get(30, TimeUnit.SECONDS);
    lane.refuseOwn();
    release(lane, hold);
  }

  @Test
  void refuseOwn_threadHoldsOneSlotAndAnotherIsIdle_isNotRefused() throws Refusal {
    Lane<String> lane = lane("A", "B");
    Hold<String> hold = acquire(lane);
    lane.refuseOwn();
    release(lane, hold);
  }

  @Test
  void waiters_slotComesBack_areServedInOrderOfArrival() throws Exception {
    Lane<String> lane = lane("A");
    Hold<String> holder = acquire(lane);
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int number = i;
      all.add(
          async(
              () -> {
                Hold<String> hold = acquire(lane);
                served.add(number);
                release(lane, hold);
                return null;
              }));
      awaitWaiting(lane, i + 1);
    }
    release(lane, holder);
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get(30, TimeUnit.SECONDS);
    assertEquals(IntStream.range(0, 20).boxed().toList(), served);
  }

  @Test
  void queue_atItsLimit_refusesAtOnce() throws Exception {
    Lane<String> lane = lane(1, r -> r, "A");
    CompletableFuture<Hold<String>> holder = async(() -> acquire(lane));
    Hold<String> held = holder.get(30, TimeUnit.SECONDS);
    CompletableFuture<Hold<String>> waiter = async(() -> acquire(lane));
    awaitWaiting(lane, 1);
    assertEquals(Refusal.Reason.QUEUE_FULL, refusal(lane));
    release(lane, held);
    release(lane, waiter.get(30, TimeUnit.SECONDS));
  }

  @Test
  void onlySlot_heldByTheCaller_isRefusedAtOnce() throws Refusal {
    Lane<String> lane = lane("A");
    Hold<String> hold = acquire(lane);
    assertEquals(Refusal.Reason.OWN_HOLD, refusal(lane));
    release(lane, hold);
  }

  @Test
  void allSlots_heldByThreadsThatWaitForMore_refuseTheLastToAsk() throws Exception {
    Lane<String> lane = lane("A", "B");
    CompletableFuture<Hold<String>> second = new CompletableFuture<>();
    CompletableFuture<Hold<String>> first = new CompletableFuture<>();
    CompletableFuture<Void> other =
        async(
            () -> {
              Hold<String> hold = acquire(lane);
              second.complete(hold);
              first.get(30, TimeUnit.SECONDS);
              Hold<String> more = acquire(lane);
              release(lane, more);
              release(lane, hold);
              return null;
            });
    second.get(30, TimeUnit.SECONDS);
    Hold<String> mine = acquire(lane);
    first.complete(mine);
    awaitWaiting(lane, 1);
    assertEquals(Refusal.Reason.OWN_HOLD, refusal(lane));
    release(lane, mine);
    other.get(30, TimeUnit.SECONDS);
    // The marks are gone with the wait: holding one and asking for another is fine again.
    Hold<String> one = acquire(lane);
    Hold<String> two = acquire(lane);
    release(lane, one);
    release(lane, two);
  }

  @Test
  void ownSlot_overButStillInItsCall_isNoReasonToRefuse() throws Exception {
    Lane<String> lane = lane("A");
    Hold<String> hold = acquire(lane);
    assertTrue(hold.enter());
    assertFalse(hold.end(), "the call hands it back");
    CompletableFuture<Void> call =
        async(
            () -> {
              awaitWaiting(lane, 1);
              assertFalse(hold.exit());
              lane.handBack(hold);
              return null;
            });
    release(lane, acquire(lane));
    call.get(30, TimeUnit.SECONDS);
  }

  @Test
  void close_threadsWaiting_turnsThemAway() throws Exception {
    Lane<String> lane = lane("A");
    Hold<String> holder = acquire(lane);
    CompletableFuture<Hold<String>> waiter = async(() -> acquire(lane));
    awaitWaiting(lane, 1);
    lane.close();
    Exception e = assertThrows(Exception.class, () -> waiter.get(30, TimeUnit.SECONDS));
    assertEquals(Refusal.Reason.CLOSED, refusalIn(e));
    assertEquals(Refusal.Reason.CLOSED, refusal(lane));
    release(lane, holder);
  }

  @Test
  void close_holderFinishes_awaitAllBackReturnsThen() throws Exception {
    Lane<String> lane = lane("A", "B");
    Hold<String> holder = acquire(lane);
    lane.close();
    assertFalse(lane.awaitAllBack(0));
    CompletableFuture<Boolean> drained = async(() -> lane.awaitAllBack(LONG));
    release(lane, holder);
    assertTrue(drained.get(30, TimeUnit.SECONDS));
  }

  @Test
  void revokeAll_holderBetweenCalls_losesTheSlotAtOnce() throws Refusal {
    List<String> cleaned = new ArrayList<>();
    Lane<String> lane =
        lane(
            Lane.UNLIMITED,
            r -> {
              cleaned.add(r);
              return r;
            },
            "A");
    Hold<String> hold = acquire(lane);
    lane.revokeAll();
    assertEquals(List.of("A"), cleaned);
    assertFalse(hold.enter());
    assertTrue(hold.isRevoked());
    assertFalse(hold.end(), "it was handed back already");
  }

  @Test
  void retire_slotStillOut_retiresItWhenItComesBack() throws Refusal {
    Lane<String> lane = lane("A", "B");
    Hold<String> hold = acquire(lane);
    lane.close();
    List<String> retired = new ArrayList<>();
    lane.retire(retired::add);
    assertEquals(1, retired.size());
    release(lane, hold);
    assertEquals(2, retired.size());
    assertEquals(List.of("A", "B"), retired.stream().sorted().toList());
  }

  @Test
  void cleaner_givesAnotherResource_nextHolderHasThat() throws Refusal {
    Lane<String> lane = lane(Lane.UNLIMITED, r -> r + "'", "A");
    release(lane, acquire(lane));
    Hold<String> next = acquire(lane);
    assertEquals("A'", next.resource());
    release(lane, next);
  }

  @Test
  void cleaner_throws_slotIsPassedOnAllTheSame() throws Refusal {
    Lane<String> lane =
        lane(
            Lane.UNLIMITED,
            r -> {
              throw new IllegalStateException("planned");
            },
            "A");
    Hold<String> hold = acquire(lane);
    assertTrue(hold.end());
    assertThrows(IllegalStateException.class, () -> lane.handBack(hold));
    assertEquals(1, lane.view().idle());
  }

  @Test
  void acquireUncounted_queueIsFull_waitsAndIsNotTold() throws Exception {
    Tally<String> tally = new Tally<>();
    Lane<String> lane =
        new Lane<>("test", List.of("A"), 0, Terms.FOR_EVER, r -> r, tally, Parking.SYSTEM);
    lanes.add(lane);
    Hold<String> user = acquire(lane);
    assertEquals(Refusal.Reason.QUEUE_FULL, async(() -> refusal(lane)).get());

    CompletableFuture<Hold<String>> waiting =
        async(
            () -> {
              Hold<String> own = new Hold<>(Terms.labelled("own"));
              lane.acquireUncounted(own, LONG);
              return own;
            });
    while (lane.view().waiting() == 0) {
      Thread.onSpinWait();
    }
    release(lane, user);

    release(lane, waiting.get());
    assertEquals(1, tally.granted());
  }
}
