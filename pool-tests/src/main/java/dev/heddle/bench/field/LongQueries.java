package dev.heddle.bench.field;

import dev.heddle.bench.Figures;
import dev.heddle.bench.Heartbeat;
import dev.heddle.bench.SlowQueries;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Virtual threads that run long queries, and one that only wants to be awake each millisecond. */
final class LongQueries {

  private static final long WARMING_NANOS = 1_000_000_000;

  private volatile @Nullable Throwable failure;

  /** Measures a contender, for as long as each of the queries takes once. */
  Figures run(Contender contender) throws Exception {
    Operations operations = contender.operations();
    long steps = SlowQueries.calibrate();
    long start = System.nanoTime();
    while (System.nanoTime() - start < WARMING_NANOS) {
      query(operations, steps / 100);
    }
    Figures figures = new Figures();
    Heartbeat heartbeat = Heartbeat.start();
    query(operations, steps);
    heartbeat.stop(figures);
    if (failure != null) {
      throw new AssertionError("a query failed", failure);
    }
    return figures;
  }

  private void query(Operations operations, long steps) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < SlowQueries.QUERIES; i++) {
      threads.add(Thread.ofVirtual().start(() -> count(operations, steps)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void count(Operations operations, long steps) {
    try {
      operations.count(steps);
    } catch (SQLException | RuntimeException | AssertionError e) {
      failure = e;
    }
  }
}
