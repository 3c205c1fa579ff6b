package dev.heddle.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

/**
 * Warming up, measuring, over: what all threads of a JVM that measures look at, and what the JVM
 * spent in between.
 */
public final class Measurement {

  /** Where a measurement is. */
  public enum Phase {
    WARMING,
    MEASURING,
    OVER
  }

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final com.sun.management.ThreadMXBean MEMORY =
      ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);

  /** Open as soon as the threads may begin. */
  public final CountDownLatch go = new CountDownLatch(1);

  /** What was done while warming up. */
  public final LongAdder warmUnits = new LongAdder();

  private volatile Phase phase = Phase.WARMING;
  private long nanos;
  private volatile long begin;
  private volatile long end;
  private long cpuNanos;
  private long bytes;

  public Phase phase() {
    return phase;
  }

  /** When the threads were let go, by {@link System#nanoTime}; for them to ask. */
  public long begin() {
    return begin;
  }

  /** When it was over, by {@link System#nanoTime}; to be asked from then on. */
  public long end() {
    return end;
  }

  /**
   * How long to warm up.
   *
   * @param seconds at least so long
   * @param units compiled code needs so many, however little of the processor the JVM gets
   * @param longestSeconds but at most so long
   */
  public record Warming(int seconds, long units, int longestSeconds) {}

  /** What is done while measuring. */
  public interface Work {
    void run() throws InterruptedException;
  }

  /** Lets the threads begin, warms up, measures, and ends; runs {@code edge} twice in between. */
  public void run(Warming warming, int seconds, Runnable edge) throws InterruptedException {
    run(warming, () -> Thread.sleep(seconds * 1000L), edge);
  }

  /** The same, measuring for as long as {@code work} takes. */
  public void run(Warming warming, Work work, Runnable edge) throws InterruptedException {
    Thread.sleep(200);
    begin = System.nanoTime();
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
    end = System.nanoTime();
    phase = Phase.OVER;
    nanos = end - start;
    cpuNanos = SYSTEM.getProcessCpuTime() - cpuBefore;
    bytes = MEMORY.getTotalThreadAllocatedBytes() - bytesBefore;
    edge.run();
  }

  public double perSecond(long count) {
    return count * 1e9 / nanos;
  }

  /** The processor time of the whole JVM, its compiler and its collector included. */
  public double cpuMicrosPer(long count) {
    return cpuNanos / 1e3 / count;
  }

  public double bytesPer(long count) {
    return (double) bytes / count;
  }
}
