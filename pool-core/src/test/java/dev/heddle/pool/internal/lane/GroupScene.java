package dev.heddle.pool.internal.lane;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What interleaving tests of groups play in: a lane with one slot, which is held when the race
 * begins, and what the racers do, rightly or with one bug planted; see {@link Scene}.
 */
final class GroupScene {

  /** What is planted. */
  enum Bug {
    NONE,
    /** A waiter that is late or interrupted, and has an offer all the same, believes it gave up. */
    OFFER_NOT_TAKEN,
    /** Whoever leaves does not settle if somebody might come in, though nobody came. */
    MAY_GO_ON_TAKEN_FOR_WENT_ON,
    /** A member settles the group without borrowing the resource. */
    SETTLED_WITHOUT_LENDING,
    /** A member that borrowed does not ask whether to hand back. */
    GIVE_BACK_NOT_ASKED,
    /** A call does not ask whether to hand back. */
    EXIT_NOT_ASKED,
    /** Whoever takes a hold away from a running call hands it back, and so does the call. */
    SOON_TAKEN_FOR_NOW,
    /** A call that finds the resource lent does not wait until it is back. */
    LOAN_TAKEN_FOR_A_CALL,
    /** Who waits for its outcome is unparked before that is written. */
    WOKEN_BEFORE_TOLD,
    /** An unpark that comes before the park does nothing. */
    EARLY_UNPARK_LOST
  }

  final Ledger ledger = new Ledger();
  final Lane<Ledger> lane;
  private final Bug bug;
  private final QuirkyParking parking;
  private final Told told = new Told();
  private final Group<RuntimeException> group;
  private final UnitTurnover turnover = new UnitTurnover();

  /** When the race begins, for what is planted. */
  private @Nullable Thread member;

  private @Nullable Hold<Ledger> holder;

  /** Takes the slot away from the holder, whose time is up. */
  final Actor alarm = new Actor(this::ring);

  private final boolean hasAlarm;

  GroupScene(Bug bug) {
    this(bug, false);
  }

  /** A scene in which the holder's time is up when the {@link #alarm} rings. */
  static GroupScene withAlarm(Bug bug) {
    return new GroupScene(bug, true);
  }

  private GroupScene(Bug bug, boolean hasAlarm) {
    this.bug = bug;
    this.hasAlarm = hasAlarm;
    this.parking = new QuirkyParking(hasAlarm);
    this.group = new Group<>(10, EventParking.PATIENCE, told, parking);
    this.lane =
        new Lane<>(
            "scene",
            List.of(ledger),
            Lane.UNLIMITED,
            Terms.FOR_EVER,
            turnover,
            new Tally<>(),
            parking);
  }

  private final class QuirkyParking extends EventParking {

    private boolean mute;

    QuirkyParking(boolean hasBell) {
      super(hasBell);
    }

    @Override
    public void unpark(Thread thread) {
      if (!mute && (bug != Bug.EARLY_UNPARK_LOST || gateOf(thread).parked)) {
        super.unpark(thread);
      }
    }

    /** Unparks first, and then does what should have done so. */
    void unparkBefore(Thread thread, Runnable told) {
      super.unpark(thread);
      mute = true;
      told.run();
      mute = false;
    }
  }

  private static final class Told implements GroupEvents {

    private int committed;

    @Override
    public void committed(int units, long ageNanos, long commitNanos) {
      committed += units;
    }

    @Override
    public void undone(int units) {}
  }

  private final class UnitTurnover implements Turnover<Ledger> {

    private boolean mayGoOn;

    @Override
    public Ledger clean(Ledger resource) {
      resource.clean();
      group.undo();
      if (!group.hasCompany()) {
        resource.rollback();
      }
      return resource;
    }

    @Override
    public boolean mayGoOn(Ledger resource) {
      mayGoOn = group.mayGoOn();
      return mayGoOn;
    }

