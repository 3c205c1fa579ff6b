package dev.heddle.pool.internal.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Time and parking that a test writes: each look at the clock and each park runs the next line of
 * its script, on the thread that looks or parks. So a test can put what another thread does exactly
 * between two steps of a waiter.
 */
final class ScriptedParking implements Parking {

  /** A park without a limit. */
  static final long FOREVER = Long.MAX_VALUE;

  private long now;
  private final List<Long> patiences = new ArrayList<>();
  private final List<Thread> unparked = new ArrayList<>();
  private final List<Runnable> asides = new ArrayList<>();
  private final Queue<Runnable> looks = new ArrayDeque<>();
  private final Queue<Runnable> parks = new ArrayDeque<>();

  /** What happens at the next look at the clock that has nothing yet. */
  ScriptedParking atLook(Runnable line) {
    looks.add(line);
    return this;
  }

  /** What happens in the next park that has nothing yet. */
  ScriptedParking atPark(Runnable line) {
    parks.add(line);
    return this;
  }

  void advance(long nanos) {
    now += nanos;
  }

  boolean isPlayed() {
    return looks.isEmpty() && parks.isEmpty();
  }

  /** How long each park was to last. */
  List<Long> patiences() {
    return patiences;
  }

  /** What was to be done aside. */
  List<Runnable> asides() {
    return asides;
  }

  /** Who was unparked, in this order. */
  List<Thread> unparked() {
    return unparked;
  }

  @Override
  public long nanoTime() {
    Runnable line = looks.poll();
    if (line != null) {
      line.run();
    }
    return now;
  }

  @Override
  public void parkNanos(Object blocker, long nanos) {
    patiences.add(nanos);
    Runnable line = parks.poll();
    if (line == null) {
      throw new AssertionError("a park that the script does not know");
    }
    line.run();
  }

  @Override
  public void park(Object blocker) {
    parkNanos(blocker, FOREVER);
  }

  @Override
  public void unpark(Thread thread) {
    unparked.add(thread);
  }

  /** Time is up when the test says so; nothing rings by itself. */
  @Override
  public Runnable later(Runnable task, long nanos) {
    return () -> {};
  }

  @Override
  public void aside(Runnable task) {
    asides.add(task);
  }
}
