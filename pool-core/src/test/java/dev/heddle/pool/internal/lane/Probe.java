package dev.heddle.pool.internal.lane;

/**
 * A resource that notices a second user. Its fields are plain: each access to them is a place where
 * Lincheck may let another thread go on.
 */
final class Probe {

  private boolean taken;
  private int cleanings;
  private int retirements;

  /** The caller has it to itself from now on, or so it believes. */
  void take() {
    Scene.check(!taken, "used by two at once, or after its end");
    taken = true;
  }

  void leave() {
    Scene.check(taken, "used by two at once");
    taken = false;
  }

  /** As the lane's cleaner. */
  Probe clean() {
    take();
    cleanings++;
    leave();
    return this;
  }

  /** As the lane's retirement; nobody may use it after. */
  void retire() {
    take();
    retirements++;
  }

  /** How often it was handed back. */
  int cleanings() {
    return cleanings;
  }

  int retirements() {
    return retirements;
  }
}
