package dev.heddle.bench;

import java.time.Duration;

/**
 * A virtual thread that sleeps a millisecond, again and again. The gap between two beats says how
 * long the other virtual threads of the program wait for a carrier. A platform thread that does the
 * same says how much of that is the machine's doing.
 */
public final class Heartbeat {

  private static final Duration PERIOD = Duration.ofMillis(1);

  private final long start = System.nanoTime();
  private final Beats virtual = new Beats();
  private final Beats platform = new Beats();
  private volatile boolean over;

  private Heartbeat() {}

  public static Heartbeat start() {
    Heartbeat heartbeat = new Heartbeat();
    heartbeat.virtual.startOn(Thread.ofVirtual());
    heartbeat.platform.startOn(Thread.ofPlatform());
    return heartbeat;
  }

  /** Ends it with its next beat, and tells of the gaps. */
  public void stop(Figures figures) throws InterruptedException {
    over = true;
    virtual.thread.join();
    platform.thread.join();
    Histogram gaps = virtual.gaps;
    figures.put("worstMillis", gaps.max() / 1e6);
    figures.put("p99Millis", gaps.percentile(0.99) / 1e6);
    figures.put("p999Millis", gaps.percentile(0.999) / 1e6);
    figures.put("beatsPerSecond", gaps.total() * 1e9 / (System.nanoTime() - start));
    figures.put("platformWorstMillis", platform.gaps.max() / 1e6);
  }

  private final class Beats implements Runnable {
    private final Histogram gaps = new Histogram();
    private Thread thread = Thread.currentThread();

    void startOn(Thread.Builder builder) {
      thread = builder.name("heartbeat").start(this);
    }

    /** The first gap is from the start, the last up to the beat after the end: none is lost. */
    @Override
    public void run() {
      long last = start;
      try {
        while (!over) {
          Thread.sleep(PERIOD);
          long now = System.nanoTime();
          gaps.record(now - last);
          last = now;
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts it", e);
      }
    }
  }
}
