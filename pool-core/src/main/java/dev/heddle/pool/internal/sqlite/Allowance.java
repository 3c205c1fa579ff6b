package dev.heddle.pool.internal.sqlite;

import java.time.Duration;

/**
 * How long SQLite may work on one execution of a statement, up to its last row. What the program
 * does between two rows is not counted. Confined like {@link Session}.
 */
public final class Allowance {

  /** For any time. */
  public static final Allowance UNLIMITED = new Allowance(Duration.ZERO, "");

  private final long nanos;
  private final String grantedBy;
  private long usedNanos;
  private boolean running;
  private long runningSince;

  /**
   * An allowance for one execution.
   *
   * @param time how long; zero for any time
   * @param grantedBy what says so, for messages
   */
  public Allowance(Duration time, String grantedBy) {
    this.nanos = time.toNanos();
    this.grantedBy = grantedBy;
  }

  private boolean isLimited() {
    return nanos > 0;
  }

  /** SQLite begins to work, or goes on. */
  void run() {
    if (isLimited() && !running) {
      running = true;
      runningSince = System.nanoTime();
    }
  }

  /** SQLite has done a step; harmless if it has done so before. */
  public void rest() {
    if (running) {
      running = false;
      usedNanos += System.nanoTime() - runningSince;
    }
  }

  boolean isRunning() {
    return running;
  }

  /** Asked while SQLite works. */
  boolean isUsedUp() {
    return running && usedNanos + System.nanoTime() - runningSince > nanos;
  }

  @Override
  public String toString() {
    return grantedBy + "=" + Errors.duration(nanos);
  }
}
