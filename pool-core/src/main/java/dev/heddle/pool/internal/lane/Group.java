package dev.heddle.pool.internal.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The units of successive holders that share one transaction, and one commit: who commits for whom.
 *
 * <p>A unit that is done takes a {@link Seat} and goes on to {@link #await}, while the lane hands
 * the open transaction to the next holder. Whoever hands it back when nobody waits, or when the
 * group is full or old, settles it for all. Nothing here starts a thread or waits for company.
 *
 * <p>One for each resource, for all its transactions, one after the other. All but {@link #await}
 * is called by the thread that has the resource, which is why the fields are plain; the lane's lock
 * and the hold's mark order them. The interleavings are argued in {@code docs/concurrency.md}.
 *
 * @param <X> what the transaction's commands throw
 */
public final class Group<X extends Exception> {

  private final int maxUnits;
  private final long maxAgeNanos;
  private final GroupEvents events;
  private final Parking parking;

  /** The one that is open. */
  private @Nullable Transaction<X> transaction;

  /** Units that are done. */
  private List<Seat> seats = new ArrayList<>();

  /** The holder's unit has begun, and is not done. */
  private boolean running;

  /** The last unit has a mark of its own, because others are in the transaction. */
  private boolean marked;

  /** Nobody may come after the last unit. */
  private boolean complete;

  /**
   * A group without units.
   *
   * @param maxUnits how many units may share a commit
   * @param maxAgeNanos how long the first may have waited when another is let in
   */
  public Group(int maxUnits, long maxAgeNanos, GroupEvents events, Parking parking) {
    this.maxUnits = maxUnits;
    this.maxAgeNanos = maxAgeNanos;
    this.events = events;
    this.parking = parking;
  }

  /** True if units ever share a commit. */
  public boolean isShared() {
    return maxUnits > 1;
  }

  /** True if units wait in the transaction, so that what happens to it happens to them. */
  public boolean hasCompany() {
    return !seats.isEmpty();
  }

  /** True if the holder's unit has begun. */
  public boolean isRunning() {
    return running;
  }

  /**
   * Begins the holder's unit.
   *
   * @param next the transaction that begins, if none is open
   * @param apart those before it are to be committed first
   */
  public void begin(Transaction<X> next, boolean apart) throws X {
    if (apart) {
      settle().run();
    }
    Transaction<X> open = transaction;
    if (open == null) {
      next.begin();
      transaction = next;
    } else {
      open.mark();
      marked = true;
    }
    running = true;
  }

  /** Lets nobody in after the running unit: a commit may be refused for what it did. */
  public void complete() {
    complete = true;
  }

  /**
   * Ends the holder's unit, which is to be committed.
   *
   * @return where to {@linkplain #await wait} for that; null if the unit has not begun
   */
  public @Nullable Seat keep() throws X {
    if (!running) {
      return null;
    }
    // The mark of the last of all stays: if the commit is refused, it can still be undone alone.
    if (marked && !complete) {
      keepMarked();
    }
    running = false;
    Seat seat = new Seat(seats.isEmpty(), parking.nanoTime());
    seats.add(seat);
    return seat;
  }

  private void keepMarked() throws X {
    try {
      open().keep();
    } catch (Throwable failure) {
      undo();
      throw failure;
    }
    marked = false;
  }

  /** Ends the holder's unit, and undoes it; nothing if it has not begun, or is done. */
  public void undo() {
    if (!running) {
      return;
    }
    running = false;
    events.undone(1);
    if (!marked) {
      open().rollback();
      reset();
      return;
    }
    marked = false;
    try {
      open().undo();
    } catch (Throwable failure) {
      takenDown(failure);
    }
  }

  /** The whole transaction is gone, because of the holder's unit; tells the others. */
  public void takenDown(Throwable cause) {
    if (transaction == null) {
      return;
    }
    open().rollback();
    events.undone(running ? seats.size() + 1 : seats.size());
    List<Seat> victims = seats;
    reset();
    tell(victims, Outcome.takenDown(cause));
  }

  /** Whether another holder may come into the transaction; asked when no unit is running. */
  public boolean mayGoOn() {
    return !seats.isEmpty()
        && !complete
        && seats.size() < maxUnits
        && ageNanos() < maxAgeNanos
        && open().isOpen();
  }

  private long ageNanos() {
    return parking.nanoTime() - seats.getFirst().sinceNanos();
  }

  /**
   * Commits for all units that are done; called when none is running.
   *
   * @return tells them
   */
  public Runnable settle() {
    if (seats.isEmpty()) {
      return Turnover.NOTHING;
    }
    Transaction<X> open = open();
    List<Seat> units = seats;
    boolean lastIsMarked = marked;
    long age = ageNanos();
    reset();
    Outcome outcome = commit(open, units.size(), age);
    if (!open.isOpen()) {
      return () -> tell(units, outcome);
    }
    return lastIsMarked
        ? settleWithoutLast(open, units, outcome, age)
        : giveUp(open, units, outcome);
  }

  /** The commit was refused for what the last unit did: undoes that one, and commits the rest. */
  private Runnable settleWithoutLast(
      Transaction<X> open, List<Seat> units, Outcome refusal, long age) {
    List<Seat> last = List.of(units.getLast());
    List<Seat> rest = units.subList(0, units.size() - 1);
    Outcome outcome;
    try {
      open.undo();
      outcome = commit(open, rest.size(), age);
    } catch (Throwable failure) {
      outcome = Outcome.takenDown(failure);
      events.undone(rest.size());
    }
    events.undone(1);
    open.rollback(); // there is nothing left of it, unless undoing failed
    Outcome others = outcome;
    return () -> {
      tell(rest, others);
      tell(last, refusal);
    };
  }

  /** The commit was refused, and nobody knows for what: if units are to blame, then not all. */
  private Runnable giveUp(Transaction<X> open, List<Seat> units, Outcome refusal) {
    open.rollback();
    events.undone(units.size());
    Throwable cause = Objects.requireNonNull(refusal.cause());
    Outcome outcome = units.size() == 1 ? refusal : Outcome.takenDown(cause);
    return () -> tell(units, outcome);
  }

  private Outcome commit(Transaction<X> open, int units, long age) {
    long start = parking.nanoTime();
    try {
      open.commit();
    } catch (Throwable failure) {
      if (!open.isOpen()) {
        events.undone(units);
      }
      return Outcome.failed(failure);
    }
    events.committed(units, age, parking.nanoTime() - start);
    return Outcome.COMMITTED;
  }

  private void tell(List<Seat> units, Outcome outcome) {
    for (Seat seat : units) {
      seat.tell(outcome, parking);
    }
  }

  private void reset() {
    transaction = null;
    seats = new ArrayList<>();
    running = false;
    marked = false;
    complete = false;
  }

  private Transaction<X> open() {
    return Objects.requireNonNull(transaction, "no transaction is open");
  }

  /**
   * Waits for the outcome; not interruptible, the flag is kept. The first of the group looks after
   * it: when it has waited as long as a group may last, and the lane's holder has not begun its
   * unit, it settles the group itself.
   *
   * @param lane where the resource is
   */
  public Outcome await(Seat seat, Lane<?> lane) {
    boolean interrupted = false;
    long patience = maxAgeNanos;
    Outcome outcome = seat.outcome();
    while (outcome == null) {
      if (!seat.isFirst()) {
        parking.park(seat);
      } else if (patience > 0) {
        parking.parkNanos(seat, patience);
        patience = seat.sinceNanos() + maxAgeNanos - parking.nanoTime();
      } else {
        lane.settleUnused();
        patience = maxAgeNanos;
      }
      interrupted |= Thread.interrupted();
      outcome = seat.outcome();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return outcome;
  }
}
