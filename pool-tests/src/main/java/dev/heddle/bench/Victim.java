package dev.heddle.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A virtual thread that runs one query, and is interrupted meanwhile. */
final class Victim {

  /** What it does: {@link #starts} right before the query, and {@link #ends} right behind it. */
  interface Body {
    void run(Victim victim) throws SQLException;
  }

  /** Ends the query from outside. */
  interface Stop {
    void stop() throws SQLException;
  }

  private final Body body;
  private final CountDownLatch started = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("victim").unstarted(this::run);
  private long startNanos;
  private volatile @Nullable Stop stop;

  // Read after its end.

  private long endNanos;
  private boolean flagged;
  private boolean stopped;
  private @Nullable Throwable failure;

  private Victim(Body body) {
    this.body = body;
  }

  static Victim start(Body body) {
    Victim victim = new Victim(body);
    victim.thread.start();
    return victim;
  }

  private void run() {
    try {
      body.run(this);
    } catch (Throwable t) {
      failure = t;
    } finally {
      started.countDown();
    }
  }

  void starts() {
    startNanos = System.nanoTime();
    started.countDown();
  }

  /** The same, for a query that no interrupt ends. */
  void starts(Stop stop) {
    this.stop = stop;
    starts();
  }

  /** Its result, or its exception, has reached the thread's own code. */
  void ends() {
    endNanos = System.nanoTime();
    flagged = Thread.currentThread().isInterrupted();
  }

  /** Lets the query run to its end; how long it took. */
  long letRun() throws InterruptedException {
    thread.join();
    requireUnharmed();
    return endNanos - startNanos;
  }

  /**
   * Interrupts it a while after its query started.
   *
   * @param patience how long to wait for the end, before ending it from outside
   * @return how long the query went on after that; not above 0 if it had ended before
   */
  long interruptAfter(Duration delay, Duration patience) throws InterruptedException, SQLException {
    started.await();
    Thread.sleep(delay);
    long interrupted = System.nanoTime();
    thread.interrupt();
    if (!thread.join(patience)) {
      Stop last = stop;
      if (last == null) {
        throw new AssertionError("an interrupted query still runs after " + patience);
      }
      stopped = true;
      last.stop();
      thread.join();
    }
    if (endNanos <= interrupted) {
      requireUnharmed();
    }
    return endNanos - interrupted;
  }

  private void requireUnharmed() {
    if (failure != null) {
      throw new AssertionError("a query failed, and nobody had interrupted it", failure);
    }
  }

  /** Whether the thread still knew of the interrupt when its query had ended. */
  boolean flagged() {
    return flagged;
  }

  /** Whether it was ended from outside. */
  boolean stopped() {
    return stopped;
  }

  @Nullable Throwable failure() {
    return failure;
  }
}
