package dev.heddle.pool.internal.upkeep;

import dev.heddle.pool.Maintenance.BackupOptions;
import dev.heddle.pool.Maintenance.BackupProgress;
import dev.heddle.pool.internal.sqlite.BackupCopy;
import dev.heddle.pool.internal.sqlite.BackupSource;
import dev.heddle.pool.internal.sqlite.Errors;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One backup and its two threads: a platform thread copies, since it is in native code all the
 * time; the thread that wants the backup waits, and runs the user's code.
 */
final class Backup {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.upkeep");

  /** In which time one that is to end has mostly done so. */
  static final Duration NOTICE = Duration.ofSeconds(2);

  private static final Phase COPYING = new Phase(null);
  private static final Phase PUBLISHING = new Phase(null);

  /** How far it has got; ended early if there is a reason, made by the thread that throws it. */
  private record Phase(@Nullable Supplier<SQLException> endedFor) {}

  private record Progress(long pages, long total) {}

  private final Path target;
  private final BackupProgress listener;
  private final BackupCopy copy;
  private final Thread waiter = Thread.currentThread();
  private final AtomicReference<Phase> phase = new AtomicReference<>(COPYING);
  private final AtomicReference<@Nullable Progress> news = new AtomicReference<>();
  private final CountDownLatch done = new CountDownLatch(1);

  /** Written before {@code done}. */
  private @Nullable Throwable failure;

  /** One for the calling thread, which waits for it. */
  Backup(BackupSource database, Path target, BackupOptions options) throws SQLException {
    this.target = target;
    this.listener = options.progress();
    this.copy = database.copyTo(target, options.bytesPerSecond(), this::copied);
  }

  /**
   * Begins to copy.
   *
   * @param afterwards what to do when nothing of it is open any more
   */
  void start(Runnable afterwards) {
    try {
      Thread.ofPlatform().daemon().name("heddle-backup").start(() -> run(afterwards));
    } catch (Throwable noThread) {
      copy.close();
      afterwards.run();
      throw noThread;
    }
  }

  private void run(Runnable afterwards) {
    try (copy) {
      if (copy.run() && phase.compareAndSet(COPYING, PUBLISHING)) {
        copy.publish();
      }
    } catch (Throwable t) {
      failure = t;
    } finally {
      afterwards.run();
      done.countDown();
      LockSupport.unpark(waiter);
    }
  }

  private void copied(long pages, long total) {
    news.set(new Progress(pages, total));
    LockSupport.unpark(waiter);
  }

  /** Has it end, unless it is whole by now; for any thread. */
  void end(Supplier<SQLException> why) {
    if (phase.compareAndSet(COPYING, new Phase(why))) {
      copy.end();
      LockSupport.unpark(waiter);
    }
  }

  /** Waits until it is there; the thread that wants it. */
  void await() throws SQLException {
    try {
      while (goesOn()) {
        tell();
        if (Thread.currentThread().isInterrupted()) {
          end(() -> Errors.interrupted("The thread was interrupted: no backup to " + target));
          break; // an interrupted thread can't park
        }
        if (news.get() == null && goesOn()) {
          LockSupport.park(this);
        }
      }
    } catch (Throwable t) { // of the user's code; what end() is given here is thrown by nobody
      end(() -> new SQLException(t));
      settle();
      throw t;
    }
    settle();
    check();
    tell();
  }

  private boolean goesOn() {
    return done.getCount() > 0 && phase.get().endedFor() == null;
  }

  private void tell() {
    Progress latest = news.getAndSet(null);
    if (latest != null) {
      listener.copied(latest.pages(), latest.total());
    }
  }

  /** Whole ones are waited for; of others nothing is left, when this returns, but for delays. */
  private void settle() {
    boolean publishing = phase.get().endedFor() == null;
    if (!awaitEnd(publishing ? Duration.ofSeconds(Long.MAX_VALUE) : NOTICE)) {
      LOG.warn(
          "The backup to {} is over, and its files are gone, but its thread waits: somebody else"
              + " holds the file's write lock, which it needs to end",
          target);
    }
  }

  /** Whatever the thread's interrupt flag says, which is kept. */
  boolean awaitEnd(Duration patience) {
    long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return done.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void check() throws SQLException {
    Supplier<SQLException> reason = phase.get().endedFor();
    if (reason != null) {
      throw reason.get();
    }
    if (failure != null) {
      throw Errors.again(failure);
    }
  }
}
