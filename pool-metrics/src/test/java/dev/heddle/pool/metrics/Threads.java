package dev.heddle.pool.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Virtual threads, and what became of their work. */
final class Threads {

  private Threads() {}

  static <T> Future<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.startVirtualThread(task);
    return task;
  }

  static <T> T result(Future<T> work) throws Exception {
    return work.get(20, TimeUnit.SECONDS);
  }

  /** All begin together; returns when each has come to its end. */
  static void crowd(int threads, IntFunction<Callable<?>> works) throws Exception {
    CountDownLatch begin = new CountDownLatch(1);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Callable<?> work = works.apply(i);
      running.add(
          start(
              () -> {
                begin.await();
                return work.call();
              }));
    }
    begin.countDown();
    for (Future<?> one : running) {
      result(one);
    }
  }
}
