package dev.heddle.pool.internal.upkeep;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
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

  /**
   * For all pools of the JVM together. A program with a thousand small pools does not run a query
   * in each at the same moment; and each carrier that is in use is a thread of the system.
   */
  static final int MOST = 256;

  /** Guards the two numbers below, and reading and writing that of the scheduler. */
  private static final ReentrantLock LOCK = new ReentrantLock();

  /** How many all open pools want. */
  private static int wanted;

  /** How many the parallelism is raised by. */
  private static int raised;

  private static final AtomicBoolean MISSING_SAID = new AtomicBoolean();
  private static final AtomicBoolean BOUND_SAID = new AtomicBoolean();

  private final Parallelism parallelism;

  /** Reserved, and not given back. */
  private final AtomicInteger left;

  private Carriers(int count, Parallelism parallelism) {
    this.parallelism = parallelism;
    this.left = new AtomicInteger(count);
  }

  /** No carriers. */
  public static Carriers none() {
    return new Carriers(0, Parallelism.UNKNOWN);
  }

  /** Raises the parallelism by so many, or as many as there is room for. */
  public static Carriers reserve(int count) {
    return reserve(count, Parallelism.ofThisJvm());
  }

  static Carriers reserve(int count, Parallelism parallelism) {
    try {
      if (want(count, parallelism) > MOST) {
        sayBound();
      }
      return new Carriers(count, parallelism);
    } catch (UnsupportedOperationException e) {
      sayMissing(count, e);
      return none();
    }
  }

  /** Gives one back, because a connection is closed. */
  public void releaseOne() {
    if (left.getAndUpdate(now -> Math.max(0, now - 1)) > 0) {
      want(-1, parallelism);
    }
  }

  /** Gives back what is left; once, however often it is called. */
  public void release() {
    want(-left.getAndSet(0), parallelism);
  }

  /** How many are wanted then, by all. */
  private static int want(int more, Parallelism parallelism) {
    if (more == 0) {
      return 0;
    }
    LOCK.lock();
    try {
      int target = Math.min(wanted + more, MOST);
      int changed = parallelism.change(target - raised);
      // What is given back is gone, even if somebody else has lowered the parallelism meanwhile.
      raised = target < raised ? target : raised + changed;
      wanted += more;
      return wanted;
    } finally {
      LOCK.unlock();
    }
  }

  private static void sayBound() {
    if (BOUND_SAID.compareAndSet(false, true)) {
      LOG.warn(
          "The pools of this JVM have more than {} connections, and reserve no more carriers than"
              + " that. More queries at the same moment take those of other virtual threads",
          MOST);
    }
  }

  private static void sayMissing(int count, UnsupportedOperationException why) {
    if (MISSING_SAID.compareAndSet(false, true)) {
      LOG.warn(
          "The parallelism of the virtual-thread scheduler can't be changed here ({}), so slow"
              + " queries can take the carriers of other virtual threads. Start the JVM with"
              + " -Djdk.virtualThreadScheduler.parallelism=<number of cores + {}>, and set"
              + " carriers=off",
          why.getMessage(),
          count);
    }
  }
}
