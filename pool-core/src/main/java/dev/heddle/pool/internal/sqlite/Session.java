package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.internal.config.Option;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/**
 * One physical connection and what is going on in it: its transaction, its statements, and the
 * signal that stops a query.
 *
 * <p>Confined to the call that has it: a lease's call, or the hand-back (see {@code Hold} in the
 * lane room, whose mark publishes the plain fields from one to the next). SQLite's callbacks run on
 * the thread of the call they interrupt.
 */
public final class Session {

  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private static final String PARTS = "heddle_";

  private final SQLiteConnection connection;
  private final Role role;
  private final boolean utf8;
  private final Duration busyTimeout;
  private final Duration statementTimeout;
  private final SessionCounts counts;
  private final SlowStatements slow;
  private final Statements statements;
  private final Programs programs;
  private final ChangedTables changed;
  private final SqliteTransaction transaction;
  private final StopSignal stopSignal;
  private final @Nullable WalWatch walWatch;
  private final WatchedFile file;
  private final Command lastInsertRowid;

  /** Made when it is needed first. */
  private @Nullable Attempt attempt;

  private final OpenStatements open = new OpenStatements();
  private final Stains stains = new Stains();

  /** The open transaction may have set defer_foreign_keys. */
  private boolean deferring;

  /** A lease has it, or had it, and made a call. */
  private boolean touched;

  /** Of the statement that the transaction was begun for, until that runs. */
  private @Nullable Allowance begunOn;

  /** The last statement failed. */
  private boolean failed;

  /** Why nobody may use the connection any more; written as the others, read by anyone. */
  private volatile @Nullable SQLException outOfOrder;

  /** Written by anyone. */
  private volatile boolean old;

  /**
   * Odd while the session reads, and keeps the WAL from beginning anew; another one for each time
   * that it does. Written as the others, and only by {@link #reads}; read by anyone.
   */
  private final AtomicLong reading = new AtomicLong();

  Session(
      SQLiteConnection connection,
      Role role,
      boolean utf8,
      int statementCache,
      Duration busyTimeout,
      Duration statementTimeout,
      SessionCounts counts,
      SlowLog slow,
      @Nullable WalWatch walWatch,
      WatchedFile file)
      throws SQLException {
    this.connection = connection;
    this.role = role;
    this.utf8 = utf8;
    this.busyTimeout = busyTimeout;
    this.statementTimeout = statementTimeout;
    this.counts = counts;
    this.statements = new Statements(statementCache);
    this.programs = new Programs(connection, statementCache);
    this.changed = new ChangedTables(programs);
    // So that the driver issues no BEGIN or COMMIT of its own; this sets its flag, and runs
    // nothing.
    connection.getConnectionConfig().setAutoCommit(false);
    this.stopSignal = new StopSignal();
    this.slow = new SlowStatements(slow, role, new QueryPlan(connection), stopSignal);
    this.transaction = new SqliteTransaction(connection, role, busyTimeout, stopSignal, counts);
    this.walWatch = walWatch;
    this.file = file;
    this.lastInsertRowid = new Command(connection, "SELECT last_insert_rowid()");
    ProgressHandler.setHandler(connection, StopSignal.INSTRUCTIONS, stopSignal);
  }

  /** What the driver says of the database. To be used within the call. */
  public DatabaseMetaData metaData() throws SQLException {
    return connection.getMetaData();
  }

  public Role role() {
    return role;
  }

  boolean isUtf8() {
    return utf8;
  }

  /** Has somebody told of each commit from now on. */
  void tellCommitsTo(CommitWatch watch) {
    changed.tellCommitsTo(watch);
  }

  /** Asked on the statement's thread while it runs; true ends it. Must be quick. */
  public interface Signal {
    /** Whose lease it is, in words. */
    String lease();

    /** The lease was revoked, or ended by another thread. */
    boolean isOver();

    boolean isCancelled();

    /**
     * What users get for a statement that ended because it {@link #isOver}.
     *
     * @param running what ran, with a colon before it, or nothing
     */
    SQLException over(SQLException e, String running);
  }

