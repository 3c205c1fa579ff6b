package dev.heddle.pool.internal.upkeep;

import dev.heddle.pool.internal.events.PoolEvents;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a pool: turn away, let finish, revoke, close the connections, tell the last commits.
 *
 * <p>Readers are closed first and the writer last: the last connection to a file checkpoints the
 * WAL and removes it, which a read-only one can't.
 */
public final class Shutdown {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.close");

  /** A revoked call is given at least this long to notice; it mostly takes a millisecond. */
  private static final Duration NOTICE = Duration.ofSeconds(2);

  private final String pool;
  private final Lane<Session> readers;
  private final Lane<Session> writer;
  private final CommitFeed commits;
  private final PoolEvents events;
  private final Backups backups;
  private final Duration patience;
  private final Function<Hold<Session>, String> describe;
  private final Upkeep upkeep;
  private final Runnable afterEach;
  private final Runnable afterwards;

  /** Connections that are not closed yet, that of the upkeep included. */
  private final AtomicInteger left;

  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);

  /**
   * Prepares.
   *
   * @param commits what listeners are still to be told
   * @param events as {@code commits}
   * @param patience how long holders may take to finish, and again to notice that they were revoked
   * @param describe a hold in words
   * @param upkeep the pool's own work on the file
   * @param afterEach what to do when a connection is closed
   * @param afterwards what to do when all are
   */
  public Shutdown(
      String pool,
      Lane<Session> readers,
      Lane<Session> writer,
      CommitFeed commits,
      PoolEvents events,
      Backups backups,
      Duration patience,
      Function<Hold<Session>, String> describe,
      Upkeep upkeep,
      Runnable afterEach,
      Runnable afterwards) {
    this.pool = pool;
    this.readers = readers;
    this.writer = writer;
    this.commits = commits;
    this.events = events;
    this.backups = backups;
    this.patience = patience;
    this.describe = describe;
    this.upkeep = upkeep;
    this.afterEach = afterEach;
    this.afterwards = afterwards;
    this.left = new AtomicInteger(writer.view().connections() + readers.view().connections() + 1);
  }

  /**
   * Closes; a second caller waits for the first.
   *
   * @throws IllegalStateException if the calling thread holds a lease
   */
  public void run() {
    if (done.getCount() == 0) {
      return;
    }
    refuseHolder(writer);
    refuseHolder(readers);
    if (begun.compareAndSet(false, true)) {
      try {
        close();
      } finally {
        done.countDown();
      }
    } else {
      awaitDone();
    }
  }

  /** True as soon as nobody new is let in. */
  public boolean hasBegun() {
    return begun.get();
  }

  private void refuseHolder(Lane<Session> lane) {
    Hold<Session> hold = lane.heldBy(Thread.currentThread());
    if (hold != null) {
      throw new IllegalStateException(
          "close() of pool '%s' would wait for the thread that calls it: %s is still open, in the %s lane. End it first"
              .formatted(pool, describe.apply(hold), lane.view().name()));
    }
  }

  private void close() {
    writer.close();
    readers.close();
    backups.close();
    if (!awaitAllBack(patience)) {
      List<Hold<Session>> revoked = new ArrayList<>(writer.revokeAll());
      revoked.addAll(readers.revokeAll());
      LOG.warn(
          "Pool '{}': {} leases were still held after close-timeout={} and are revoked: {}",
          pool,
          revoked.size(),
          patience,
          revoked.stream().map(describe).toList());
      if (!awaitAllBack(longer(patience, NOTICE))) {
        LOG.error(
            "Pool '{}': calls inside SQLite did not end: {}. Their connections are closed when they"
                + " do; until then the file stays open",
            pool,
            revoked.stream().filter(Hold::inCall).map(this::running).toList());
      }
    }
    upkeep.close(longer(patience, NOTICE), this::closed);
    if (!backups.awaitEnd(Backup.NOTICE)) {
      LOG.error("Pool '{}': a backup did not end; until it does, the file stays open", pool);
    }
    readers.retire(this::retire);
    writer.retire(this::retire);
    commits.finish(patience);
    events.finish(longer(patience, NOTICE));
  }

  /** By this thread, or by a call that did not end in time, when it does. */
  private void retire(Session session) {
    session.close();
    afterEach.run();
    closed();
  }

  private void closed() {
    if (left.decrementAndGet() == 0) {
      afterwards.run();
    }
  }

  private String running(Hold<Session> hold) {
    String sql = hold.resource().latestSql();
    return describe.apply(hold) + (sql == null ? "" : " in " + Errors.shorten(sql));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** One after the other, but within one time for both. */
  private boolean awaitAllBack(Duration patience) {
    long start = System.nanoTime();
    boolean back = writer.awaitAllBack(patience.toNanos());
    long left = Math.max(0, patience.toNanos() - (System.nanoTime() - start));
    return readers.awaitAllBack(left) && back;
  }

  private void awaitDone() {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
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
