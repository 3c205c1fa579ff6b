package dev.heddle.pool.tests;

import dev.heddle.pool.ConnectionSetup;
import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.sqlite.Function;

/** Time that passes: as a pool sees it, in Java code, and inside SQLite. */
final class Passing {

  private static final LeaseOptions BRIEF =
      LeaseOptions.DEFAULTS.withLabel("clock").withHoldAtMost(Duration.ofMillis(200));

  private Passing() {}

  /**
   * Returns when the pool has taken two more leases of readers away, one after the other, each
   * after 200 ms: by then, whoever was to be taken away or reported as early has been.
   */
  static void untilOthersAreRevoked(SqlitePool pool) throws SQLException {
    for (int i = 0; i < 2; i++) {
      try (ReadLease lease = pool.acquireReader(BRIEF)) {
        Await.until("the next lease is revoked", () -> isRevoked(lease));
      }
    }
  }

  private static boolean isRevoked(ReadLease lease) {
    return lease.toString().contains("ended");
  }

  /** Java code that takes at least so long. */
  static void inJava(Duration time) {
    long start = System.nanoTime();
    CountDownLatch never = new CountDownLatch(1);
    try {
      for (long left = time.toNanos();
          left > 0;
          left = start + time.toNanos() - System.nanoTime()) {
        if (never.await(left, TimeUnit.NANOSECONDS)) {
          throw new AssertionError("opened");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * For {@code onConnect}: the function {@code takes(ms)}, which lasts so long inside SQLite, and
   * gives 1.
   */
  static ConnectionSetup functions() {
    return connection -> Function.create(connection, "takes", new Takes());
  }

  private static final class Takes extends Function {
    @Override
    protected void xFunc() throws SQLException {
      inJava(Duration.ofMillis(value_long(0)));
      result(1);
    }
  }
}
