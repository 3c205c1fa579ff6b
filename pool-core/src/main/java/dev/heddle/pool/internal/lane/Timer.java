package dev.heddle.pool.internal.lane;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one timer of all lanes in this JVM. It has a platform thread: time-outs must come also when
 * every carrier of virtual threads is busy. The thread comes and goes with those who wait or hold,
 * and keeps nothing of the thread that was the first of them.
 */
final class Timer {

  private static final ScheduledThreadPoolExecutor EXECUTOR = executor();

  private Timer() {}

  private static ScheduledThreadPoolExecutor executor() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform()
                .daemon()
                .name("heddle-timer")
                .inheritInheritableThreadLocals(false)
                .factory());
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }

  /** Gives what takes it back. */
  static Runnable later(Runnable task, long nanos) {
    Future<?> later = EXECUTOR.schedule(task, nanos, TimeUnit.NANOSECONDS);
    return () -> later.cancel(false);
  }
}
