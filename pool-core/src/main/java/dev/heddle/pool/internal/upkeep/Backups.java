package dev.heddle.pool.internal.upkeep;

import dev.heddle.pool.Maintenance.BackupOptions;
import dev.heddle.pool.internal.sqlite.BackupSource;
import dev.heddle.pool.internal.sqlite.Errors;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The backups of one pool that are being made. */
public final class Backups {

  private final String pool;
  private final BackupSource database;
  private final Set<Backup> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public Backups(String pool, BackupSource database) {
    this.pool = pool;
    this.database = database;
  }

  /** Makes one; the calling thread waits for it. */
  void make(Path target, BackupOptions options) throws SQLException {
    if (closed) {
      throw closed();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw Errors.interrupted("The thread is interrupted: no backup to " + target);
    }
    Backup backup = new Backup(database, target, options);
    running.add(backup);
    if (closed) { // meanwhile: close() may have seen it, or not
      backup.end(this::closed);
    }
    backup.start(() -> running.remove(backup));
    backup.await();
  }

  private SQLException closed() {
    return new SQLNonTransientConnectionException(
        "pool '" + pool + "': the pool is closed", Errors.NO_CONNECTION);
  }

  /** Lets nobody begin any more, and has those end that run. */
  void close() {
    closed = true;
    running.forEach(backup -> backup.end(this::closed));
  }

  /** False if some have not ended in that time. */
  boolean awaitEnd(Duration patience) {
    long start = System.nanoTime();
    boolean all = true;
    for (Backup backup : running) {
      all &= backup.awaitEnd(patience.minusNanos(System.nanoTime() - start));
    }
    return all;
  }
}
