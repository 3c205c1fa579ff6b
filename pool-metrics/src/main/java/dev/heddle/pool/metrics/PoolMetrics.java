package dev.heddle.pool.metrics;

import dev.heddle.pool.SqlitePool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The numbers of a pool as meters of Micrometer: how long leases are waited for and held, what goes
 * wrong with them, commits, checkpoints, the WAL. All begin with {@code heddle.} and have the tag
 * {@code pool}; {@code docs/metrics.md} lists them.
 *
 * {@snippet :
 * new PoolMetrics(pool).bindTo(registry);
 * }
 *
 * <p>When the pool is closed, its meters are removed from the registry. Leases that were acquired
 * before the binding are not in the times.
 */
public final class PoolMetrics implements MeterBinder {

  /** A pool whose meters are in a registry. */
  private record Binding(SqlitePool pool, MeterRegistry registry) {}

  private static final Set<Binding> BINDINGS = ConcurrentHashMap.newKeySet();

  private final SqlitePool pool;

  /**
   * The meters of a pool.
   *
   * @param pool the pool
   */
  public PoolMetrics(SqlitePool pool) {
    this.pool = Objects.requireNonNull(pool, "pool");
  }

  /**
   * Registers the meters. Of a pool that has its meters in this registry already, it does nothing;
   * with other registries, it may be called as well.
   *
   * @param registry where
   * @throws IllegalStateException if another pool of the same name has its meters there
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    Binding binding = new Binding(pool, Objects.requireNonNull(registry, "registry"));
    if (!BINDINGS.add(binding)) {
      return;
    }
    try {
      BoundPool.bind(pool, registry, () -> BINDINGS.remove(binding));
    } catch (Throwable failure) {
      BINDINGS.remove(binding);
      throw failure;
    }
  }
}
