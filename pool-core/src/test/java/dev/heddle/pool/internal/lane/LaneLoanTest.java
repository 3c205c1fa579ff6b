package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody settles what is in the resource of a holder who has not used it: who has it when. */
class LaneLoanTest {

  private static final long LONG = TimeUnit.SECONDS.toNanos(60);

  private final List<String> log = new ArrayList<>();
  private final Script turnover = new Script();
  private final Lane<String> lane =
      new Lane<>(
          "test",
          List.of("A"),
          Lane.UNLIMITED,
          Terms.FOR_EVER,
          turnover,
          new Tally<>(),
          Parking.SYSTEM);
  private final Hold<String> hold = new Hold<>(Terms.labelled("holder"));

  LaneLoanTest() throws Refusal {
    lane.acquire(hold, 0);
  }

  @AfterEach
  void slotIsInPlace() {
    LaneView<?> view = lane.view();
    assertEquals(1, view.idle() + view.holders().size());
    assertEquals(0, view.waiting());
  }

  /** Notes what it is asked for, and settles as the test says. */
  private final class Script implements Turnover<String> {

    private Runnable settling = () -> {};

    @Override
    public String clean(String resource) {
      log.add("clean");
      return resource;
    }

    @Override
    public Runnable settle(String resource) {
      log.add("settle");
      settling.run();
      return () -> log.add("tell");
    }
  }

  private void assertLog(String... lines) {
    assertEquals(List.of(lines), log);
  }

  @Test
  void settleUnused_holderIsUnused_settlesAndLeavesItThere() {
    lane.settleUnused();
    assertLog("settle", "tell");
    assertTrue(lane.enter(hold));
    assertTrue(hold.exit());
  }

  @Test
  void settleUnused_slotIsIdle_doesNothing() {
    assertTrue(hold.end());
    lane.handBack(hold);
    log.clear();
    lane.settleUnused();
    assertLog();
  }

  @Test
  void settleUnused_holderInACall_doesNothing() {
    assertTrue(lane.enter(hold));
    lane.settleUnused();
    assertLog();
    assertTrue(hold.exit());
    lane.settleUnused();
    assertLog("settle", "tell");
  }

  @Test
  void settleUnused_holderHasUsedIt_doesNothing() {
    assertTrue(lane.enter(hold));
    hold.use();
    assertTrue(hold.exit());
    lane.settleUnused();
    assertLog();
  }

  @Test
  void settleUnused_holdIsOverAndNotYetBack_doesNothing() {
    assertTrue(hold.end());
    lane.settleUnused();
    assertLog();
    lane.handBack(hold);
    assertLog("clean", "settle", "tell");
  }

  @Test
  void settleUnused_holdEndedMeanwhile_tellsBeforeItHandsBack() {
    turnover.settling =
        () -> {
          turnover.settling = () -> {};
          assertFalse(hold.end(), "the borrower hands back");
        };
    lane.settleUnused();
    assertLog("settle", "tell", "clean", "settle", "tell");
    assertEquals(1, lane.view().idle());
  }

  @Test
  void settleUnused_holdEndedMeanwhile_handsBackWithoutKeepingOthersFromALoan() throws Exception {
    CountDownLatch back = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    hold.whenBack(
        () -> {
          back.countDown();
          LaneLoanTest.await(go);
        });
    turnover.settling =
        () -> {
          turnover.settling = () -> {};
          assertFalse(hold.end(), "the borrower hands back");
        };
    FutureTask<Void> borrower = new FutureTask<>(lane::settleUnused, null);
    Thread.ofVirtual().start(borrower);
    assertTrue(back.await(60, TimeUnit.SECONDS));

    Hold<String> next = new Hold<>(Terms.labelled("next"));
    lane.acquire(next, 0);
    lane.settleUnused(); // would do nothing if somebody kept the right to borrow
    assertEquals("settle", log.get(log.size() - 2));
    assertTrue(lane.enter(next));
    next.endInCall();
    lane.handBack(next);
    go.countDown();
    borrower.get(60, TimeUnit.SECONDS);
  }

  @Test
  void settleUnused_holdEndedMeanwhile_doesWhatIsToBeDoneWhenItIsBack() {
    hold.whenBack(() -> log.add("back, idle: " + lane.view().idle()));
    turnover.settling =
        () -> {
          turnover.settling = () -> {};
          assertFalse(hold.end(), "the borrower hands back");
        };
    lane.settleUnused();
    assertLog("settle", "tell", "clean", "settle", "tell", "back, idle: 1");
  }

  @Test
  void settleUnused_holderIsUnused_isNotBack() {
    hold.whenBack(() -> log.add("back"));
    lane.settleUnused();
    assertLog("settle", "tell");
  }

  @Test
  void settleUnused_holdRevokedMeanwhile_handsBack() {
    turnover.settling =
        () -> {
          turnover.settling = () -> {};
          assertEquals(List.of(hold), lane.revokeAll());
          assertEquals(1, lane.view().holders().size(), "the borrower still has it");
        };
    lane.settleUnused();
    assertTrue(hold.isRevoked());
    assertEquals(1, lane.view().idle());
    assertFalse(lane.enter(hold));
  }

