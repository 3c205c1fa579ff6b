package dev.heddle.pool.tests.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What is committed, and the transaction that units share: {@code docs/group-commit.md}. */
final class Shared {

  private final int mostUnits;

  /** Is told of a unit in the transaction, and what became of it: ok, or an SQLState. */
  private final BiConsumer<Member, String> settled;

  private final List<Member> seats = new ArrayList<>();
  private boolean complete;

  private Table committed = Table.EMPTY;
  private Table now = Table.EMPTY;
  private long transactions;
  private long units;
  private long changes;

  Shared(int mostUnits, BiConsumer<Member, String> settled) {
    this.mostUnits = mostUnits;
    this.settled = settled;
  }

  Table committed() {
    return committed;
  }

  Table now() {
    return now;
  }

  long transactions() {
    return transactions;
  }

  long units() {
    return units;
  }

  /** Transactions that have left something else than they found. */
  long changes() {
    return changes;
  }

  int waiting() {
    return seats.size();
  }

  void changeTo(Table next) {
    now = next;
  }

  /** Nobody may come into the transaction after this unit. */
  void complete() {
    complete = true;
  }

  /**
   * The unit's first statement.
   *
   * @param apart it commits first for those before it
   */
  void begin(Member unit, boolean apart) {
    if (unit.begun) {
      return;
    }
    if (apart || unit.alone) {
      settle();
    }
    unit.begun = true;
    unit.before = now;
    unit.hasSavepoint = !seats.isEmpty();
    complete |= unit.alone;
  }

  void undo(Member unit) {
    if (unit.begun) {
      unit.begun = false;
      now = unit.before;
      complete &= unit.hasSavepoint;
    }
  }

  /** SQLite rolled back everything, in a statement of this unit. */
  void lose(Member unit) {
    unit.begun = false;
    unit.lost = true;
    end("40001", committed);
  }

  void keep(Member unit) {
    unit.begun = false;
    seats.add(unit);
  }

  /** Whether one who waits for the writer may come into the transaction. */
  boolean mayGoOn() {
    return !seats.isEmpty() && !complete && seats.size() < mostUnits;
  }

  /** Commits for all who are done. A deferred foreign key is the last one's: nobody came after. */
  void settle() {
    if (now.hasOrphans()) {
      Member last = seats.removeLast();
      now = last.before;
      settled.accept(last, "23000");
    }
    if (!seats.isEmpty()) {
      transactions++;
      units += seats.size();
      changes += now.equals(committed) ? 0 : 1;
    }
    end("ok", now);
  }

  private void end(String outcome, Table left) {
    committed = left;
    now = left;
    complete = false;
    List<Member> told = List.copyOf(seats);
    seats.clear();
    told.forEach(unit -> settled.accept(unit, outcome));
  }
}
