package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Tally;
import dev.heddle.pool.internal.sqlite.Errors;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what happens in a lane, and logs what somebody should look into. */
public final class LaneReports extends Tally {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.lease");

  /** The option that says how long a lease may be held. */
  private final String limit;

  public LaneReports(String limit) {
    this.limit = limit;
  }

  @Override
  public void overdue(Hold<?> hold, long heldNanos) {
    super.overdue(hold, heldNanos);
    LOG.warn(
        "{} was held for {}, longer than {} allows, and is revoked: its work is rolled back. Its"
            + " thread is at:{}",
        Holders.describe(hold),
        Errors.duration(heldNanos),
        limit,
        Arrays.stream(hold.owner().getStackTrace())
            .map(frame -> System.lineSeparator() + "\tat " + frame)
            .collect(Collectors.joining()));
  }
}
