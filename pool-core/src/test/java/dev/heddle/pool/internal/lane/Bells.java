package dev.heddle.pool.internal.lane;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Time that passes when the test says so, and what was to be done later or aside, for the test to
 * run. Times count from the beginning; the clock itself overflows 2 milliseconds after it.
 */
final class Bells implements Parking {

  private static final long BEGINNING = Long.MAX_VALUE - 2_000_000;

  /** A task, and the time for it. */
  private record Bell(Runnable task, long at) {}

  private long time;
  private final List<Bell> bells = new ArrayList<>();
  private final List<Runnable> asides = new ArrayList<>();
  private final List<Thread> unparked = new ArrayList<>();
  private Runnable inPark = () -> {};
  private boolean noMoreThreads;

  /** What happens in each park. */
  void inPark(Runnable line) {
    inPark = line;
  }

  /** When something is to ring, in the order in which it was set. */
  List<Long> times() {
    return bells.stream().map(Bell::at).toList();
  }

  /** Who was unparked, in this order. */
  List<Thread> unparked() {
    return unparked;
  }

  /** How much time has passed. */
  long now() {
    return time;
  }

  /** Time passes, and nothing rings: the machine stands still. */
  void standStill(long nanos) {
    time += nanos;
  }

  /** Time passes until then, and what is set until then rings, each at its time or else now. */
  void passTo(long then) {
    while (!bells.isEmpty()) {
      Bell next = bells.stream().min(Comparator.comparingLong(Bell::at)).orElseThrow();
      if (next.at() > then) {
        break;
      }
      bells.remove(next);
      time = Math.max(time, next.at());
      next.task().run();
    }
    time = Math.max(time, then);
  }

  /** How many tasks are to run aside. */
  int asides() {
    return asides.size();
  }

  void runAsides() {
    List<Runnable> tasks = List.copyOf(asides);
    asides.clear();
    tasks.forEach(Runnable::run);
  }

  @Override
  public long nanoTime() {
    return BEGINNING + time;
  }

  @Override
  public void parkNanos(Object blocker, long nanos) {
    inPark.run();
  }

  @Override
  public void park(Object blocker) {
    inPark.run();
  }

  @Override
  public void unpark(Thread thread) {
    unparked.add(thread);
  }

  void noMoreThreads() {
    noMoreThreads = true;
  }

  @Override
  public void aside(Runnable task) {
    if (noMoreThreads) {
      throw new OutOfMemoryError("planned");
    }
    asides.add(task);
  }

  @Override
  public Runnable later(Runnable task, long nanos) {
    Bell bell = new Bell(task, time + nanos);
    bells.add(bell);
    return () -> bells.remove(bell);
  }
}
