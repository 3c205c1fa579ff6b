package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.pool.internal.lane.Outcome.Kind;
import dev.heddle.pool.internal.lane.ScriptedTransaction.How;
import dev.heddle.pool.internal.lane.ScriptedTransaction.Mishap;
import dev.heddle.pool.internal.lane.ScriptedTransaction.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The commit of a group, and what its units are told of it. */
class GroupSettleTest extends GroupScript {

  @Test
  void settle_noUnit_isNothing() {
    assertSame(Turnover.NOTHING, group.settle());
    assertSteps();
    assertTold(0, 0);
  }

  @Test
  void settle_several_commitsOnceAndTellsAllOnlyAfterwards() throws Mishap {
    Seat one = unit(1);
    Seat two = unit(2);
    Runnable tell = group.settle();
    assertSteps(Step.BEGIN, Step.MARK, Step.KEEP, Step.COMMIT);
    assertEmpty();
    assertNotTold(one, two);
    tell.run();
    assertCommitted(one);
    assertCommitted(two);
    assertCommitted(1, 2);
    assertTold(2, 0);
  }

  // What is to be done once a unit is committed

  private final List<String> done = new ArrayList<>();

  /** A unit that notes that it is committed, if it is and nobody was told. */
  private Seat noting(int unit) throws Mishap {
    begin(unit);
    return keepNoting(unit);
  }

  private Seat keepNoting(int unit) throws Mishap {
    return Objects.requireNonNull(
        group.keep(() -> done.add(unit + " of " + transaction.committed())));
  }

  @Test
  void settle_several_doesWhatEachWantsAfterTheCommitAndBeforeItTells() throws Mishap {
    Seat one = noting(1);
    Seat two = noting(2);
    assertEquals(List.of(), done);
    Runnable tell = group.settle();
    assertEquals(List.of("1 of {1, 2}", "2 of {1, 2}"), done);
    assertNotTold(one, two);
    tell.run();
    assertCommitted(one);
    assertCommitted(two);
    assertEquals(2, done.size(), "done once");
  }

  @Test
  void settle_nextGroup_doesNothingForTheOneBefore() throws Mishap {
    noting(1);
    settle();
    done.clear();
    noting(2);
    settle();
    assertEquals(List.of("2 of {1, 2}"), done);
  }

  @Test
  void settle_commitFails_doesNothingForThem() throws Mishap {
    Seat one = noting(1);
    noting(2);
    transaction.fails(Step.COMMIT, How.LOST);
    settle();
    cause(Kind.FAILED, one);
    assertEquals(List.of(), done);
  }

  @Test
  void settle_refusedForTheLast_doesWhatTheOthersWant() throws Mishap {
    noting(1);
    noting(2);
    group.begin(transaction);
    transaction.writeUnwelcome(3);
    group.complete();
    Seat three = keepNoting(3);
    settle();
    cause(Kind.FAILED, three);
    assertEquals(List.of("1 of {1, 2}", "2 of {1, 2}"), done);
  }

  @Test
  void settle_refusedForTheLastAndTheSecondCommitFails_doesNothingForThem() throws Mishap {
    transaction.fails(Step.COMMIT, How.REFUSED).fails(Step.COMMIT, How.LOST);
    noting(1);
    begin(2);
    group.complete();
    keepNoting(2);
    settle();
    assertCommitted();
    assertEquals(List.of(), done);
  }

  @Test
  void takenDown_others_doesNothingForThem() throws Mishap {
    Seat one = noting(1);
    begin(2);
    transaction.lose();
    group.takenDown(new IllegalStateException("planned"));
    cause(Kind.TAKEN_DOWN, one);
    assertEquals(List.of(), done);
  }

  @Test
  void settle_whatOneWantsThrows_theOthersGetTheirsAndAllAreTold() throws Mishap {
    begin(1);
    Seat one =
        Objects.requireNonNull(
            group.keep(
                () -> {
                  throw new StackOverflowError("planned");
                }));
    Seat two = noting(2);
    settle();
    assertEquals(List.of("2 of {1, 2}"), done);
    assertCommitted(one);
    assertCommitted(two);
  }

