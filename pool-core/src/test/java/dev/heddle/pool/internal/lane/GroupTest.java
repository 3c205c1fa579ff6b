package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.lane.Outcome.Kind;
import dev.heddle.pool.internal.lane.ScriptedTransaction.How;
import dev.heddle.pool.internal.lane.ScriptedTransaction.Step;
import dev.heddle.pool.internal.lane.ScriptedTransaction.Trouble;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every rule of a group, played on one thread, with a transaction that does as the test says. */
class GroupTest {

  private static final int MAX_UNITS = 3;
  private static final long MAX_AGE = 100;

  private final ScriptedParking parking = new ScriptedParking();
  private final ScriptedTransaction transaction = new ScriptedTransaction();
  private final Told told = new Told();
  private final Group<Trouble> group = new Group<>(MAX_UNITS, MAX_AGE, told, parking);

  /** What the group told the outside. */
  private static final class Told implements GroupEvents {

    private final List<String> commits = new ArrayList<>();
    private int committed;
    private int undone;

    @Override
    public void committed(int units, long ageNanos, long commitNanos) {
      commits.add(units + " aged " + ageNanos + " in " + commitNanos);
      committed += units;
    }

    @Override
    public void undone(int units) {
      undone += units;
    }
  }

  @AfterEach
  void nothingWasAskedThatMakesNoSense() {
    assertEquals(List.of(), transaction.nonsense());
    assertTrue(parking.isPlayed(), "the script was not played to its end");
    assertFalse(Thread.interrupted(), "a test left the flag set");
  }

  /** A unit that has written. */
  private void begin(int unit) throws Trouble {
    group.begin(transaction);
    transaction.write(unit);
  }

  private Seat keep() throws Trouble {
    return Objects.requireNonNull(group.keep());
  }

  /** A unit that is done. */
  private Seat unit(int unit) throws Trouble {
    begin(unit);
    return keep();
  }

  /** A unit that wrote what no commit accepts. */
  private Seat unwelcomeUnit(int unit) throws Trouble {
    group.begin(transaction);
    transaction.writeUnwelcome(unit);
    return keep();
  }

  private void settle() {
    group.settle().run();
  }

  private void assertSteps(Step... steps) {
    assertEquals(List.of(steps), transaction.newSteps());
  }

  private void assertCommitted(int... units) {
    BitSet expected = new BitSet();
    for (int unit : units) {
      expected.set(unit);
    }
    assertEquals(expected, transaction.committed());
  }

  private void assertTold(int committed, int undone) {
    assertEquals(committed, told.committed, "units told as committed");
    assertEquals(undone, told.undone, "units told as undone");
  }

  private static void assertCommitted(Seat seat) {
    assertEquals(Outcome.COMMITTED, seat.outcome());
  }

  /** The cause of an outcome that is of this kind. */
  private static Throwable cause(Kind kind, Seat seat) {
    Outcome outcome = seat.outcome();
    assertNotNull(outcome);
    assertEquals(kind, outcome.kind());
    Throwable cause = outcome.cause();
    assertNotNull(cause);
    return cause;
  }

  private static void assertTrouble(Step step, Throwable cause) {
    assertTrue(String.valueOf(cause.getMessage()).startsWith(step.name()), cause::toString);
  }

  private static void assertNotTold(Seat... seats) {
    for (Seat seat : seats) {
      assertNull(seat.outcome());
    }
  }

  private void assertEmpty() {
    assertFalse(group.hasCompany());
    assertFalse(group.isRunning());
    assertFalse(group.mayGoOn());
    assertSame(Turnover.NOTHING, group.settle());
  }

  // Begin

  @Test
  void begin_first_beginsAndDoesNotMark() throws Trouble {
    begin(1);
    assertSteps(Step.BEGIN);
    assertTrue(group.isRunning());
    assertFalse(group.hasCompany());
  }

  @Test
  void begin_second_isMarked() throws Trouble {
    unit(1);
    assertFalse(group.isRunning());
    assertTrue(group.hasCompany());
    begin(2);
    assertSteps(Step.BEGIN, Step.MARK);
    assertTrue(group.isRunning());
  }

