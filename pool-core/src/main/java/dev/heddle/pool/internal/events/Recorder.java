package dev.heddle.pool.internal.events;

import dev.heddle.pool.PoolListener;
import org.jspecify.annotations.Nullable;

/**
 * Records events with JDK Flight Recorder. Each method that begins one gives null if nobody records
 * such events, and then costs nothing.
 */
interface Recorder {

  default @Nullable Span<PoolEvents.Asked> acquiring(String pool, PoolListener.Lane lane) {
    return null;
  }

  default boolean recordsLeases() {
    return false;
  }

  default @Nullable LeaseSpan holding(String pool) {
    return null;
  }

  default @Nullable Span<PoolListener.Commit> committing(String pool) {
    return null;
  }

  default @Nullable Span<PoolListener.Checkpoint> checkpointing(String pool) {
    return null;
  }

  default void slowStatement(String pool, PoolListener.SlowStatement statement) {}

  default void trouble(String pool, PoolListener.Trouble trouble) {}
}
