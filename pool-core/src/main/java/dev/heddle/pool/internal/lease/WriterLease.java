package dev.heddle.pool.internal.lease;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Work;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.internal.lane.Group;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.lane.Outcome;
import dev.heddle.pool.internal.lane.Seat;
import dev.heddle.pool.internal.lane.Turnover;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlScript;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A lease of the writer: a unit of a group that shares one transaction and its commit. */
public final class WriterLease extends AbstractLease implements WriteLease {

  private static final @Nullable Object[] NO_PARAMETERS = {};

  private static final String PART = "part_";

  /** How many rows of a collection a batch runs in one call. */
  private static final int BATCH_CHUNK = 1024;

  private final WriterTurnover turnover;
  private final Group<SQLException> group;
  private final boolean commitAlone;

  /** The pool commits it when the work returns; the work must not. */
  private final boolean endedByPool;

  /** The reader for {@link #commitAndRead}; null if none was asked for. */
  private final @Nullable ReaderLease reserved;

  /** Parts of the transaction that are running, one in the other; written within calls only. */
  private volatile int depth;

  WriterLease(
      Lane<Session> lane,
      Hold<Session> hold,
      JdbcView jdbc,
      WriterTurnover turnover,
      boolean commitAlone,
      boolean endedByPool,
      @Nullable ReaderLease reserved) {
    super(lane, hold, jdbc);
    this.turnover = turnover;
    this.group = turnover.group();
    this.commitAlone = commitAlone;
    this.endedByPool = endedByPool;
    this.reserved = reserved;
    if (reserved != null) {
      whenBack(reserved::release);
    }
  }

  @Override
  public boolean transactional() {
    return true;
  }

  @Override
  public void begin(Session session, @Nullable SqlText text, boolean costly) throws SQLException {
    if (text != null && text.staysOutside()) {
      stayOutside(session);
    } else if (!group.isRunning()) {
      beginUnit(session, text, costly);
    }
    if (text != null) {
      if (group.isRunning() && (text.lasts() || (group.isShared() && mustBeLast(session, text)))) {
        group.complete();
      }
      session.runs(text);
    }
  }

  /** What runs outside of a transaction first commits for those who are in it. */
  private void stayOutside(Session session) {
    if (!group.isRunning() && group.hasCompany()) {
      session.pause();
      turnover.settle(session).run();
    }
    use();
  }

  /** The commit may be refused for it, or it leaves a savepoint that the next unit could undo. */
  private boolean mustBeLast(Session session, SqlText text) throws SQLException {
    return text.kind() == SqlText.Kind.DDL
        || (text.kind() == SqlText.Kind.SAVEPOINT && !group.hasCompany())
        || session.defersForeignKeys(text);
  }

  /** One that may cost its company their commit, or their time, first commits for them. */
  private void beginUnit(Session session, @Nullable SqlText first, boolean costly)
      throws SQLException {
    boolean apart =
        group.hasCompany()
            && (costly
                || commitAlone
                || (first != null
                    && (first.kind() == SqlText.Kind.DDL || session.mayRollBackAll(first))));
    if (apart) {
      session.pause();
      turnover.settle(session).run();
    }
    group.begin(new WriterTransaction(session));
    use();
    if (commitAlone) {
      group.complete();
    }
  }

  @Override
  void ending(Session session) {
    SQLException because = session.lostBecause();
    if (because != null) {
      group.takenDown(because);
    }
  }

  @Override
  public long update(String sql, @Nullable Object... parameters) throws SQLException {
    Objects.requireNonNull(parameters, "parameters");
    Session session = enter();
    try (Prepared statement = openUpdate(session, sql)) {
      return statement.run(parameters);
    } finally {
      exit();
    }
  }

  private Prepared openUpdate(Session session, String sql) throws SQLException {
    Prepared statement = open(session, sql, false);
    if (statement.givesRows() && !statement.text().changesRows()) {
      statement.close();
      throw new SQLNonTransientException(
          "The statement only reads; run it with query(…): " + Errors.shorten(sql), Errors.SYNTAX);
    }
    return statement;
  }

