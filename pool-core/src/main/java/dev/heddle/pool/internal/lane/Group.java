package dev.heddle.pool.internal.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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

  /** When a commit that waits for the holder is worth a report: it takes milliseconds. */
  static final long DELAY_NANOS = TimeUnit.SECONDS.toNanos(1);

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

  /** The number of seats, for anybody to read. */
  private volatile int waiting;

  /** Since when the first of them waits, for anybody to read who has seen that somebody does. */
  private volatile long waitingSinceNanos;

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

  /** How many units are done and wait for the outcome; for any thread. */
  public int waiting() {
    return waiting;
  }

  /** For how long the first of those has waited; 0 if there is none. For any thread. */
  public long longestWaitNanos() {
    return waiting == 0 ? 0 : Math.max(0, parking.nanoTime() - waitingSinceNanos);
  }

  /** True if the holder's unit has begun. */
  public boolean isRunning() {
    return running;
  }

  /**
   * Begins the holder's unit.
   *
   * @param next the transaction that begins, if none is open
   */
  public void begin(Transaction<X> next) throws X {
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
    return keep(Turnover.NOTHING);
  }

  /**
   * Ends the holder's unit, which is to be committed.
   *
   * @param onceCommitted done if it is, by the thread that commits, when the commit is done and
   *     nobody can have begun anything after it; brief, and without throwing
   * @return where to {@linkplain #await wait} for that; null if the unit has not begun, and nothing
   *     is done
   */
  public @Nullable Seat keep(Runnable onceCommitted) throws X {
    if (!running) {
      return null;
    }
    // The mark of the last of all stays: if the commit is refused, it can still be undone alone.
    if (marked && !complete) {
      keepMarked();
    }
    running = false;
    Seat seat = new Seat(seats.isEmpty(), parking.nanoTime(), onceCommitted);
    seats.add(seat);
    if (seat.isFirst()) {
      waitingSinceNanos = seat.sinceNanos();
    }
    waiting = seats.size();
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
      Transaction<X> open = open();
      reset();
      open.rollback();
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
    Transaction<X> open = open();
    List<Seat> others = seats;
    events.undone(running ? others.size() + 1 : others.size());
    reset();
    try {
      open.rollback();
    } finally {
      if (!others.isEmpty()) {
        Settlement settlement = new Settlement(others, parking);
        settlement.all(Outcome.takenDown(cause));
        settlement.run();
      }
    }
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
   * Commits for all units that are done. Should one still be running, it is undone.
   *
   * @return tells them
   */
  public Runnable settle() {
    undo();
    if (seats.isEmpty()) {
      return Turnover.NOTHING;
    }
    Transaction<X> open = open();
    Settlement settlement = new Settlement(seats, parking);
    boolean lastIsMarked = marked;
    long age = ageNanos();
    reset();
    int units = settlement.size();
    long start = parking.nanoTime();
    Throwable failure = commit(open);
    long took = parking.nanoTime() - start;
    if (failure == null) {
      settlement.all(Outcome.COMMITTED);
      events.committed(units, age, took);
    } else if (open.isOpen() && lastIsMarked && units > 1) {
      events.undone(1);
      events.failed(1, age, took);
      settlement.all(Outcome.failed(failure));
      settlement.allButLast(commitWithoutLast(open, units - 1, age));
    } else {
      events.failed(units, age, took);
      settlement.all(giveUp(open, units, failure));
    }
    settlement.committed();
    return settlement;
  }

  /** The commit was refused for what the last unit did: undoes that one, and commits the rest. */
  private Outcome commitWithoutLast(Transaction<X> open, int rest, long age) {
    try {
      open.undo();
    } catch (Throwable failure) {
      open.rollback();
      events.undone(rest);
      return Outcome.takenDown(failure);
    }
    long start = parking.nanoTime();
    Throwable failure = commit(open);
    long took = parking.nanoTime() - start;
    if (failure != null) {
      events.failed(rest, age, took);
      return giveUp(open, rest, failure);
    }
    events.committed(rest, age, took);
    return Outcome.COMMITTED;
  }

  /** The commit of units failed, of all or, if it was refused, of one nobody knows. */
  private Outcome giveUp(Transaction<X> open, int units, Throwable failure) {
    boolean refused = open.isOpen();
    open.rollback();
    events.undone(units);
    return refused && units > 1 ? Outcome.refused(failure) : Outcome.failed(failure);
  }

  /** What it failed with; null if it worked. */
  private @Nullable Throwable commit(Transaction<?> open) {
    try {
      events.committing();
      open.commit();
      return null;
    } catch (Throwable failure) {
      return failure;
    }
  }

  private void reset() {
    transaction = null;
    seats = new ArrayList<>();
    waiting = 0;
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
    boolean told = false;
    long patience = maxAgeNanos;
    Outcome outcome = seat.outcome();
    while (outcome == null) {
      if (!seat.isFirst()) {
        parking.park(seat);
      } else if (patience > 0) {
        parking.parkNanos(seat, patience);
        patience = seat.sinceNanos() + maxAgeNanos - parking.nanoTime();
      } else {
        told = told || noticeDelay(seat, lane);
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

  /** False if there is no delay to tell of yet. */
  private boolean noticeDelay(Seat seat, Lane<?> lane) {
    long waited = parking.nanoTime() - seat.sinceNanos();
    return waited >= DELAY_NANOS && lane.noticeDelay(waited);
  }
}