  @Test
  void keep_notBegun_doesNothing() throws Mishap {
    assertNull(group.keep(() -> done.add("nothing was committed")));
    settle();
    assertEquals(List.of(), done);
  }

  @Test
  void settle_oneStillRuns_undoesThatOneAndCommitsTheOthers() throws Mishap {
    Seat one = unit(1);
    begin(2);
    settle();
    assertCommitted(one);
    assertSteps(Step.BEGIN, Step.MARK, Step.UNDO, Step.COMMIT);
    assertTold(1, 1);
  }

  @Test
  void settle_refusedForTheLastAndSlow_tellsHowSlowTheSecondCommitWas() throws Mishap {
    parking.advance(1_000);
    unit(1);
    begin(2);
    group.complete();
    keep();
    transaction.fails(Step.COMMIT, How.REFUSED);
    // The looks: of the age, around the first commit, and around the second one.
    parking.atLook(() -> {}).atLook(() -> {}).atLook(() -> parking.advance(3));
    parking.atLook(() -> {}).atLook(() -> parking.advance(7));
    settle();
    assertEquals(List.of("1 aged 0 in 7"), told.commits);
  }

  @Test
  void settle_agedAndSlow_tellsHowOldAndHowSlow() throws Mishap {
    unit(1);
    parking.advance(20);
    // The looks: of the age, and before and after the commit.
    parking.atLook(() -> {}).atLook(() -> {}).atLook(() -> parking.advance(7));
    settle();
    assertEquals(List.of("1 aged 20 in 7"), told.commits);
  }

  @Test
  void settle_unitsOfAnotherThread_wakesItAndNotItself() throws Exception {
    Thread other = Thread.ofVirtual().unstarted(this::unitOfItsOwn);
    other.start();
    other.join();
    unit(2);
    settle();
    assertEquals(List.of(other), parking.unparked());
  }

  @Test
  void settle_commitFails_failsForAllForTheSameCause() throws Mishap {
    Seat one = unit(1);
    Seat two = unit(2);
    transaction.fails(Step.COMMIT, How.LOST);
    settle();
    assertTrouble(Step.COMMIT, cause(Kind.FAILED, one));
    assertSame(cause(Kind.FAILED, one), cause(Kind.FAILED, two));
    assertEmpty();
    assertCommitted();
    assertTold(0, 2);
  }

  @Test
  void settle_commitFailsWithTheLastMarked_failsForAll() throws Mishap {
    Seat one = unit(1);
    begin(2);
    group.complete();
    Seat two = keep();
    transaction.fails(Step.COMMIT, How.LOST);
    settle();
    assertSame(cause(Kind.FAILED, one), cause(Kind.FAILED, two));
    assertSteps(Step.BEGIN, Step.MARK, Step.COMMIT, Step.ROLLBACK);
    assertTold(0, 2);
  }

  @Test
  void settle_transactionLost_failsForAll() throws Mishap {
    Seat one = unit(1);
    transaction.lose();
    settle();
    cause(Kind.FAILED, one);
    assertEmpty();
    assertTold(0, 1);
  }

  @Test
  void settle_tellingThatItBeginsThrows_undoesAllAndTellsThem() throws Mishap {
    Seat one = noting(1);
    Seat two = noting(2);
    told.committing =
        () -> {
          throw new OutOfMemoryError("planned");
        };
    settle();
    cause(Kind.REFUSED, one);
    cause(Kind.REFUSED, two);
    assertEquals(List.of(2), told.failures);
    assertFalse(transaction.isOpen());
    assertCommitted();
  }

  /** Two units are done, and then one that may be refused; settled. */
  private List<Seat> settleWithUnwelcomeLast() throws Mishap {
    Seat one = unit(1);
    Seat two = unit(2);
    group.begin(transaction);
    transaction.writeUnwelcome(3);
    group.complete();
    Seat three = keep();
    assertFalse(group.mayGoOn());
    settle();
    assertEmpty();
    return List.of(one, two, three);
  }

