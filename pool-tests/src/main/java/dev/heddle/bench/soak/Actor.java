package dev.heddle.bench.soak;

import java.time.Duration;
import java.util.SplittableRandom;

/** A virtual thread that does something again and again, whatever comes of it. */
final class Actor {

  /** Who fails at once is not served either. */
  private static final long FAILURE_NANOS = 100_000_000;

  private final Crew crew;
  private final Crew.Pace pace;
  private final SplittableRandom random;
  private final Step step;
  private final Thread thread;

  /** When the step began that is taken now; 0 in a pause. */
  private volatile long begun;

  /** For how long it has tried in vain since something was done, without its pauses. */
  private volatile long triedNanos;

  /** What is done. */
  @FunctionalInterface
  interface Step {
    void run(SplittableRandom random) throws Exception;
  }

  Actor(Crew crew, String name, Crew.Pace pace, SplittableRandom random, Step step) {
    this.crew = crew;
    this.pace = pace;
    this.random = random;
    this.step = step;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  String name() {
    return thread.getName();
  }

  /** May come at any moment, and is no reason to end. */
  void interrupt() {
    thread.interrupt();
  }

  boolean awaitEnd(Duration limit) throws InterruptedException {
    return thread.join(limit);
  }

  /** For how long it has tried to get something done. */
  long unservedNanos() {
    long since = begun;
    return triedNanos + (since == 0 ? 0 : System.nanoTime() - since);
  }

  private void run() {
    while (!crew.isOver()) {
      pause();
      begun = System.nanoTime();
      long tried = take() ? 0 : unservedNanos() + FAILURE_NANOS;
      begun = 0;
      triedNanos = tried;
    }
  }

  /** Whether it got it done. */
  private boolean take() {
    try {
      step.run(random);
      crew.count("did." + name());
      return true;
    } catch (Throwable t) {
      crew.failed(name(), t, begun);
      return false;
    }
  }

  /** Also forgets an interrupt that has come too late. */
  private void pause() {
    try {
      boolean _ = Thread.interrupted();
      crew.pause(pace, random);
    } catch (InterruptedException e) {
      // It is time for the next step, that is all.
    }
  }
}
