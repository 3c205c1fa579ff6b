package dev.heddle.pool.internal.lane;

/** Is told what becomes of one hold; without the lane's lock. Must be quick, and must not throw. */
public interface HoldWatch {

  /** Its thread has to wait for it. By that thread, once at most. */
  void waits();

  /** It was granted after a wait, which was zero if a slot was to be had at once. By its thread. */
  void granted(long waitedNanos);

  /** Its slot is back in the lane. Once, by whoever handed it back. */
  void back();
}
