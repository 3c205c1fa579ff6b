package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread with a write lease, which does what the test tells it, one step after the other.
 */
final class Unit {

  /** Something done with the lease, on the unit's thread. */
  @FunctionalInterface
  interface Step<T extends @Nullable Object> {
    T run(WriteLease lease) throws Exception;
  }

  /** A {@link Step} that gives nothing. */
  @FunctionalInterface
  interface Act {
    void run(WriteLease lease) throws Exception;
  }

  /** A step on its way, and what came of it. */
  private static final class Pending<T extends @Nullable Object> {
    private final CountDownLatch done = new CountDownLatch(1);
    private @Nullable T result;
    private @Nullable Throwable failure;
    private boolean interrupted;

    void run(WriteLease lease, Step<T> step) {
      try {
        result = step.run(lease);
      } catch (Throwable t) {
        failure = t;
      }
      interrupted = Thread.interrupted();
      done.countDown();
    }

    void await() throws SQLException {
      Await.latch("the step of a unit ends", done);
      switch (failure) {
        case null -> {}
        case SQLException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError("the step failed", failure);
      }
    }
  }

  private final BlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
  private final CountDownLatch holds = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;

  /** Written by the unit's thread, before {@code holds}. */
  private @Nullable WriteLease lease;

  /** Written by the unit's thread, before {@code holds}. */
  private @Nullable Throwable refusal;

  private volatile boolean leaves;

  private @Nullable Pending<?> commit;
  private @Nullable Pending<ReadLease> snapshot;

  private Unit(String name, SqlitePool pool, LeaseOptions options) {
    this.thread = Thread.ofVirtual().name(name).unstarted(() -> run(pool, options));
  }

  /** A unit that begins to acquire the writer now. */
  static Unit start(String name, SqlitePool pool, LeaseOptions options) {
    Unit unit = new Unit(name, pool, options);
    unit.thread.start();
    return unit;
  }

  private void run(SqlitePool pool, LeaseOptions options) {
    try (WriteLease acquired = pool.acquireWriter(options)) {
      lease = acquired;
      holds.countDown();
      while (!leaves) {
        steps.take().run();
      }
    } catch (Throwable t) {
      refusal = t;
    } finally {
      holds.countDown();
      ended.countDown();
    }
  }

  Thread thread() {
    return thread;
  }

  /** Waits until the unit has the writer. */
  Unit awaitHolds() {
    Await.latch(thread + " has the writer", holds);
    assertNotNull(lease, () -> thread + " got no lease: " + refusal);
    return this;
  }

  /** How the acquisition failed. */
  Throwable refusal() {
    Await.latch(thread + " is refused", ended);
    if (refusal == null) {
      throw new AssertionError(thread + " was not refused");
    }
    return refusal;
  }

  /** The unit's lease, for calls of other threads. */
  WriteLease lease() {
    awaitHolds();
    WriteLease held = lease;
    if (held == null) {
      throw new AssertionError("no lease");
    }
    return held;
  }

  private <T extends @Nullable Object> Pending<T> begin(Step<T> step) {
    WriteLease held = lease();
    Pending<T> pending = new Pending<>();
    steps.add(() -> pending.run(held, step));
    return pending;
  }

  /** Has the unit do a step, and gives what came of it. */
  @SuppressWarnings("NullAway") // the result is null only if T allows it
  <T extends @Nullable Object> T get(Step<T> step) throws SQLException {
    Pending<T> pending = begin(step);
    pending.await();
    return pending.result;
  }

  /** Has the unit do a step; true if its interrupt flag was set afterwards. */
  boolean does(Act act) throws SQLException {
    Pending<Boolean> pending =
        begin(
            held -> {
              act.run(held);
              return true;
            });
    pending.await();
    return pending.interrupted;
  }

  /** A statement that changes something. */
  Unit update(String sql, @Nullable Object... parameters) throws SQLException {
    changes(sql, parameters);
    return this;
  }

  /** What {@link WriteLease#update} gives. */
  long changes(String sql, @Nullable Object... parameters) throws SQLException {
    Long changes = get(held -> held.update(sql, parameters));
    return changes;
  }

  /** What {@link WriteLease#insert} gives. */
  long rowid(String sql, @Nullable Object... parameters) throws SQLException {
    Long rowid = get(held -> held.insert(sql, parameters));
    return rowid;
  }

  /** One more row in t. */
  Unit insert(Object value) throws SQLException {
    return update("INSERT INTO t(v) VALUES (?)", value);
  }

  /** A step that fails. */
  SQLException fails(String state, Act act) {
    SQLException failure = assertThrows(SQLException.class, () -> does(act));
    assertEquals(state, failure.getSQLState(), () -> "SQLState of " + failure);
    return failure;
  }

  /** A statement that fails. */
  SQLException fails(String state, String sql) {
    return fails(state, held -> held.update(sql));
  }

  void rollback() throws SQLException {
    does(WriteLease::rollback);
  }

  void close() throws SQLException {
    does(WriteLease::close);
  }

  /** Has the unit commit, which may take until others have left, and does not wait for it. */
  Unit startCommit() {
    commit =
        begin(
            held -> {
              held.commit();
              return true;
            });
    return this;
  }

  /** As {@link #startCommit}, with {@link WriteLease#commitAndRead}. */
  Unit startCommitAndRead() {
    snapshot = begin(WriteLease::commitAndRead);
    commit = snapshot;
    return this;
  }

  /** The snapshot, once commitAndRead() has returned; for any thread. */
  ReadLease awaitSnapshot() throws SQLException {
    Pending<ReadLease> begun = snapshot;
    if (begun == null) {
      throw new AssertionError("no commit was started");
    }
    begun.await();
    return Objects.requireNonNull(begun.result);
  }

  private Pending<?> commit() {
    Pending<?> begun = commit;
    if (begun == null) {
      throw new AssertionError("no commit was started");
    }
    return begun;
  }

  /** True when commit() has returned or thrown. */
  boolean isDone() {
    return commit().done.getCount() == 0;
  }

  /** Waits until commit() has returned; true if the interrupt flag was set then. */
  boolean awaitCommitted() throws SQLException {
    commit().await();
    return commit().interrupted;
  }

  /** Whether the interrupt flag was set when commit() was over, however it ended. */
  boolean interruptedAtCommit() {
    Await.latch("commit() ends", commit().done);
    return commit().interrupted;
  }

  /** How commit() failed. */
  SQLException commitFailure() {
    return assertThrows(SQLException.class, () -> commit().await());
  }

  /** commit() said that the unit was rolled back with its group, for the fault of another. */
  SQLTransactionRollbackException victim() {
    return Expect.sql(SQLTransactionRollbackException.class, "40001", () -> commit().await());
  }

  /** Commits, and waits for it. */
  void commitNow() throws SQLException {
    startCommit().awaitCommitted();
  }

  /** After a test: leaves, whatever its state, once those it waits for have left. */
  void leave() {
    steps.add(() -> leaves = true);
    if (holds.getCount() > 0) {
      thread.interrupt();
    }
  }

  /** After {@link #leave}. */
  void awaitLeft() {
    Await.latch(thread + " ends", ended);
  }
}
