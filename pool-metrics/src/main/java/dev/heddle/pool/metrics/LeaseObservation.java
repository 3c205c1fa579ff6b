package dev.heddle.pool.metrics;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The observation of one lease, and that of its commit.
 *
 * <p>The commit's name differs from the meter {@code heddle.commit}: Micrometer makes meters of
 * observations, and two of one name with different tags can't be in one registry.
 */
final class LeaseObservation {

  private static final Observation.Event GRANTED = Observation.Event.of("heddle.granted");

  /** As what a lease is taken. */
  enum Kind {
    READER,
    SNAPSHOT,
    WRITER;

    private KeyValue lane() {
      return KeyValue.of("lane", this == WRITER ? "writer" : "reader");
    }

    private KeyValue kind() {
      return KeyValue.of("kind", name().toLowerCase(Locale.ROOT));
    }
  }

  /** Where the observations of a pool come from. */
  record Source(ObservationRegistry registry, String pool, long slowNanos) {

    /** Begins one, inside of what this thread observes now; the lease's end will end it. */
    LeaseObservation start(Kind kind, @Nullable String label) {
      return start(kind, label, registry.getCurrentObservation(), true);
    }

    /** Begins one, inside of what this thread observes now; only {@link #stop} will end it. */
    LeaseObservation startAround(Kind kind, @Nullable String label) {
      return start(kind, label, registry.getCurrentObservation(), false);
    }

    private LeaseObservation start(
        Kind kind, @Nullable String label, @Nullable Observation parent, boolean endsWithLease) {
      Observation observation =
          Observation.createNotStarted("heddle.lease", registry)
              .parentObservation(parent)
              .lowCardinalityKeyValue("pool", pool)
              .lowCardinalityKeyValue(kind.lane())
              .lowCardinalityKeyValue(kind.kind())
              .lowCardinalityKeyValue("label", label == null ? KeyValue.NONE_VALUE : label);
      return new LeaseObservation(this, label, observation.start(), endsWithLease);
    }
  }

  private final Source source;
  private final @Nullable String label;
  private final Observation observation;
  private final boolean endsWithLease;
  private final AtomicBoolean stopped = new AtomicBoolean();

  /** That which is under way. */
  private @Nullable Observation commit;

  private LeaseObservation(
      Source source, @Nullable String label, Observation observation, boolean endsWithLease) {
    this.source = source;
    this.label = label;
    this.observation = observation;
    this.endsWithLease = endsWithLease;
  }

  /** The snapshot of what this lease has committed. */
  LeaseObservation snapshot() {
    LeaseObservation snapshot = source.start(Kind.SNAPSHOT, label, observation, true);
    snapshot.granted();
    return snapshot;
  }

  Observation.Scope openScope() {
    return observation.openScope();
  }

  /** The lease is there; once more, if its work runs again because the commit was lost. */
  void granted() {
    stopCommit();
    observation.event(GRANTED);
  }

  void startCommit() {
    commit =
        Observation.createNotStarted("heddle.lease.commit", source.registry)
            .parentObservation(observation)
            .lowCardinalityKeyValue("pool", source.pool)
            .start();
  }

  void stopCommit() {
    Observation underWay = commit;
    commit = null;
    if (underWay != null) {
      underWay.stop();
    }
  }

  /** A statement has come to its end. */
  void ran(String sql, long nanos) {
    if (nanos >= source.slowNanos) {
      observation.highCardinalityKeyValue("heddle.slow.sql", sql);
      observation.event(Observation.Event.of("heddle.slow", "slow: " + sql));
    }
  }

  void failed(Throwable failure) {
    if (commit != null) {
      commit.error(failure);
    }
    observation.error(failure);
  }

  /** The lease says that it is over. */
  void over() {
    if (endsWithLease) {
      stop();
    }
  }

  /** Harmless when repeated. */
  void stop() {
    if (stopped.compareAndSet(false, true)) {
      stopCommit();
      observation.stop();
    }
  }
}
