package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.management.ObjectName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Very many virtual threads at once: every slot stays in place, everyone is served or told. */
class CrowdTest {

  private static final int READERS = 4;

  @TempDir Path folder;

  private SqlitePool open() throws SQLException {
    return SqlitePool.open(
        PoolConfig.builder(folder.resolve("crowd.db"))
            .readers(READERS)
            .acquireTimeout(Duration.ofMinutes(10))
            .pragma("synchronous", "OFF")
            .build());
  }

  /** How each of the impatient ended; together they are all of them. */
  private static final class Outcomes {
    final AtomicInteger served = new AtomicInteger();
    final AtomicInteger timedOut = new AtomicInteger();
    final AtomicInteger interrupted = new AtomicInteger();
    final List<Throwable> unexpected = Collections.synchronizedList(new ArrayList<>());

    void run(SqlitePool pool, boolean writes) {
      try {
        if (writes) {
          try (WriteLease lease = pool.acquireWriter(Duration.ofMillis(2))) {
            lease.update("UPDATE t SET n = n + 1");
            lease.commit();
          }
        } else {
          try (ReadLease lease = pool.acquireReader(Duration.ofMillis(2))) {
            lease.query("SELECT n FROM t");
          }
        }
        served.incrementAndGet();
      } catch (SQLTransientConnectionException e) {
        timedOut.incrementAndGet();
      } catch (SQLException e) {
        if (e.getCause() instanceof InterruptedException
            && Thread.currentThread().isInterrupted()) {
          interrupted.incrementAndGet();
        } else {
          unexpected.add(e);
        }
      } catch (RuntimeException | Error e) {
        unexpected.add(e);
      }
    }
  }

  @Test
  void acquire_twentyThousandImpatientAndInterruptedThreads_leaveEverySlotInPlace()
      throws Exception {
    int count = 20_000;
    Random random = new Random(42);
    Outcomes outcomes = new Outcomes();
    try (SqlitePool pool = open()) {
      pool.useWriter(lease -> lease.script("CREATE TABLE t(n INTEGER); INSERT INTO t VALUES (0)"));
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        boolean writes = random.nextInt(4) == 0;
        threads.add(Thread.startVirtualThread(() -> outcomes.run(pool, writes)));
        if (i % 5 == 0) {
          threads.get(random.nextInt(threads.size())).interrupt();
        }
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), outcomes.unexpected);
      assertEquals(
          count, outcomes.served.get() + outcomes.timedOut.get() + outcomes.interrupted.get());
      assertTrue(outcomes.timedOut.get() > 0, "nobody timed out: the test is too gentle");
      assertTrue(outcomes.interrupted.get() > 0, "nobody was interrupted");
      assertEverySlotInPlace(pool);
    }
  }

  private static void assertEverySlotInPlace(SqlitePool pool) throws SQLException {
    PoolStats stats = pool.stats();
    assertEquals(READERS, stats.readers().idle());
    assertEquals(1, stats.writer().idle());
    assertEquals(0, stats.readers().waiting() + stats.writer().waiting());
    List<ReadLease> all = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      all.add(pool.acquireReader(Duration.ZERO));
    }
    try (WriteLease writer = pool.acquireWriter(Duration.ZERO)) {
      writer.update("UPDATE t SET n = n + 1");
      writer.commit();
    }
    all.forEach(ReadLease::close);
  }

  @Test
  @Tag("slow")
  @Timeout(300)
  void acquire_hundredThousandThreadsOnFourReaders_areAllServedAtLessThanOneKibibyteEach()
      throws Exception {
    int count = 100_000;
    AtomicInteger served = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    try (SqlitePool pool = open()) {
      List<ReadLease> all = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        all.add(pool.acquireReader());
      }
      for (int i = 0; i < count; i++) {
        threads.add(Thread.startVirtualThread(() -> readOnce(pool, served)));
      }
      while (pool.stats().readers().waiting() < count) {
        LockSupport.parkNanos(1_000_000);
      }
      long each = bytesOfThePool() / count;
      all.forEach(ReadLease::close);
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(count, served.get());
      assertEquals(READERS, pool.stats().readers().idle());
      assertTrue(
          each > 0 && each <= 1024, "a waiter takes " + each + " bytes of the pool's objects");
    }
  }

  private static void readOnce(SqlitePool pool, AtomicInteger served) {
    try (ReadLease lease = pool.acquireReader()) {
      lease.query("SELECT 1");
      served.incrementAndGet();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * The heap that live objects of the pool's classes take. The stack of a parked virtual thread is
   * not in it: its size depends on what the JIT has compiled so far.
   */
  private static long bytesOfThePool() throws Exception {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(line -> line.strip().split(" +"))
        .filter(columns -> columns.length >= 4 && columns[3].startsWith("dev.heddle.pool."))
        .mapToLong(columns -> Long.parseLong(columns[2]))
        .sum();
  }
}
