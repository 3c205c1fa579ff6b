package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.lane.Outcome.Kind;
import dev.heddle.pool.internal.lane.ScriptedTransaction.How;
import dev.heddle.pool.internal.lane.ScriptedTransaction.Mishap;
import dev.heddle.pool.internal.lane.ScriptedTransaction.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Units that wait for what becomes of them. */
class GroupAwaitTest extends GroupScript {

  /** A lane with this transaction, which is held by somebody who has not used it. */
  private final class HeldLane {

    final Tally<ScriptedTransaction> tally = new Tally<>();

    final Lane<ScriptedTransaction> lane =
        new Lane<>(
            "test",
            List.of(transaction),
            Lane.UNLIMITED,
            Terms.FOR_EVER,
            new UnitTurnover(group),
            tally,
            parking);

    final Hold<ScriptedTransaction> hold =
        new Hold<>(Thread.ofVirtual().unstarted(() -> {}), Terms.labelled("holder"));

    HeldLane() {
      try {
        lane.acquire(hold, 0);
      } catch (Refusal e) {
        throw new AssertionError(e);
      }
    }

    Outcome await(Seat seat) {
      return group.await(seat, lane);
    }
  }

  /** A lane whose holder has begun this unit. */
  private HeldLane heldByUnit(int number) throws Mishap {
    HeldLane held = new HeldLane();
    assertTrue(held.lane.enter(held.hold));
    begin(number);
    held.hold.use();
    assertTrue(held.hold.exit());
    return held;
  }

  @Test
  void await_outcomeIsThere_doesNotPark() throws Mishap {
    Seat one = unit(1);
    settle();
    assertSame(one.outcome(), new HeldLane().await(one));
    assertEquals(List.of(), parking.patiences());
  }

  @Test
  void await_toldWhileParked_returnsIt() throws Mishap {
    Seat one = unit(1);
    transaction.fails(Step.COMMIT, How.LOST);
    parking.atPark(this::settle);
    assertEquals(Kind.FAILED, new HeldLane().await(one).kind());
  }

  @Test
  void await_spuriousWakeUp_parksForTheRest() throws Mishap {
    Seat one = unit(1);
    parking.atPark(() -> parking.advance(30)).atPark(this::settle);
    assertEquals(Outcome.COMMITTED, new HeldLane().await(one));
    assertEquals(List.of(MAX_AGE, MAX_AGE - 30), parking.patiences());
  }

  @Test
  void await_notFirst_parksWithoutALimitAndNeverSettles() throws Mishap {
    unit(1);
    Seat two = unit(2);
    transaction.newSteps();
    parking
        .atPark(() -> parking.advance(10 * MAX_AGE))
        .atPark(
            () -> {
              assertSteps();
              settle();
            });
    assertEquals(Outcome.COMMITTED, new HeldLane().await(two));
    assertEquals(List.of(ScriptedParking.FOREVER, ScriptedParking.FOREVER), parking.patiences());
  }

  @Test
  void await_firstAndTimeIsUp_settlesForTheHolderWhoHasNotBegun() throws Mishap {
    Seat one = unit(1);
    Seat two = unit(2);
    HeldLane held = new HeldLane();
    parking.atPark(() -> parking.advance(MAX_AGE));
    assertEquals(Outcome.COMMITTED, held.await(one));
    assertCommitted(two);
    assertCommitted(1, 2);
    assertTrue(held.lane.enter(held.hold), "the holder still has it");
    assertTold(2, 0);
  }

  @Test
  void await_firstAndTimeIsUpWhileTheHolderUsesIt_triesAgain() throws Mishap {
    Seat one = unit(1);
    HeldLane held = new HeldLane();
    assertTrue(held.lane.enter(held.hold));
    transaction.newSteps();
    parking
        .atPark(() -> parking.advance(MAX_AGE))
        .atPark(
            () -> {
              assertSteps();
              assertTrue(held.hold.exit());
              parking.advance(MAX_AGE);
            });
    assertEquals(Outcome.COMMITTED, held.await(one));
    assertEquals(List.of(MAX_AGE, MAX_AGE), parking.patiences());
  }

  @Test
  void await_firstAndTheHolderHasBegun_waitsForItsEnd() throws Mishap {
    Seat one = unit(1);
    HeldLane held = heldByUnit(2);
    parking
        .atPark(() -> parking.advance(MAX_AGE))
        .atPark(() -> parking.advance(MAX_AGE))
        .atPark(
            () -> {
              assertTrue(held.hold.end());
              held.lane.handBack(held.hold);
            });
    assertEquals(Outcome.COMMITTED, held.await(one));
    assertCommitted(1);
    assertTold(1, 1);
  }

  @Test
  void await_holderDelaysForLong_isToldOnceAndAside() throws Mishap {
    parking.advance(1_000);
    Seat one = unit(1);
    HeldLane held = heldByUnit(2);
    parking
        .atPark(() -> parking.advance(Group.DELAY_NANOS - 1))
        .atPark(
            () -> {
              assertEquals(0, parking.asides().size());
              parking.advance(MAX_AGE);
            })
        .atPark(
            () -> {
              parking.asides().forEach(Runnable::run);
              parking.advance(10 * Group.DELAY_NANOS);
            })
        .atPark(
            () -> {
              assertTrue(held.hold.end());
              held.lane.handBack(held.hold);
            });
    assertEquals(Outcome.COMMITTED, held.await(one));
    assertEquals(1, parking.asides().size());
    assertEquals(1, held.tally.troubles(Trouble.DELAYING));
  }

  @Test
  void await_interrupted_waitsOnAndKeepsTheFlag() throws Mishap {
    Seat one = unit(1);
    parking
        .atPark(() -> Thread.currentThread().interrupt())
        .atPark(
            () -> {
              assertFalse(Thread.currentThread().isInterrupted(), "parking would return at once");
              settle();
            });
    assertEquals(Outcome.COMMITTED, new HeldLane().await(one));
    assertTrue(Thread.interrupted());
  }

  @Test
  void await_interruptedAsItIsTold_keepsTheFlag() throws Mishap {
    Seat one = unit(1);
    parking.atPark(
        () -> {
          settle();
          Thread.currentThread().interrupt();
        });
    assertEquals(Outcome.COMMITTED, new HeldLane().await(one));
    assertTrue(Thread.interrupted());
  }

  @Test
  void await_notInterrupted_makesUpNoFlag() throws Mishap {
    Seat one = unit(1);
    parking.atPark(() -> parking.advance(1)).atPark(this::settle);
    assertEquals(Outcome.COMMITTED, new HeldLane().await(one));
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void await_flagSetBeforeAndOutcomeThere_keepsTheFlag() throws Mishap {
    Seat one = unit(1);
    settle();
    HeldLane held = new HeldLane();
    Thread.currentThread().interrupt();
    assertEquals(Outcome.COMMITTED, held.await(one));
    assertTrue(Thread.interrupted());
  }
}
