package dev.heddle.pool.internal.lane;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What interleaving tests play in: a lane with one slot, which is held when the race begins, and
 * what the racers do, rightly or with one bug planted. The bug sits in what surrounds the lane, and
 * shows only if a thread loses the processor at the wrong moment; so a test that does not find it
 * does not look at the schedules it claims to look at.
 */
final class Scene {

  /** What is planted. */
  enum Bug {
    NONE,
    /** A waiter that is late or interrupted, and has an offer all the same, believes it gave up. */
    OFFER_NOT_TAKEN,
    /** Whoever ends a hold asks whether it is over, and not whether to hand back. */
    END_NOT_ASKED,
    /** A call asks whether the hold is free, and goes in. */
    ENTERED_WITHOUT_MARK,
    /** A call does not ask whether to hand back. */
    EXIT_NOT_ASKED,
    /** Whoever takes a hold away from a running call hands it back, and so does the call. */
    SOON_TAKEN_FOR_NOW,
    /** An unpark that comes before the park does nothing. */
    EARLY_UNPARK_LOST
  }

  final Probe probe = new Probe();
  final EventParking parking;
  final Lane<Probe> lane;

  /** Has the slot when the race begins, and ends its hold in the race. */
  final Actor holder = new Actor(this::endFirst);

  /** Takes the slot away from the holder, whose time is up. */
  final Actor alarm = new Actor(this::ring);

  /** The holder's. */
  final Hold<Probe> first;

  private final Bug bug;

  /** So that a claim's time is not up when the alarm rings. */
  private final long patience;

  Scene(Bug bug) {
    this(bug, false);
  }

  /** A scene in which the holder's time is up when the {@link #alarm} rings. */
  static Scene withAlarm(Bug bug) {
    return new Scene(bug, true);
  }

  private Scene(Bug bug, boolean hasAlarm) {
    this.bug = bug;
    this.parking = parking(bug, hasAlarm);
    this.patience = hasAlarm ? 2 * EventParking.PATIENCE : EventParking.PATIENCE;
    this.first = new Hold<>(holder, terms(hasAlarm));
    this.lane =
        new Lane<>(
            "scene",
            List.of(probe),
            Lane.UNLIMITED,
            Terms.FOR_EVER,
            Probe::clean,
            new Told(),
            parking);
    try {
      lane.acquire(first, 0);
    } catch (Refusal e) {
      throw new AssertionError(e);
    }
  }

  private static Terms terms(boolean hasAlarm) {
    return hasAlarm ? new Terms("first", 1, "the test", null) : Terms.labelled("first");
  }

  private static EventParking parking(Bug bug, boolean hasAlarm) {
    return new EventParking(hasAlarm) {
      @Override
      public void unpark(Thread thread) {
        if (bug != Bug.EARLY_UNPARK_LOST || gateOf(thread).parked) {
          super.unpark(thread);
        }
      }
    };
  }

  static void check(boolean good, String otherwise) {
    if (!good) {
      throw new AssertionError(otherwise);
    }
  }

  /**
   * What happens when the calling thread parks first. It is in the queue by then; and if the others
   * are started only here, there were no switches to try on the way.
   */
  void whenParked(Consumer<EventParking.Gate> event) {
    EventParking.Gate gate = parking.gateOf(Thread.currentThread());
    gate.atFirstPark = () -> event.accept(gate);
  }

  private void endFirst() {
    end(first);
  }

  /** Waits for the slot, and takes the resource out of use. */
  void close() {
    lane.close();
    check(lane.awaitAllBack(EventParking.PATIENCE), "not all back");
    lane.retire(Probe::retire);
  }

  private void ring() {
    if (bug == Bug.SOON_TAKEN_FOR_NOW) {
      revoke(first);
    } else {
      parking.ring();
    }
  }

  /** Uses what is held, in one call; another thread may end the hold meanwhile. */
  void use(Hold<Probe> hold) {
    if (bug == Bug.ENTERED_WITHOUT_MARK ? hold.isFree() : hold.enter()) {
      probe.take();
      probe.leave();
      if (bug != Bug.ENTERED_WITHOUT_MARK && !hold.exit() && bug != Bug.EXIT_NOT_ASKED) {
        lane.handBack(hold);
      }
    }
  }

