package dev.heddle.pool.internal.events;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs reports on a thread of its own, one for the JVM, that comes and goes with them: a log that
 * is slow, or fails, delays nobody. When it is far behind, reports are dropped, and it says how
 * many.
 */
final class ReportLog {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.lease");

  /** A log that is so far behind gains nothing from more. */
  private static final int MOST_WAITING = 256;

  private static final AtomicLong DROPPED = new AtomicLong();

  private static final ThreadPoolExecutor EXECUTOR = executor();

  private ReportLog() {}

  private static ThreadPoolExecutor executor() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform()
                .daemon()
                .name("heddle-report")
                .inheritInheritableThreadLocals(false)
                .factory(),
            (report, full) -> DROPPED.incrementAndGet());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Logs a warning. */
  static void warn(String report, @Nullable Throwable cause) {
    run(() -> LOG.warn(report, cause));
  }

  /** Has something logged; never throws. */
  static void run(Runnable report) {
    try {
      EXECUTOR.execute(
          () -> {
            report.run();
            long dropped = DROPPED.getAndSet(0);
            if (dropped > 0) {
              LOG.warn("{} more reports were dropped: the log was too slow for them", dropped);
            }
          });
    } catch (Throwable noThread) {
      DROPPED.incrementAndGet();
    }
  }
}