  @Override
  public long insert(String sql, @Nullable Object... parameters) throws SQLException {
    Objects.requireNonNull(parameters, "parameters");
    Session session = enter();
    try (Prepared statement = open(session, sql, false)) {
      requireRowid(statement);
      if (statement.run(parameters) == 0) {
        throw new SQLNonTransientException(
            "Nothing was inserted, so there is no rowid: " + Errors.shorten(sql),
            Errors.CARDINALITY);
      }
      return session.lastInsertRowid();
    } finally {
      exit();
    }
  }

  /** SQLite's last_insert_rowid() would be that of an earlier insert otherwise. */
  private static void requireRowid(Prepared statement) throws SQLException {
    SqlText text = statement.text();
    String why = null;
    if (!text.inserts()) {
      why = "it is no INSERT; use update(…) or query(…)";
    } else if (text.conflictClause()) {
      why = "a conflict may leave no new row; use queryOne(\"INSERT … RETURNING id\", …)";
    } else if (statement.givesRows()) {
      why = "it gives rows; use queryOne(…)";
    } else if (!statement.setsLastInsertRowid()) {
      why = "this table or view gives no rowid; use update(…), or queryOne(\"… RETURNING …\", …)";
    }
    if (why != null) {
      throw new SQLNonTransientException(
          "insert(…) can't tell the new rowid, because " + why + ": " + Errors.shorten(text.sql()),
          Errors.REFUSED);
    }
  }

  @Override
  public long batch(String sql, Iterable<? extends @Nullable Object[]> rows) throws SQLException {
    if (!(rows instanceof Collection<? extends @Nullable Object[]> known)) {
      return this.<@Nullable Object[]>batch(sql, rows, row -> row);
    }
    @Nullable Object[] @Nullable [] all = known.toArray(new @Nullable Object[0][]);
    try (Execution execution = openBatch(sql)) {
      for (int i = 0; i < all.length; i += BATCH_CHUNK) {
        execution.runAll(all, i, Math.min(i + BATCH_CHUNK, all.length));
      }
      return execution.changes();
    }
  }

  @Override
  public <T extends @Nullable Object> long batch(
      String sql,
      Iterable<? extends T> items,
      Function<? super T, ? extends @Nullable Object[]> parameters)
      throws SQLException {
    Objects.requireNonNull(items, "items");
    Objects.requireNonNull(parameters, "parameters");
    @Nullable Object[] @Nullable [] row = new @Nullable Object[1][];
    try (Execution execution = openBatch(sql)) {
      for (T item : items) {
        row[0] = parameters.apply(item);
        execution.runAll(row, 0, 1);
      }
      return execution.changes();
    }
  }

  private Execution openBatch(String sql) throws SQLException {
    Session session = enter();
    try {
      return new Execution(this, openBatchStatement(session, sql));
    } finally {
      exit();
    }
  }

  private Prepared openBatchStatement(Session session, String sql) throws SQLException {
    Prepared statement = open(session, sql, true);
    if (statement.givesRows()) {
      statement.close();
      throw new SQLNonTransientException(
          "A batch can't take rows; leave out RETURNING, or run it row by row with queryOne(…): "
              + Errors.shorten(sql),
          Errors.SYNTAX);
    }
    return statement;
  }

