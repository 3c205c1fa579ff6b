package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.lane.Outcome.Kind;
import dev.heddle.pool.internal.lane.ScriptedTransaction.How;
import dev.heddle.pool.internal.lane.ScriptedTransaction.Mishap;
import dev.heddle.pool.internal.lane.ScriptedTransaction.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How units begin and end, and who may come after them. */
class GroupTest extends GroupScript {

  // Seen from outside

  @Test
  void waiting_severalAreDone_isTheirNumberAndTheTimeOfTheFirst() throws Mishap {
    parking.advance(1_000);
    assertEquals(0, group.waiting());
    assertEquals(0, group.longestWaitNanos());
    unit(1);
    parking.advance(20);
    unit(2);
    parking.advance(5);
    assertEquals(2, group.waiting());
    assertEquals(25, group.longestWaitNanos());
    settle();
    assertEquals(0, group.waiting());
    assertEquals(0, group.longestWaitNanos());
  }

  // Begin

  @Test
  void begin_first_beginsAndDoesNotMark() throws Mishap {
    begin(1);
    assertSteps(Step.BEGIN);
    assertTrue(group.isRunning());
    assertFalse(group.hasCompany());
  }

  @Test
  void begin_second_isMarked() throws Mishap {
    unit(1);
    assertFalse(group.isRunning());
    assertTrue(group.hasCompany());
    begin(2);
    assertSteps(Step.BEGIN, Step.MARK);
    assertTrue(group.isRunning());
  }

  @Test
  void begin_second_isPartOfTheOpenTransactionWhateverItBrings() throws Mishap {
    unit(1);
    ScriptedTransaction other = new ScriptedTransaction();
    group.begin(other);
    assertEquals(List.of(), other.newSteps());
    assertSteps(Step.BEGIN, Step.MARK);
  }

