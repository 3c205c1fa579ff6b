package dev.heddle.pool.internal.lane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lane at one moment, for messages, statistics and dumps.
 *
 * @param name the lane
 * @param connections its slots
 * @param idle those that nobody holds; some may be on their way to a thread that waits
 * @param waiting threads that wait
 * @param longestWaiter the thread that has waited longest
 * @param holders who holds the others
 */
public record LaneView(
    String name,
    int connections,
    int idle,
    int waiting,
    @Nullable Thread longestWaiter,
    List<Holder> holders) {

  /**
   * One holder.
   *
   * @param owner the thread that acquired the slot
   * @param label what it called its lease
   * @param heldNanos for how long
   * @param inCall whether it is inside a call now
   */
  public record Holder(Owner owner, @Nullable String label, long heldNanos, boolean inCall) {}
}