    @Override
    public Runnable settle(Ledger resource) {
      if (bug == Bug.MAY_GO_ON_TAKEN_FOR_WENT_ON && mayGoOn) {
        return NOTHING;
      }
      Runnable tell = group.settle();
      Thread woken = member;
      return bug == Bug.WOKEN_BEFORE_TOLD && woken != null
          ? () -> parking.unparkBefore(woken, tell)
          : tell;
    }
  }

  /**
   * What happens when the calling thread parks first. It waits for something by then; and if the
   * others are started only here, there were no switches to try on the way.
   */
  void whenParked(Consumer<EventParking.Gate> event) {
    EventParking.Gate gate = parking.gateOf(Thread.currentThread());
    gate.atFirstPark = () -> event.accept(gate);
  }

  private void ring() {
    Hold<Ledger> mine = Objects.requireNonNull(holder);
    if (bug != Bug.SOON_TAKEN_FOR_NOW) {
      parking.ring();
    } else if (mine.revoke(Revocation.OVERDUE) != Hold.Taken.NOT) {
      lane.handBack(mine);
    }
  }

  /** Takes the slot away, and the resource out of use. */
  void closeAtOnce() {
    lane.close();
    lane.revokeAll();
    lane.retire(Ledger::retire);
  }

  // Before the race

  /** Of the calling thread: it is done, and has left; it is to {@linkplain Unit#await wait}. */
  Unit member(int number) {
    Unit unit = new Unit(number, Unit::await);
    unit.beMember();
    return unit;
  }

  /** Of another thread: it has the slot, and has not used it. */
  Unit holder(int number, Consumer<Unit> part) {
    Unit unit = new Unit(number, part);
    unit.beHolder();
    return unit;
  }

  /** Of either thread: it will ask for the slot. */
  Unit waiter(int number) {
    return new Unit(number, Unit::askAndCommit);
  }

  /** For the end, when nobody races any more: the slot was held by so many. */
  void assertInPlace(int holders, Unit... units) {
    Scene.check(!ledger.isMisused(), "used by two at once, or after its end");
    LaneView<?> view = lane.view();
    Scene.check(view.idle() == view.connections(), "slot lost, or there twice");
    Scene.check(Scene.isEachIdle(view), "slot lost on its way");
    Scene.check(view.holders().isEmpty(), "slot idle, and yet held");
    Scene.check(view.waiting() == 0, "somebody still waits");
    Scene.check(ledger.cleanings() == holders, "slot not handed back once by each holder");
    int committed = 0;
    for (Unit unit : units) {
      if (ledger.hasCommitted(unit.number)) {
        committed++;
      }
      unit.assertToldTheTruth();
    }
    Scene.check(told.committed == committed, "the outside was told otherwise");
  }

  /** One unit, and a thread for it. */
  final class Unit {

    final Actor actor;
    private final int number;
    private @Nullable Hold<Ledger> hold;
    private Refusal.@Nullable Reason refusal;
    private @Nullable Seat seat;
    private @Nullable Outcome outcome;
    private boolean flagKept = true;

    private Unit(int number, Consumer<Unit> part) {
      this.number = number;
      this.actor = new Actor(() -> part.accept(this));
    }

    // Before the race

    private void beMember() {
      group.begin(ledger);
      ledger.write(number);
      seat = group.keep();
      member = Thread.currentThread();
    }

    private void beHolder() {
      Terms terms = hasAlarm ? new Terms(null, 1, "the test", null) : Terms.labelled(null);
      Hold<Ledger> mine = new Hold<>(actor, terms);
      try {
        lane.acquire(mine, 0);
      } catch (Refusal e) {
        throw new AssertionError(e);
      }
      hold = mine;
      holder = mine;
    }

    /** It has written. */
    Unit hasBegun() {
      write();
      return this;
    }

    /** It has begun a call. */
    Unit hasEntered() {
      Scene.check(enter(), "not entered");
      return this;
    }

    // In the race, on its own thread