  @Test
  void begin_afterASettledGroup_beginsAnew() throws Mishap {
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
  void begin_apart_firstCommitsForThoseBeforeAndTellsThem() throws Mishap {
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

  @Test
  void begin_apartAndTheCommitFails_isNoConcernOfTheNewUnit() throws Mishap {
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
  void begin_apartAndTheCommitIsRefused_endsTheTransactionFirst() throws Mishap {
    Seat one = unwelcomeUnit(1);
    group.settle().run();
    group.begin(transaction);
    cause(Kind.FAILED, one);
    assertSteps(Step.BEGIN, Step.COMMIT, Step.ROLLBACK, Step.BEGIN);
    assertTold(0, 1);
  }

  @Test
  void begin_apartAlone_justBegins() throws Mishap {
    group.settle().run();
    group.begin(transaction);
    assertSteps(Step.BEGIN);
    assertTold(0, 0);
  }

  @Test
  void begin_fails_leavesNothing() throws Mishap {
    transaction.fails(Step.BEGIN, How.REFUSED);
    assertThrows(Mishap.class, () -> begin(1));
    assertEmpty();
    group.undo();
    assertNull(group.keep());
    assertSteps(Step.BEGIN);
    assertTold(0, 0);
  }

  @Test
  void begin_failsApart_theOthersAreCommittedAllTheSame() throws Mishap {
    Seat one = unit(1);
    transaction.fails(Step.BEGIN, How.REFUSED);
    group.settle().run();
    assertThrows(Mishap.class, () -> group.begin(transaction));
    assertCommitted(one);
    assertEmpty();
    assertTold(1, 0);
  }

  @Test
  void begin_markFails_unitHasNotBegunAndTheOthersGoOn() throws Mishap {
    Seat one = unit(1);
    transaction.fails(Step.MARK, How.REFUSED);
    assertThrows(Mishap.class, () -> begin(2));
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
  void begin_markLosesTheTransaction_theOthersAreTakenDown() throws Mishap {
    Seat one = unit(1);
    transaction.fails(Step.MARK, How.LOST);
    Mishap failure = assertThrows(Mishap.class, () -> begin(2));
    assertFalse(group.mayGoOn());
    group.takenDown(failure);
    assertSame(failure, cause(Kind.TAKEN_DOWN, one));
    assertEmpty();
    assertTold(0, 1);
  }

  // Keep

  @Test
  void keep_notBegun_isNull() throws Mishap {
    assertNull(group.keep());
    assertSteps();
    assertTold(0, 0);
  }

  @Test
  void keep_notBegunInCompany_isNullAndLeavesTheOthers() throws Mishap {
    Seat one = unit(1);
    assertNull(group.keep());
    assertNotTold(one);
    settle();
    assertCommitted(one);
  }

  @Test
  void keep_twice_isNullTheSecondTime() throws Mishap {
    Seat one = unit(1);
    assertNull(group.keep());
    settle();
    assertCommitted(one);
    assertTold(1, 0);
  }

  @Test
  void keep_first_asksNothingOfTheTransaction() throws Mishap {
    Seat one = unit(1);
    assertSteps(Step.BEGIN);
    assertTrue(one.isFirst());
    assertNotTold(one);
  }

  @Test
  void keep_second_becomesPartOfTheWhole() throws Mishap {
    unit(1);
    Seat two = unit(2);
    assertSteps(Step.BEGIN, Step.MARK, Step.KEEP);
    assertFalse(two.isFirst());
    assertNotTold(two);
  }

  @Test
  void keep_complete_leavesItsMarkForTheCommit() throws Mishap {
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
  void keep_fails_undoesTheUnitAloneWithAnErrorOfItsOwn() throws Mishap {
    Seat one = unit(1);
    begin(2);
    transaction.fails(Step.KEEP, How.REFUSED);
    Mishap failure = assertThrows(Mishap.class, group::keep);
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
  void keep_failsAndUndoingFails_takesTheOthersDown() throws Mishap {
    Seat one = unit(1);
    begin(2);
    transaction.fails(Step.KEEP, How.REFUSED).fails(Step.UNDO, How.REFUSED);
    Mishap failure = assertThrows(Mishap.class, group::keep);
    assertTrouble(Step.KEEP, failure);
    assertTrouble(Step.UNDO, cause(Kind.TAKEN_DOWN, one));
    assertSteps(Step.BEGIN, Step.MARK, Step.KEEP, Step.UNDO, Step.ROLLBACK);
    assertEmpty();
    assertCommitted();
    assertTold(0, 2);
  }

  @Test
  void keep_losesTheTransaction_takesTheOthersDown() throws Mishap {
    Seat one = unit(1);
    begin(2);
    transaction.fails(Step.KEEP, How.LOST);
    assertTrouble(Step.KEEP, assertThrows(Mishap.class, group::keep));
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
  void undo_alreadyKept_doesNothing() throws Mishap {
    Seat one = unit(1);
    group.undo();
    settle();
    assertCommitted(one);
    assertTold(1, 0);
  }

  @Test
  void undo_first_rollsBack() throws Mishap {
    begin(1);
    group.undo();
    assertSteps(Step.BEGIN, Step.ROLLBACK);
    assertEmpty();
    assertTold(0, 1);
  }

  @Test
  void undo_first_theNextBeginsAnew() throws Mishap {
    begin(1);
    group.undo();
    begin(2);
    assertSteps(Step.BEGIN, Step.ROLLBACK, Step.BEGIN);
    group.undo();
  }

  @Test
  void undo_twice_isOne() throws Mishap {
    begin(1);
    group.undo();
    group.undo();
    assertSteps(Step.BEGIN, Step.ROLLBACK);
    assertTold(0, 1);
  }

  @Test
  void undo_lastToLeave_stillCommitsForTheOthers() throws Mishap {
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
  void undo_second_letsAThirdIn() throws Mishap {
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
  void undo_fails_takesTheOthersDown() throws Mishap {
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
  void undo_transactionLost_takesTheOthersDown() throws Mishap {
    Seat one = unit(1);
    begin(2);
    transaction.lose();
    group.undo();
    cause(Kind.TAKEN_DOWN, one);
    assertEmpty();
    assertTold(0, 2);
  }

  @Test
  void undo_complete_stillCommitsForTheOthersWithoutIt() throws Mishap {
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
  void takenDown_alone_endsTheUnit() throws Mishap {
    begin(1);
    transaction.lose();
    group.takenDown(new IllegalStateException("planned"));
    assertSteps(Step.BEGIN, Step.ROLLBACK);
    assertNull(group.keep());
    assertEmpty();
    assertTold(0, 1);
  }

  @Test
  void takenDown_inCompany_tellsTheOthersTheCause() throws Mishap {
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
  void takenDown_twice_isOne() throws Mishap {
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
  void takenDown_afterwards_aNewTransactionIsSound() throws Mishap {
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
  void mayGoOn_full_isFalse() throws Mishap {
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
  void mayGoOn_firstHasWaitedLong_isFalse() throws Mishap {
    unit(1);
    parking.advance(MAX_AGE - 1);
    unit(2);
    assertTrue(group.mayGoOn());
    parking.advance(1);
    assertFalse(group.mayGoOn());
  }

  @Test
  void mayGoOn_nextGroup_countsItsOwnUnitsAndAge() throws Mishap {
    unit(1);
    parking.advance(MAX_AGE);
    settle();
    unit(2);
    parking.advance(MAX_AGE - 1);
    assertTrue(group.mayGoOn());
  }

  @Test
  void mayGoOn_complete_isFalse() throws Mishap {
    begin(1);
    group.complete();
    keep();
    assertFalse(group.mayGoOn());
    settle();
    unit(2);
    assertTrue(group.mayGoOn(), "the next group is open again");
  }

  @Test
  void mayGoOn_transactionLost_isFalse() throws Mishap {
    unit(1);
    transaction.lose();
    assertFalse(group.mayGoOn());
  }

  @Test
  void isShared_oneUnit_isFalse() {
    assertFalse(new Group<Mishap>(1, MAX_AGE, told, parking).isShared());
    assertTrue(new Group<Mishap>(2, MAX_AGE, told, parking).isShared());
  }
}
