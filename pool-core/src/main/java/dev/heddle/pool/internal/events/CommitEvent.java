package dev.heddle.pool.internal.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A commit. */
@Name("dev.heddle.pool.Commit")
@Label("Commit")
@Category("Heddle")
@Description("A COMMIT of the writer, for all leases that shared it")
@Threshold("10 ms")
final class CommitEvent extends Event {

  @Label("Pool")
  @Nullable String pool;

  @Label("Units")
  @Description("How many leases shared the commit")
  int units;

  @Label("Waited")
  @Description("How long the first of them had waited for the others")
  @Timespan(Timespan.NANOSECONDS)
  long waited;

  @Label("Succeeded")
  boolean succeeded;
}
