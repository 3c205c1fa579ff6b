package dev.heddle.pool.metrics;

import dev.heddle.pool.Maintenance;
import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A pool's numbers, one method for each. */
final class PoolBean implements PoolMXBean {

  private final SqlitePool pool;
  private final StatsOfAMoment stats;

  PoolBean(SqlitePool pool) {
    this.pool = pool;
    this.stats = new StatsOfAMoment(pool);
  }

  private static double millis(Duration time) {
    return (double) time.toNanos() / TimeUnit.MILLISECONDS.toNanos(1);
  }

  @Override
  public String getName() {
    return stats.get().pool();
  }

  @Override
  public int getReaderConnections() {
    return stats.get().readers().connections();
  }

  @Override
  public int getReaderIdle() {
    return stats.get().readers().idle();
  }

  @Override
  public int getReaderHeld() {
    return stats.get().readers().held();
  }

  @Override
  public int getReaderWaiting() {
    return stats.get().readers().waiting();
  }

  @Override
  public long getReaderLongestHeldMillis() {
    return stats.get().readers().longestHeld().toMillis();
  }

  @Override
  public long getReaderLongestWaitingMillis() {
    return stats.get().readers().longestWaiting().toMillis();
  }

  @Override
  public long getReaderGranted() {
    return stats.get().readers().granted();
  }

  @Override
  public long getReaderTimedOut() {
    return stats.get().readers().timedOut();
  }

  @Override
  public long getReaderInterrupted() {
    return stats.get().readers().interrupted();
  }

  @Override
  public long getReaderRefused() {
    return stats.get().readers().refused();
  }

  @Override
  public long getReaderRevoked() {
    return stats.get().readers().revoked();
  }

  @Override
  public long getReaderLeaked() {
    return stats.get().readers().leaked();
  }

  @Override
  public int getWriterConnections() {
    return stats.get().writer().connections();
  }

  @Override
  public int getWriterIdle() {
    return stats.get().writer().idle();
  }

  @Override
  public int getWriterHeld() {
    return stats.get().writer().held();
  }

  @Override
  public int getWriterWaiting() {
    return stats.get().writer().waiting();
  }

  @Override
  public long getWriterLongestHeldMillis() {
    return stats.get().writer().longestHeld().toMillis();
  }

  @Override
  public long getWriterLongestWaitingMillis() {
    return stats.get().writer().longestWaiting().toMillis();
  }

  @Override
  public long getWriterGranted() {
    return stats.get().writer().granted();
  }

  @Override
  public long getWriterTimedOut() {
    return stats.get().writer().timedOut();
  }

  @Override
  public long getWriterInterrupted() {
    return stats.get().writer().interrupted();
  }

  @Override
  public long getWriterRefused() {
    return stats.get().writer().refused();
  }

  @Override
  public long getWriterRevoked() {
    return stats.get().writer().revoked();
  }

  @Override
  public long getWriterLeaked() {
    return stats.get().writer().leaked();
  }

  @Override
  public long getCommits() {
    return stats.get().commits().transactions();
  }

  @Override
  public long getCommittedUnits() {
    return stats.get().commits().units();
  }

  @Override
  public long getRolledBack() {
    return stats.get().commits().rolledBack();
  }

  @Override
  public int getWaitingForCommit() {
    return stats.get().commits().waiting();
  }

  @Override
  public double getMeanCommitMillis() {
    return millis(stats.get().commits().meanTime());
  }

  @Override
  public double getLongestCommitMillis() {
    return millis(stats.get().commits().longestTime());
  }

  @Override
  public long getCheckpoints() {
    return stats.get().checkpoints().count();
  }

  @Override
  public long getCheckpointsHeldBack() {
    return stats.get().checkpoints().heldBack();
  }

  @Override
  public long getCheckpointRestarts() {
    return stats.get().checkpoints().restarts();
  }

  @Override
  public long getWalPages() {
    return stats.get().checkpoints().walPages();
  }

  @Override
  public long getWalMovedPages() {
    return stats.get().checkpoints().movedPages();
  }

  @Override
  public long getWalBytes() {
    return stats.get().checkpoints().walBytes();
  }

  @Override
  public double getLongestPauseMillis() {
    return millis(stats.get().checkpoints().longestPause());
  }

  @Override
  public long getStatementCacheHits() {
    return stats.get().statementCacheHits();
  }

  @Override
  public long getStatementCacheMisses() {
    return stats.get().statementCacheMisses();
  }

  @Override
  public long getBusyRetries() {
    return stats.get().busyRetries();
  }

  @Override
  public String dump() {
    return pool.dump();
  }

  @Override
  public boolean checkHealth() {
    return pool.isHealthy();
  }

  @Override
  public String checkpoint() {
    try {
      Maintenance.Checkpoint done = pool.maintenance().checkpoint();
      return done.complete()
          ? "complete: the WAL is empty"
          : "moved " + done.movedPages() + " of " + done.walPages() + " pages";
    } catch (SQLException e) {
      throw asText(e);
    }
  }

  @Override
  public void evictReaders() {
    pool.maintenance().evictReaders();
  }

  /** A client may not have the classes of the driver, or of this library: no cause goes there. */
  @SuppressWarnings("UnusedException")
  private static IllegalStateException asText(SQLException failure) {
    return new IllegalStateException(failure.getMessage() + " [" + failure.getSQLState() + "]");
  }
}
