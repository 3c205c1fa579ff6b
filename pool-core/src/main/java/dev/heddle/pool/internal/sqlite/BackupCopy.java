package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.internal.config.Option;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.Codes;
import org.sqlite.core.DB;

/**
 * Copies a database into a new file, page by page, by SQLite's own backup, inside a read
 * transaction on a connection of its own: so nothing that is committed meanwhile is in it, or makes
 * it begin again.
 *
 * <p>The driver runs all of it in one native call, which calls back between two steps. That call
 * ends early in one way only: SQLite takes no step while the <em>source</em> connection is in a
 * write transaction. So to end it, the source gives up its read transaction and begins to write,
 * which needs the file's write lock for a moment; nothing is written.
 */
public final class BackupCopy implements AutoCloseable {

  /** A MiB of the usual pages: some milliseconds, in which nothing ends it. */
  private static final int MOST_PAGES = 256;

  /** With a throttle: in how many steps it copies what it may in a second. */
  private static final int STEPS_PER_SECOND = 20;

  private static final long LOCK_INTERVAL_NANOS = 100_000;

  /** Told between two steps, on the thread that copies. */
  @FunctionalInterface
  public interface Watcher {
    void copied(long pages, long total);
  }

  private final BackupSource database;
  private final PartFile part;
  private final long bytesPerSecond;
  private final Watcher watcher;
  private final CountDownLatch end = new CountDownLatch(1);

  // Of the thread that copies
  private long start;
  private long pageSize;
  private boolean unstoppable;
  private @Nullable Throwable failure;

  BackupCopy(BackupSource database, Path target, long bytesPerSecond, Watcher watcher)
      throws SQLException {
    this.database = database;
    this.bytesPerSecond = bytesPerSecond;
    this.watcher = watcher;
    try {
      this.part = PartFile.create(target, false, database.permissions());
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static SQLException unwritable(IOException e) {
    String state = e instanceof FileAlreadyExistsException ? Errors.FILE_EXISTS : Errors.IO_ERROR;
    return new SQLNonTransientException("Can't make the backup: " + e.getMessage(), state, e);
  }

  /** Has it ended soon, at any time, by any thread. */
  public void end() {
    end.countDown();
  }

  /**
   * Copies; for a platform thread, which is in native code most of the time.
   *
   * @return false if it was {@linkplain #end ended} before it was done
   * @throws SQLException if it failed
   */
  public boolean run() throws SQLException {
    try (SQLiteConnection source = database.connect()) {
      beginReading(source);
      start = System.nanoTime();
      int code =
          source
              .getDatabase()
              .backup(
                  "main",
                  new DatabaseFile(part.path()).uri() + "?mode=rw",
                  (remaining, total) -> stepped(source, remaining, total),
                  0,
                  0,
                  pagesPerStep());
      check(code);
      return end.getCount() > 0;
    } catch (SQLException e) {
      throw Errors.translate(e, null);
    }
  }

  /** Gives the copy its name, when {@link #run} has said that it is whole. */
  public void publish() throws SQLException {
    try {
      part.publish();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Unless it was published, nothing is left. */
  @Override
  public void close() {
    part.close();
  }

  /** The first read fixes what is copied. It may meet another process that recovers the WAL. */
  private void beginReading(SQLiteConnection source) throws SQLException {
    Pragmas pragmas = new Pragmas(source);
    BusyWait wait =
        new BusyWait(Option.BUSY_TIMEOUT.key(), database.busyTimeout(), null, new LongAdder());
    execute(source, "BEGIN");
    while (true) {
      try {
        pragmas.read("schema_version");
        pageSize = Long.parseLong(String.valueOf(pragmas.read("page_size")));
        return;
      } catch (SQLException e) {
        if (!Errors.isBusy(Errors.code(e))) {
          throw e;
        }
        wait.pause(e);
      }
    }
  }

  private int pagesPerStep() {
    return bytesPerSecond == 0
        ? MOST_PAGES
        : Math.clamp(bytesPerSecond / STEPS_PER_SECOND / pageSize, 1, MOST_PAGES);
  }

  private void check(int code) throws SQLException {
    if (failure != null) {
      throw new SQLException("The backup failed: " + failure, failure);
    }
    if (code != Codes.SQLITE_OK && end.getCount() > 0) {
      SQLException e = DB.newSQLException(code, "while copying to " + part.path());
      throw Errors.isReadOnly(Errors.code(e)) ? unwritable(new IOException(e.getMessage(), e)) : e;
    }
  }

  /** Called by native code, which no exception must reach. */
  private void stepped(SQLiteConnection source, int remaining, int total) {
    long copied = total - (long) remaining;
    try {
      if (failure == null) {
        watcher.copied(copied, total);
      }
      if (remaining > 0 && isEndedWhileResting(copied * pageSize)) {
        stop(source);
      }
    } catch (Throwable t) {
      unstoppable = failure != null;
      failure = failure == null ? t : failure;
      end();
    }
  }

  /** Rests until so much may have been copied. */
  private boolean isEndedWhileResting(long bytes) throws InterruptedException {
    double due = bytesPerSecond == 0 ? 0 : bytes * 1e9 / bytesPerSecond;
    return end.await((long) due - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
  }

  /** Before the lock is taken, the copy's room is given back, as that may take its time. */
  private void stop(SQLiteConnection source) throws SQLException {
    if (unstoppable) {
      return;
    }
    part.drop();
    execute(source, "ROLLBACK");
    while (!hasLock(source)) {
      LockSupport.parkNanos(this, LOCK_INTERVAL_NANOS);
    }
  }

  /** True if there is nothing to wait for: it is there, or can't be had. */
  private boolean hasLock(SQLiteConnection source) throws SQLException {
    try {
      execute(source, "BEGIN IMMEDIATE");
      return true;
    } catch (SQLException e) {
      if (Errors.isBusy(Errors.code(e))) {
        return false;
      }
      // The file can't be written to: what is left is copied, without rest, and to no purpose.
      unstoppable = true;
      beginReading(source);
      return true;
    }
  }

  private static void execute(SQLiteConnection source, String sql) throws SQLException {
    try (var statement = source.createStatement()) {
      statement.execute(sql);
    }
  }
}
