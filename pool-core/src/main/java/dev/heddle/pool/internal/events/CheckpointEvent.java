package dev.heddle.pool.internal.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A checkpoint, or a part of one. */
@Name("dev.heddle.pool.Checkpoint")
@Label("Checkpoint")
@Category("Heddle")
@Description("Pages were moved from the WAL into the database")
@StackTrace(false)
final class CheckpointEvent extends Event {

  @Label("Pool")
  @Nullable String pool;

  @Label("WAL Pages")
  long walPages;

  @Label("Moved Pages")
  long movedPages;

  @Label("Held Back")
  @Description("Somebody kept it from moving everything")
  boolean heldBack;
}
