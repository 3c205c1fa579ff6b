package dev.heddle.examples.demo;

import java.time.Duration;

/**
 * A virtual thread that sleeps a millisecond, again and again. The gap between two beats says how
 * long the other virtual threads of the program have to wait for a carrier thread.
 */
public final class Heartbeat implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofMillis(1);

  private final Histogram gaps = new Histogram();
  private final Thread thread = Thread.ofVirtual().name("heartbeat").start(this::beat);

  private void beat() {
    try {
      long last = System.nanoTime();
      while (true) {
        Thread.sleep(PERIOD);
        long now = System.nanoTime();
        gaps.record(now - last);
        last = now;
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** From one beat to the next. */
  public Histogram gaps() {
    return gaps;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
