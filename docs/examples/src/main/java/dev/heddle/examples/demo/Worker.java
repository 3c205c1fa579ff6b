package dev.heddle.examples.demo;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * The life of one virtual thread: it thinks, reads or writes, and thinks again. It remembers what
 * was acknowledged to it, which means that {@code commit()} had returned.
 */
final class Worker implements Runnable {

  /** Of all threads together: it keeps the cores busy, and does not swamp them. */
  private static final int TURNS_PER_SECOND_AND_CORE = 15_000;

  private static final int TURNS_PER_WRITE = 4;
  private static final int WRITES_PER_ROLLBACK = 20;

  private final int owner;
  private final int owners;
  private final TaskStore store;
  private final Tally tally;
  private final long endNanos;
  private final int maxThinkMillis;
  private final SplittableRandom random;
  private final Deque<Long> pending = new ArrayDeque<>();

  private Account acknowledged = Account.EMPTY;
  private long lastId;

  Worker(int owner, int owners, TaskStore store, Tally tally, long endNanos) {
    this.owner = owner;
    this.owners = owners;
    this.store = store;
    this.tally = tally;
    this.endNanos = endNanos;
    this.maxThinkMillis = maxThinkMillis(owners);
    this.random = new SplittableRandom(owner);
  }

  /** What so many threads do, for people. */
  static String describe(int threads) {
    return """
    Each thread thinks for 0 to %,d ms between two turns. One turn in %d is a write, a transaction
    of its own that is on disk when its commit() returns, and 1 in %d of these is rolled back on
    purpose. Those that are ready at the same time share a commit.\
    """
        .formatted(maxThinkMillis(threads), TURNS_PER_WRITE, WRITES_PER_ROLLBACK);
  }

  private static int maxThinkMillis(int threads) {
    int turnsPerSecond = TURNS_PER_SECOND_AND_CORE * Runtime.getRuntime().availableProcessors();
    return (int) Math.max(1, 2_000L * threads / turnsPerSecond);
  }

  int owner() {
    return owner;
  }

  /** What was acknowledged; to be asked when the thread has ended. */
  Account acknowledged() {
    return acknowledged;
  }

  @Override
  public void run() {
    try {
      Thread.sleep(random.nextInt(maxThinkMillis));
      while (System.nanoTime() - endNanos < 0) {
        turn();
        Thread.sleep(random.nextInt(maxThinkMillis));
      }
    } catch (Throwable e) {
      tally.failed(e);
    }
  }

  private void turn() throws SQLException {
    try {
      if (random.nextInt(TURNS_PER_WRITE) > 0) {
        read();
      } else {
        write();
      }
    } catch (SQLTransientConnectionException e) {
      tally.timeouts.increment();
    }
  }

  private void write() throws SQLException {
    boolean keep = random.nextInt(WRITES_PER_ROLLBACK) > 0;
    Long oldest = random.nextBoolean() ? pending.peekFirst() : null;
    if (oldest == null) {
      long id = store.add(owner, keep);
      if (keep) {
        pending.addLast(id);
        lastId = id;
        acknowledged = acknowledged.added(id);
      }
    } else {
      store.complete(owner, oldest, keep);
      if (keep) {
        pending.removeFirst();
        acknowledged = acknowledged.done(oldest);
      }
    }
    (keep ? tally.commits : tally.rollbacks).increment();
  }

  private void read() throws SQLException {
    switch (random.nextInt(3)) {
      case 0 -> store.pendingAfter(lastId);
      case 1 -> {
        // A reader sees the newest commit: mine, as nobody else writes this row.
        if (!store.summary(owner).equals(acknowledged.summary())) {
          tally.staleReads.increment();
        }
      }
      default -> {
        if (!store.agrees(random.nextInt(owners))) {
          tally.tornReads.increment();
        }
      }
    }
    tally.reads.increment();
  }
}
