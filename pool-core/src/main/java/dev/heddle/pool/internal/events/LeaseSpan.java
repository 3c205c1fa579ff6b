package dev.heddle.pool.internal.events;

import dev.heddle.pool.PoolListener;
import org.jspecify.annotations.Nullable;

/** A lease that is recorded when it ends; begun for each, and so without an object for its end. */
@FunctionalInterface
public interface LeaseSpan {

  /** It has ended. By the thread that began it, or by one that has been handed it. */
  void end(PoolListener.Lane lane, @Nullable String label, long waitedNanos, boolean revoked);
}
