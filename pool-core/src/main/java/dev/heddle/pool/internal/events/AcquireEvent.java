package dev.heddle.pool.internal.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** The wait for a lease. */
@Name("dev.heddle.pool.Acquire")
@Label("Wait for Lease")
@Category("Heddle")
@Description("A thread had to wait for a lease, until it got one or was refused")
@Threshold("10 ms")
final class AcquireEvent extends Event {

  @Label("Pool")
  @Nullable String pool;

  @Label("Lane")
  @Nullable String lane;

  @Label("Label")
  @Nullable String label;

  @Label("Outcome")
  @Nullable String outcome;

  @Label("Holders")
  @Description("Who held the lane when the thread was refused; nothing if it got a lease")
  @Nullable String holders;
}
