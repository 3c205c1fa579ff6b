package dev.heddle.pool;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one lease is taken. Start from {@link #DEFAULTS} and change what matters:
 *
 * {@snippet :
 * LeaseOptions nightly =
 *     LeaseOptions.DEFAULTS.withLabel("nightly-report").withHoldAtMost(Duration.ofHours(1));
 * pool.useReader(nightly, lease -> report(lease));
 * }
 *
 * @param label a name for the lease in time-outs, logs and dumps, such as the name of the use case;
 *     {@code null} for none
 * @param waitAtMost how long to wait for the lane, zero for not at all; {@code null} for the pool's
 *     {@code acquire-timeout}
 * @param holdAtMost how long the lease may be held before it is revoked, a running statement
 *     included; {@code null} for the pool's {@code writer.max-time} or {@code reader.max-time}. For
 *     any time: {@code ChronoUnit.FOREVER.getDuration()}. Of a {@code write} that runs again, each
 *     run has that time
 * @param commitAlone of a writer: commit this lease's transaction by itself, and those before it
 *     first, instead of sharing the commit with others. For work that may fail in ways that would
 *     undo the others', or that takes long; a reader ignores it
 * @param snapshotAfterCommit of {@link LeasePool#acquireWriter(LeaseOptions) acquireWriter}:
 *     reserve a reader for {@link WriteLease#commitAndRead}. It is taken before the writer, both
 *     within {@code waitAtMost}, and counts as held from then on: {@code reader.max-time}, or
 *     {@code holdAtMost}, begins there. Whatever commits by itself ignores it: {@code write} and
 *     data sources; and so do readers
 */
public record LeaseOptions(
    @Nullable String label,
    @Nullable Duration waitAtMost,
    @Nullable Duration holdAtMost,
    boolean commitAlone,
    boolean snapshotAfterCommit) {

  /** No label, and the pool's own limits. */
  public static final LeaseOptions DEFAULTS = new LeaseOptions(null, null, null, false, false);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if {@code waitAtMost} is negative, or {@code holdAtMost} is
   *     not positive
   */
  public LeaseOptions {
    if (waitAtMost != null && waitAtMost.isNegative()) {
      throw new IllegalArgumentException(
          "waitAtMost is " + waitAtMost + "; allowed is zero (do not wait) or more");
    }
    if (holdAtMost != null && !holdAtMost.isPositive()) {
      throw new IllegalArgumentException(
          "holdAtMost is "
              + holdAtMost
              + "; allowed is any positive time (ChronoUnit.FOREVER.getDuration() for no limit)");
    }
  }

  /**
   * These options with a label.
   *
   * @param label the name for the lease
   * @return new options
   */
  public LeaseOptions withLabel(String label) {
    return new LeaseOptions(
        Objects.requireNonNull(label, "label"),
        waitAtMost,
        holdAtMost,
        commitAlone,
        snapshotAfterCommit);
  }

  /**
   * These options with a limit on waiting for the lane.
   *
   * @param waitAtMost the longest wait; zero for not at all
   * @return new options
   * @throws IllegalArgumentException if it is negative
   */
  public LeaseOptions withWaitAtMost(Duration waitAtMost) {
    return new LeaseOptions(
        label,
        Objects.requireNonNull(waitAtMost, "waitAtMost"),
        holdAtMost,
        commitAlone,
        snapshotAfterCommit);
  }

  /**
   * These options with a limit on holding the lease; it may be shorter or longer than the pool's.
   *
   * @param holdAtMost the longest time
   * @return new options
   * @throws IllegalArgumentException if it is not positive
   */
  public LeaseOptions withHoldAtMost(Duration holdAtMost) {
    return new LeaseOptions(
        label,
        waitAtMost,
        Objects.requireNonNull(holdAtMost, "holdAtMost"),
        commitAlone,
        snapshotAfterCommit);
  }

  /**
   * These options, and whether to commit alone.
   *
   * @param commitAlone {@code true} to share no commit
   * @return new options
   */
  public LeaseOptions withCommitAlone(boolean commitAlone) {
    return new LeaseOptions(label, waitAtMost, holdAtMost, commitAlone, snapshotAfterCommit);
  }

  /**
   * These options, and whether to reserve a reader for what was just committed.
   *
   * @param snapshotAfterCommit {@code true} to be able to call {@link WriteLease#commitAndRead}
   * @return new options
   */
  public LeaseOptions withSnapshotAfterCommit(boolean snapshotAfterCommit) {
    return new LeaseOptions(label, waitAtMost, holdAtMost, commitAlone, snapshotAfterCommit);
  }
}
