package dev.heddle.pool;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one lease is taken. Start from {@link #DEFAULTS} and change what matters:
 *
 * {@snippet :
 * LeaseOptions nightly = LeaseOptions.DEFAULTS.withLabel("nightly-report");
 * pool.useReader(nightly, lease -> report(lease));
 * }
 *
 * @param label a name for the lease in time-outs, logs and dumps, such as the name of the use case;
 *     {@code null} for none
 * @param waitAtMost how long to wait for the lane, zero for not at all; {@code null} for the pool's
 *     {@code acquire-timeout}
 * @param commitAlone of a writer: commit this lease's transaction by itself, and those before it
 *     first, instead of sharing the commit with others. For work that may fail in ways that would
 *     undo the others', or that takes long; a reader ignores it
 */
public record LeaseOptions(
    @Nullable String label, @Nullable Duration waitAtMost, boolean commitAlone) {

  /** No label, and the pool's own limits. */
  public static final LeaseOptions DEFAULTS = new LeaseOptions(null, null, false);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if {@code waitAtMost} is negative
   */
  public LeaseOptions {
    if (waitAtMost != null && waitAtMost.isNegative()) {
      throw new IllegalArgumentException(
          "waitAtMost is " + waitAtMost + "; allowed is zero (do not wait) or more");
    }
  }

  /**
   * These options with a label.
   *
   * @param label the name for the lease
   * @return new options
   */
  public LeaseOptions withLabel(String label) {
    return new LeaseOptions(Objects.requireNonNull(label, "label"), waitAtMost, commitAlone);
  }

  /**
   * These options with a limit on waiting for the lane.
   *
   * @param waitAtMost the longest wait; zero for not at all
   * @return new options
   * @throws IllegalArgumentException if it is negative
   */
  public LeaseOptions withWaitAtMost(Duration waitAtMost) {
    return new LeaseOptions(label, Objects.requireNonNull(waitAtMost, "waitAtMost"), commitAlone);
  }

  /**
   * These options, and whether to commit alone.
   *
   * @param commitAlone {@code true} to share no commit
   * @return new options
   */
  public LeaseOptions withCommitAlone(boolean commitAlone) {
    return new LeaseOptions(label, waitAtMost, commitAlone);
  }
}
