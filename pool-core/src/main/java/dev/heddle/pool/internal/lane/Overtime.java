package dev.heddle.pool.internal.lane;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far the alarm has got with one hold: what it has found, and from when on its time counts.
 * Made for a hold that lasts until a ring; most don't. Guarded by the lane's lock.
 */
final class Overtime {

  /** There is nothing left to look at. */
  static final long NEVER = Long.MAX_VALUE;

  /** How often it is looked at: whether it is forgotten has no time of its own. */
  static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Hold<?> hold;
  private final long reportNanos;
  private final Set<Trouble> found = EnumSet.noneOf(Trouble.class);
  private long foundAt;
  private long countsFrom;
  private boolean seenOver;
  private long overSince;

  /**
   * Nothing is found yet.
   *
   * @param reportNanos how long it lasts until that is said
   */
  Overtime(Hold<?> hold, long reportNanos) {
    this.hold = hold;
    this.reportNanos = reportNanos;
    this.countsFrom = hold.sinceNanos();
  }

  /**
   * The alarm rang, so late: the machine or the VM stood still, and the holder, too. That time does
   * not count.
   */
  void ranLate(long lateNanos, long now) {
    countsFrom += Math.min(lateNanos, now - countsFrom);
    overSince += Math.min(lateNanos, now - overSince);
  }

  private long maxHoldNanos() {
    return hold.terms().maxHoldNanos();
  }

  /** What is found now; null for nothing. */
  @Nullable Trouble look(long now) {
    Trouble trouble = hold.isOver() ? whenOver(now) : whileHeld(now - countsFrom);
    return trouble == null || isSettled(trouble, now) ? null : trouble;
  }

  /** A report is made once. What has to be done is tried again, if it was not done in a second. */
  private boolean isSettled(Trouble trouble, long now) {
    boolean report = trouble == Trouble.LASTING || trouble == Trouble.STUCK;
    if (!found.add(trouble) && (report || now - foundAt < INTERVAL_NANOS)) {
      return true;
    }
    foundAt = now;
    return false;
  }

  private @Nullable Trouble whileHeld(long held) {
    if (hold.isForgotten()) {
      return Trouble.FORGOTTEN;
    }
    if (held >= maxHoldNanos()) {
      return Trouble.OVERDUE;
    }
    return held >= reportNanos ? Trouble.LASTING : null;
  }

  /** A call mostly ends within a millisecond. */
  private @Nullable Trouble whenOver(long now) {
    if (!hold.inCall()) {
      return null;
    }
    if (!seenOver) {
      seenOver = true;
      overSince = now;
    }
    return now - overSince >= INTERVAL_NANOS ? Trouble.STUCK : null;
  }

  /** In which time to look again; {@link #NEVER} if it is over. */
  long left(long now) {
    if (hold.isOver()) {
      return hold.inCall() && !found.contains(Trouble.STUCK) ? INTERVAL_NANOS : NEVER;
    }
    if (found.contains(Trouble.OVERDUE) || found.contains(Trouble.FORGOTTEN)) {
      return INTERVAL_NANOS;
    }
    long held = now - countsFrom;
    return Math.min(
        interval(maxHoldNanos()),
        Math.min(
            maxHoldNanos() - held, found.contains(Trouble.LASTING) ? NEVER : reportNanos - held));
  }

  /** Twice in a hold's time, so that a standstill that is as long is noticed as such. */
  static long interval(long maxHoldNanos) {
    return Math.min(maxHoldNanos / 2, INTERVAL_NANOS);
  }
}