    void askAndCommit() {
      EventParking.Gate gate = gate();
      Hold<Ledger> mine = new Hold<>(Terms.labelled(null));
      try {
        lane.acquire(mine, hasAlarm ? 2 * EventParking.PATIENCE : EventParking.PATIENCE);
        boolean wantedToGiveUp = gate.timeUp || Thread.currentThread().isInterrupted();
        if (bug != Bug.OFFER_NOT_TAKEN || !wantedToGiveUp) {
          hold = mine;
          writeAndCommit();
        }
      } catch (Refusal e) {
        refusal = e.reason();
      }
      flagKept = gate.leave();
    }

    private EventParking.Gate gate() {
      return parking.gateOf(Thread.currentThread());
    }

    private Hold<Ledger> hold() {
      return Objects.requireNonNull(hold);
    }

    private boolean enter() {
      return bug == Bug.LOAN_TAKEN_FOR_A_CALL ? hold().enter() : lane.enter(hold());
    }

    /** In a call of its own. */
    void write() {
      if (enter()) {
        writeAndExit();
      }
    }

    private void writeAndExit() {
      writeInCall();
      boolean handBack = !hold().exit();
      if (handBack && bug != Bug.EXIT_NOT_ASKED) {
        lane.handBack(hold());
      }
    }

    private void writeInCall() {
      if (!group.isRunning()) {
        group.begin(ledger);
        hold().use();
      }
      ledger.write(number);
    }

    /** What it has written. */
    void commit() {
      if (enter()) {
        keepInCall();
      }
    }

    /** In the call that it is in, and another one. */
    void writeThenCommit() {
      writeAndExit();
      commit();
    }

    /** In one call, which is the first and the last. */
    void writeAndCommit() {
      if (enter()) {
        writeInCall();
        keepInCall();
      }
    }

    private void keepInCall() {
      seat = group.keep();
      endInCall();
      await();
    }

    /** In one call, and takes everybody down with it. */
    void writeAndLose() {
      if (enter()) {
        writeInCall();
        ledger.lose();
        group.takenDown(new IllegalStateException("lost"));
        endInCall();
      }
    }

    private void endInCall() {
      hold().endInCall();
      lane.handBack(hold());
    }

    void end() {
      if (hold().end()) {
        lane.handBack(hold());
      }
    }

    void await() {
      Seat waiting = seat;
      if (waiting != null) {
        outcome =
            bug == Bug.SETTLED_WITHOUT_LENDING || bug == Bug.GIVE_BACK_NOT_ASKED
                ? awaitBadly(waiting)
                : group.await(waiting, lane);
      }
    }

    private Outcome awaitBadly(Seat waiting) {
      parking.parkNanos(waiting, EventParking.PATIENCE);
      if (waiting.outcome() == null && gate().timeUp) {
        settleBadly();
      }
      Outcome known = waiting.outcome();
      while (known == null) {
        parking.park(waiting);
        known = waiting.outcome();
      }
      return known;
    }

    /** If the holder is between two calls. */
    private void settleBadly() {
      Hold<Ledger> other = holder;
      if (other == null || !other.isFree()) {
        return;
      }
      if (bug == Bug.SETTLED_WITHOUT_LENDING) {
        turnover.settle(ledger).run();
      } else if (other.lend()) {
        Runnable tell = turnover.settle(ledger);
        other.giveBack();
        tell.run();
      }
    }

    // After the race

    boolean isGranted() {
      return hold != null;
    }

    void assertCommitted() {
      Scene.check(Outcome.COMMITTED.equals(outcome), "not committed");
    }

    void assertCommittedOr(Outcome.Kind kind) {
      Outcome told = Objects.requireNonNull(outcome);
      Scene.check(told.kind() == Outcome.Kind.COMMITTED || told.kind() == kind, "told otherwise");
    }

    void assertCommittedOr(Refusal.Reason reason) {
      Scene.check(isGranted() == (refusal == null), "no outcome, or two");
      Scene.check(isGranted() || refusal == reason, "refused for another reason");
      Scene.check(!isGranted() || Outcome.COMMITTED.equals(outcome), "not committed");
    }

    private void assertToldTheTruth() {
      Scene.check(flagKept, "interrupt flag lost, or made up");
      Scene.check(
          Outcome.COMMITTED.equals(outcome) == ledger.hasCommitted(number), "told otherwise");
    }
  }
}
