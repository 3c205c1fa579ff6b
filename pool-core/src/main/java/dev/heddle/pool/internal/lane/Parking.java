package dev.heddle.pool.internal.lane;

import java.util.concurrent.locks.LockSupport;

/** Time and parking as a lane needs them, from outside, so that tests can script both. */
public interface Parking {

  /** The real clock and the real {@link LockSupport}. */
  Parking SYSTEM =
      new Parking() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void parkNanos(Object blocker, long nanos) {
          LockSupport.parkNanos(blocker, nanos);
        }

        @Override
        public void park(Object blocker) {
          LockSupport.park(blocker);
        }

        @Override
        public void unpark(Thread thread) {
          LockSupport.unpark(thread);
        }

        @Override
        public void aside(Runnable task) {
          Thread.ofPlatform().daemon().name("heddle-aside").start(task);
        }

        @Override
        public Runnable later(Runnable task, long nanos) {
          return Timer.later(task, nanos);
        }
      };

  /** The time in nanoseconds, to be compared by difference only. */
  long nanoTime();

  /** Parks the calling thread, as {@link LockSupport#parkNanos(Object, long)}: may return early. */
  void parkNanos(Object blocker, long nanos);

  /** Parks the calling thread, as {@link LockSupport#park(Object)}: may return early. */
  void park(Object blocker);

  /** Lets a parked thread go on, or its next park return at once. */
  void unpark(Thread thread);

  /** Runs a task that may block on a thread of its own, now. */
  void aside(Runnable task);

  /**
   * Runs a short task on another thread, when that time has passed.
   *
   * @return keeps it from running, if it has not begun
   */
  Runnable later(Runnable task, long nanos);
}
