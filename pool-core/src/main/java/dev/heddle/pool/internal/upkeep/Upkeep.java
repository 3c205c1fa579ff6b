package dev.heddle.pool.internal.upkeep;

import dev.heddle.pool.internal.lane.Parking;
import dev.heddle.pool.internal.lane.Refusal;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.UpkeepConnection;
import dev.heddle.pool.internal.sqlite.WalState;
import dev.heddle.pool.internal.sqlite.WatchedFile;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is looked after while there are commits: that the file is still there, that the WAL stays
 * short, the statistics of the query planner. All of it happens on one thread, which comes and goes
 * with it, and on a connection of its own. Nothing happens while nobody commits.
 */
public final class Upkeep {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.upkeep");

  /** When to look again at a WAL that somebody holds back; then in twice that time, and so on. */
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final int MOST_DOUBLED = 2;

  /** A ring is followed by another look: commits that come just after it do not ring. */
  private static final long AFTER_RING_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long writers are kept out for readers, when somebody asks for a checkpoint. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final String OPTIMIZE = "optimize";

  private final String pool;
  private final Opener opener;
  private final WatchedFile file;
  private final WriterPause<Session> pause;
  private final WalKeeper keeper;
  private final long optimizeEveryNanos;
  private final ThreadPoolExecutor thread;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final AtomicBoolean rung = new AtomicBoolean();

  // Touched by the thread only.
  private @Nullable UpkeepConnection connection;
  private long optimizedAt = System.nanoTime();
  private boolean failing;
  private int inVain;
  private Runnable noLaterLook = () -> {};

  /** Opens the connection for it. */
  @FunctionalInterface
  public interface Opener {
    UpkeepConnection open() throws SQLException;
  }

  /**
   * Looks after a pool.
   *
   * @param optimizeEvery zero for never
   */
  public Upkeep(
      String pool,
      Opener opener,
      WatchedFile file,
      WriterPause<Session> pause,
      WalKeeper keeper,
      Duration optimizeEvery) {
    this.pool = pool;
    this.opener = opener;
    this.file = file;
    this.pause = pause;
    this.keeper = keeper;
    this.optimizeEveryNanos = optimizeEvery.toNanos();
    this.thread = thread(pool);
  }

  private static ThreadPoolExecutor thread(String pool) {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(
            1,
            1,
            2,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform()
                .daemon()
                .name("heddle-upkeep-" + pool)
                .inheritInheritableThreadLocals(false)
                .factory());
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }

  /** There was a commit: has it looked at. Returns at once, and never throws. */
  public void ring() {
    rung.set(true);
    ask();
  }

  private void ask() {
    if (!asked.compareAndSet(false, true)) {
      return;
    }
    try {
      thread.execute(this::look);
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      asked.set(false); // closed; or there is no thread now, and the next commit asks again
    }
  }

  private void look() {
    asked.set(false);
    boolean commits = rung.getAndSet(false);
    boolean inTheWay = tryToLook();
    inVain = inTheWay ? inVain + 1 : 0;
    noLaterLook.run(); // one at a time is enough, and more would add up
    if (inTheWay) {
      lookIn(AGAIN_NANOS << Math.min(inVain - 1, MOST_DOUBLED));
    } else if (commits) {
      lookIn(AFTER_RING_NANOS);
    }
  }

  private void lookIn(long nanos) {
    noLaterLook = Parking.SYSTEM.later(this::ask, nanos);
  }

  /** True if somebody is in the way of what has to be done. */
  private boolean tryToLook() {
    try {
      if (file.look().isPresent()) {
        closeConnection();
        return false;
      }
      boolean inTheWay = onConnection(keeper::keep);
      optimizeIfDue();
      failing = false;
      return inTheWay;
    } catch (Refusal refusal) {
      return refusal.reason() != Refusal.Reason.CLOSED;
    } catch (SQLException | RuntimeException e) {
      if (!failing) {
        failing = true;
        LOG.warn("Pool '{}': upkeep failed; it is tried again with later commits", pool, e);
      }
      return false;
    }
  }

  private void optimizeIfDue() throws SQLException, Refusal {
    if (optimizeEveryNanos > 0 && System.nanoTime() - optimizedAt >= optimizeEveryNanos) {
      optimizeNow();
    }
  }

  /** What is done on the connection for upkeep. */
  @FunctionalInterface
  private interface Use<T> {
    T on(UpkeepConnection connection) throws SQLException, Refusal;
  }

  /** One that met an error is not used again: SQLite may have opened it for reading only. */
  private <T> T onConnection(Use<T> use) throws SQLException, Refusal {
    try {
      return use.on(connection());
    } catch (SQLException | RuntimeException e) {
      closeConnection();
      throw e;
    }
  }

  private UpkeepConnection connection() throws SQLException {
    UpkeepConnection known = connection;
    if (known == null) {
      known = opener.open();
      connection = known;
    }
    return known;
  }

  private void closeConnection() {
    UpkeepConnection open = connection;
    connection = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (SQLException e) {
      LOG.warn("Pool '{}': closing the connection for upkeep failed", pool, e);
    }
  }

  // The query planner's statistics

  private void optimizeNow() throws SQLException, Refusal {
    onConnection(
        open -> {
          pause.during(OPTIMIZE, open::optimize);
          return true;
        });
    optimizedAt = System.nanoTime();
  }

  // For somebody who asks for it

  /** Moves the whole WAL into the database, and cuts its file, if nobody is in the way. */
  public WalState checkpoint() throws SQLException {
    return await(
        () -> {
          file.requireSame();
          return onConnection(open -> keeper.truncate(open, PATIENCE_NANOS));
        });
  }

  /** Brings the statistics for the query planner up to date. */
  public void optimize() throws SQLException {
    await(
        () -> {
          file.requireSame();
          optimizeNow();
          return true;
        });
  }

  private <T> T await(Callable<T> task) throws SQLException {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      thread.execute(() -> complete(result, task));
      return result.get();
    } catch (RejectedExecutionException e) {
      throw closed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Errors.interrupted("The thread was interrupted; what it waited for goes on");
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  private static <T> void complete(CompletableFuture<T> result, Callable<T> task) {
    try {
      result.complete(task.call());
    } catch (Throwable t) {
      result.completeExceptionally(t);
    }
  }

  private SQLException failure(@Nullable Throwable cause) {
    return switch (cause) {
      case SQLException e -> Errors.again(Errors.translate(e, null));
      case Refusal refusal when refusal.reason() == Refusal.Reason.CLOSED -> closed();
      case Refusal refusal ->
          new SQLTransientConnectionException(
              "The writer of pool '"
                  + pool
                  + "' could not be had within "
                  + Errors.duration(refusal.waitedNanos())
                  + ": somebody holds it for long. Try again later",
              Errors.CANT_CONNECT);
      case null, default -> new SQLException("Upkeep of pool '" + pool + "' failed", cause);
    };
  }

  private SQLException closed() {
    return new SQLNonTransientConnectionException(
        "The pool '" + pool + "' is closed", Errors.NO_CONNECTION);
  }

  /**
   * Ends it, and waits for what it is doing, at most so long; whatever the interrupt flag says.
   * What takes longer closes its connection when it is done.
   *
   * @param afterwards what to do when its connection is closed
   */
  public void close(Duration patience, Runnable afterwards) {
    thread.execute(
        () -> {
          closeConnection();
          afterwards.run();
        });
    thread.shutdown();
    boolean interrupted = false;
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        if (!thread.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          LOG.warn("Pool '{}': its upkeep is not done yet, and closes its connection later", pool);
        }
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
