package dev.heddle.bench;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Threads that do the same thing over and over, until the measurement is over. */
final class Crowd {

  /** What they do. */
  interface Unit {

    /**
     * Does it once.
     *
     * @param random whatever its choices depend on
     * @return the nanoseconds to be recorded
     */
    long run(long random) throws SQLException;
  }

  private final Measurement measurement;
  private final boolean yields;
  private final List<Member> members = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * Nobody yet.
   *
   * @param yields whether a thread yields between two units, as it would when it answers a request
   *     and waits for the next one
   */
  Crowd(Measurement measurement, boolean yields) {
    this.measurement = measurement;
    this.yields = yields;
  }

  /** Starts threads that all do the same. */
  Crowd start(ThreadFactory factory, int count, Unit unit) {
    for (int i = 0; i < count; i++) {
      start(factory, unit);
    }
    return this;
  }

  /** Starts one more thread. */
  void start(ThreadFactory factory, Unit unit) {
    Member member = new Member(unit, 0x9E3779B97F4A7C15L * (members.size() + 1));
    members.add(member);
    Thread thread = factory.newThread(member);
    threads.add(thread);
    thread.start();
  }

  /** Waits for their ends; fails if one of them could not go on. */
  void join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    for (Member member : members) {
      if (member.failure != null && !(member.failure instanceof SQLException)) {
        throw new AssertionError("a thread failed", member.failure);
      }
    }
  }

  /** What was recorded while measuring. */
  Histogram recorded() {
    Histogram all = new Histogram();
    members.forEach(member -> all.add(member.recorded));
    return all;
  }

  /** Units done, in any phase. */
  long done() {
    return sum(member -> member.done);
  }

  /** Units that failed with an {@code SQLException}, in any phase. */
  long errors() {
    return sum(member -> member.errors);
  }

  /** Those of the errors that say that something took too long. */
  long timeouts() {
    return sum(member -> member.timeouts);
  }

  @Nullable Throwable firstFailure() {
    for (Member member : members) {
      if (member.failure != null) {
        return member.failure;
      }
    }
    return null;
  }

  /** Threads that did nothing while measuring. */
  long unserved() {
    return sum(member -> member.recorded.total() == 0 ? 1 : 0);
  }

  long leastServed() {
    return members.stream().mapToLong(member -> member.recorded.total()).min().orElse(0);
  }

  long mostServed() {
    return members.stream().mapToLong(member -> member.recorded.total()).max().orElse(0);
  }

  private long sum(ToLongFunction<Member> figure) {
    return members.stream().mapToLong(figure).sum();
  }

  /** One of them; what it counts is read by others only after its end. */
  private final class Member implements Runnable {
    private final Unit unit;
    private final Histogram recorded = new Histogram();
    private long random;
    private long done;
    private long errors;
    private long timeouts;
    private @Nullable Throwable failure;

    Member(Unit unit, long seed) {
      this.unit = unit;
      this.random = seed;
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // it is the scheduler that is made to go round
    public void run() {
      try {
        measurement.go.await();
        while (measurement.phase() != Measurement.Phase.OVER) {
          once();
          if (yields) {
            Thread.yield();
          }
        }
      } catch (Throwable t) {
        failure = t;
      }
    }

    private void once() {
      try {
        count(unit.run(next()));
      } catch (SQLException e) {
        errors++;
        if (e instanceof SQLTimeoutException || e instanceof SQLTransientConnectionException) {
          timeouts++;
        }
        if (failure == null) {
          failure = e;
        }
      }
    }

    private void count(long nanos) {
      done++;
      Measurement.Phase now = measurement.phase();
      if (now == Measurement.Phase.MEASURING) {
        recorded.record(nanos);
      } else if (now == Measurement.Phase.WARMING) {
        measurement.warmUnits.increment();
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
