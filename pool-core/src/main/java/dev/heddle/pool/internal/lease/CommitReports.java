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
    end(new PoolListener.Commit(units, age(units, ageNanos), commitNanos, true));
  }

  @Override
  public void failed(int units, long ageNanos, long commitNanos) {
    end(new PoolListener.Commit(units, age(units, ageNanos), commitNanos, false));
  }

  /** One alone has waited for nobody; the nanoseconds that the commit took to begin are no wait. */
  private static long age(int units, long ageNanos) {
    return units == 1 ? 0 : ageNanos;
  }

  private void end(PoolListener.Commit commit) {
    Span<PoolListener.Commit> ended = running;
    running = null;
    if (ended != null) {
      ended.end(commit);
    }
  }

  @Override
  public void undone(int units) {
    tally.undone(units);
  }
}
