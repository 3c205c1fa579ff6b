package dev.heddle.pool.internal.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A statement that took long. */
@Name("dev.heddle.pool.SlowStatement")
@Label("Slow Statement")
@Category("Heddle")
@Description("A statement was open for longer than slow-statement.after")
@StackTrace(false)
final class SlowStatementEvent extends Event {

  @Label("Pool")
  @Nullable String pool;

  @Label("Lane")
  @Nullable String lane;

  @Label("Lease")
  @Nullable String lease;

  @Label("SQL")
  @Description("Without the values of parameters")
  @Nullable String sql;

  @Label("Took")
  @Timespan(Timespan.NANOSECONDS)
  long took;

  @Label("Plan")
  @Nullable String plan;
}
