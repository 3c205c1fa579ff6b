package dev.heddle.pool.internal.lease;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.internal.events.PoolEvents;
import dev.heddle.pool.internal.events.Span;
import dev.heddle.pool.internal.lane.GroupEvents;
import dev.heddle.pool.internal.lane.GroupTally;
import org.jspecify.annotations.Nullable;

/** Counts what happens in a group, and has it told. Confined as the group's own fields. */
public final class CommitReports implements GroupEvents {

  private final GroupTally tally;
  private final PoolEvents events;
  private @Nullable Span<PoolListener.Commit> running;

  public CommitReports(GroupTally tally, PoolEvents events) {
    this.tally = tally;
    this.events = events;
  }

  @Override
  public void committing() {
    running = events.committing();
  }

  @Override
  public void committed(int units, long ageNanos, long commitNanos) {
    tally.committed(units, ageNanos, commitNanos);
    end(units, ageNanos, commitNanos, true);
  }

  @Override
  public void failed(int units, long ageNanos, long commitNanos) {
    end(units, ageNanos, commitNanos, false);
  }

  /** One alone has waited for nobody: the nanoseconds that a commit takes to begin are no wait. */
  private void end(int units, long ageNanos, long commitNanos, boolean succeeded) {
    Span<PoolListener.Commit> ended = running;
    running = null;
    try {
      if (ended != null) {
        long waited = units == 1 ? 0 : ageNanos;
        ended.end(new PoolListener.Commit(units, waited, commitNanos, succeeded));
      }
    } catch (Throwable noMemory) {
      // What became of the commit has to be told to those who wait for it.
    }
  }

  @Override
  public void undone(int units) {
    tally.undone(units);
  }
}
