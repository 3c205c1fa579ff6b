package dev.heddle.pool.internal.sqlite;

import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTimeoutException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;

/**
 * Ends a statement that must stop. SQLite asks every so many instructions of its virtual machine,
 * on the thread that runs the statement, so nothing needs to reach into that thread; and other than
 * {@code sqlite3_interrupt}, whose flag stays up while any cursor is open, it leaves the connection
 * healthy.
 *
 * <p>It never answers during the pool's own commands: an interrupted COMMIT may have taken place.
 * Confined like {@link Session}.
 */
final class StopSignal extends ProgressHandler {

  /** How often SQLite asks, in instructions: some ten microseconds apart. */
  static final int INSTRUCTIONS = 1000;

  private enum Reason {
    INTERRUPTED,
    OVER,
    CANCELLED,
    TIMED_OUT
  }

  /** What runs now or ran last; for reports, which any thread makes: nothing hangs on when. */
  private final AtomicReference<@Nullable String> sql = new AtomicReference<>();

  /** When it began; as {@link #sql}. */
  private final AtomicLong began = new AtomicLong();

  private Session.@Nullable Signal signal;

  private Allowance allowance = Allowance.UNLIMITED;

  /** The thread's interrupt has to wait. */
  private boolean sparesInterrupt;

  private @Nullable Reason stopped;

  /** How many of the pool's own commands run, one in the other, which must not be stopped. */
  private int holds;

  /** Answers no until {@link #resume}, which must follow. */
  void hold() {
    holds++;
  }

  void resume() {
    holds--;
  }

  void serve(Session.@Nullable Signal signal) {
    this.signal = signal;
  }

  /** What runs from now on. It is mostly the same as before: a statement takes many steps. */
  @SuppressWarnings("ReferenceEquality")
  void runs(@Nullable String now) {
    if (sql.getPlain() != now) {
      sql.setOpaque(now);
    }
  }

  /** A statement begins; 0 if nobody has looked at the clock. */
  void begins(long nowNanos) {
    began.setOpaque(nowNanos);
  }

  long beganNanos() {
    return began.getOpaque();
  }

  /** Whose lease it is, in words; null if it is nobody's any more. */
  @Nullable String lease() {
    return signal == null ? null : signal.lease();
  }

  @Nullable String latestSql() {
    return sql.getOpaque();
  }

  /** What runs, with a colon before it, for messages; or nothing. */
  String running() {
    String now = sql.getPlain();
    return now == null ? "" : ": " + Errors.shorten(now);
  }

  /** A step of a statement starts. */
  void starts(Allowance allowance, boolean sparesInterrupt) {
    this.allowance = allowance;
    forgetStop();
    this.sparesInterrupt = sparesInterrupt;
  }

  /** Something else starts, which may be a part of a step. */
  void forgetStop() {
    sparesInterrupt = false;
    stopped = null;
  }

  /** What follows is not the statement's time, until its next step starts. */
  void pause() {
    allowance.rest();
  }

  /** True if an allowance is running. */
  boolean isTimed() {
    return allowance.isRunning();
  }

  @Override
  protected int progress() {
    if (holds > 0) {
      return 0;
    }
    stopped = reason();
    return stopped == null ? 0 : 1;
  }

  private @Nullable Reason reason() {
    Session.Signal asked = signal;
    if (asked != null && asked.isOver()) {
      return Reason.OVER;
    }
    if (!sparesInterrupt && Thread.currentThread().isInterrupted()) {
      return Reason.INTERRUPTED;
    }
    if (asked != null && asked.isCancelled()) {
      return Reason.CANCELLED;
    }
    return allowance.isUsedUp() ? Reason.TIMED_OUT : null;
  }

  /**
   * What users get for a statement that was stopped; null if it failed for another reason.
   *
   * @param running what ran, with a colon before it, or nothing
   */
  @Nullable SQLException failure(SQLException e, String running) {
    if (stopped == null || !Errors.isInterrupt(Errors.code(e))) {
      return null;
    }
    return exception(stopped, e, running);
  }

  /** Between two tries of a statement that meets another process' lock: null to go on waiting. */
  @Nullable SQLException ask(SQLException busy) {
    Reason reason = reason();
    return reason == null
        ? null
        : exception(
            reason, busy, ", or rather waited for another process' lock on the file" + running());
  }

  private SQLException exception(Reason reason, SQLException e, String running) {
    return switch (reason) {
      case INTERRUPTED ->
          Errors.interrupted("The thread was interrupted while the statement ran" + running);
      case OVER -> Objects.requireNonNull(signal).over(e, running);
      case CANCELLED ->
          new SQLNonTransientException(
              "The statement was cancelled" + running, Errors.CANCELLED, e);
      case TIMED_OUT ->
          new SQLTimeoutException(
              "SQLite has worked for longer than " + allowance + " allows" + running,
              Errors.CANCELLED,
              e);
    };
  }
}
