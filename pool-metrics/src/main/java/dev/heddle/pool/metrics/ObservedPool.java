package dev.heddle.pool.metrics;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.LeasePool;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Work;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.metrics.LeaseObservation.Kind;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A pool whose leases are observations of Micrometer, and so spans in a trace: {@code
 * heddle.lease}, from before the wait until the lease is over, and in it {@code
 * heddle.lease.commit}. Otherwise it behaves as the pool that it is made of.
 *
 * {@snippet :
 * LeasePool pool = ObservedPool.of(SqlitePool.open(file), observations);
 * }
 *
 * <p>{@code read} and {@code write} run in the scope of their observation: what the work observes
 * becomes a part of it. A lease that was acquired may be used anywhere, so its observation has no
 * scope, but the commit is a part of it. {@code read} and {@code write} inside another one belong
 * to the lease around them, and to its observation.
 *
 * <p>The SQL of slow statements is told, but never the values of parameters. What goes through
 * {@link ReadLease#connection} is not looked at.
 */
public final class ObservedPool implements LeasePool {

  /** From when on a statement is slow, unless something else is said. */
  private static final Duration SLOW = Duration.ofMillis(100);

  private final LeasePool pool;
  private final LeaseObservation.Source observations;

  /** That of the {@code read} or {@code write} which this thread is in. */
  @SuppressWarnings("ThreadLocalUsage") // each pool has its own, and nothing stays in it
  private final ThreadLocal<@Nullable LeaseObservation> around = new ThreadLocal<>();

  private ObservedPool(LeasePool pool, LeaseObservation.Source observations) {
    this.pool = pool;
    this.observations = observations;
  }

  /**
   * A pool whose leases are observed; statements of 100 ms or more are told as slow.
   *
   * @param pool the pool
   * @param registry whom observations are told
   * @return the pool itself, if nobody is told
   */
  public static LeasePool of(LeasePool pool, ObservationRegistry registry) {
    return of(pool, registry, SLOW);
  }

  /**
   * A pool whose leases are observed.
   *
   * @param pool the pool
   * @param registry whom observations are told
   * @param slowAfter how long a statement takes that is told as slow
   * @return the pool itself, if nobody is told
   */
  public static LeasePool of(LeasePool pool, ObservationRegistry registry, Duration slowAfter) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(slowAfter, "slowAfter");
    return registry.isNoop()
        ? pool
        : new ObservedPool(
            pool,
            new LeaseObservation.Source(
                registry, pool.stats().pool(), TimeUnit.NANOSECONDS.convert(slowAfter)));
  }

  @Override
  public ReadLease acquireReader(LeaseOptions options) throws SQLException {
    LeaseObservation lease = observations.start(Kind.READER, options.label());
    return acquire(lease, () -> new ObservedReadLease<>(pool.acquireReader(options), lease));
  }

  @Override
  public ReadLease acquireSnapshot(LeaseOptions options) throws SQLException {
    LeaseObservation lease = observations.start(Kind.SNAPSHOT, options.label());
    return acquire(lease, () -> new ObservedReadLease<>(pool.acquireSnapshot(options), lease));
  }

  @Override
  public WriteLease acquireWriter(LeaseOptions options) throws SQLException {
    LeaseObservation lease = observations.start(Kind.WRITER, options.label());
    return acquire(lease, () -> new ObservedWriteLease(pool.acquireWriter(options), lease));
  }

  private static <L extends ReadLease> L acquire(LeaseObservation lease, Acquisition<L> acquisition)
      throws SQLException {
    try {
      L granted = acquisition.acquire();
      lease.granted();
      return granted;
    } catch (Throwable failure) {
      lease.failed(failure);
      lease.stop();
      throw failure;
    }
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T read(
      LeaseOptions options, Work<? super ReadLease, T, X> work) throws SQLException, X {
    LeaseObservation outer = around.get();
    if (outer != null) {
      return pool.read(options, lease -> work.run(new ObservedReadLease<>(lease, outer)));
    }
    LeaseObservation observed = observations.startAround(Kind.SNAPSHOT, options.label());
    return inside(
        observed,
        all ->
            all.read(
                options,
                lease -> {
                  observed.granted();
                  return work.run(new ObservedReadLease<>(lease, observed));
                }));
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T write(
      LeaseOptions options, Work<? super WriteLease, T, X> work) throws SQLException, X {
    LeaseObservation outer = around.get();
    if (outer != null) {
      return pool.write(options, lease -> work.run(new ObservedWriteLease(lease, outer)));
    }
    LeaseObservation observed = observations.startAround(Kind.WRITER, options.label());
    return inside(
        observed,
        all ->
            all.write(
                options,
                lease -> {
                  observed.granted();
                  T result = work.run(new ObservedWriteLease(lease, observed));
                  observed.startCommit();
                  return result;
                }));
  }

  private <T extends @Nullable Object, X extends Throwable> T inside(
      LeaseObservation lease, Work<LeasePool, T, X> call) throws SQLException, X {
    around.set(lease);
    try (Observation.Scope _ = lease.openScope()) {
      return call.run(pool);
    } catch (Throwable failure) {
      lease.failed(failure);
      throw failure;
    } finally {
      around.remove();
      lease.stop();
    }
  }

  @Override
  public PoolStats stats() {
    return pool.stats();
  }

  @Override
  public void close() {
    pool.close();
  }

  /** What the pool says of itself. */
  @Override
  public String toString() {
    return pool.toString();
  }

  @FunctionalInterface
  private interface Acquisition<L> {
    L acquire() throws SQLException;
  }
}
