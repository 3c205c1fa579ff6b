package dev.heddle.pool.internal.lease;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Work;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.internal.sqlite.Errors;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import org.jspecify.annotations.Nullable;

/**
 * The {@code read} or {@code write} of one pool that a thread is inside of, so that one inside the
 * other joins it. A task that the thread forks inherits scoped values, but is another thread: it
 * gets a lease of its own.
 */
final class Scope {

  private record Entry(AbstractLease lease, Thread thread) {}

  private final ScopedValue<Entry> current = ScopedValue.newInstance();

  /** The lease of the read or write around, null if there is none. */
  private @Nullable AbstractLease around() {
    if (!current.isBound()) {
      return null;
    }
    Entry entry = current.get();
    return entry.thread().equals(Thread.currentThread()) ? entry.lease() : null;
  }

  /** The lease that a read joins, null if it takes one of its own. */
  @Nullable ReadLease forReading() {
    return around();
  }

  /**
   * The lease that a write joins, null if it takes one of its own.
   *
   * @throws SQLException inside a read: the write would not see what was read there
   */
  @Nullable WriteLease forWriting() throws SQLException {
    return switch (around()) {
      case WriterLease writer -> writer;
      case ReaderLease reader ->
          throw new SQLNonTransientException(
              "write(…) inside read(…): others may have changed what was read before the write"
                  + " begins. Do it all in write(…), or let read(…) return before you write",
              Errors.REFUSED);
      case null -> null;
    };
  }

  /** Runs work as the read or write that others inside it join. */
  <L extends AbstractLease, T extends @Nullable Object, X extends Throwable> T run(
      L lease, Work<? super L, T, X> work) throws SQLException, X {
    Entry entry = new Entry(lease, Thread.currentThread());
    try {
      return ScopedValue.where(current, entry).<T, Throwable>call(() -> work.run(lease));
    } catch (Throwable thrown) {
      throw Scope.<X>asDeclared(thrown);
    }
  }

  /** The call above declares Throwable, but throws only what work declares, or nothing checked. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Throwable> X asDeclared(Throwable thrown) throws SQLException {
    return switch (thrown) {
      case SQLException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> (X) thrown;
    };
  }
}
