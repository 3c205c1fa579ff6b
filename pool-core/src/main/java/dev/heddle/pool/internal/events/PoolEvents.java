package dev.heddle.pool.internal.events;

import dev.heddle.pool.CommitListener;
import dev.heddle.pool.PoolListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens in one pool, for whoever wants to know. Safe for all threads. Nothing that a
 * listener or a log does comes out of here; but a lack of memory does, and who tells of something
 * that others wait for has to bear with that.
 */
public final class PoolEvents {

  /** Of an acquisition that is over; {@code holders} says who has the lane, if it failed. */
  public record Asked(@Nullable String label, String outcome, @Nullable String holders) {}

  /** That of this JVM; one that is made without the module {@code jdk.jfr} records nothing. */
  private static final Recorder RECORDER =
      ModuleLayer.boot().findModule("jdk.jfr").isPresent()
          ? new FlightRecorder()
          : new Recorder() {};

  private final String pool;
  private final Recorder recorder = RECORDER;
  private final Listeners listeners;

  public PoolEvents(String pool) {
    this.pool = pool;
    this.listeners = new Listeners(pool);
  }

  /** The pool's name. */
  public String pool() {
    return pool;
  }

  public CommitListener.Subscription listen(PoolListener listener) {
    return listeners.add(listener);
  }

  /** True if somebody wants to hear of leases that begin now. */
  public boolean areHeard() {
    return !listeners.isEmpty() || recorder.recordsLeases();
  }

  /** A thread waits for a lease; null if nobody records that. */
  public @Nullable Span<Asked> acquiring(PoolListener.Lane lane) {
    return recorder.acquiring(pool, lane);
  }

  /** A lease begins; null if nobody records that. */
  public @Nullable LeaseSpan holding() {
    return recorder.holding(pool);
  }

  /** True if somebody listens. */
  public boolean haveListeners() {
    return !listeners.isEmpty();
  }

  /** A lease is over. Called by its thread, which has nothing in hand that others wait for. */
  public void leaseEnded(PoolListener.Lease lease) {
    listeners.leaseEnded(lease);
  }

  /** A lease is over. Called by anybody. */
  public void leaseEndedElsewhere(PoolListener.Lease lease) {
    listeners.tellLater(listener -> listener.leaseEnded(lease));
  }

  /** A thread got no lease. Called by that thread. */
  public void refused(PoolListener.Refused refused) {
    listeners.tellNow(listener -> listener.leaseRefused(refused));
  }

  /** A commit begins; null if nobody wants to hear of it. */
  public @Nullable Span<PoolListener.Commit> committing() {
    Span<PoolListener.Commit> recorded = recorder.committing(pool);
    if (listeners.isEmpty()) {
      return recorded;
    }
    return commit -> {
      listeners.tellLater(listener -> listener.committed(commit));
      if (recorded != null) {
        recorded.end(commit);
      }
    };
  }

  /** A checkpoint begins; null if nobody wants to hear of it. */
  public @Nullable Span<PoolListener.Checkpoint> checkpointing() {
    Span<PoolListener.Checkpoint> recorded = recorder.checkpointing(pool);
    if (listeners.isEmpty()) {
      return recorded;
    }
    return checkpoint -> {
      listeners.tellLater(listener -> listener.checkpointed(checkpoint));
      if (recorded != null) {
        recorded.end(checkpoint);
      }
    };
  }

  /**
   * A statement took long.
   *
   * @param report all of it in words, for the log
   */
  public void slowStatement(PoolListener.SlowStatement statement, String report) {
    report(report);
    listeners.tellLater(listener -> listener.slowStatement(statement));
    recorder.slowStatement(pool, statement);
  }

  /**
   * A lease is in trouble.
   *
   * @param acquisition where it was acquired, if that is known
   */
  public void trouble(PoolListener.Trouble trouble, @Nullable Throwable acquisition) {
    ReportLog.warn(trouble.report(), acquisition);
    listeners.tellLater(listener -> listener.leaseInTrouble(trouble));
    recorder.trouble(pool, trouble);
  }

  /** Has something logged that somebody should look into. */
  public void report(String text) {
    ReportLog.warn(text, null);
  }

  /** The pool is closed: waits until all is told, and that, but no longer than this. */
  public void finish(Duration patience) {
    listeners.finish(patience);
  }
}
