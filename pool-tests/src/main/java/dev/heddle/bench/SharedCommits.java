package dev.heddle.bench;

import dev.heddle.pool.PoolStats;
import dev.heddle.pool.SqlitePool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a pool committed between the beginning and the end of a measurement. */
final class SharedCommits implements Runnable {

  private final SqlitePool pool;
  private final List<PoolStats.Commits> seen = new ArrayList<>();

  SharedCommits(SqlitePool pool) {
    this.pool = pool;
  }

  /** Looks at the pool's numbers: once at the beginning, once at the end. */
  @Override
  public void run() {
    seen.add(pool.stats().commits());
  }

  void addTo(Figures figures) {
    PoolStats.Commits before = seen.getFirst();
    PoolStats.Commits after = seen.getLast();
    double transactions = after.transactions() - before.transactions();
    figures.put("unitsPerCommit", (after.units() - before.units()) / transactions);
    figures.put("mostUnitsPerCommit", after.mostUnits());
    figures.put("unitsRolledBack", after.rolledBack() - before.rolledBack());
    double nanos =
        sum(after.meanTime(), after.transactions()) - sum(before.meanTime(), before.transactions());
    figures.put("commitMicros", nanos / transactions / 1e3);
    figures.put("longestCommitMicros", after.longestTime().toNanos() / 1e3);
  }

  private static double sum(Duration mean, long count) {
    return (double) mean.toNanos() * count;
  }
}
