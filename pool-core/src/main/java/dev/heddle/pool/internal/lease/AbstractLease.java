package dev.heddle.pool.internal.lease;

import dev.heddle.pool.Action;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both kinds of lease have in common: the frame around each call, and reading.
 *
 * <p>The fields that change are touched only within a call, so the hold's mark guards them.
 */
public abstract sealed class AbstractLease implements ReadLease permits ReaderLease, WriterLease {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.lease");

  private static final String WORK_LOST =
      "its work was rolled back and its connection went back to the pool";

  /** The JDBC room's way to make a connection of a lease; given from outside. */
  @FunctionalInterface
  public interface JdbcView {
    Connection of(AbstractLease lease);
  }

  private final Lane<Session> lane;
  private final Hold<Session> hold;
  private final JdbcView jdbc;
  private boolean served;

  /** Set before it is acquired; null if nobody wants to hear of it. */
  private @Nullable LeaseWatch watch;

  private @Nullable Connection connection;

  AbstractLease(Lane<Session> lane, Hold<Session> hold, JdbcView jdbc) {
    this.lane = lane;
    this.hold = hold;
    this.jdbc = jdbc;
  }

  /** Whether the statements of this lease run in a transaction. */
  public abstract boolean transactional();

  /**
   * Called within a call, before a statement is prepared or run: begins the transaction, if the
   * lease has one and this is its first statement.
   *
   * @param text the statement; null for one that only reads
   * @param costly it may take long, or be ended before it is done
   */
  public abstract void begin(Session session, @Nullable SqlText text, boolean costly)
      throws SQLException;

  /** Called at the end of a call that ran statements. */
  void ending(Session session) {}

  /** For messages: which lease of which thread. */
  public final String describe() {
    return Holders.describe(hold);
  }

  /** True if the lease has ended, or was revoked. */
  public final boolean isOver() {
    return hold.isOver();
  }

  /** Asks the call that runs now, if there is one, to stop. For any thread. */
  public final void cancel() {
    hold.cancelCall();
  }

  // The frame around a call

