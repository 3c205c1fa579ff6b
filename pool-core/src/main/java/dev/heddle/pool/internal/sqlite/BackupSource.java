package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.internal.config.Option;
import dev.heddle.pool.internal.config.Settings;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.sqlite.SQLiteConnection;

/** The database of a pool, as far as its backups want to know. */
public final class BackupSource {

  private final DatabaseFile file;
  private final WatchedFile watched;
  private final Duration busyTimeout;
  private final Optional<Set<PosixFilePermission>> permissions;

  public BackupSource(Settings settings, WatchedFile watched) {
    this.file = new DatabaseFile(settings.database());
    this.watched = watched;
    this.busyTimeout = settings.duration(Option.BUSY_TIMEOUT);
    this.permissions = settings.filePermissions();
  }

  /**
   * Begins to make a backup. To be closed, by the thread that runs it.
   *
   * @param bytesPerSecond how fast at most, zero for no limit
   * @throws SQLException if the target exists, or can't be made
   */
  public BackupCopy copyTo(Path target, long bytesPerSecond, BackupCopy.Watcher watcher)
      throws SQLException {
    return new BackupCopy(this, target, bytesPerSecond, watcher);
  }

  /** One that could write: see {@link BackupCopy}. A connection's setup is for users' SQL. */
  SQLiteConnection connect() throws SQLException {
    watched.requireSame();
    return file.connect(false, "?mode=rw");
  }

  Duration busyTimeout() {
    return busyTimeout;
  }

  Optional<Set<PosixFilePermission>> permissions() {
    return permissions;
  }
}