  /** Whose lease this session serves from now on. */
  public void serve(Signal signal) {
    touched = true;
    stopSignal.serve(signal);
  }

  /** False if no lease has done anything with it since it was {@linkplain #clear cleared}. */
  public boolean isTouched() {
    return touched;
  }

  // The transaction

  /** False also when SQLite itself rolled it back. */
  public boolean inTransaction() {
    return transaction.isOpen();
  }

  /**
   * True if the transaction has changed something, and nobody has said yet whether to keep it: its
   * last statement did not fail, which tells by itself that it will not be kept.
   */
  public boolean isUnfinished() {
    return transaction.isUnfinished() && !failed;
  }

  /** Begins a transaction: of a writer with the file's write lock, of a reader as a snapshot. */
  public void begin() throws SQLException {
    if (role == Role.WRITER) {
      file.requireThere();
    }
    beginInTime();
    reads();
    if (role == Role.WRITER) {
      try {
        noticeOthersDdl();
      } catch (Throwable t) {
        rollbackQuietly();
        throw t;
      }
    }
  }

  /** Begins a transaction, and its snapshot: without that, the first statement would take it. */
  public void beginSnapshot() throws SQLException {
    begin();
    unstopped(programs::schemaVersion); // any read will do
  }

  /** It may wait for another process: in the time of the statement that needs it, or its own. */
  private void beginInTime() throws SQLException {
    if (stopSignal.isTimed()) {
      transaction.begin();
      return;
    }
    Allowance own = allowance(1);
    begunOn = own;
    stopSignal.starts(own, false);
    own.run();
    try {
      transaction.begin();
    } finally {
      own.rest();
    }
  }

  private void noticeOthersDdl() throws SQLException {
    unstopped(
        () -> {
          programs.begun();
          return null;
        });
  }

  /** Throws if SQLite rolled the transaction back by itself, or nobody may use the connection. */
  public void requireAlive() throws SQLException {
    SQLException why = outOfOrder;
    if (why != null) {
      throw Errors.again(why);
    }
    transaction.requireAlive();
  }

  /** Nobody may use the connection any more. */
  void outOfOrder(SQLException why) {
    outOfOrder = why;
  }

  /** Why nobody may use the connection any more; null if it is in order. For any thread. */
  public @Nullable SQLException outOfOrder() {
    return outOfOrder;
  }

  /** True if another connection should take its place: after an error that may be its own. */
  public boolean isBroken() {
    return outOfOrder != null || transaction.isBroken();
  }

  /** Has another connection take its place when it comes back; for any thread. */
  public void replaceSoon() {
    old = true;
  }

  /** True if another connection should take its place, since somebody wants that. */
  public boolean isOld() {
    return old;
  }

  /**
   * Which of its reads is going on, by a number of its own; 0 for none. For any thread, which may
   * see it a little late.
   */
  public long reading() {
    long now = reading.getOpaque();
    return (now & 1) == 0 ? 0 : now;
  }

  /** Something began or ended that may be a read. */
  private void reads() {
    boolean reads = transaction.isOpen() || !open.isEmpty();
    long now = reading.getPlain();
    if (reads != ((now & 1) != 0)) {
      reading.setOpaque(now + 1);
    }
  }

  /** What SQLite rolled the transaction back for; null if it did not. */
  public @Nullable SQLException lostBecause() {
    return transaction.lostBecause();
  }

  /**
   * Commits. If it throws, nothing of the transaction remains, or the exception says that this is
   * unknown; but if it is still {@linkplain #inTransaction open}, a foreign key was violated, and
   * all is as before.
   */
  public void commit() throws SQLException {
    try {
      transaction.commit();
      changed.committed();
      programs.ended();
      watchWal();
    } catch (SQLException e) {
      programs.undone();
      if (Errors.OUTCOME_UNKNOWN.equals(e.getSQLState())) {
        changed.committed(); // who was told in vain looks in vain; who was not told goes wrong
      }
      throw e;
    } finally {
      reads();
      expireDeferring();
    }
  }

