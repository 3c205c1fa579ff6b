package dev.heddle.pool.internal.lane;

import dev.heddle.pool.internal.lane.GroupScene.Bug;
import dev.heddle.pool.internal.lane.GroupScene.Unit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The races around an open transaction, each played on many schedules; how, is said in {@link
 * LaneInterleavingTest}. The member has left its unit in the transaction and waits for the commit;
 * the holder has the slot when the race begins.
 */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GroupInterleavingTest {

  private static final Schedules SCHEDULES = new Schedules(150);

  // The member's time is up, and it settles for the holder

  /** The holder begins its first call, and commits. */
  private static void firstCallRace(Bug bug) {
    GroupScene scene = new GroupScene(bug);
    Unit member = scene.member(1);
    Unit holder = scene.holder(2, Unit::writeAndCommit);
    scene.whenParked(
        gate -> {
          Actor.start(holder.actor);
          gate.timeUp = true;
        });
    member.await();
    Actor.join(holder.actor);
    member.assertCommitted();
    holder.assertCommitted();
    scene.assertInPlace(1, member, holder);
  }

  @Test
  void settleUnused_asTheHolderBegins_settlesBeforeItOrNotAtAll() {
    SCHEDULES.assertEndsWell(() -> firstCallRace(Bug.NONE));
  }

  @Test
  void firstCallRace_settledWithoutLending_isFound() {
    SCHEDULES.assertFinds("hung", () -> firstCallRace(Bug.SETTLED_WITHOUT_LENDING));
  }

  @Test
  void firstCallRace_loanTakenForACall_isFound() {
    SCHEDULES.assertFinds("not committed", () -> firstCallRace(Bug.LOAN_TAKEN_FOR_A_CALL));
  }

  /** The holder begins, and takes everybody down. */
  private static void takeDownRace(Bug bug) {
    GroupScene scene = new GroupScene(bug);
    Unit member = scene.member(1);
    Unit holder = scene.holder(2, Unit::writeAndLose);
    scene.whenParked(
        gate -> {
          Actor.start(holder.actor);
          gate.timeUp = true;
        });
    member.await();
    Actor.join(holder.actor);
    member.assertCommittedOr(Outcome.Kind.TAKEN_DOWN);
    scene.assertInPlace(1, member, holder);
  }

  @Test
  void settleUnused_asTheHolderTakesAllDown_settlesBeforeItOrNotAtAll() {
    SCHEDULES.assertEndsWell(() -> takeDownRace(Bug.NONE));
  }

  @Test
  void takeDownRace_settledWithoutLending_isFound() {
    SCHEDULES.assertFinds("used by two", () -> takeDownRace(Bug.SETTLED_WITHOUT_LENDING));
  }

  /** The holder ends, without having used it. */
  private static void endRace(Bug bug) {
    GroupScene scene = new GroupScene(bug);
    Unit member = scene.member(1);
    Unit holder = scene.holder(2, Unit::end);
    scene.whenParked(
        gate -> {
          Actor.start(holder.actor);
          gate.timeUp = true;
        });
    member.await();
    Actor.join(holder.actor);
    member.assertCommitted();
    scene.assertInPlace(1, member, holder);
  }

  @Test
  void settleUnused_asTheHolderEnds_isSettledAndHandedBackOnce() {
    SCHEDULES.assertEndsWell(() -> endRace(Bug.NONE));
  }

  @Test
  void endRace_giveBackNotAsked_isFound() {
    SCHEDULES.assertFinds("slot lost", () -> endRace(Bug.GIVE_BACK_NOT_ASKED));
  }

  /** The holder loses the slot to somebody who closes the lane. */
  private static void closeAtOnceRace(Bug bug) {
    GroupScene scene = new GroupScene(bug);
    Unit member = scene.member(1);
    Unit holder = scene.holder(2, Unit::end);
    Actor closer = new Actor(scene::closeAtOnce);
    scene.whenParked(
        gate -> {
          Actor.start(closer);
          gate.timeUp = true;
        });
    member.await();
    Actor.join(closer);
    member.assertCommitted();
    scene.assertInPlace(1, member, holder);
    Scene.check(scene.ledger.retirements() == 1, "not retired once");
  }

  @Test
  void settleUnused_asTheHolderIsRevoked_isSettledAndRetiredOnce() {
    SCHEDULES.assertEndsWell(() -> closeAtOnceRace(Bug.NONE));
  }

  @Test
  void closeAtOnceRace_giveBackNotAsked_isFound() {
    SCHEDULES.assertFinds("slot lost", () -> closeAtOnceRace(Bug.GIVE_BACK_NOT_ASKED));
  }

  /** The holder leaves its unit, too, and somebody asks for the slot. */
  private static void handOverRace(Bug bug) {
    GroupScene scene = new GroupScene(bug);
    Unit member = scene.member(1);
    Unit holder = scene.holder(2, Unit::commit).hasBegun();
    Unit waiter = scene.waiter(4);
    scene.whenParked(
        gate -> {
          Actor.start(waiter.actor, holder.actor);
          gate.timeUp = true;
        });
    member.await();
    Actor.join(waiter.actor, holder.actor);
    member.assertCommitted();
    holder.assertCommitted();
    waiter.assertCommitted();
    scene.assertInPlace(2, member, holder, waiter);
  }

  @Test
  void settleUnused_asTheHolderHandsOver_settlesForTheNextOrNotAtAll() {
    SCHEDULES.assertEndsWell(() -> handOverRace(Bug.NONE));
  }

  @Test
  void handOverRace_settledWithoutLending_isFound() {
    SCHEDULES.assertFinds("hung", () -> handOverRace(Bug.SETTLED_WITHOUT_LENDING));
  }

  // The holder leaves its unit in the transaction, for somebody who waits for the slot

  /** The waiter's time is up. */
  private static void timeOutRace(Bug bug) {
    GroupScene scene = new GroupScene(bug);
    Unit holder = scene.holder(1, Unit::commit).hasBegun();
    Unit waiter = scene.waiter(2);
    scene.whenParked(
        gate -> {
          Actor.start(holder.actor);
          gate.timeUp = true;
        });
    waiter.askAndCommit();
    Actor.join(holder.actor);
    holder.assertCommitted();
    waiter.assertCommittedOr(Refusal.Reason.TIMED_OUT);
    scene.assertInPlace(waiter.isGranted() ? 2 : 1, holder, waiter);
  }

  @Test
  void openGroup_waiterTimesOutAsItIsHandedOver_isCommittedByOneOfThem() {
    SCHEDULES.assertEndsWell(() -> timeOutRace(Bug.NONE));
  }

  @Test
  void timeOutRace_offerNotTaken_isFound() {
    SCHEDULES.assertFinds("hung", () -> timeOutRace(Bug.OFFER_NOT_TAKEN));
  }

  @Test
  void timeOutRace_mayGoOnTakenForWentOn_isFound() {
    SCHEDULES.assertFinds("hung", () -> timeOutRace(Bug.MAY_GO_ON_TAKEN_FOR_WENT_ON));
  }

  /** The waiter is interrupted. */
  private static void interruptRace(Bug bug) {
    GroupScene scene = new GroupScene(bug);
    Unit holder = scene.holder(1, Unit::commit).hasBegun();
    Unit waiter = scene.waiter(2);
    scene.whenParked(
        gate -> {
          Actor.start(holder.actor);
          gate.interrupt(Thread.currentThread());
        });
    waiter.askAndCommit();
    Actor.join(holder.actor);
    holder.assertCommitted();
    waiter.assertCommittedOr(Refusal.Reason.INTERRUPTED);
    scene.assertInPlace(waiter.isGranted() ? 2 : 1, holder, waiter);
  }

  @Test
  void openGroup_waiterIsInterruptedAsItIsHandedOver_isCommittedByOneOfThem() {
    SCHEDULES.assertEndsWell(() -> interruptRace(Bug.NONE));
  }

  @Test
  void interruptRace_offerNotTaken_isFound() {
    SCHEDULES.assertFinds("hung", () -> interruptRace(Bug.OFFER_NOT_TAKEN));
  }

  /** The lane is closed, drained and retired. */
  private static void drainRace(Bug bug) {
    GroupScene scene = new GroupScene(bug);
    Unit holder = scene.holder(1, Unit::commit).hasBegun();
    Unit waiter = scene.waiter(2);
    Actor.start(waiter.actor, holder.actor);
    scene.lane.close();
    Scene.check(scene.lane.awaitAllBack(EventParking.PATIENCE), "not all back");
    scene.lane.retire(Ledger::retire);
    Actor.join(waiter.actor, holder.actor);
    holder.assertCommitted();
    waiter.assertCommittedOr(Refusal.Reason.CLOSED);
    scene.assertInPlace(waiter.isGranted() ? 2 : 1, holder, waiter);
    Scene.check(scene.ledger.retirements() == 1, "not retired once");
  }

  @Test
  void close_drainingAsAnOpenGroupIsHandedOver_retiresAfterTheCommit() {
    SCHEDULES.assertEndsWell(() -> drainRace(Bug.NONE));
  }

  @Test
  void drainRace_mayGoOnTakenForWentOn_isFound() {
    SCHEDULES.assertFinds("hung", () -> drainRace(Bug.MAY_GO_ON_TAKEN_FOR_WENT_ON));
  }

  // The member waits, and its time is not up

  /** The holder commits. */
  private static void tellRace(Bug bug) {
    GroupScene scene = new GroupScene(bug);
    Unit member = scene.member(1);
    Unit holder = scene.holder(2, Unit::writeAndCommit);
    Actor.start(holder.actor);
    member.await();
    Actor.join(holder.actor);
    member.assertCommitted();
    holder.assertCommitted();
    scene.assertInPlace(1, member, holder);
  }

  @Test
  void member_toldAsItParks_wakesUp() {
    SCHEDULES.assertEndsWell(() -> tellRace(Bug.NONE));
  }

  @Test
  void tellRace_earlyUnparkLost_isFound() {
    SCHEDULES.assertFinds("hung", () -> tellRace(Bug.EARLY_UNPARK_LOST));
  }

  @Test
  void tellRace_wokenBeforeTold_isFound() {
    SCHEDULES.assertFinds("hung", () -> tellRace(Bug.WOKEN_BEFORE_TOLD));
  }

  /** The holder is in a call, and loses the slot to somebody who closes the lane. */
  private static void takeAwayRace(Bug bug) {
    GroupScene scene = new GroupScene(bug);
    Unit member = scene.member(1);
    Unit holder = scene.holder(2, Unit::writeThenCommit).hasEntered();
    Actor.start(holder.actor);
    scene.closeAtOnce();
    member.await();
    Actor.join(holder.actor);
    member.assertCommitted();
    scene.assertInPlace(1, member, holder);
    Scene.check(scene.ledger.retirements() == 1, "not retired once");
  }

  @Test
  void close_takingAnOpenGroupAway_commitsForTheMemberAndRetiresOnce() {
    SCHEDULES.assertEndsWell(() -> takeAwayRace(Bug.NONE));
  }

  @Test
  void takeAwayRace_exitNotAsked_isFound() {
    SCHEDULES.assertFinds("hung", () -> takeAwayRace(Bug.EXIT_NOT_ASKED));
  }
}
