package dev.heddle.pool.internal.upkeep;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carrier threads for the connections of one pool.
 *
 * <p>A virtual thread inside SQLite keeps its carrier, and the JDK does not make up for it. At most
 * one can be there for each connection; so the scheduler's parallelism, which is one number for the
 * whole JVM, is raised by that many while the pool is open. Raising it around each query comes too
 * late for the threads that wait by then.
 */
public final class Carriers {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.carriers");

  /** The scheduler takes no more. */
  private static final int MAX_PARALLELISM = 32_767;

  /** Reading the number and writing it back is two calls; two pools must not mix them. */
  private static final ReentrantLock LOCK = new ReentrantLock();

  private static final AtomicBoolean MISSING_SAID = new AtomicBoolean();

  private final AtomicBoolean reserved;
  private final int count;

  private Carriers(int count) {
    this.count = count;
    this.reserved = new AtomicBoolean(count > 0);
  }

  /** No carriers. */
  public static Carriers none() {
    return new Carriers(0);
  }

  /** Raises the parallelism by so many, or as many as there is room for. */
  public static Carriers reserve(int wanted) {
    VirtualThreadSchedulerMXBean scheduler = scheduler();
    if (scheduler == null) {
      sayMissing(wanted);
      return none();
    }
    LOCK.lock();
    try {
      int now = scheduler.getParallelism();
      int count = Math.min(wanted, MAX_PARALLELISM - now);
      scheduler.setParallelism(now + count);
      LOG.debug("Raised the parallelism of the virtual-thread scheduler from {} by {}", now, count);
      return new Carriers(count);
    } finally {
      LOCK.unlock();
    }
  }

  /** Takes back exactly what was reserved; once, however often it is called. */
  public void release() {
    VirtualThreadSchedulerMXBean scheduler = scheduler();
    if (scheduler == null || !reserved.compareAndSet(true, false)) {
      return;
    }
    LOCK.lock();
    try {
      scheduler.setParallelism(Math.max(1, scheduler.getParallelism() - count));
    } finally {
      LOCK.unlock();
    }
  }

  private static @Nullable VirtualThreadSchedulerMXBean scheduler() {
    return ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
  }

  private static void sayMissing(int wanted) {
    if (MISSING_SAID.compareAndSet(false, true)) {
      LOG.warn(
          "This JVM has no VirtualThreadSchedulerMXBean, so slow queries can take the carriers of"
              + " other virtual threads. Start it with"
              + " -Djdk.virtualThreadScheduler.parallelism=<cores + {}>, or set carriers=off",
          wanted);
    }
  }
}
