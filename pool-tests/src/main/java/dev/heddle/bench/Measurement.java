package dev.heddle.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

/**
 * Warming up, measuring, over: what all threads of a JVM that measures look at, and what the JVM
 * spent in between.
 */
final class Measurement {

  /** Where a measurement is. */
  enum Phase {
    WARMING,
    MEASURING,
    OVER
  }

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final com.sun.management.ThreadMXBean MEMORY =
      ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);

  /** Open as soon as the threads may begin. */
  final CountDownLatch go = new CountDownLatch(1);

  /** What was done while warming up. */
  final LongAdder warmUnits = new LongAdder();

  private volatile Phase phase = Phase.WARMING;
  private long nanos;
  private long cpuNanos;
  private long bytes;

  Phase phase() {
    return phase;
  }

  /**
   * How long to warm up.
   *
   * @param seconds at least so long
   * @param units compiled code needs so many, however little of the processor the JVM gets
   * @param longestSeconds but at most so long
   */
  record Warming(int seconds, long units, int longestSeconds) {}

  /** What is done while measuring. */
  interface Work {
    void run() throws InterruptedException;
  }

  /** Lets the threads begin, warms up, measures, and ends; runs {@code edge} twice in between. */
  void run(Warming warming, int seconds, Runnable edge) throws InterruptedException {
    run(warming, () -> Thread.sleep(seconds * 1000L), edge);
  }

  /** The same, measuring for as long as {@code work} takes. */
  void run(Warming warming, Work work, Runnable edge) throws InterruptedException {
    Thread.sleep(200);
    go.countDown();
    for (int i = 0; i < warming.longestSeconds(); i++) {
      if (i >= warming.seconds() && warmUnits.sum() >= warming.units()) {
        break;
      }
      Thread.sleep(1000);
    }
    edge.run();
    long bytesBefore = MEMORY.getTotalThreadAllocatedBytes();
    long cpuBefore = SYSTEM.getProcessCpuTime();
    long start = System.nanoTime();
    phase = Phase.MEASURING;
    work.run();
    phase = Phase.OVER;
    nanos = System.nanoTime() - start;
    cpuNanos = SYSTEM.getProcessCpuTime() - cpuBefore;
    bytes = MEMORY.getTotalThreadAllocatedBytes() - bytesBefore;
    edge.run();
  }

  double perSecond(long count) {
    return count * 1e9 / nanos;
  }

  /** The processor time of the whole JVM, its compiler and its collector included. */
  double cpuMicrosPer(long count) {
    return cpuNanos / 1e3 / count;
  }

  double bytesPer(long count) {
    return (double) bytes / count;
  }
}
