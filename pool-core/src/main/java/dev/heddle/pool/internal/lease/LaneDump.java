package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.lane.LaneView;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import java.util.Locale;

/** A lane in words, for somebody who looks for what is stuck: who has it, who waits for it. */
public final class LaneDump {

  /** Who waits behind so many waits for the same. */
  private static final int MOST_WAITERS = 100;

  private static final String NL = System.lineSeparator();

  private LaneDump() {}

  /** A line for the lane, one for each connection, one for each thread that waits. */
  public static String of(Lane<Session> lane) {
    LaneView<Session> view = lane.view(MOST_WAITERS);
    StringBuilder text =
        new StringBuilder("  %s lane: %s%s".formatted(view.name(), Holders.counts(view), NL));
    int number = 1;
    for (LaneView.Place<Session> place : view.places()) {
      text.append("    %s %d: %s%s".formatted(view.name(), number++, describe(place), NL));
    }
    int position = 1;
    for (LaneView.Waiting waiting : view.waiters()) {
      text.append("    waiting %d: %s%s".formatted(position++, describe(waiting), NL));
    }
    int more = view.waiting() - view.waiters().size();
    return more > 0
        ? text.append("    and %d more%s".formatted(more, NL)).toString()
        : text.toString();
  }

  private static String describe(LaneView.Place<Session> place) {
    LaneView.Holder<Session> holder = place.holder();
    return holder == null
        ? place.state().name().toLowerCase(Locale.ROOT)
        : "held by " + Holders.describe(holder);
  }

  private static String describe(LaneView.Waiting waiting) {
    return Holders.owner(waiting.owner())
        + Holders.asking(waiting.label())
        + ", for "
        + Errors.duration(waiting.waitedNanos());
  }
}
