package dev.heddle.bench.field;

import dev.heddle.bench.Database;
import dev.heddle.bench.Figures;
import dev.heddle.bench.Histogram;
import dev.heddle.bench.Measurement;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Workers that do the task of a shape over and over, until the measurement is over. */
final class Load {

  private final Shape shape;
  private final Crew.Kind kind;
  private final Path file;
  private final Burners burners = new Burners();
  private long bursts;
  private final Measurement measurement = new Measurement();
  private final Tally operations = new Tally();
  private final Tally waits = new Tally();
  private final List<Worker> workers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  Load(Shape shape, Crew.Kind kind, Path file) {
    this.shape = shape;
    this.kind = kind;
    this.file = file;
  }

  /** Measures a contender. */
  Figures run(Contender contender, int seconds) throws Exception {
    hire(contender);
    FutureTask<@Nullable Void> start = new FutureTask<>(this::start);
    if (shape.crew().origin() == Crew.Origin.INSIDE) {
      Thread.ofVirtual().start(start);
    } else {
      start.run();
    }
    measurement.run(shape.task().warming(), seconds, () -> bursts = burners.bursts.sum() - bursts);
    burners.stop();
    start.get();
    for (Thread thread : threads) {
      thread.join();
    }
    burners.join();
    for (Worker worker : workers) {
      worker.operations.close();
      if (worker.failure != null && !(worker.failure instanceof SQLException)) {
        throw new AssertionError("a worker failed", worker.failure);
      }
    }
    return figures();
  }

  /** What was done without an error, in any phase. */
  long done() {
    return workers.stream().mapToLong(worker -> worker.done).sum();
  }

  private void hire(Contender contender) throws SQLException {
    for (int i = 0; i < shape.crew().workers(); i++) {
      workers.add(new Worker(i, contender.operations()));
    }
  }

  /** Starts everybody; a virtual thread does so when all may begin. */
  private @Nullable Void start() throws InterruptedException {
    if (Thread.currentThread().isVirtual()) {
      measurement.go.await();
    }
    ThreadFactory factory =
        kind == Crew.Kind.PLATFORM ? Thread.ofPlatform().factory() : Thread.ofVirtual().factory();
    int burning = 0;
    for (Worker worker : workers) {
      Thread thread = factory.newThread(worker);
      threads.add(thread);
      thread.start();
      // Evenly among them.
      for (; burning * workers.size() < shape.crew().burners() * threads.size(); burning++) {
        burners.startOne();
      }
    }
    return null;
  }

  private Figures figures() {
    Histogram whole = operations.sum();
    Histogram waited = waits.sum();
    // Of one worker that has other things to do in between, only its task counts.
    double rate =
        shape.task().fillsTable() ? 1e9 / whole.mean() : measurement.perSecond(whole.total());
    Figures figures =
        new Figures()
            .put("perSecond", rate)
            .put("burstsPerSecond", measurement.perSecond(bursts))
            .put("cpuMicros", measurement.cpuMicrosPer(whole.total()))
            .put("bytes", measurement.bytesPer(whole.total()))
            .put("leastServed", workers.stream().mapToLong(w -> w.served).min().orElse(0))
            .put("mostServed", workers.stream().mapToLong(w -> w.served).max().orElse(0))
            .put("unserved", workers.stream().filter(w -> w.served == 0).count())
            .put("errors", workers.stream().mapToLong(w -> w.errors).sum());
    Percentiles.put(figures, "op", whole);
    Percentiles.put(figures, "wait", waited);
    return figures.put(
        "longestWaitMicros", workers.stream().mapToLong(w -> w.longest).max().orElse(0) / 1e3);
  }

  /** One of them; what it counts is read by others only after its end. */
  private final class Worker implements Runnable {
    private final int number;
    private final Operations operations;
    private long random;
    private long done;
    private long served;
    private long errors;

    /** When it could have gone on: since then it waits, for a carrier and for a connection. */
    private long ready;

    private long longest;
    private @Nullable Throwable failure;

    Worker(int number, Operations operations) {
      this.number = number;
      this.operations = operations;
      this.random = 0x9E3779B97F4A7C15L * (number + 1);
    }

    /**
     * Between two operations a virtual thread yields, as it would when it answers a request and
     * waits for the next one. Otherwise one that never has to wait for a connection keeps its
     * carrier for ever, and most of the others are never served at all.
     */
    @Override
    @SuppressWarnings("ThreadPriorityCheck") // it is the scheduler that is made to go round
    public void run() {
      try {
        measurement.go.await();
        ready = measurement.begin();
        while (measurement.phase() != Measurement.Phase.OVER) {
          clean();
          if (kind == Crew.Kind.FRESH) {
            Thread.ofVirtual().start(this::once).join();
          } else {
            once();
          }
          if (kind != Crew.Kind.PLATFORM) {
            Thread.yield();
          }
        }
        // Whoever was not run again before the end has waited until then.
        longest = Math.max(longest, measurement.end() - ready);
      } catch (Throwable t) {
        failure = t;
      }
    }

    private void clean() throws SQLException {
      if (shape.task().fillsTable()) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
          Database.emptyBatchTable(connection);
        }
      }
    }

    private void once() {
      long start = System.nanoTime();
      try {
        long waited = shape.task().run(operations, next());
        long end = System.nanoTime();
        count(start + waited - ready, waited, end - start);
        ready = end;
      } catch (SQLException e) {
        errors++;
        failure = e;
      }
    }

    /** A wait that was not over in time counts up to the end: else the longest would be lost. */
    private void count(long unserved, long waited, long whole) {
      done++;
      Measurement.Phase now = measurement.phase();
      if (now == Measurement.Phase.MEASURING) {
        served++;
        longest = Math.max(longest, unserved);
        Load.this.operations.record(number, whole);
        waits.record(number, waited);
      } else if (now == Measurement.Phase.WARMING) {
        measurement.warmUnits.increment();
      } else {
        longest = Math.max(longest, Math.min(unserved, measurement.end() - ready));
      }
    }

    private long next() {
      random ^= random << 13;
      random ^= random >>> 7;
      random ^= random << 17;
      return random;
    }
  }
}