  @Test
  void begin_second_isPartOfTheOpenTransactionWhateverItBrings() throws Trouble {
    unit(1);
    ScriptedTransaction other = new ScriptedTransaction();
    group.begin(other);
    assertEquals(List.of(), other.newSteps());
    assertSteps(Step.BEGIN, Step.MARK);
  }

  @Test
  void begin_afterASettledGroup_beginsAnew() throws Trouble {
    unit(1);
    settle();
    Seat next = unit(2);
    assertSteps(Step.BEGIN, Step.COMMIT, Step.BEGIN);
    settle();
    assertCommitted(next);
    assertCommitted(1, 2);
    assertTold(2, 0);
  }

  @Test
  void begin_apart_firstCommitsForThoseBeforeAndTellsThem() throws Trouble {
    Seat one = unit(1);
    group.settle().run();
    group.begin(transaction);
    assertCommitted(one);
    assertSteps(Step.BEGIN, Step.COMMIT, Step.BEGIN);
    assertFalse(group.hasCompany());
    transaction.write(2);
    group.undo();
    assertCommitted(1);
    assertTold(1, 1);
  }

  @Test
  void begin_apartWhileAnotherThreadWaits_wakesIt() throws Exception {
    Thread other = Thread.ofVirtual().unstarted(this::unitOfItsOwn);
    other.start();
    other.join();
    group.settle().run();
    group.begin(transaction);
    assertEquals(List.of(other), parking.unparked());
    group.undo();
  }

