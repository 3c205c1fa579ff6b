package dev.heddle.pool.internal.events;

import dev.heddle.pool.PoolListener;
import org.jspecify.annotations.Nullable;

/** Records with the JVM's Flight Recorder. Nothing else refers to the classes of its events. */
final class FlightRecorder implements Recorder {

  @Override
  public @Nullable Span<PoolEvents.Asked> acquiring(String pool, PoolListener.Lane lane) {
    AcquireEvent event = new AcquireEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return asked -> {
      event.end();
      if (event.shouldCommit()) {
        event.pool = pool;
        event.lane = lane.name();
        event.label = asked.label();
        event.outcome = asked.outcome();
        event.holders = asked.holders();
        event.commit();
      }
    };
  }

  @Override
  public boolean recordsLeases() {
    return new LeaseEvent().isEnabled() || new AcquireEvent().isEnabled();
  }

  @Override
  public @Nullable LeaseSpan holding(String pool) {
    LeaseEvent event = new LeaseEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return (lane, label, waitedNanos, revoked) -> {
      event.end();
      if (event.shouldCommit()) {
        event.pool = pool;
        event.lane = lane.name();
        event.label = label;
        event.waited = waitedNanos;
        event.revoked = revoked;
        event.commit();
      }
    };
  }

  @Override
  public @Nullable Span<PoolListener.Commit> committing(String pool) {
    CommitEvent event = new CommitEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return commit -> {
      event.end();
      if (event.shouldCommit()) {
        event.pool = pool;
        event.units = commit.units();
        event.waited = commit.waitedNanos();
        event.succeeded = commit.succeeded();
        event.commit();
      }
    };
  }

  @Override
  public @Nullable Span<PoolListener.Checkpoint> checkpointing(String pool) {
    CheckpointEvent event = new CheckpointEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return checkpoint -> {
      event.end();
      if (event.shouldCommit()) {
        event.pool = pool;
        event.walPages = checkpoint.walPages();
        event.movedPages = checkpoint.movedPages();
        event.heldBack = checkpoint.heldBack();
        event.commit();
      }
    };
  }

  @Override
  public void slowStatement(String pool, PoolListener.SlowStatement statement) {
    SlowStatementEvent event = new SlowStatementEvent();
    if (event.shouldCommit()) {
      event.pool = pool;
      event.lane = statement.lane().name();
      event.lease = statement.lease();
      event.sql = statement.sql();
      event.took = statement.nanos();
      event.plan = statement.plan();
      event.commit();
    }
  }

  @Override
  public void trouble(String pool, PoolListener.Trouble trouble) {
    TroubleEvent event = new TroubleEvent();
    if (event.shouldCommit()) {
      event.pool = pool;
      event.lane = trouble.lane().name();
      event.kind = trouble.kind().name();
      event.label = trouble.label();
      event.sql = trouble.sql();
      event.lasted = trouble.nanos();
      event.report = trouble.report();
      event.commit();
    }
  }
}
