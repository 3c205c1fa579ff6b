package dev.heddle.pool.internal.lane;

import dev.heddle.pool.internal.lane.GroupScene.Unit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The lane is closed while somebody is already in its queue, or has an offer. Each race is played
 * on many schedules; how, is said in {@link LaneInterleavingTest}, which closes it around those who
 * come.
 */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CloseInterleavingTest {

  private static final Schedules SCHEDULES = new Schedules(150);

  /** The holder gives back, and closes the lane, while the waiter's time runs out. */
  private static void timeOutRace(Scene.Bug bug) {
    Scene scene = new Scene(bug);
    Actor closer =
        new Actor(
            () -> {
              scene.end(scene.first);
              scene.close();
            });
    Scene.Claim claim = scene.new Claim();
    scene.whenParked(
        gate -> {
          Actor.start(closer);
          gate.timeUp = true;
        });
    claim.make();
    Actor.join(closer);
    claim.assertGrantedOr(Refusal.Reason.CLOSED, Refusal.Reason.TIMED_OUT);
    Scene.check(scene.probe.retirements() == 1, "not retired once");
    scene.assertInPlace(claim);
  }

  @Test
  void close_asAWaiterTimesOut_refusesItOnceAndRetires() {
    SCHEDULES.assertEndsWell(() -> timeOutRace(Scene.Bug.NONE));
  }

  @Test
  void timeOutRace_offerNotTaken_isFound() {
    SCHEDULES.assertFinds("hung", () -> timeOutRace(Scene.Bug.OFFER_NOT_TAKEN));
  }

  /** The slot is on offer to the waiter, which wakes up. */
  private static void offerRace(Scene.Bug bug) {
    Scene scene = new Scene(bug);
    Actor closer = new Actor(scene::close);
    Scene.Claim claim = scene.new Claim();
    scene.whenParked(
        gate -> {
          Actor.start(scene.holder);
          Actor.join(scene.holder);
          Actor.start(closer);
        });
    claim.make();
    Actor.join(closer);
    claim.assertGrantedOr(Refusal.Reason.CLOSED);
    Scene.check(scene.probe.retirements() == 1, "not retired once");
    scene.assertInPlace(claim);
  }

  @Test
  void close_asTheSlotIsOnOffer_goesToTheWaiterOrTheCloser() {
    SCHEDULES.assertEndsWell(() -> offerRace(Scene.Bug.NONE));
  }

  @Test
  void offerRace_earlyUnparkLost_isFound() {
    SCHEDULES.assertFinds("hung", () -> offerRace(Scene.Bug.EARLY_UNPARK_LOST));
  }

  /** A member's time is up, as its open group goes from the holder to somebody who waits. */
  private static void openGroupRace(GroupScene.Bug bug) {
    GroupScene scene = new GroupScene(bug);
    Unit member = scene.member(1);
    Unit holder = scene.holder(2, Unit::commit).hasBegun();
    Unit waiter = scene.waiter(4);
    Actor closer = new Actor(scene::closeAtOnce);
    scene.whenParked(
        gate -> {
          Actor.start(waiter.actor, holder.actor, closer);
          gate.timeUp = true;
        });
    member.await();
    Actor.join(waiter.actor, holder.actor, closer);
    member.assertCommitted();
    Scene.check(scene.ledger.retirements() == 1, "not retired once");
    scene.assertInPlace(waiter.isGranted() ? 2 : 1, member, holder, waiter);
  }

  @Test
  void close_asAnOpenGroupIsHandedOver_commitsForTheMemberAndRetiresOnce() {
    SCHEDULES.assertEndsWell(() -> openGroupRace(GroupScene.Bug.NONE));
  }

  @Test
  void openGroupRace_mayGoOnTakenForWentOn_isFound() {
    SCHEDULES.assertFinds("hung", () -> openGroupRace(GroupScene.Bug.MAY_GO_ON_TAKEN_FOR_WENT_ON));
  }
}
