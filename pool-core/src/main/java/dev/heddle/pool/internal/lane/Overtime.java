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

  /**
   * An alarm that rings so late was kept from it, and with it everybody else: the machine or the VM
   * stood still, and nobody could have handed anything back.
   */
  private static final long LONGEST_STANDSTILL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A busy machine is late by some milliseconds all the time. */
  private static final long SHORTEST_STANDSTILL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Hold<?> hold;
  private final long reportNanos;
  private final Set<Trouble> found = EnumSet.noneOf(Trouble.class);
  private long countsFrom;
  private boolean seenRevoked;
  private long revokedSince;

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

  /** The alarm rang, so late; if that is more than a busy machine's, all its time starts again. */
  void ranLate(long lateNanos, long now) {
    long longest =
        Math.clamp(maxHoldNanos() / 4, SHORTEST_STANDSTILL_NANOS, LONGEST_STANDSTILL_NANOS);
    if (lateNanos > longest) {
      countsFrom = now;
    }
  }

  private long maxHoldNanos() {
    return hold.terms().maxHoldNanos();
  }

  /** What is found now; each is found once. Null for nothing. */
  @Nullable Trouble look(long now) {
    Trouble trouble = hold.isOver() ? afterRevocation(now) : whileHeld(now - countsFrom);
    return trouble != null && found.add(trouble) ? trouble : null;
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

  /** A revoked call mostly ends within a millisecond. */
  private @Nullable Trouble afterRevocation(long now) {
    if (!isBeingRevoked()) {
      return null;
    }
    if (!seenRevoked) {
      seenRevoked = true;
      revokedSince = now;
    }
    return now - revokedSince >= INTERVAL_NANOS ? Trouble.STUCK : null;
  }

  private boolean isBeingRevoked() {
    return hold.isRevoked() && hold.inCall();
  }

  /** In which time to look again; {@link #NEVER} if it is over. */
  long left(long now) {
    if (hold.isOver()) {
      return isBeingRevoked() && !found.contains(Trouble.STUCK) ? INTERVAL_NANOS : NEVER;
    }
    long held = now - countsFrom;
    return Math.min(
        firstLook(maxHoldNanos()),
        Math.min(
            until(Trouble.OVERDUE, maxHoldNanos() - held),
            until(Trouble.LASTING, reportNanos - held)));
  }

  private long until(Trouble trouble, long left) {
    return found.contains(trouble) ? NEVER : left;
  }

  /** Half of a hold's time at most: a ring that is late by the other half tells a standstill. */
  static long firstLook(long maxHoldNanos) {
    return Math.min(maxHoldNanos / 2, INTERVAL_NANOS);
  }
}
