package dev.heddle.pool.internal.lane;

import org.jspecify.annotations.Nullable;

/**
 * Parking without spurious wake-ups, and a clock that moves only when the test says so. A thread
 * leaves its park when it is unparked, interrupted, or out of time; so an unpark that was forgotten
 * shows as a hang. (Lincheck lets the real park wake up on its own, which would hide it.)
 */
class EventParking implements Parking {

  /**
   * How long everybody waits. A thread's clock shows 0 until its time is up, then this: also when
   * an alarm rings that was set as soon as can be.
   */
  static final long PATIENCE = 1_000_000;

  /** Where one thread parks. Its monitor guards what others write. */
  static final class Gate {

    /** Unparked, and not parked since. */
    boolean permit;

    /** In its park. */
    volatile boolean parked;

    private boolean interrupted;
    private boolean left;

    // The thread's own business:

    /** What happens when it parks first. */
    @Nullable Runnable atFirstPark;

    /** Nothing but an unpark or an interrupt ends its park before this. */
    boolean timeUp;

    /** How many outcomes of its acquisitions it was told of. */
    int outcomes;

    /** Interrupts the thread, unless it has left. */
    synchronized void interrupt(Thread thread) {
      if (!left) {
        interrupted = true;
        thread.interrupt();
      }
    }

    /**
     * For the thread when it is through: clears its flag, and tells whether it was as it should.
     */
    synchronized boolean leave() {
      left = true;
      return Thread.interrupted() == interrupted;
    }

    private synchronized void park(boolean mayTimeOut) {
      parked = true;
      try {
        while (!permit && !(mayTimeOut && timeUp)) {
          wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      permit = false;
      parked = false;
    }

    private synchronized void unpark() {
      permit = true;
      notifyAll();
    }
  }

  /** Of the thread that plays the scene and is no actor. */
  private final Gate main = new Gate();

  private final boolean hasBell;
  private Runnable bell = Turnover.NOTHING;

  /**
   * Made for one race.
   *
   * @param hasBell whether the alarm rings, when the test says so
   */
  EventParking(boolean hasBell) {
    this.hasBell = hasBell;
  }

  /** On a thread of the alarm's own. */
  final void ring() {
    mine().timeUp = true;
    bell.run();
  }

  Gate gateOf(Thread thread) {
    return thread instanceof Actor actor ? actor.gate : main;
  }

  private Gate mine() {
    return gateOf(Thread.currentThread());
  }

  @Override
  public long nanoTime() {
    Gate gate = mine();
    return gate.timeUp ? PATIENCE : 0;
  }

  @Override
  public void parkNanos(Object blocker, long nanos) {
    park(blocker);
  }

  /**
   * Its time is up once, whether it set a limit itself or relies on the lane's alarm: a park that
   * begins after that would end at a time that never comes.
   */
  @Override
  public void park(Object blocker) {
    park(!mine().timeUp);
  }

  private void park(boolean mayTimeOut) {
    Gate gate = mine();
    Runnable event = gate.atFirstPark;
    if (event != null) {
      gate.atFirstPark = null;
      event.run();
    }
    gate.park(mayTimeOut);
  }

  @Override
  public void unpark(Thread thread) {
    gateOf(thread).unpark();
  }

  /** Time is up when the test says so; nothing rings by itself. */
  @Override
  public Runnable later(Runnable task, long nanos) {
    if (hasBell) {
      bell = task;
    }
    return Turnover.NOTHING;
  }

  /** Here, as it is the alarm's thread that asks for it. */
  @Override
  public void aside(Runnable task) {
    Scene.check(hasBell, "nothing is overdue here");
    task.run();
  }
}