  private void watchWal() {
    if (walWatch != null) {
      stopSignal.hold();
      try {
        walWatch.committed();
      } finally {
        stopSignal.resume();
      }
    }
  }

  /** Rolls back; harmless if SQLite did so before. */
  public void rollback() throws SQLException {
    changed.ended();
    programs.undone();
    programs.ended();
    try {
      transaction.rollback();
    } finally {
      reads();
      expireDeferring();
    }
  }

  /**
   * Statements that SQLite prepared while foreign keys were deferred would let a violation pass
   * when they are not any more: it compiles them to count only. Setting the pragma expires them.
   */
  private void expireDeferring() {
    if (!deferring || transaction.isOpen()) {
      return;
    }
    try {
      transaction.execute("PRAGMA defer_foreign_keys = OFF");
      deferring = false;
    } catch (SQLException e) {
      // The transaction has ended all the same, and its end is what the caller is to hear of.
      LOG.warn("Statements may still defer foreign keys; expiring them is tried again", e);
    }
  }

  /** Begins a unit inside the transaction; others are in it, too, and are not to be harmed. */
  public void mark() throws SQLException {
    transaction.mark();
    changed.keep();
  }

  /** Ends the unit, and keeps it. */
  public void keepMarked() throws SQLException {
    transaction.keepMarked();
    changed.keep();
  }

  /** Ends the unit, and undoes it. */
  public void undoMarked() throws SQLException {
    changed.undo();
    programs.undone();
    transaction.undoMarked();
  }

  // Parts of the transaction, each with a name of the pool's own: SqlGuard keeps users from them.

  /** Begins a part. */
  public void savepoint(String part) throws SQLException {
    transaction.execute("SAVEPOINT " + PARTS + part);
  }

  /** Ends a part, and keeps it. */
  public void releaseSavepoint(String part) throws SQLException {
    transaction.execute("RELEASE " + PARTS + part);
  }

  /** Undoes what a part has done so far. */
  public void rollbackTo(String part) throws SQLException {
    programs.undone();
    transaction.execute("ROLLBACK TO " + PARTS + part);
  }

  /** Ends a part, and undoes it; harmless if SQLite undid the whole transaction. */
  public void undoSavepoint(String part) throws SQLException {
    programs.undone();
    if (transaction.isOpen()) {
      rollbackTo(part);
      releaseSavepoint(part);
    }
  }

  /** For a part that is within one call. */
  Attempt attempt() throws SQLException {
    Attempt known = attempt;
    if (known == null) {
      known = new Attempt(connection);
      attempt = known;
    }
    return known;
  }

  // Statements

  /**
   * What the text of a statement tells, before SQLite has seen it.
   *
   * @throws SQLException if a lease must not run this SQL
   */
  public SqlText text(String sql) throws SQLException {
    Prepared kept = statements.get(sql);
    SqlText text = kept == null ? SqlGuard.check(sql, role) : kept.text();
    stopSignal.runs(sql);
    stopSignal.begins(0); // it may have to wait for its transaction first
    return text;
  }

  /**
   * A statement ready to be bound, kept from an earlier use or prepared now. To be closed.
   *
   * @throws SQLException if SQLite can't prepare it
   */
  public Prepared open(SqlText text) throws SQLException {
    Prepared prepared = statements.find(text.sql());
    if (prepared == null) {
      counts.cacheMisses.increment();
      prepared = prepare(text);
      if (text.kind().isForLeases()) { // or else a lease would find it, and its text is not asked
        statements.add(prepared);
      }
    } else {
      counts.cacheHits.increment();
    }
    long now = slow.begin();
    prepared.begin(now);
    open.add(prepared);
    reads();
    return prepared;
  }

  /**
   * A statement is about to be prepared or run.
   *
   * @throws SQLException if SQLite can't prepare it
   */
  public void runs(SqlText text) throws SQLException {
    noteChanges(text);
    if (text.kind() == SqlText.Kind.DDL || text.lasts()) {
      programs.touched();
    } else if (text.kind() == SqlText.Kind.SAVEPOINT) {
      programs.undone();
    }
    deferring |= text.defersForeignKeys();
    if (text.lasts() && text.pragma() == null) {
      stains.lasts();
    }
    if (text.writes()) {
      transaction.writes();
    }
  }

