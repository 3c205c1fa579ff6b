package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.lane.Outcome.Kind;
import dev.heddle.pool.internal.lane.ScriptedTransaction.Mishap;
import dev.heddle.pool.internal.lane.ScriptedTransaction.Step;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;

/** A group played on one thread, with a transaction and a clock that do as the test says. */
abstract class GroupScript {

  static final int MAX_UNITS = 3;
  static final long MAX_AGE = 100;

  final ScriptedParking parking = new ScriptedParking();
  final ScriptedTransaction transaction = new ScriptedTransaction();
  final Told told = new Told();
  final Group<Mishap> group = new Group<>(MAX_UNITS, MAX_AGE, told, parking);

  /** What the group told the outside. */
  static final class Told implements GroupEvents {

    final List<String> commits = new ArrayList<>();
    final List<Integer> failures = new ArrayList<>();
    int committed;
    int undone;

    /** What it does when a commit begins. */
    Runnable committing = () -> {};

    @Override
    public void committing() {
      committing.run();
    }

    @Override
    public void failed(int units, long ageNanos, long commitNanos) {
      failures.add(units);
    }

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
  final void begin(int unit) throws Mishap {
    group.begin(transaction);
    transaction.write(unit);
  }

  final Seat keep() throws Mishap {
    return Objects.requireNonNull(group.keep());
  }

  /** A unit that is done. */
  final Seat unit(int unit) throws Mishap {
    begin(unit);
    return keep();
  }

  /** A unit that wrote what no commit accepts. */
  final Seat unwelcomeUnit(int unit) throws Mishap {
    group.begin(transaction);
    transaction.writeUnwelcome(unit);
    return keep();
  }

  final void settle() {
    group.settle().run();
  }

  final void assertSteps(Step... steps) {
    assertEquals(List.of(steps), transaction.newSteps());
  }

  final void assertCommitted(int... units) {
    BitSet expected = new BitSet();
    for (int unit : units) {
      expected.set(unit);
    }
    assertEquals(expected, transaction.committed());
  }

  final void assertTold(int committed, int undone) {
    assertEquals(committed, told.committed, "units told as committed");
    assertEquals(undone, told.undone, "units told as undone");
  }

  static void assertCommitted(Seat seat) {
    assertEquals(Outcome.COMMITTED, seat.outcome());
  }

  /** The cause of an outcome that is of this kind. */
  static Throwable cause(Kind kind, Seat seat) {
    Outcome outcome = seat.outcome();
    assertNotNull(outcome);
    assertEquals(kind, outcome.kind());
    Throwable cause = outcome.cause();
    assertNotNull(cause);
    return cause;
  }

  static void assertTrouble(Step step, Throwable cause) {
    assertTrue(String.valueOf(cause.getMessage()).startsWith(step.name()), cause::toString);
  }

  static void assertNotTold(Seat... seats) {
    for (Seat seat : seats) {
      assertNull(seat.outcome());
    }
  }

  final void assertEmpty() {
    assertFalse(group.hasCompany());
    assertFalse(group.isRunning());
    assertFalse(group.mayGoOn());
    assertSame(Turnover.NOTHING, group.settle());
  }

  final void unitOfItsOwn() {
    try {
      unit(1);
    } catch (Mishap e) {
      throw new AssertionError(e);
    }
  }
}
