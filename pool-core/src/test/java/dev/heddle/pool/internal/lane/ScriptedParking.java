package dev.heddle.pool.internal.lane;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Time and parking that a test writes: each look at the clock and each park runs the next line of
 * its script, on the thread that looks or parks. So a test can put what another thread does exactly
 * between two steps of a waiter.
 */
final class ScriptedParking implements Parking {

  private long now;
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
    park(blocker);
  }

  @Override
  public void park(Object blocker) {
    Runnable line = parks.poll();
    if (line == null) {
      throw new AssertionError("a park that the script does not know");
    }
    line.run();
  }

  @Override
  public void unpark(Thread thread) {}

  /** Time is up when the test says so; nothing rings by itself. */
  @Override
  public void later(Runnable task, long nanos) {}

  @Override
  public void aside(Runnable task) {
    throw new AssertionError("nothing is overdue here");
  }
}
