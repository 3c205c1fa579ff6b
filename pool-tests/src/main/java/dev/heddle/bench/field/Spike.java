package dev.heddle.bench.field;

import dev.heddle.bench.Figures;
import dev.heddle.bench.Histogram;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An idle pool, and all at once so many virtual threads, each of which does its task once. */
final class Spike {

  private final Shape shape;
  private Tally waits = new Tally();
  private Histogram spikes = new Histogram();
  private long random;
  private volatile @Nullable Throwable failure;

  Spike(Shape shape) {
    this.shape = shape;
  }

  /** Measures a contender: spike after spike. */
  Figures run(Contender contender, int seconds) throws Exception {
    Operations operations = contender.operations();
    repeat(operations, shape.task().warming().seconds());
    waits = new Tally();
    spikes = new Histogram();
    repeat(operations, seconds);
    if (failure != null) {
      throw new AssertionError("a thread failed", failure);
    }
    Figures figures = new Figures();
    Percentiles.put(figures, "op", spikes);
    Percentiles.put(figures, "wait", waits.sum());
    return figures
        .put("perSecond", shape.crew().workers() * 1e9 / spikes.percentile(0.5))
        .put("longestWaitMicros", waits.sum().max() / 1e3)
        .put("spikes", spikes.total());
  }

  private void repeat(Operations operations, int seconds) throws InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < seconds * 1_000_000_000L) {
      once(operations);
      Thread.sleep(1);
    }
  }

  private void once(Operations operations) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < shape.crew().workers(); i++) {
      int number = i;
      long ready = System.nanoTime();
      long choice = 0x9E3779B97F4A7C15L * ++random;
      threads.add(Thread.ofVirtual().start(() -> take(operations, number, choice, ready)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    spikes.record(System.nanoTime() - start);
  }

  private void take(Operations operations, int number, long choice, long ready) {
    long start = System.nanoTime();
    try {
      long waited = shape.task().run(operations, choice);
      // From its birth on: for a carrier, and for a connection.
      waits.record(number, start + waited - ready);
    } catch (SQLException | RuntimeException | AssertionError e) {
      failure = e;
    }
  }
}
