package dev.heddle.pool.internal.lane;

import dev.heddle.pool.internal.lane.Scene.Bug;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The races for one slot, each played on many schedules: Lincheck lets one thread run at a time,
 * and switches where they touch what they share.
 *
 * <p>It tries every schedule of one switch, then as many of two as are left of its number, and so
 * on; a switch because a thread waits or ends is one of them. So the fewer switches before the
 * moment that matters, the better: the thread that has that moment is the one that plays the scene,
 * and the others are started as late as can be.
 *
 * <p>Every race is also played with a bug planted, on at most as many schedules. It must be found,
 * else the race looks at nothing. All of this works only for code that the lambda given to Lincheck
 * reaches, and that lambda must be of the test class.
 */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LaneInterleavingTest {

  private static final Schedules SCHEDULES = new Schedules(400);

  /** The holder gives back while the waiter's time runs out. */
  private static void timeOutRace(Bug bug) {
    Scene scene = new Scene(bug);
    Scene.Claim claim = scene.new Claim();
    scene.whenParked(
        gate -> {
          Actor.start(scene.holder);
          gate.timeUp = true;
        });
    claim.make();
    Actor.join(scene.holder);
    claim.assertGrantedOr(Refusal.Reason.TIMED_OUT);
    scene.assertInPlace(claim);
  }

  @Test
  void waiter_timeUpAsTheSlotComesBack_getsItOrLeavesIt() {
    SCHEDULES.assertEndsWell(() -> timeOutRace(Bug.NONE));
  }

  @Test
  void timeOutRace_bugPlanted_isFound() {
    SCHEDULES.assertFinds("slot lost", () -> timeOutRace(Bug.OFFER_NOT_TAKEN));
  }

  /** The holder gives back while the waiter is interrupted. */
  private static void interruptRace(Bug bug) {
    Scene scene = new Scene(bug);
    Scene.Claim claim = scene.new Claim();
    scene.whenParked(
        gate -> {
          Actor.start(scene.holder);
          gate.interrupt(Thread.currentThread());
        });
    claim.make();
    Actor.join(scene.holder);
    claim.assertGrantedOr(Refusal.Reason.INTERRUPTED);
    scene.assertInPlace(claim);
  }

  @Test
  void waiter_interruptedAsTheSlotComesBack_getsItOrLeavesIt() {
    SCHEDULES.assertEndsWell(() -> interruptRace(Bug.NONE));
  }

  @Test
  void interruptRace_bugPlanted_isFound() {
    SCHEDULES.assertFinds("slot lost", () -> interruptRace(Bug.OFFER_NOT_TAKEN));
  }

  /** The holder gives back while the waiter's time runs out, and it is interrupted. */
  private static void timeOutAndInterruptRace(Bug bug) {
    Scene scene = new Scene(bug);
    Thread waiter = Thread.currentThread();
    Actor killer = new Actor(() -> scene.parking.gateOf(waiter).interrupt(waiter));
    Scene.Claim claim = scene.new Claim();
    scene.whenParked(
        gate -> {
          Actor.start(scene.holder, killer);
          gate.timeUp = true;
        });
    claim.make();
    Actor.join(scene.holder, killer);
    claim.assertGrantedOr(Refusal.Reason.TIMED_OUT, Refusal.Reason.INTERRUPTED);
    scene.assertInPlace(claim);
  }

  @Test
  void waiter_timeUpAndInterruptedAsTheSlotComesBack_getsItOrLeavesIt() {
    SCHEDULES.assertEndsWell(() -> timeOutAndInterruptRace(Bug.NONE));
  }

  @Test
  void timeOutAndInterruptRace_bugPlanted_isFound() {
    SCHEDULES.assertFinds("slot lost", () -> timeOutAndInterruptRace(Bug.OFFER_NOT_TAKEN));
  }

  /** A second waiter comes, and the slot comes back, while the first one's time runs out. */
  private static void secondWaiterRace(Bug bug) {
    Scene scene = new Scene(bug);
    Scene.Claim claim = scene.new Claim();
    Scene.Claim next = scene.new Claim();
    Actor second = new Actor(next::make);
    scene.whenParked(
        gate -> {
          Actor.start(second, scene.holder);
          gate.timeUp = true;
        });
    claim.make();
    Actor.join(second, scene.holder);
    claim.assertGrantedOr(Refusal.Reason.TIMED_OUT);
    next.assertGrantedOr();
    scene.assertInPlace(claim, next);
  }

  @Test
  void secondWaiter_firstTimesOutAsTheSlotComesBack_getsIt() {
    SCHEDULES.assertEndsWell(() -> secondWaiterRace(Bug.NONE));
  }

  @Test
  void secondWaiterRace_bugPlanted_isFound() {
    SCHEDULES.assertFinds("hung", () -> secondWaiterRace(Bug.OFFER_NOT_TAKEN));
  }

  /** Somebody comes as the slot is offered to a waiter, and may overtake it. */
  private static void overtakingRace(Bug bug) {
    Scene scene = new Scene(bug);
    Scene.Claim claim = scene.new Claim();
    Scene.Claim next = scene.new Claim();
    Actor second = new Actor(next::make);
    scene.whenParked(gate -> Actor.start(second, scene.holder));
    claim.make();
    Actor.join(second, scene.holder);
    claim.assertGrantedOr();
    next.assertGrantedOr();
    scene.assertInPlace(claim, next);
  }

  @Test
  void newcomer_slotOfferedToAWaiter_bothAreServed() {
    SCHEDULES.assertEndsWell(() -> overtakingRace(Bug.NONE));
  }

  @Test
  void overtakingRace_bugPlanted_isFound() {
    SCHEDULES.assertFinds("hung", () -> overtakingRace(Bug.EARLY_UNPARK_LOST));
  }

  /** The holder gives back and somebody claims the slot while the lane is closed and drained. */
  private static void drainRace(Bug bug) {
    Scene scene = new Scene(bug);
    Scene.Claim claim = scene.new Claim();
    Actor claimant = new Actor(claim::make);
    Actor.start(scene.holder, claimant);
    scene.close();
    Actor.join(scene.holder, claimant);
    claim.assertGrantedOr(Refusal.Reason.CLOSED);
    Scene.check(scene.probe.retirements() == 1, "not retired once");
    scene.assertInPlace(claim);
  }

  @Test
  void close_drainingAsTheSlotComesBack_retiresItOnceAndLast() {
    SCHEDULES.assertEndsWell(() -> drainRace(Bug.NONE));
  }

  @Test
  void drainRace_bugPlanted_isFound() {
    SCHEDULES.assertFinds("hung", () -> drainRace(Bug.EARLY_UNPARK_LOST));
  }

  /** The same, but closing does not wait: it takes the slot away. */
  private static void takeAwayRace(Bug bug) {
    Scene scene = new Scene(bug);
    Scene.Claim claim = scene.new Claim();
    Actor claimant = new Actor(claim::make);
    Actor.start(scene.holder, claimant);
    scene.lane.close();
    scene.lane.revokeAll();
    scene.lane.retire(Probe::retire);
    Actor.join(scene.holder, claimant);
    claim.assertGrantedOr(Refusal.Reason.CLOSED);
    Scene.check(scene.probe.retirements() == 1, "not retired once");
    scene.assertInPlace(claim);
  }

  @Test
  void close_takingTheSlotAwayAsItComesBack_retiresItOnceAndLast() {
    SCHEDULES.assertEndsWell(() -> takeAwayRace(Bug.NONE));
  }

  @Test
  void takeAwayRace_bugPlanted_isFound() {
    SCHEDULES.assertFinds("used by two at once", () -> takeAwayRace(Bug.END_NOT_ASKED));
  }

  /** The holder gives back, and whoever has the slot loses it, while somebody claims it. */
  private static void revokeAllRace(Bug bug) {
    Scene scene = new Scene(bug);
    Actor revoker = new Actor(scene.lane::revokeAll);
    Scene.Claim claim = scene.new Claim();
    Actor.start(scene.holder, revoker);
    claim.make();
    Actor.join(scene.holder, revoker);
    claim.assertGrantedOr();
    scene.assertInPlace(claim);
  }

  @Test
  void revokeAll_asTheSlotIsHandedOver_takesItBackOnce() {
    SCHEDULES.assertEndsWell(() -> revokeAllRace(Bug.NONE));
  }

  @Test
  void revokeAllRace_bugPlanted_isFound() {
    SCHEDULES.assertFinds("hung", () -> revokeAllRace(Bug.EARLY_UNPARK_LOST));
  }

  /** Two threads use a hold, one of them ends it, and a third one revokes it. */
  private static void holdRace(Bug bug) {
    Scene scene = new Scene(bug);
    Actor caller = new Actor(() -> scene.use(scene.first));
    Actor revoker = new Actor(() -> scene.revoke(scene.first));
    Actor.start(caller, revoker);
    scene.use(scene.first);
    scene.end(scene.first);
    Actor.join(caller, revoker);
    scene.assertInPlace();
  }

  @Test
  void hold_endedAndRevokedAroundCalls_isHandedBackOnce() {
    SCHEDULES.assertEndsWell(() -> holdRace(Bug.NONE));
  }

  @Test
  void holdRace_bugPlanted_isFound() {
    SCHEDULES.assertFinds("slot lost, or there twice", () -> holdRace(Bug.END_NOT_ASKED));
  }

  /** A call ends its hold, as do a second thread and a revoker. */
  private static void lastCallRace(Bug bug) {
    Scene scene = new Scene(bug);
    Actor caller = new Actor(() -> scene.useForGood(scene.first));
    Actor revoker = new Actor(() -> scene.revoke(scene.first));
    Actor.start(caller, revoker);
    scene.end(scene.first);
    Actor.join(caller, revoker);
    scene.assertInPlace();
  }

  @Test
  void hold_endedAndRevokedAroundItsLastCall_isHandedBackOnce() {
    SCHEDULES.assertEndsWell(() -> lastCallRace(Bug.NONE));
  }

  @Test
  void lastCallRace_bugPlanted_isFound() {
    SCHEDULES.assertFinds("slot lost, or there twice", () -> lastCallRace(Bug.END_NOT_ASKED));
  }
}
