package dev.heddle.pool.internal.sqlite;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waiting for another <em>process</em> that has the file locked, between two tries of one
 * statement.
 *
 * <p>It parks in Java, where a virtual thread gives up its carrier; SQLite's own busy handler would
 * sleep in native code and keep it. The interval is constant, because SQLite's growing one lets
 * late-comers overtake those who have waited longest. Polling is all there is: SQLite tells nobody
 * when a file lock is released.
 */
final class BusyWait {

  private static final long INTERVAL_NANOS = 1_000_000;

  private final long start = System.nanoTime();
  private final String option;
  private final long maxNanos;
  private final @Nullable StopSignal stop;
  private final LongAdder retries;

  /**
   * Begins a wait.
   *
   * @param option the option that bounds it, for the message
   * @param stop what may end it before; null for a wait that nothing must end
   * @param retries counts the tries that follow
   */
  BusyWait(String option, Duration atMost, @Nullable StopSignal stop, LongAdder retries) {
    this.option = option;
    this.maxNanos = atMost.toNanos();
    this.stop = stop;
    this.retries = retries;
  }

  /**
   * Waits a moment.
   *
   * @param busy what to throw, as cause, if the time is up
   */
  void pause(SQLException busy) throws SQLException {
    long waited = System.nanoTime() - start;
    if (waited >= maxNanos) {
      throw new SQLTransientConnectionException(
          "The database file is locked by another process; waited "
              + Errors.duration(waited)
              + " ("
              + option
              + "). Look for a long transaction of another program on this file: "
              + busy.getMessage()
              + (stop == null ? "" : stop.running()),
          Errors.CANT_CONNECT,
          busy.getErrorCode(),
          busy);
    }
    SQLException stopped = stop == null ? null : stop.ask(busy);
    if (stopped != null) {
      throw stopped;
    }
    retries.increment();
    park();
  }

  private void park() {
    boolean interrupted = stop == null && Thread.interrupted();
    LockSupport.parkNanos(this, INTERVAL_NANOS);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
