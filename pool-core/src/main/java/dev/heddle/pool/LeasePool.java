package dev.heddle.pool;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A pool that leases one writer and many readers: what a program's classes depend on.
 *
 * <p><b>Waiting.</b> Each lane has a queue, and what comes back is offered to whoever has waited
 * longest. Until that thread runs, one that runs already may overtake it: a few times, and not once
 * it has run in vain. A thread that must wait parks; a virtual thread gives up its carrier
 * meanwhile. Whoever waits longer than the {@code acquire-timeout} (or its own limit) gets an
 * {@code SQLTransientConnectionException} (08001) that says who holds the lane; an interrupted
 * thread gets an {@code SQLNonTransientException} (57014) with an {@link InterruptedException} as
 * its cause, and stays interrupted.
 *
 * <p><b>Holding one and asking for another.</b> A thread that holds the writer and asks for it
 * again is refused at once (25001). So is a thread whose wait could never end because every holder
 * of the lane, itself included, waits for the same lane.
 *
 * <p><b>One inside the other</b>, in the same thread: {@code read} inside {@code read} or {@code
 * write} uses the lease around it, and so sees the rows that the transaction has changed; {@code
 * write} inside {@code write} is a {@link WriteLease#nested nested} part of it; {@code write}
 * inside {@code read} is refused (25001). A task that the thread forks is another thread, and takes
 * a lease of its own.
 *
 * <p><b>Whose code runs where.</b> All of the caller's code (work, mappers, actions, SQL functions)
 * runs on the calling thread, with its scoped values, thread locals and stack. There is no
 * executor.
 *
 * <p><b>Memory.</b> What a thread did before it ended a lease happens-before what the next holder
 * of that connection does after acquiring it.
 *
 * <p>All methods may be called by any thread at any time. After {@link #close} acquiring throws
 * {@code SQLNonTransientConnectionException} (08003).
 */
public interface LeasePool extends AutoCloseable {

  /**
   * Takes a reader whose statements each see the newest commit. Waits up to {@code
   * acquire-timeout}.
   *
   * @return the lease, to be closed
   * @throws SQLException if none can be had
   */
  default ReadLease acquireReader() throws SQLException {
    return acquireReader(LeaseOptions.DEFAULTS);
  }

  /**
   * Takes a reader whose statements each see the newest commit.
   *
   * @param waitAtMost the longest wait, zero for not at all
   * @return the lease, to be closed
   * @throws SQLException if none can be had
   * @throws IllegalArgumentException if the wait is negative
   */
  default ReadLease acquireReader(Duration waitAtMost) throws SQLException {
    return acquireReader(LeaseOptions.DEFAULTS.withWaitAtMost(waitAtMost));
  }

  /**
   * Takes a reader whose statements each see the newest commit.
   *
   * @param options how
   * @return the lease, to be closed
   * @throws SQLException if none can be had
   */
  ReadLease acquireReader(LeaseOptions options) throws SQLException;

  /**
   * Takes a reader whose statements all see one commit: the newest when the first of them runs.
   * Waits up to {@code acquire-timeout}.
   *
   * @return the lease, to be closed
   * @throws SQLException if none can be had
   */
  default ReadLease acquireSnapshot() throws SQLException {
    return acquireSnapshot(LeaseOptions.DEFAULTS);
  }

  /**
   * Takes a reader whose statements all see one commit.
   *
   * @param waitAtMost the longest wait, zero for not at all
   * @return the lease, to be closed
   * @throws SQLException if none can be had
   * @throws IllegalArgumentException if the wait is negative
   */
  default ReadLease acquireSnapshot(Duration waitAtMost) throws SQLException {
    return acquireSnapshot(LeaseOptions.DEFAULTS.withWaitAtMost(waitAtMost));
  }

  /**
   * Takes a reader whose statements all see one commit.
   *
   * @param options how
   * @return the lease, to be closed
   * @throws SQLException if none can be had
   */
  ReadLease acquireSnapshot(LeaseOptions options) throws SQLException;

  /**
   * Takes the writer. Waits up to {@code acquire-timeout}.
   *
   * @return the lease, to be committed and closed
   * @throws SQLException if it can't be had
   */
  default WriteLease acquireWriter() throws SQLException {
    return acquireWriter(LeaseOptions.DEFAULTS);
  }

  /**
   * Takes the writer.
   *
   * @param waitAtMost the longest wait, zero for not at all
   * @return the lease, to be committed and closed
   * @throws SQLException if it can't be had
   * @throws IllegalArgumentException if the wait is negative
   */
  default WriteLease acquireWriter(Duration waitAtMost) throws SQLException {
    return acquireWriter(LeaseOptions.DEFAULTS.withWaitAtMost(waitAtMost));
  }

  /**
   * Takes the writer.
   *
   * @param options how
   * @return the lease, to be committed and closed
   * @throws SQLException if it can't be had
   */
  WriteLease acquireWriter(LeaseOptions options) throws SQLException;

  /**
   * Runs work that only reads, on a snapshot: everything inside sees one commit.
   *
   * @param work the work
   * @param <T> its result
   * @param <X> what it throws besides {@code SQLException}
   * @return what the work gave
   * @throws SQLException if no reader can be had, or the work throws it
   * @throws X if the work throws it
   */
  default <T extends @Nullable Object, X extends Throwable> T read(
      Work<? super ReadLease, T, X> work) throws SQLException, X {
    return read(LeaseOptions.DEFAULTS, work);
  }

  /**
   * Runs work that only reads, on a snapshot: everything inside sees one commit.
   *
   * @param options how the lease is taken
   * @param work the work
   * @param <T> its result
   * @param <X> what it throws besides {@code SQLException}
   * @return what the work gave
   * @throws SQLException if no reader can be had, or the work throws it
   * @throws X if the work throws it
   */
  <T extends @Nullable Object, X extends Throwable> T read(
      LeaseOptions options, Work<? super ReadLease, T, X> work) throws SQLException, X;

  /**
   * Runs work in a transaction of its own: commits it when the work returns, rolls it back when the
   * work throws.
   *
   * <p>The work <b>may run again</b> when it was rolled back with the others whose commit it
   * shared, through no fault of its own (see {@link WriteLease#commit}): at most three times in
   * all, the last time sharing nothing. So it should change nothing but the database. Work that
   * fails by itself is not repeated, nor is a commit whose outcome is unknown. The work can't end
   * the transaction itself: {@code commit} and {@code rollback} are refused (25001).
   *
   * @param work the work
   * @param <T> its result
   * @param <X> what it throws besides {@code SQLException}
   * @return what the work gave
   * @throws SQLException if the writer can't be had, the work throws it, or the commit fails
   * @throws X if the work throws it
   */
  default <T extends @Nullable Object, X extends Throwable> T write(
      Work<? super WriteLease, T, X> work) throws SQLException, X {
    return write(LeaseOptions.DEFAULTS, work);
  }

  /**
   * Runs work in a transaction of its own, as {@link #write(Work)} does.
   *
   * @param options how the lease is taken
   * @param work the work
   * @param <T> its result
   * @param <X> what it throws besides {@code SQLException}
   * @return what the work gave
   * @throws SQLException if the writer can't be had, the work throws it, or the commit fails
   * @throws X if the work throws it
   */
  <T extends @Nullable Object, X extends Throwable> T write(
      LeaseOptions options, Work<? super WriteLease, T, X> work) throws SQLException, X;

  /**
   * {@link #read(Work)} without a result.
   *
   * @param action the work
   * @param <X> what it throws besides {@code SQLException}
   * @throws SQLException if no reader can be had, or the action throws it
   * @throws X if the action throws it
   */
  default <X extends Throwable> void useReader(Action<? super ReadLease, X> action)
      throws SQLException, X {
    useReader(LeaseOptions.DEFAULTS, action);
  }

  /**
   * {@link #read(LeaseOptions, Work)} without a result.
   *
   * @param options how the lease is taken
   * @param action the work
   * @param <X> what it throws besides {@code SQLException}
   * @throws SQLException if no reader can be had, or the action throws it
   * @throws X if the action throws it
   */
  default <X extends Throwable> void useReader(
      LeaseOptions options, Action<? super ReadLease, X> action) throws SQLException, X {
    this.<@Nullable Void, X>read(
        options,
        lease -> {
          action.run(lease);
          return null;
        });
  }

  /**
   * {@link #write(Work)} without a result.
   *
   * @param action the work, which may run again
   * @param <X> what it throws besides {@code SQLException}
   * @throws SQLException if the writer can't be had, the action throws it, or the commit fails
   * @throws X if the action throws it
   */
  default <X extends Throwable> void useWriter(Action<? super WriteLease, X> action)
      throws SQLException, X {
    useWriter(LeaseOptions.DEFAULTS, action);
  }

  /**
   * {@link #write(LeaseOptions, Work)} without a result.
   *
   * @param options how the lease is taken
   * @param action the work, which may run again
   * @param <X> what it throws besides {@code SQLException}
   * @throws SQLException if the writer can't be had, the action throws it, or the commit fails
   * @throws X if the action throws it
   */
  default <X extends Throwable> void useWriter(
      LeaseOptions options, Action<? super WriteLease, X> action) throws SQLException, X {
    this.<@Nullable Void, X>write(
        options,
        lease -> {
          action.run(lease);
          return null;
        });
  }

  /**
   * Numbers about the pool, each read at its own moment.
   *
   * @return the numbers now; also after {@code close}
   */
  PoolStats stats();

  /**
   * Closes the pool: refuses new leases, wakes those who wait with an exception, gives holders
   * {@code close-timeout} to finish, revokes what is still held (its work is rolled back), and
   * closes every connection, the writer last. Waits until that is done, uninterruptibly; harmless
   * when repeated.
   *
   * @throws IllegalStateException if the calling thread itself holds a lease of this pool: it would
   *     wait for itself
   */
  @Override
  void close();
}