  /** Uses what is held, in one call that is the last. */
  void useForGood(Hold<Probe> hold) {
    if (hold.enter()) {
      probe.take();
      probe.leave();
      hold.endInCall();
      lane.handBack(hold);
    }
  }

  void end(Hold<Probe> hold) {
    boolean handBack = bug == Bug.END_NOT_ASKED ? !hold.isOver() : hold.end();
    if (handBack) {
      hold.end();
      lane.handBack(hold);
    }
  }

  void revoke(Hold<Probe> hold) {
    Hold.Taken taken = hold.revoke(Revocation.OVERDUE);
    if (taken == Hold.Taken.NOW || (bug == Bug.SOON_TAKEN_FOR_NOW && taken == Hold.Taken.SOON)) {
      lane.handBack(hold);
    }
  }

  /** For the end, when nobody races any more: the slot was held by the first and by the claims. */
  void assertInPlace(Claim... claims) {
    int holders = 1;
    for (Claim claim : claims) {
      if (claim.granted) {
        holders++;
      }
    }
    LaneView<?> view = lane.view();
    check(view.idle() == view.connections(), "slot lost, or there twice");
    check(isEachIdle(view), "slot lost on its way");
    check(view.holders().isEmpty(), "slot idle, and yet held");
    check(view.waiting() == 0, "somebody still waits");
    check(probe.cleanings() == holders, "slot not handed back once by each holder");
    check(first.isRevoked() || first.revocation() == null, "not revoked, and yet for a reason");
  }

  /** Nobody has a slot, and none is in nobody's hands. */
  static boolean isEachIdle(LaneView<?> view) {
    for (LaneView.Place<?> place : view.places()) {
      if (place.state() != LaneView.State.IDLE) {
        return false;
      }
    }
    return true;
  }

  /** Counts for each thread what it was told. */
  private final class Told implements LaneEvents<Probe> {
    @Override
    public void granted(long waitedNanos) {
      parking.gateOf(Thread.currentThread()).outcomes++;
    }

    @Override
    public Runnable notice(Trouble trouble, Hold<Probe> hold, long nanos) {
      check(trouble == Trouble.OVERDUE, "in trouble");
      return Turnover.NOTHING;
    }

    @Override
    public void refused(Refusal.Reason reason, long waitedNanos) {
      parking.gateOf(Thread.currentThread()).outcomes++;
    }
  }

  /** Somebody who asks for the slot, uses it if granted, and gives it back. */
  final class Claim {

    private boolean granted;
    private Refusal.@Nullable Reason refusal;
    private int toldOutcomes;
    private boolean flagKept;

    /** On the thread of whoever asks. */
    void make() {
      EventParking.Gate gate = parking.gateOf(Thread.currentThread());
      gate.outcomes = 0;
      try {
        ask(gate);
      } finally {
        toldOutcomes = gate.outcomes;
        flagKept = gate.leave();
      }
    }

    private boolean isLongestWaiter(@Nullable Thread thread) {
      List<LaneView.Waiting> waiters = lane.view().waiters();
      return thread != null
          && !waiters.isEmpty()
          && waiters.getFirst().owner().id() == thread.threadId();
    }

    private void ask(EventParking.Gate gate) {
      Hold<Probe> hold = new Hold<>(Terms.labelled("claim"));
      try {
        lane.acquire(hold, patience);
        granted = true;
      } catch (Refusal e) {
        refusal = e.reason();
        check(!isLongestWaiter(hold.thread()), "refused, and still in the queue");
        return;
      }
      boolean wantedToGiveUp = gate.timeUp || Thread.currentThread().isInterrupted();
      if (bug != Bug.OFFER_NOT_TAKEN || !wantedToGiveUp) {
        use(hold);
        end(hold);
      }
    }

    /** It was granted the slot, or refused it for one of these reasons. */
    void assertGrantedOr(Refusal.Reason... reasons) {
      check(granted == (refusal == null) && toldOutcomes == 1, "no outcome, or two");
      check(flagKept, "interrupt flag lost, or made up");
      check(granted || Arrays.asList(reasons).contains(refusal), "refused for another reason");
    }
  }
}