  private void unitOfItsOwn() {
    try {
      unit(1);
    } catch (Trouble e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void begin_apartAndTheCommitFails_isNoConcernOfTheNewUnit() throws Trouble {
    Seat one = unit(1);
    transaction.fails(Step.COMMIT, How.LOST);
    group.settle().run();
    group.begin(transaction);
    assertTrouble(Step.COMMIT, cause(Kind.FAILED, one));
    transaction.write(2);
    Seat two = keep();
    settle();
    assertCommitted(two);
    assertCommitted(2);
    assertTold(1, 1);
  }

  @Test
  void begin_apartAndTheCommitIsRefused_endsTheTransactionFirst() throws Trouble {
    Seat one = unwelcomeUnit(1);
    group.settle().run();
    group.begin(transaction);
    cause(Kind.FAILED, one);
    assertSteps(Step.BEGIN, Step.COMMIT, Step.ROLLBACK, Step.BEGIN);
    assertTold(0, 1);
  }

  @Test
  void begin_apartAlone_justBegins() throws Trouble {
    group.settle().run();
    group.begin(transaction);
    assertSteps(Step.BEGIN);
    assertTold(0, 0);
  }

  @Test
  void begin_fails_leavesNothing() throws Trouble {
    transaction.fails(Step.BEGIN, How.REFUSED);
    assertThrows(Trouble.class, () -> begin(1));
    assertEmpty();
    group.undo();
    assertNull(group.keep());
    assertSteps(Step.BEGIN);
    assertTold(0, 0);
  }

  @Test
  void begin_failsApart_theOthersAreCommittedAllTheSame() throws Trouble {
    Seat one = unit(1);
    transaction.fails(Step.BEGIN, How.REFUSED);
    group.settle().run();
    assertThrows(Trouble.class, () -> group.begin(transaction));
    assertCommitted(one);
    assertEmpty();
    assertTold(1, 0);
  }

  @Test
  void begin_markFails_unitHasNotBegunAndTheOthersGoOn() throws Trouble {
    Seat one = unit(1);
    transaction.fails(Step.MARK, How.REFUSED);
    assertThrows(Trouble.class, () -> begin(2));
    assertFalse(group.isRunning());
    group.undo();
    assertTrue(group.mayGoOn());
    Seat three = unit(3);
    settle();
    assertCommitted(one);
    assertCommitted(three);
    assertCommitted(1, 3);
    assertTold(2, 0);
  }

  @Test
  void begin_markLosesTheTransaction_theOthersAreTakenDown() throws Trouble {
    Seat one = unit(1);
    transaction.fails(Step.MARK, How.LOST);
    Trouble failure = assertThrows(Trouble.class, () -> begin(2));
    assertFalse(group.mayGoOn());
    group.takenDown(failure);
    assertSame(failure, cause(Kind.TAKEN_DOWN, one));
    assertEmpty();
    assertTold(0, 1);
  }

  // Keep

  @Test
  void keep_notBegun_isNull() throws Trouble {
    assertNull(group.keep());
    assertSteps();
    assertTold(0, 0);
  }

  @Test
  void keep_notBegunInCompany_isNullAndLeavesTheOthers() throws Trouble {
    Seat one = unit(1);
    assertNull(group.keep());
    assertNotTold(one);
    settle();
    assertCommitted(one);
  }

  @Test
  void keep_twice_isNullTheSecondTime() throws Trouble {
    Seat one = unit(1);
    assertNull(group.keep());
    settle();
    assertCommitted(one);
    assertTold(1, 0);
  }

  @Test
  void keep_first_asksNothingOfTheTransaction() throws Trouble {
    Seat one = unit(1);
    assertSteps(Step.BEGIN);
    assertTrue(one.isFirst());
    assertNotTold(one);
  }

  @Test
  void keep_second_becomesPartOfTheWhole() throws Trouble {
    unit(1);
    Seat two = unit(2);
    assertSteps(Step.BEGIN, Step.MARK, Step.KEEP);
    assertFalse(two.isFirst());
    assertNotTold(two);
  }

  @Test
  void keep_complete_leavesItsMarkForTheCommit() throws Trouble {
    unit(1);
    begin(2);
    group.complete();
    keep();
    assertSteps(Step.BEGIN, Step.MARK);
    settle();
    assertSteps(Step.COMMIT);
    assertCommitted(1, 2);
  }

  @Test
  void keep_fails_undoesTheUnitAloneWithAnErrorOfItsOwn() throws Trouble {
    Seat one = unit(1);
    begin(2);
    transaction.fails(Step.KEEP, How.REFUSED);
    Trouble failure = assertThrows(Trouble.class, group::keep);
    assertTrouble(Step.KEEP, failure);
    assertSteps(Step.BEGIN, Step.MARK, Step.KEEP, Step.UNDO);
    assertFalse(group.isRunning());
    Seat three = unit(3);
    settle();
    assertCommitted(one);
    assertCommitted(three);
    assertCommitted(1, 3);
    assertTold(2, 1);
  }

  @Test
  void keep_failsAndUndoingFails_takesTheOthersDown() throws Trouble {
    Seat one = unit(1);
    begin(2);
    transaction.fails(Step.KEEP, How.REFUSED).fails(Step.UNDO, How.REFUSED);
    Trouble failure = assertThrows(Trouble.class, group::keep);
    assertTrouble(Step.KEEP, failure);
    assertTrouble(Step.UNDO, cause(Kind.TAKEN_DOWN, one));
    assertSteps(Step.BEGIN, Step.MARK, Step.KEEP, Step.UNDO, Step.ROLLBACK);
    assertEmpty();
    assertCommitted();
    assertTold(0, 2);
  }

  @Test
  void keep_losesTheTransaction_takesTheOthersDown() throws Trouble {
    Seat one = unit(1);
    begin(2);
    transaction.fails(Step.KEEP, How.LOST);
    assertTrouble(Step.KEEP, assertThrows(Trouble.class, group::keep));
    cause(Kind.TAKEN_DOWN, one);
    assertEmpty();
    assertTold(0, 2);
  }

  // Undo

  @Test
  void undo_notBegun_doesNothing() {
    group.undo();
    assertSteps();
    assertEmpty();
    assertTold(0, 0);
  }

  @Test
  void undo_alreadyKept_doesNothing() throws Trouble {
    Seat one = unit(1);
    group.undo();
    settle();
    assertCommitted(one);
    assertTold(1, 0);
  }

  @Test
  void undo_first_rollsBack() throws Trouble {
    begin(1);
    group.undo();
    assertSteps(Step.BEGIN, Step.ROLLBACK);
    assertEmpty();
    assertTold(0, 1);
  }

  @Test
  void undo_twice_isOne() throws Trouble {
    begin(1);
    group.undo();
    group.undo();
    assertSteps(Step.BEGIN, Step.ROLLBACK);
    assertTold(0, 1);
  }

  @Test
  void undo_lastToLeave_stillCommitsForTheOthers() throws Trouble {
    Seat one = unit(1);
    begin(2);
    group.undo();
    assertTrue(group.hasCompany());
    settle();
    assertSteps(Step.BEGIN, Step.MARK, Step.UNDO, Step.COMMIT);
    assertCommitted(one);
    assertCommitted(1);
    assertTold(1, 1);
  }

  @Test
  void undo_second_letsAThirdIn() throws Trouble {
    Seat one = unit(1);
    begin(2);
    group.undo();
    assertTrue(group.mayGoOn());
    Seat three = unit(3);
    assertSteps(Step.BEGIN, Step.MARK, Step.UNDO, Step.MARK, Step.KEEP);
    settle();
    assertCommitted(one);
    assertCommitted(three);
    assertTold(2, 1);
  }

  @Test
  void undo_fails_takesTheOthersDown() throws Trouble {
    Seat one = unit(1);
    Seat two = unit(2);
    begin(3);
    transaction.fails(Step.UNDO, How.REFUSED);
    group.undo();
    assertSteps(Step.BEGIN, Step.MARK, Step.KEEP, Step.MARK, Step.UNDO, Step.ROLLBACK);
    assertTrouble(Step.UNDO, cause(Kind.TAKEN_DOWN, one));
    assertSame(cause(Kind.TAKEN_DOWN, one), cause(Kind.TAKEN_DOWN, two));
    assertEmpty();
    assertTold(0, 3);
  }

  @Test
  void undo_transactionLost_takesTheOthersDown() throws Trouble {
    Seat one = unit(1);
    begin(2);
    transaction.lose();
    group.undo();
    cause(Kind.TAKEN_DOWN, one);
    assertEmpty();
    assertTold(0, 2);
  }

  @Test
  void undo_complete_stillCommitsForTheOthersWithoutIt() throws Trouble {
    Seat one = unit(1);
    group.begin(transaction);
    transaction.writeUnwelcome(2);
    group.complete();
    group.undo();
    settle();
    assertCommitted(one);
    assertCommitted(1);
    assertTold(1, 1);
  }

  // Taken down

  @Test
  void takenDown_nothingOpen_doesNothing() {
    group.takenDown(new IllegalStateException("planned"));
    assertSteps();
    assertTold(0, 0);
  }

  @Test
  void takenDown_alone_endsTheUnit() throws Trouble {
    begin(1);
    transaction.lose();
    group.takenDown(new IllegalStateException("planned"));
    assertSteps(Step.BEGIN, Step.ROLLBACK);
    assertNull(group.keep());
    assertEmpty();
    assertTold(0, 1);
  }

  @Test
  void takenDown_inCompany_tellsTheOthersTheCause() throws Trouble {
    Seat one = unit(1);
    Seat two = unit(2);
    begin(3);
    transaction.lose();
    Throwable cause = new IllegalStateException("planned");
    group.takenDown(cause);
    assertSame(cause, cause(Kind.TAKEN_DOWN, one));
    assertSame(cause, cause(Kind.TAKEN_DOWN, two));
    assertNull(group.keep());
    group.undo();
    assertEmpty();
    assertTold(0, 3);
  }

  @Test
  void takenDown_twice_isOne() throws Trouble {
    Seat one = unit(1);
    begin(2);
    Throwable first = new IllegalStateException("first");
    group.takenDown(first);
    group.takenDown(new IllegalStateException("second"));
    assertSame(first, cause(Kind.TAKEN_DOWN, one));
    assertSteps(Step.BEGIN, Step.MARK, Step.ROLLBACK);
    assertTold(0, 2);
  }

  @Test
  void takenDown_unitsOfAnotherThread_wakesIt() throws Exception {
    Thread other = Thread.ofVirtual().unstarted(this::unitOfItsOwn);
    other.start();
    other.join();
    group.takenDown(new IllegalStateException("planned"));
    assertEquals(List.of(other), parking.unparked());
  }

  @Test
  void takenDown_afterwards_aNewTransactionIsSound() throws Trouble {
    unit(1);
    begin(2);
    group.takenDown(new IllegalStateException("planned"));
    Seat three = unit(3);
    assertTrue(three.isFirst());
    settle();
    assertCommitted(three);
    assertCommitted(3);
    assertTold(1, 2);
  }

  // Who may come in

  @Test
  void mayGoOn_noUnitIsDone_isFalse() {
    assertFalse(group.mayGoOn());
  }

  @Test
  void mayGoOn_full_isFalse() throws Trouble {
    for (int unit = 1; unit < MAX_UNITS; unit++) {
      unit(unit);
      assertTrue(group.mayGoOn());
    }
    unit(MAX_UNITS);
    assertFalse(group.mayGoOn());
    settle();
    assertTold(MAX_UNITS, 0);
  }

  @Test
  void mayGoOn_firstHasWaitedLong_isFalse() throws Trouble {
    unit(1);
    parking.advance(MAX_AGE - 1);
    unit(2);
    assertTrue(group.mayGoOn());
    parking.advance(1);
    assertFalse(group.mayGoOn());
  }

  @Test
  void mayGoOn_nextGroup_countsItsOwnUnitsAndAge() throws Trouble {
    unit(1);
    parking.advance(MAX_AGE);
    settle();
    unit(2);
    parking.advance(MAX_AGE - 1);
    assertTrue(group.mayGoOn());
  }

  @Test
  void mayGoOn_complete_isFalse() throws Trouble {
    begin(1);
    group.complete();
    keep();
    assertFalse(group.mayGoOn());
    settle();
    unit(2);
    assertTrue(group.mayGoOn(), "the next group is open again");
  }

  @Test
  void mayGoOn_transactionLost_isFalse() throws Trouble {
    unit(1);
    transaction.lose();
    assertFalse(group.mayGoOn());
  }

  @Test
  void isShared_oneUnit_isFalse() {
    assertFalse(new Group<Trouble>(1, MAX_AGE, told, parking).isShared());
    assertTrue(new Group<Trouble>(2, MAX_AGE, told, parking).isShared());
  }

  // Settle

  @Test
  void settle_noUnit_isNothing() {
    assertSame(Turnover.NOTHING, group.settle());
    assertSteps();
    assertTold(0, 0);
  }

  @Test
  void settle_several_commitsOnceAndTellsAllOnlyAfterwards() throws Trouble {
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

  @Test
  void settle_agedAndSlow_tellsHowOldAndHowSlow() throws Trouble {
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
  void settle_commitFails_failsForAllForTheSameCause() throws Trouble {
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
  void settle_commitFailsWithTheLastMarked_failsForAll() throws Trouble {
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
  void settle_transactionLost_failsForAll() throws Trouble {
    Seat one = unit(1);
    transaction.lose();
    settle();
    cause(Kind.FAILED, one);
    assertEmpty();
    assertTold(0, 1);
  }

  /** Two units are done, and then one that may be refused; settled. */
  private List<Seat> settleWithUnwelcomeLast() throws Trouble {
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
  void settle_refusedForTheLast_commitsTheOthersWithoutIt() throws Trouble {
    List<Seat> seats = settleWithUnwelcomeLast();
    assertCommitted(seats.get(0));
    assertCommitted(seats.get(1));
    assertTrouble(Step.COMMIT, cause(Kind.FAILED, seats.get(2)));
    assertSteps(Step.BEGIN, Step.MARK, Step.KEEP, Step.MARK, Step.COMMIT, Step.UNDO, Step.COMMIT);
    assertCommitted(1, 2);
    assertTold(2, 1);
  }

  @Test
  void settle_refusedForTheLastAndUndoingItFails_takesTheOthersDown() throws Trouble {
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
  void settle_refusedForTheLastAndUndoingItLosesAll_takesTheOthersDown() throws Trouble {
    transaction.fails(Step.UNDO, How.LOST);
    List<Seat> seats = settleWithUnwelcomeLast();
    assertTrouble(Step.UNDO, cause(Kind.TAKEN_DOWN, seats.get(0)));
    assertTrouble(Step.COMMIT, cause(Kind.FAILED, seats.get(2)));
    assertTold(0, 3);
  }

  @Test
  void settle_refusedForTheLastAndTheSecondCommitFails_failsForAll() throws Trouble {
    transaction.fails(Step.COMMIT, How.REFUSED).fails(Step.COMMIT, How.LOST);
    List<Seat> seats = settleWithUnwelcomeLast();
    Throwable second = cause(Kind.FAILED, seats.get(0));
    assertTrouble(Step.COMMIT, second);
    assertSame(second, cause(Kind.FAILED, seats.get(1)));
    assertNotSame(second, cause(Kind.FAILED, seats.get(2)), "the last one's error is its own");
    assertCommitted();
    assertTold(0, 3);
  }

  @Test
  void settle_refusedAgainWithoutTheLast_tellsThatAllWereUndone() throws Trouble {
    transaction.fails(Step.COMMIT, How.REFUSED).fails(Step.COMMIT, How.REFUSED);
    List<Seat> seats = settleWithUnwelcomeLast();
    cause(Kind.FAILED, seats.get(2));
    assertNotNull(seats.get(0).outcome());
    assertFalse(transaction.isOpen());
    assertCommitted();
    assertTold(0, 3);
  }

  @Test
  void settle_refusedAlone_isItsOwnFailure() throws Trouble {
    Seat one = unwelcomeUnit(1);
    settle();
    assertTrouble(Step.COMMIT, cause(Kind.FAILED, one));
    assertSteps(Step.BEGIN, Step.COMMIT, Step.ROLLBACK);
    assertEmpty();
    assertCommitted();
    assertTold(0, 1);
  }

  @Test
  void settle_refusedAndNobodyKnowsForWhom_takesAllDown() throws Trouble {
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

  // Await

  /** A lane with this transaction, which is held by somebody who has not used it. */
  private final class HeldLane {

    final Lane<ScriptedTransaction> lane =
        new Lane<>(
            "test",
            List.of(transaction),
            Lane.UNLIMITED,
            0,
            new UnitTurnover(group),
            new Tally(),
            parking);

    final Hold<ScriptedTransaction> hold =
        new Hold<>(Thread.ofVirtual().unstarted(() -> {}), "holder");

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

  @Test
  void await_outcomeIsThere_doesNotPark() throws Trouble {
    Seat one = unit(1);
    settle();
    assertSame(one.outcome(), new HeldLane().await(one));
    assertEquals(List.of(), parking.patiences());
  }

  @Test
  void await_toldWhileParked_returnsIt() throws Trouble {
    Seat one = unit(1);
    transaction.fails(Step.COMMIT, How.LOST);
    parking.atPark(this::settle);
    assertEquals(Kind.FAILED, new HeldLane().await(one).kind());
  }

  @Test
  void await_spuriousWakeUp_parksForTheRest() throws Trouble {
    Seat one = unit(1);
    parking.atPark(() -> parking.advance(30)).atPark(this::settle);
    assertEquals(Outcome.COMMITTED, new HeldLane().await(one));
    assertEquals(List.of(MAX_AGE, MAX_AGE - 30), parking.patiences());
  }

  @Test
  void await_notFirst_parksWithoutALimitAndNeverSettles() throws Trouble {
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
  void await_firstAndTimeIsUp_settlesForTheHolderWhoHasNotBegun() throws Trouble {
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
  void await_firstAndTimeIsUpWhileTheHolderUsesIt_triesAgain() throws Trouble {
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
  void await_firstAndTheHolderHasBegun_waitsForItsEnd() throws Trouble {
    Seat one = unit(1);
    HeldLane held = new HeldLane();
    assertTrue(held.lane.enter(held.hold));
    begin(2);
    held.hold.use();
    assertTrue(held.hold.exit());
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
  void await_interrupted_waitsOnAndKeepsTheFlag() throws Trouble {
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
  void await_interruptedAsItIsTold_keepsTheFlag() throws Trouble {
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
  void await_notInterrupted_makesUpNoFlag() throws Trouble {
    Seat one = unit(1);
    parking.atPark(() -> parking.advance(1)).atPark(this::settle);
    assertEquals(Outcome.COMMITTED, new HeldLane().await(one));
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void await_flagSetBeforeAndOutcomeThere_keepsTheFlag() throws Trouble {
    Seat one = unit(1);
    settle();
    HeldLane held = new HeldLane();
    Thread.currentThread().interrupt();
    assertEquals(Outcome.COMMITTED, held.await(one));
    assertTrue(Thread.interrupted());
  }
}