  /** Begins a call that runs or continues a statement; {@link #exit} must follow. */
  public final Session enter() throws SQLException {
    Session session = enterAnyway();
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw Errors.interrupted("The thread is interrupted: no statement is run, or goes on");
      }
      session.requireAlive();
      return session;
    } catch (Throwable t) {
      exit();
      throw t;
    }
  }

  /** Within a call: a statement in the transaction of the lease. To be closed. */
  final Prepared open(Session session, String sql, boolean costly) throws SQLException {
    SqlText text = session.text(Objects.requireNonNull(sql, "sql"));
    begin(session, text, costly);
    return session.open(text);
  }

  /** Begins a call, whatever the state of thread and transaction; {@link #exit} must follow. */
  public final Session enterAnyway() throws SQLException {
    if (!lane.enter(hold)) {
      throw whyNoCall();
    }
    return serve();
  }

  /** Why no call can begin now. */
  SQLException whyNoCall() {
    return whyNoCall(WORK_LOST);
  }

  /** Why no call can begin now; if it was revoked, with what came of that. */
  final SQLException whyNoCall(String whenRevoked) {
    return Holders.whyNoCall(hold, whenRevoked);
  }

  /** Null instead of an exception if there can be no call now. */
  public final @Nullable Session tryEnter() {
    return lane.enter(hold) ? serve() : null;
  }

  private Session serve() {
    Session session = hold.resource();
    if (!served) {
      served = true;
      session.serve(new HoldSignal(hold));
    }
    return session;
  }

  /** Ends a call. If the lease was ended meanwhile, this thread hands the connection back. */
  public final void exit() {
    try {
      endCall(true);
    } finally {
      tellEnd();
    }
  }

  /** {@link #exit} by a thread that others wait for, which must not be kept by listeners. */
  final void exitElsewhere() {
    endCall(false);
  }

  private void endCall(boolean tells) {
    try {
      ending(hold.resource());
    } finally {
      if (!hold.exit()) {
        handBack(tells);
      }
    }
  }

  /**
   * Ends the call and with it the lease.
   *
   * @param tells whether {@link #tellEnd} will follow; or else it is told elsewhere
   */
  final void exitForGood(boolean tells) {
    try {
      ending(hold.resource());
    } finally {
      hold.endInCall();
      giveBack(tells);
    }
  }

  private void giveBack(boolean tells) {
    if (watch != null && tells) {
      watch.holderTells();
    }
    lane.handBack(hold);
  }

  /**
   * Tells the listeners that the lease is over, if this thread has ended it, and waits for them.
   */
  final void tellEnd() {
    if (watch != null) {
      watch.tell();
    }
  }

  /** Before it is acquired: who is told of it. */
  final void watchedBy(LeaseWatch watch) {
    this.watch = watch;
    hold.watchedBy(watch);
  }

  /**
   * Within a call, which is the last one: the lease can't be revoked any more.
   *
   * @throws SQLException if it was revoked just before
   */
  final void seal() throws SQLException {
    hold.end();
    if (hold.isRevoked()) {
      throw whyNoCall();
    }
  }

  /** Within a call: the connection is used from now on. */
  final void use() {
    hold.use();
  }

  /** Before it is acquired, or within a call: what is to be done when it is over. */
  final void whenBack(Runnable task) {
    hold.whenBack(task);
  }

  final Lane<Session> lane() {
    return lane;
  }

  /** What SQLite asks about; without the lease, so that a forgotten one can be noticed. */
  private record HoldSignal(Hold<Session> hold) implements Session.Signal {
    @Override
    public boolean isOver() {
      return hold.isOver();
    }

    @Override
    public String lease() {
      return Holders.describe(hold);
    }

    @Override
    public boolean isCancelled() {
      return hold.isCancelled();
    }

    @Override
    public SQLException over(SQLException e, String running) {
      return Holders.whyStopped(hold, e, running);
    }
  }

  @Override
  public final void close() {
    if (hold.end()) {
      handBack(true);
      tellEnd();
    }
  }

  /** {@link #close} by a thread that others wait for, which must not be kept by listeners. */
  final void release() {
    if (hold.end()) {
      handBack(false);
    }
  }

  /** For the one thread that ended the hold, which has the session to itself until it is back. */
  private void handBack(boolean tells) {
    try {
      if (served && !hold.isRevoked()) {
        report(hold.resource());
      }
    } finally {
      giveBack(tells);
    }
  }

  private void report(Session session) {
    if (session.isUnfinished()) {
      LOG.warn(
          "{} was closed without commit(): its transaction is rolled back. Call commit() to keep"
              + " it, or rollback() to say that it is not wanted",
          describe());
    }
    List<String> open = session.openSql();
    if (!open.isEmpty()) {
      LOG.warn("{} was closed with open statements, closed now: {}", describe(), open);
    }
  }

  // Reading

  @Override
  public final List<Row> query(String sql, @Nullable Object... parameters) throws SQLException {
    Objects.requireNonNull(parameters, "parameters");
    Session session = enter();
    try (Prepared statement = openQuery(session, sql)) {
      List<Row> rows = new ArrayList<>();
      for (boolean row = statement.execute(parameters); row; row = statement.next()) {
        rows.add(DetachedRow.of(statement));
      }
      return rows;
    } finally {
      exit();
    }
  }

  @Override
  public final Optional<Row> queryOne(String sql, @Nullable Object... parameters)
      throws SQLException {
    Objects.requireNonNull(parameters, "parameters");
    Session session = enter();
    try (Prepared statement = openQuery(session, sql)) {
      if (!statement.execute(parameters)) {
        return Optional.empty();
      }
      Row row = DetachedRow.of(statement);
      if (statement.next()) {
        throw secondRow(sql);
      }
      return Optional.of(row);
    } finally {
      exit();
    }
  }

  @Override
  public final <T extends @Nullable Object> List<T> query(
      String sql, Function<? super Row, ? extends T> mapper, @Nullable Object... parameters)
      throws SQLException {
    requireMapper(mapper);
    List<T> results = new ArrayList<>();
    try (Execution execution = openExecution(sql)) {
      for (boolean row = execution.start(parameters); row; row = execution.next()) {
        results.add(execution.map(mapper));
      }
    }
    return results;
  }

  @Override
  public final <T> Optional<T> queryOne(
      String sql,
      Function<? super Row, ? extends @Nullable T> mapper,
      @Nullable Object... parameters)
      throws SQLException {
    requireMapper(mapper);
    try (Execution execution = openExecution(sql)) {
      if (!execution.start(parameters)) {
        return Optional.empty();
      }
      @Nullable T result = execution.map(mapper);
      if (execution.next()) {
        throw secondRow(sql);
      }
      return Optional.ofNullable(result);
    }
  }

  @Override
  public final <X extends Throwable> void forEach(
      String sql, Action<? super Row, X> action, @Nullable Object... parameters)
      throws SQLException, X {
    Objects.requireNonNull(action, "action");
    try (Execution execution = openExecution(sql)) {
      for (boolean row = execution.start(parameters); row; row = execution.next()) {
        execution.pass(action);
      }
    }
  }

  private Execution openExecution(String sql) throws SQLException {
    Session session = enter();
    try {
      return new Execution(this, openQuery(session, sql));
    } finally {
      exit();
    }
  }

  private Prepared openQuery(Session session, String sql) throws SQLException {
    Prepared statement = open(session, sql, false);
    if (!statement.givesRows()) {
      statement.close();
      throw new SQLNonTransientException(
          "The statement gives no rows; run it with update(…) of a write lease: "
              + Errors.shorten(sql),
          Errors.SYNTAX);
    }
    return statement;
  }

  private static void requireMapper(@Nullable Object mapper) {
    if (mapper == null) {
      throw new NullPointerException(
          "the mapper is null. If null was meant as the first parameter of the statement, Java has"
              + " picked the other method: write (Object) null");
    }
  }

  private static SQLException secondRow(String sql) {
    return new SQLNonTransientException(
        "The query gave a second row, at most one was expected: " + Errors.shorten(sql),
        Errors.CARDINALITY);
  }

  @Override
  public final Connection connection() throws SQLException {
    enterAnyway();
    try {
      Connection known = connection;
      if (known == null || known.isClosed()) {
        known = jdbc.of(this);
        connection = known;
      }
      return known;
    } finally {
      exit();
    }
  }

  @Override
  public final String toString() {
    return describe() + (isOver() ? ", ended" : "");
  }
}