  @Test
  void settle_refusedForTheLast_commitsTheOthersWithoutIt() throws Mishap {
    List<Seat> seats = settleWithUnwelcomeLast();
    assertCommitted(seats.get(0));
    assertCommitted(seats.get(1));
    assertTrouble(Step.COMMIT, cause(Kind.FAILED, seats.get(2)));
    assertSteps(Step.BEGIN, Step.MARK, Step.KEEP, Step.MARK, Step.COMMIT, Step.UNDO, Step.COMMIT);
    assertCommitted(1, 2);
    assertTold(2, 1);
  }

  @Test
  void settle_refusedForTheLast_tellsOfItsFailureAndOfTheOthersCommit() throws Mishap {
    settleWithUnwelcomeLast();
    assertEquals(List.of(1), told.failures);
    assertEquals(2, told.committed);
  }

  @Test
  void settle_refusedForTheLastAndUndoingItFails_takesTheOthersDown() throws Mishap {
    transaction.fails(Step.UNDO, How.REFUSED);
    List<Seat> seats = settleWithUnwelcomeLast();
    assertTrouble(Step.UNDO, cause(Kind.TAKEN_DOWN, seats.get(0)));
    assertTrouble(Step.UNDO, cause(Kind.TAKEN_DOWN, seats.get(1)));
    assertTrouble(Step.COMMIT, cause(Kind.FAILED, seats.get(2)));
    assertFalse(transaction.isOpen());
    assertCommitted();
    assertTold(0, 3);
  }

  @Test
  void settle_refusedForTheLastAndUndoingItLosesAll_takesTheOthersDown() throws Mishap {
    transaction.fails(Step.UNDO, How.LOST);
    List<Seat> seats = settleWithUnwelcomeLast();
    assertTrouble(Step.UNDO, cause(Kind.TAKEN_DOWN, seats.get(0)));
    assertTrouble(Step.COMMIT, cause(Kind.FAILED, seats.get(2)));
    assertTold(0, 3);
  }

  @Test
  void settle_refusedForTheLastAndTheSecondCommitFails_failsForAll() throws Mishap {
    transaction.fails(Step.COMMIT, How.REFUSED).fails(Step.COMMIT, How.LOST);
    List<Seat> seats = settleWithUnwelcomeLast();
    Throwable second = cause(Kind.FAILED, seats.get(0));
    assertTrouble(Step.COMMIT, second);
    assertSame(second, cause(Kind.FAILED, seats.get(1)));
    assertEquals(List.of(1, 2), told.failures);
    assertNotSame(second, cause(Kind.FAILED, seats.get(2)), "the last one's error is its own");
    assertCommitted();
    assertTold(0, 3);
  }

  @Test
  void settle_refusedAgainWithoutTheLast_tellsThatAllWereUndone() throws Mishap {
    transaction.fails(Step.COMMIT, How.REFUSED).fails(Step.COMMIT, How.REFUSED);
    List<Seat> seats = settleWithUnwelcomeLast();
    cause(Kind.FAILED, seats.get(2));
    assertNotNull(seats.get(0).outcome());
    assertFalse(transaction.isOpen());
    assertCommitted();
    assertTold(0, 3);
  }

  @Test
  void settle_refusedAlone_isItsOwnFailure() throws Mishap {
    Seat one = unwelcomeUnit(1);
    settle();
    assertTrouble(Step.COMMIT, cause(Kind.FAILED, one));
    assertSteps(Step.BEGIN, Step.COMMIT, Step.ROLLBACK);
    assertEmpty();
    assertCommitted();
    assertTold(0, 1);
  }

  @Test
  void settle_refusedAndNobodyKnowsForWhom_takesAllDown() throws Mishap {
    Seat one = unit(1);
    Seat two = unwelcomeUnit(2);
    settle();
    assertTrouble(Step.COMMIT, cause(Kind.REFUSED, one));
    assertSame(cause(Kind.REFUSED, one), cause(Kind.REFUSED, two));
    assertSteps(Step.BEGIN, Step.MARK, Step.KEEP, Step.COMMIT, Step.ROLLBACK);
    assertEmpty();
    assertCommitted();
    assertTold(0, 2);
  }
}
