package dev.heddle.pool.internal.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A lease in trouble. */
@Name("dev.heddle.pool.LeaseTrouble")
@Label("Lease in Trouble")
@Category("Heddle")
@Description("A lease that is held for long, was revoked or lost, or holds others up")
@StackTrace(false)
final class TroubleEvent extends Event {

  @Label("Pool")
  @Nullable String pool;

  @Label("Lane")
  @Nullable String lane;

  @Label("Kind")
  @Nullable String kind;

  @Label("Label")
  @Nullable String label;

  @Label("SQL")
  @Description("What it ran at that moment, without the values of parameters")
  @Nullable String sql;

  @Label("Lasted")
  @Timespan(Timespan.NANOSECONDS)
  long lasted;

  @Label("Report")
  @Nullable String report;
}
