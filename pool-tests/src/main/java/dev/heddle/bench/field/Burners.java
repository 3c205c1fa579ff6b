package dev.heddle.bench.field;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Virtual threads that compute for some 100 µs and let others go on, again and again. */
final class Burners {

  private static final long BURST_NANOS = 100_000;

  /** How often one of them has computed. */
  final LongAdder bursts = new LongAdder();

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;

  /** So that what is computed is used. */
  private volatile long computed;

  void startOne() {
    threads.add(Thread.ofVirtual().start(this::burn));
  }

  /** Lets them end. */
  void stop() {
    over = true;
  }

  /** Waits for their ends. */
  void join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // it is the scheduler that is made to go round
  private void burn() {
    long x = computed;
    while (!over) {
      long start = System.nanoTime();
      do {
        for (int i = 0; i < 1000; i++) {
          x = x * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
        }
      } while (System.nanoTime() - start < BURST_NANOS);
      computed = x;
      bursts.increment();
      Thread.yield();
    }
  }
}
