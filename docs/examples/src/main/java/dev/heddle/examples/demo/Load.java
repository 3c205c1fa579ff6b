package dev.heddle.examples.demo;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.PoolStats;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Many threads on one pool, for a time. */
public final class Load {

  private final LeasePool pool;
  private final TaskStore store;
  private final Heartbeat heartbeat = new Heartbeat();
  private final Tally tally = new Tally();
  private final Map<Integer, Account> acknowledged = new HashMap<>();
  private double readsPerSecond;
  private double commitsPerSecond;
  private double unitsPerCommit;

  public Load(LeasePool pool) throws SQLException {
    this.pool = pool;
    this.store = new TaskStore(pool);
  }

  /** What so many threads do, for people. */
  public static String describe(int threads) {
    return Worker.describe(threads);
  }

  /**
   * Returns when every thread has ended. Waits, gaps and rates are those after the warm-up; counts,
   * and what is checked in the end, are those of the whole run.
   */
  public void run(int threads, Duration warmUp, Duration time, Progress progress)
      throws InterruptedException {
    long begin = System.nanoTime() + warmUp.toNanos();
    long end = begin + time.toNanos();
    List<Worker> workers = new ArrayList<>();
    for (int owner = 0; owner < threads; owner++) {
      workers.add(new Worker(owner, threads, store, tally, end));
    }
    try (heartbeat) {
      List<Thread> running = workers.stream().map(Thread::startVirtualThread).toList();
      progress.follow("warm-up", pool, tally, begin);
      measure(progress, end);
      for (Thread thread : running) {
        thread.join();
      }
    }
    workers.forEach(worker -> acknowledged.put(worker.owner(), worker.acknowledged()));
  }

  private void measure(Progress progress, long end) throws InterruptedException {
    List.of(store.readerWaits, store.writerWaits, heartbeat.gaps()).forEach(Histogram::reset);
    long reads = tally.reads.sum();
    long commits = tally.commits.sum();
    PoolStats.Commits before = pool.stats().commits();
    long start = System.nanoTime();
    progress.follow("", pool, tally, end);
    double seconds = (System.nanoTime() - start) / 1e9;
    readsPerSecond = (tally.reads.sum() - reads) / seconds;
    commitsPerSecond = (tally.commits.sum() - commits) / seconds;
    PoolStats.Commits now = pool.stats().commits();
    unitsPerCommit =
        (double) (now.units() - before.units())
            / Math.max(1, now.transactions() - before.transactions());
  }

  double readsPerSecond() {
    return readsPerSecond;
  }

  double commitsPerSecond() {
    return commitsPerSecond;
  }

  double unitsPerCommit() {
    return unitsPerCommit;
  }

  Tally tally() {
    return tally;
  }

  Histogram readerWaits() {
    return store.readerWaits;
  }

  Histogram writerWaits() {
    return store.writerWaits;
  }

  Histogram heartbeatGaps() {
    return heartbeat.gaps();
  }

  /** What each owner was told to be committed. */
  Map<Integer, Account> acknowledged() {
    return acknowledged;
  }

  /** Whether nobody waited in vain, and no thread failed. */
  public boolean passed() {
    return tally.timeouts.sum() == 0 && tally.firstFailure() == null;
  }
}
