package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A virtual thread that never gives up its carrier takes leases in a loop, and another one waits.
 * On a single carrier that one can run only when the first must wait itself.
 */
class OvertakingTest {

  private static final List<String> ONE_CARRIER =
      List.of(
          "-Djdk.virtualThreadScheduler.parallelism=1",
          "-Djdk.virtualThreadScheduler.maxPoolSize=1");

  /** Many more than may overtake a thread that waits. */
  private static final int LEASES = 10_000;

  @TempDir Path folder;

  @Test
  void waiter_anotherThreadTakesLeaseAfterLease_isServedBetweenThem() throws Exception {
    try (ChildJvm child =
        ChildJvm.start(ONE_CARRIER, OneCarrier.class, folder.resolve("test.db"))) {
      assertEquals(List.of("served"), child.said(1));
    }
  }

  /** In the child. */
  static final class OneCarrier {

    public static void main(String[] arguments) throws Exception {
      PoolConfig config =
          PoolConfig.builder(Path.of(arguments[0])).readers(1).reserveCarriers(false).build();
      try (SqlitePool pool = SqlitePool.open(config)) {
        AtomicBoolean served = new AtomicBoolean();
        Thread taker = Thread.ofVirtual().unstarted(() -> takeUntil(served, pool));
        taker.start();
        taker.join();
        ChildJvm.say(served.get() ? "served" : "not served");
      }
    }

    private static void takeUntil(AtomicBoolean served, SqlitePool pool) {
      try {
        Thread waiter;
        try (var _ = pool.acquireReader()) {
          waiter = Thread.startVirtualThread(() -> take(pool, served));
          Await.until("it waits", () -> pool.stats().readers().waiting() == 1);
        }
        for (int i = 0; i < LEASES && !served.get(); i++) {
          pool.acquireReader().close();
        }
        boolean inTime = served.get();
        waiter.join();
        served.set(inTime);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    private static void take(SqlitePool pool, AtomicBoolean served) {
      try (var _ = pool.acquireReader()) {
        served.set(true);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
