package dev.heddle.pool.internal.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A lease. */
@Name("dev.heddle.pool.Lease")
@Label("Lease")
@Category("Heddle")
@Description("A lease, from when it was granted until its connection was back")
@Enabled(false) // begun with each lease, of which there are many
@Threshold("20 ms")
final class LeaseEvent extends Event {

  @Label("Pool")
  @Nullable String pool;

  @Label("Lane")
  @Nullable String lane;

  @Label("Label")
  @Nullable String label;

  @Label("Waited")
  @Timespan(Timespan.NANOSECONDS)
  long waited;

  @Label("Revoked")
  boolean revoked;
}
