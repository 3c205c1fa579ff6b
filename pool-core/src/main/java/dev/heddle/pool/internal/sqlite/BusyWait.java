package dev.heddle.pool.internal.sqlite;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

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
  private final boolean interruptible;

  /**
   * Begins a wait.
   *
   * @param option the option that bounds it, for the message
   */
  BusyWait(String option, Duration atMost, boolean interruptible) {
    this.option = option;
    this.maxNanos = atMost.toNanos();
    this.interruptible = interruptible;
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
              + busy.getMessage(),
          Errors.CANT_CONNECT,
          busy.getErrorCode(),
          busy);
    }
    if (interruptible && Thread.currentThread().isInterrupted()) {
      throw Errors.interrupted("Interrupted while waiting for another process' lock on the file");
    }
    park();
  }

  private void park() {
    boolean interrupted = !interruptible && Thread.interrupted();
    LockSupport.parkNanos(this, INTERVAL_NANOS);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