  private void noteChanges(SqlText text) throws SQLException {
    stopSignal.forgetStop();
    try {
      changed.runs(text);
    } catch (SQLException e) {
      throw failure(e, text.sql());
    }
  }

  private Prepared prepare(SqlText text) throws SQLException {
    stopSignal.forgetStop();
    BusyWait wait = null;
    while (true) {
      try {
        PreparedStatement statement = connection.prepareStatement(text.sql());
        return new Prepared(this, text, statement);
      } catch (SQLException e) {
        if (!Errors.isBusy(Errors.code(e))) {
          throw failure(e, text.sql());
        }
        wait = wait == null ? busyWait() : wait;
        wait.pause(e);
      }
    }
  }

  /** A statement that is not among those that are kept, or in use. */
  PreparedStatement prepareApart(String sql) throws SQLException {
    stopSignal.forgetStop();
    return connection.prepareStatement(sql);
  }

  /** Called by {@link Prepared#close}. */
  void closed(Prepared prepared) {
    open.remove(prepared);
    reads();
    boolean fit = false;
    try {
      fit = prepared.tidy();
    } catch (SQLException e) {
      LOG.debug("A statement is not fit to be kept: {}", Errors.shorten(prepared.sql()), e);
    }
    if (!fit) {
      statements.remove(prepared);
      finalizeStatement(prepared);
    }
    slow.ended(prepared);
  }

  void finalizeStatement(Prepared prepared) {
    try {
      prepared.finalizeNow();
    } catch (SQLException e) {
      LOG.debug("Finalizing reported an error: {}", Errors.shorten(prepared.sql()), e);
    }
  }

  /** The rowid of the last insert on this connection. */
  public long lastInsertRowid() throws SQLException {
    return unstopped(() -> lastInsertRowid.value(0)); // the row is in: nothing may end the question
  }

  /** True if the statement, with its triggers, may roll back the whole transaction. */
  public boolean mayRollBackAll(SqlText text) throws SQLException {
    return program(text).mayRollBackAll();
  }

  /** True if a COMMIT may be refused for what the statement does. */
  public boolean defersForeignKeys(SqlText text) throws SQLException {
    return text.defersForeignKeys() || program(text).defersForeignKeys();
  }

  /** What the program of a statement tells about it. */
  Program program(SqlText text) throws SQLException {
    stopSignal.forgetStop();
    try {
      return programs.of(text);
    } catch (SQLException e) {
      throw failure(e, text.sql());
    }
  }

  /**
   * Has something closed when the lease ends.
   *
   * @param sql gives what it runs, if that is known by then
   */
  public void closeLater(AutoCloseable other, Supplier<@Nullable String> sql) {
    open.add(other, sql);
  }

  /** It was closed before. */
  public void forget(AutoCloseable other) {
    open.remove(other);
  }

  /** The SQL of the statements that are open now. */
  public List<String> openSql() {
    return open.sql();
  }

  /** Statements other than {@link Prepared} are good as long as this stays the same. */
  public long statementsEpoch() {
    return open.epoch();
  }

  /** Rows changed by the last INSERT, UPDATE or DELETE itself, not by its triggers. */
  public long changes() throws SQLException {
    return connection.getDatabase().changes();
  }

  /** Ends every open statement, so that no cursor outlives its transaction or lease. */
  public void closeStatements() {
    open.closeAll();
  }

  /** Ends what the last lease left, but not its transaction; never throws. */
  public void clear() {
    closeStatements();
    slow.tellWithPlans();
    stopSignal.serve(null);
    stopSignal.runs(null);
    stopSignal.begins(0);
    transaction.finish();
    begunOn = null;
    failed = false;
    touched = false;
  }

  /** What was lost with the last transaction is no concern of the next. */
  public void forget() {
    transaction.forget();
  }

  /** Makes the session as good as new for the next lease; never throws. */
  public void recycle() {
    try {
      clear();
    } finally {
      rollbackQuietly(); // whatever went wrong: nobody is to see what this lease saw
      transaction.forget();
    }
  }

