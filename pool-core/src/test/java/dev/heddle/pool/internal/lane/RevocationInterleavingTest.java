package dev.heddle.pool.internal.lane;

import dev.heddle.pool.internal.lane.GroupScene.Unit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The holder's time is up, and the lane's own alarm takes the slot away, whatever the holder does
 * at that moment. Each race is played on many schedules; how, is said in {@link
 * LaneInterleavingTest}.
 */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RevocationInterleavingTest {

  private static final Schedules SCHEDULES = new Schedules(150);

  /** The holder begins a call, and ends it; somebody waits. */
  private static void callRace(Scene.Bug bug) {
    Scene scene = Scene.withAlarm(bug);
    Actor caller = new Actor(() -> scene.use(scene.first));
    Scene.Claim claim = scene.new Claim();
    scene.whenParked(gate -> Actor.start(caller, scene.alarm));
    claim.make();
    Actor.join(caller, scene.alarm);
    claim.assertGrantedOr();
    scene.assertInPlace(claim);
  }

  @Test
  void overdueHold_inACall_isHandedOnOnceByTheCallOrTheAlarm() {
    SCHEDULES.assertEndsWell(() -> callRace(Scene.Bug.NONE));
  }

  @Test
  void callRace_enteredWithoutTheMark_isFound() {
    SCHEDULES.assertFinds("used by two", () -> callRace(Scene.Bug.ENTERED_WITHOUT_MARK));
  }

  @Test
  void callRace_exitNotAsked_isFound() {
    SCHEDULES.assertFinds("hung", () -> callRace(Scene.Bug.EXIT_NOT_ASKED));
  }

  @Test
  void callRace_soonTakenForNow_isFound() {
    SCHEDULES.assertFinds("used by two", () -> callRace(Scene.Bug.SOON_TAKEN_FOR_NOW));
  }

  /** The holder ends its hold; somebody waits. */
  private static void endRace(Scene.Bug bug) {
    Scene scene = Scene.withAlarm(bug);
    Scene.Claim claim = scene.new Claim();
    scene.whenParked(gate -> Actor.start(scene.holder, scene.alarm));
    claim.make();
    Actor.join(scene.holder, scene.alarm);
    claim.assertGrantedOr();
    scene.assertInPlace(claim);
  }

  @Test
  void overdueHold_endedAtThatMoment_isHandedOnOnce() {
    SCHEDULES.assertEndsWell(() -> endRace(Scene.Bug.NONE));
  }

  @Test
  void endRace_endNotAsked_isFound() {
    SCHEDULES.assertFinds("slot", () -> endRace(Scene.Bug.END_NOT_ASKED));
  }

  /** The holder commits, in its first call; a member waits for that. */
  private static void commitRace(GroupScene.Bug bug) {
    GroupScene scene = GroupScene.withAlarm(bug);
    Unit member = scene.member(1);
    Unit holder = scene.holder(2, Unit::writeAndCommit);
    scene.whenParked(gate -> Actor.start(holder.actor, scene.alarm));
    member.await();
    Actor.join(holder.actor, scene.alarm);
    member.assertCommitted();
    scene.assertInPlace(1, member, holder);
  }

  @Test
  void overdueHold_inCommit_isCommittedOrNotAndTheMemberIs() {
    SCHEDULES.assertEndsWell(() -> commitRace(GroupScene.Bug.NONE));
  }

  @Test
  void commitRace_soonTakenForNow_isFound() {
    SCHEDULES.assertFinds("used by two", () -> commitRace(GroupScene.Bug.SOON_TAKEN_FOR_NOW));
  }

  /** The holder leaves its unit, for somebody who waits for the slot. */
  private static void handOverRace(GroupScene.Bug bug) {
    GroupScene scene = GroupScene.withAlarm(bug);
    Unit holder = scene.holder(1, Unit::commit).hasBegun();
    Unit waiter = scene.waiter(2);
    scene.whenParked(gate -> Actor.start(holder.actor, scene.alarm));
    waiter.askAndCommit();
    Actor.join(holder.actor, scene.alarm);
    waiter.assertCommitted();
    scene.assertInPlace(2, holder, waiter);
  }

  @Test
  void overdueHold_handingOverAnOpenGroup_isCommittedByTheNextOrUndone() {
    SCHEDULES.assertEndsWell(() -> handOverRace(GroupScene.Bug.NONE));
  }

  @Test
  void handOverRace_mayGoOnTakenForWentOn_isFound() {
    SCHEDULES.assertFinds("hung", () -> handOverRace(GroupScene.Bug.MAY_GO_ON_TAKEN_FOR_WENT_ON));
  }
}
