package dev.heddle.pool.internal.upkeep;

import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.lane.Parking;
import dev.heddle.pool.internal.lane.Refusal;
import dev.heddle.pool.internal.lane.Terms;
import dev.heddle.pool.internal.lane.Turnover;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Keeps writers out of the file for a while, by holding their lane like one of them: its turn comes
 * in the order of the queue, like any other's, and those whose commit is shared are committed
 * before.
 *
 * @param <R> what the lane hands out
 */
public final class WriterPause<R> {

  /** How long to wait for the lane, whatever users wait: units are short. */
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Lane<R> writer;
  private final Turnover<R> turnover;
  private final LongConsumer paused;

  /**
   * A pause of a lane.
   *
   * @param turnover the lane's
   * @param paused is told how long each pause was, in nanoseconds
   */
  public WriterPause(Lane<R> writer, Turnover<R> turnover, LongConsumer paused) {
    this.writer = writer;
    this.turnover = turnover;
    this.paused = paused;
  }

  /** Something to be done while nobody writes. */
  @FunctionalInterface
  interface Task<T> {
    T run() throws SQLException;
  }

  /** As {@link Task}, but without a result. */
  @FunctionalInterface
  interface Step {
    void run() throws SQLException;
  }

  /**
   * Does something while nobody writes.
   *
   * @param label what the lane's views call it
   * @throws Refusal if the lane is closed, or can't be had
   */
  void during(String label, Step step) throws SQLException, Refusal {
    during(
        label,
        Terms.FOR_EVER,
        () -> {
          step.run();
          return true;
        });
  }

  /**
   * Does something while nobody writes.
   *
   * @param label what the lane's views call it
   * @param atMostNanos how long writers are kept out; then they go on, whether it is done or not
   * @throws Refusal if the lane is closed, or can't be had
   */
  <T> T during(String label, long atMostNanos, Task<T> task) throws SQLException, Refusal {
    Hold<R> hold = acquire(label);
    long start = System.nanoTime();
    Runnable onTime = Turnover.NOTHING;
    try {
      settle(hold);
      if (atMostNanos < Terms.FOR_EVER) {
        onTime = Parking.SYSTEM.later(() -> end(hold, start), atMostNanos);
      }
      return task.run();
    } finally {
      onTime.run();
      end(hold, start);
    }
  }

  private Hold<R> acquire(String label) throws Refusal {
    Hold<R> hold = new Hold<>(new Terms(label, Terms.FOR_EVER, "nothing", null));
    writer.acquireUncounted(hold, WAIT_NANOS);
    return hold;
  }

  /** Commits for those who are in the transaction that came with the lane. */
  private void settle(Hold<R> hold) {
    if (writer.enter(hold)) {
      try {
        turnover.settle(hold.resource()).run();
      } finally {
        if (!hold.exit()) {
          writer.handBack(hold);
        }
      }
    }
  }

  /** By whoever is first; the lane goes back once. */
  private void end(Hold<R> hold, long start) {
    if (hold.end()) {
      writer.handBack(hold);
      paused.accept(System.nanoTime() - start);
    }
  }
}