  /** Rolls back, and only logs if that fails. */
  public void rollbackQuietly() {
    try {
      rollback();
    } catch (SQLException | RuntimeException e) {
      LOG.error("Rolling back failed on {}; the next lease may fail, too", connection.getUrl(), e);
    }
  }

  /** Closes the connection; never throws. */
  public void close() {
    recycle();
    statements.all().forEach(this::finalizeStatement);
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.error("Closing the connection to {} failed", connection.getUrl(), e);
    }
  }

  // What stays on the connection

  /** The value of a setting, to tell {@link #wasSet} of. */
  public @Nullable String setting(String pragma) throws SQLException {
    return unstopped(() -> new Pragmas(connection).read(pragma));
  }

  /** A PRAGMA for this setting has run, whatever came of it. */
  public void wasSet(String pragma, @Nullable String before) throws SQLException {
    try {
      stains.set(pragma, before, setting(pragma));
    } catch (SQLException e) {
      stains.lasts();
      throw e;
    }
  }

  /** True if the next lease would find on the connection what this one has set or created. */
  public boolean isStained() {
    return !stains.isClean();
  }

  // Failures and signals

  /** The statement that runs now, or ran last, in this lease; for any thread. */
  public @Nullable String latestSql() {
    return stopSignal.latestSql();
  }

  /**
   * When that statement began, by {@link System#nanoTime}; 0 if that is not known. For any thread.
   */
  public long latestBeganNanos() {
    return stopSignal.beganNanos();
  }

  /** For the next execution of a statement; what its BEGIN took of it is used up. */
  public Allowance allowance() {
    Allowance begun = begunOn;
    begunOn = null;
    return begun == null ? allowance(1) : begun;
  }

  /** For so many executions in one. */
  Allowance allowance(int executions) {
    return statementTimeout.isZero()
        ? Allowance.UNLIMITED
        : new Allowance(statementTimeout.multipliedBy(executions), Option.STATEMENT_TIMEOUT.key());
  }

  /**
   * A step of a statement of the lease starts. If it writes in company, then an interrupt of the
   * thread has to wait: SQLite would roll back what the others did, too.
   *
   * @param text the statement; null if that is not known, and then it reads
   * @param beganNanos when that began, for reports; 0 if that is not known
   * @param allowance how long it may take; {@link Allowance#rest} must follow
   */
  public void starts(@Nullable SqlText text, long beganNanos, Allowance allowance) {
    stopSignal.runs(text == null ? null : text.sql());
    stopSignal.begins(beganNanos);
    stopSignal.starts(allowance, text != null && text.writes() && transaction.isMarked());
    failed = false;
    allowance.run();
  }

  /** {@link #starts(SqlText, long, Allowance)} for a statement that begins now. */
  public void starts(SqlText text, Allowance allowance) {
    starts(text, slow.begin(), allowance);
  }

  /** Something that must not be stopped. */
  @FunctionalInterface
  public interface Task<R extends @Nullable Object> {
    R run() throws SQLException;
  }

  /** Runs something that the stop signal leaves alone. */
  public <R extends @Nullable Object> R unstopped(Task<R> task) throws SQLException {
    stopSignal.hold();
    try {
      return task.run();
    } catch (SQLException e) {
      transaction.failed(e);
      throw e;
    } finally {
      stopSignal.resume();
    }
  }

  /** What follows is done for others: it is not the statement's time. */
  public void pause() {
    stopSignal.pause();
  }

  BusyWait busyWait() {
    return new BusyWait(Option.BUSY_TIMEOUT.key(), busyTimeout, stopSignal, counts.busyRetries);
  }

  /** What users get for a failure of one of the lease's statements. */
  public SQLException failure(SQLException e, @Nullable String sql) {
    SQLException stopped = stopSignal.failure(e, sql == null ? "" : ": " + Errors.shorten(sql));
    SQLException failure = stopped == null ? Errors.translate(e, sql) : stopped;
    transaction.failed(failure);
    failed = true;
    return failure;
  }
}
