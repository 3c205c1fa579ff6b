package dev.heddle.pool.internal.lane;

import java.util.List;
import java.util.function.Consumer;

/**
 * Does what is to be done about holds in trouble, and has it told. A hold is looked at before
 * anything is done, because afterwards its thread is somewhere else; what was done is told
 * afterwards.
 *
 * @param <R> the resource
 */
final class Caretaker<R> {

  private final LaneEvents<R> events;
  private final Parking parking;
  private final Consumer<Hold<R>> handBack;

  /**
   * A caretaker.
   *
   * @param handBack what the thread has to do that took a hold's last edge
   */
  Caretaker(LaneEvents<R> events, Parking parking, Consumer<Hold<R>> handBack) {
    this.events = events;
    this.parking = parking;
    this.handBack = handBack;
  }

  /** Called by the alarm, on a thread of its own. First all is done, then it is told. */
  void attend(List<Alarm.Finding<R>> found) {
    List<Runnable> reports = found.stream().map(this::attend).toList();
    reports.forEach(Caretaker::tell);
  }

  /** One that can't be told does not keep the others from it. */
  private static void tell(Runnable report) {
    try {
      report.run();
    } catch (RuntimeException | Error e) {
      // nobody is left to hear of it
    }
  }

  private Runnable attend(Alarm.Finding<R> finding) {
    Hold<R> hold = finding.hold();
    Runnable report = notice(finding.trouble(), hold, parking.nanoTime() - hold.sinceNanos());
    boolean still =
        switch (finding.trouble()) {
          case OVERDUE -> revoke(hold, Revocation.OVERDUE);
          case FORGOTTEN -> revoke(hold, Revocation.FORGOTTEN);
          case STUCK -> hold.inCall();
          case LASTING, DELAYING -> !hold.isOver();
        };
    return still ? report : Turnover.NOTHING;
  }

  /** A report that can't be made is no reason to leave things as they are. */
  private Runnable notice(Trouble trouble, Hold<R> hold, long nanos) {
    try {
      return events.notice(trouble, hold, nanos);
    } catch (RuntimeException | Error e) {
      return Turnover.NOTHING;
    }
  }

  /** True if it was this call that took it away; false if it was over before. */
  boolean revoke(Hold<R> hold, Revocation why) {
    Hold.Taken taken = hold.revoke(why);
    if (taken == Hold.Taken.NOW) {
      handBack.accept(hold);
    }
    return taken != Hold.Taken.NOT;
  }

  /**
   * Has it told that the hold keeps the calling thread waiting. Not by that thread, whose wait must
   * not fail for what a report throws.
   *
   * @return false if the hold is over
   */
  boolean noticeDelay(Hold<R> hold, long waitedNanos) {
    if (hold.isOver()) {
      return false;
    }
    try {
      parking.aside(() -> notice(Trouble.DELAYING, hold, waitedNanos).run());
    } catch (OutOfMemoryError noThread) {
      // then it is not told
    }
    return true;
  }
}