  @Test
  void settleUnused_retiredMeanwhile_handsBackAndRetires() {
    List<String> retired = new ArrayList<>();
    turnover.settling =
        () -> {
          turnover.settling = () -> {};
          lane.close();
          lane.revokeAll();
          lane.retire(retired::add);
          assertEquals(List.of(), retired, "the borrower still has it");
        };
    lane.settleUnused();
    assertEquals(List.of("A"), retired);
  }

  @Test
  void settleUnused_settlingThrows_isGivenBackAllTheSame() {
    turnover.settling =
        () -> {
          throw new IllegalStateException("planned");
        };
    assertThrows(IllegalStateException.class, lane::settleUnused);
    assertTrue(lane.enter(hold));
    assertTrue(hold.exit());
    turnover.settling = () -> {};
    lane.settleUnused();
    assertLog("settle", "settle", "tell");
  }

  @Test
  void settleUnused_whileSomebodyDoes_doesNothing() throws Exception {
    turnover.settling =
        () -> {
          CompletableFuture.runAsync(lane::settleUnused).join();
        };
    lane.settleUnused();
    assertLog("settle", "tell");
  }

  @Test
  void enter_overOrInACall_isRefusedAtOnce() {
    assertTrue(lane.enter(hold));
    assertFalse(lane.enter(hold));
    assertTrue(hold.exit());
    assertTrue(hold.end());
    assertFalse(lane.enter(hold));
    lane.handBack(hold);
  }

  /** Enters while the resource is lent; what is to happen during the loan, happens then. */
  private boolean enterDuringLoan(Runnable duringLoan) throws Exception {
    CountDownLatch lent = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    turnover.settling =
        () -> {
          turnover.settling = () -> {};
          lent.countDown();
          await(over);
        };
    Thread borrower = Thread.startVirtualThread(lane::settleUnused);
    await(lent);
    FutureTask<Boolean> enter = new FutureTask<>(() -> lane.enter(hold));
    Thread entering = Thread.startVirtualThread(enter);
    awaitParked(entering);
    duringLoan.run();
    over.countDown();
    boolean entered = enter.get(30, TimeUnit.SECONDS);
    borrower.join();
    return entered;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Nothing else tells that a thread waits for a lock; bounded by the test's own time limit. */
  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      LockSupport.parkNanos(100_000);
    }
  }

  @Test
  void enter_whileLent_waitsUntilItIsBack() throws Exception {
    assertTrue(enterDuringLoan(() -> log.add("during")));
    assertEquals(List.of("settle", "during"), log.subList(0, 2));
    assertTrue(hold.inCall());
    assertTrue(hold.exit());
    log.clear();
    lane.settleUnused();
    assertLog("settle", "tell");
  }

  @Test
  void enter_endedWhileLent_isRefusedAfterwards() throws Exception {
    assertFalse(enterDuringLoan(() -> assertFalse(hold.end())));
    assertTrue(hold.isOver());
    assertEquals(1, lane.view().idle());
  }

  @Test
  void enter_revokedWhileLent_isRefusedAfterwards() throws Exception {
    assertFalse(enterDuringLoan(() -> assertEquals(List.of(hold), lane.revokeAll())));
    assertTrue(hold.isRevoked());
    assertEquals(1, lane.view().idle());
  }

  @Test
  void enter_interruptedWhileLent_entersAndKeepsTheFlag() throws Exception {
    CountDownLatch lent = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    turnover.settling =
        () -> {
          lent.countDown();
          await(over);
        };
    Thread borrower = Thread.startVirtualThread(lane::settleUnused);
    await(lent);
    FutureTask<Boolean> enter =
        new FutureTask<>(() -> lane.enter(hold) && Thread.currentThread().isInterrupted());
    Thread entering = Thread.startVirtualThread(enter);
    awaitParked(entering);
    entering.interrupt();
    over.countDown();
    assertTrue(enter.get(30, TimeUnit.SECONDS));
    borrower.join();
    assertTrue(hold.exit());
  }

  @Test
  void waiter_comesWhileLentAndEnded_isHandedTheSlot() throws Exception {
    FutureTask<Hold<String>> waiter = new FutureTask<>(this::acquire);
    turnover.settling =
        () -> {
          turnover.settling = () -> {};
          Thread.startVirtualThread(waiter);
          while (lane.view().waiting() == 0) {
            LockSupport.parkNanos(100_000);
          }
          assertFalse(hold.end());
        };
    lane.settleUnused();
    Hold<String> next = waiter.get(30, TimeUnit.SECONDS);
    assertTrue(next.end());
    lane.handBack(next);
    assertEquals(1, lane.view().idle());
  }

  private Hold<String> acquire() throws Refusal {
    Hold<String> next = new Hold<>(Terms.labelled("next"));
    lane.acquire(next, LONG);
    return next;
  }
}