  @Override
  public void script(String statements) throws SQLException {
    for (String sql : SqlScript.split(Objects.requireNonNull(statements, "statements"))) {
      Session session = enter();
      try (Prepared statement = open(session, sql, true)) {
        statement.run(NO_PARAMETERS);
      } finally {
        exit();
      }
    }
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T nested(
      Work<? super WriteLease, T, X> work) throws SQLException, X {
    Objects.requireNonNull(work, "work");
    int part = beginPart();
    T result;
    try {
      result = work.run(this);
    } catch (Throwable failure) {
      undoPart(part, failure);
      throw failure;
    }
    keepPart(part);
    return result;
  }

  private int beginPart() throws SQLException {
    Session session = enter();
    try {
      begin(session, null, false);
      int part = depth + 1;
      session.savepoint(PART + part);
      depth = part;
      return part;
    } finally {
      exit();
    }
  }

  /** Also when the thread is interrupted: the part is done, and the lease must be able to end. */
  private void keepPart(int part) throws SQLException {
    Session session = enterAnyway();
    try {
      depth = part - 1;
      session.requireAlive();
      session.releaseSavepoint(PART + part);
    } finally {
      exit();
    }
  }

  /** Nothing is left to undo if the lease, or the whole transaction, went with the failure. */
  private void undoPart(int part, Throwable failure) {
    Session session = tryEnter();
    if (session == null) {
      return;
    }
    try {
      depth = part - 1;
      session.undoSavepoint(PART + part);
    } catch (SQLException second) {
      failure.addSuppressed(second);
    } finally {
      exit();
    }
  }

  @Override
  public void commit() throws SQLException {
    requireOwnEnd("commit() was not done: write(…) commits when its work returns");
    Outcomes.check(finish());
  }

  @Override
  public ReadLease commitAndRead() throws SQLException {
    requireOwnEnd(
        "commitAndRead() was not done: write(…) commits when its work returns. Acquire the writer"
            + " with acquireWriter(…), and LeaseOptions.withSnapshotAfterCommit(true)");
    ReaderLease reader = requireReserved();
    Runnable begin = reader::beginAfterCommit;
    Session session = enterAnyway();
    try {
      whenBack(Turnover.NOTHING); // the lease ends here, and so it is this call that has the reader
      Outcomes.check(finish(session, begin));
      return reader;
    } catch (Throwable failure) {
      reader.close();
      throw failure;
    }
  }

  private ReaderLease requireReserved() throws SQLException {
    if (reserved == null) {
      throw new SQLNonTransientException(
          "commitAndRead() was not done, and the lease goes on: no reader is reserved for it."
              + " Acquire the writer with LeaseOptions.withSnapshotAfterCommit(true)",
          Errors.REFUSED);
    }
    return reserved;
  }

  @Override
  public void rollback() throws SQLException {
    requireOwnEnd("rollback() was not done: throw an exception, and write(…) rolls back");
    undo();
  }

  private void requireOwnEnd(String otherwise) throws SQLException {
    if (isOver()) { // within a part, perhaps
      throw whyNoCall();
    }
    if (depth > 0) {
      throw new SQLNonTransientException(
          "A nested(…) part of the transaction is running; end the transaction after it",
          Errors.REFUSED);
    }
    if (endedByPool) {
      throw new SQLNonTransientException(otherwise, Errors.REFUSED);
    }
  }

  /** True if its transaction has begun, and goes on. */
  public boolean isRunning() {
    return group.isRunning();
  }

  /** True if others would find on the connection what this lease has set or created. */
  public boolean isStained() throws SQLException {
    Session session = enterAnyway();
    try {
      return session.isStained();
    } finally {
      exit();
    }
  }

  /** {@link #commit}, and then the lease goes on: with the next statement, a transaction begins. */
  public void commitAndStay() throws SQLException {
    Outcomes.check(endAndStay(true));
  }

  /** {@link #rollback}, and then the lease goes on. */
  public void rollbackAndStay() throws SQLException {
    endAndStay(false);
  }

  private Outcome endAndStay(boolean keep) throws SQLException {
    Session session = enterAnyway();
    Seat seat = null;
    try {
      session.closeStatements();
      if (keep) {
        session.requireAlive();
        seat = group.keep();
      }
    } finally {
      turnover.settle(session).run(); // undoes the unit if it was not kept
      exit();
    }
    return seat == null ? Outcome.COMMITTED : group.await(seat, lane());
  }

  /** {@link #commit}, by whoever may; what fails only here is in the outcome. */
  Outcome finish() throws SQLException {
    return finish(enterAnyway(), Turnover.NOTHING);
  }

  /**
   * Within a call, which it ends.
   *
   * @param onceCommitted done by whoever commits, when that is done and nothing else can have begun
   */
  private Outcome finish(Session session, Runnable onceCommitted) throws SQLException {
    try {
      Seat seat = keep(session, onceCommitted);
      return seat == null ? Outcome.COMMITTED : group.await(seat, lane());
    } finally {
      tellEnd(); // not before: the first of a group looks after the others while it waits
    }
  }

  private @Nullable Seat keep(Session session, Runnable onceCommitted) throws SQLException {
    try {
      seal(); // what is kept, is committed: nobody must say from here on that it was revoked
      session.closeStatements();
      session.requireAlive();
      Seat seat = group.keep(onceCommitted);
      if (seat == null) {
        onceCommitted.run(); // there is nothing to commit
      }
      return seat;
    } finally {
      exitForGood(true);
    }
  }

  /** {@link #rollback}, by whoever may. */
  void undo() throws SQLException {
    enterAnyway();
    exitForGood(true);
    tellEnd();
  }
}
