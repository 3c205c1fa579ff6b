package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.internal.jdbc.Routes.Use;
import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.lease.ReaderLease;
import dev.heddle.pool.internal.lease.WriterLease;
import dev.heddle.pool.internal.sqlite.ConnectionValues;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * To no lane until a statement needs one, and then no longer than that needs it: a transaction, a
 * statement with {@code autoCommit}, or a result that does not fit into memory.
 *
 * <p>A connection that holds a lane does not wait for another: before it takes a lease, it reads
 * what its open results have left into memory. So connections can't wait for each other in a ring.
 * The exceptions are a result too large for that, and the writer that is kept: for both, the
 * time-outs of the pool say how long.
 */
final class RoutedBinding implements Binding {

  private final Routes routes;

  private boolean autoCommit = true;
  private boolean readOnly;

  /** BEGIN was run as SQL, with autoCommit on. */
  private boolean begunBySql;

  /** The lease of the transaction, or of the writer that is kept. */
  private @Nullable AbstractLease bound;

  /**
   * The writer is kept from one transaction to the next: the connection has left something on the
   * physical one.
   */
  private boolean keeps;

  /** Results that may have a reader to themselves. */
  private final List<ReadAhead> results = new ArrayList<>(1);

  private ConnectionValues values = ConnectionValues.NONE;

  // Of the transaction.

  private boolean ran;
  private boolean wrote;
  private boolean inserted;
  private boolean changed;

  RoutedBinding(Routes routes) {
    this.routes = routes;
  }

  @Override
  public SqlText text(String sql) throws SQLException {
    return routes.texts().of(sql);
  }

  // Where a statement runs

  @Override
  public Answer run(Run run) throws SQLException {
    SqlText text = run.text();
    if (isReadOnly() && !text.reads()) {
      throw refuse("The connection is read-only: " + Errors.shorten(text.sql()), Errors.READ_ONLY);
    }
    Answer answer = route(asksForValues(run) ? run.answered(values) : run);
    remember(answer.change());
    return answer;
  }

  private Answer route(Run run) throws SQLException {
    SqlText text = run.text();
    if (text.lasts()) {
      return runAndKeep(run);
    }
    if (isInTransaction()) {
      return runInTransaction(run);
    }
    if (text.kind() == SqlText.Kind.SAVEPOINT) {
      throw refuse(
          "There is no transaction: call setAutoCommit(false), or run BEGIN", Errors.REFUSED);
    }
    if (bound instanceof WriterLease writer) {
      return runOnKept(writer, run);
    }
    makeRoom();
    return text.reads() ? readAlone(run) : writeAlone(run);
  }

  @Override
  public boolean isInTransaction() {
    return !autoCommit || begunBySql;
  }

  /** What follows is a transaction; it takes a lane with its next statement. */
  @Override
  public void begin() throws SQLException {
    if (begunBySql || ran) {
      throw refuse("A transaction has begun already; end it first", Errors.REFUSED);
    }
    begunBySql = autoCommit;
  }

  // In a transaction

  private Answer runInTransaction(Run run) throws SQLException {
    ran = true;
    wrote |= !run.text().reads();
    return run.on(takenForTransaction(run.owner().timeoutSeconds()), false);
  }

  /** The lease of the transaction, taken now if it has none. */
  private AbstractLease takenForTransaction(int seconds) throws SQLException {
    AbstractLease lease = bound;
    if (lease == null) {
      makeRoom();
      lease =
          isReadOnly()
              ? routes.take(seconds, options -> routes.leases().reader(options, true))
              : takeWriter(seconds);
      bound = lease;
    }
    return lease;
  }

  private WriterLease takeWriter(int seconds) throws SQLException {
    return routes.take(seconds, options -> routes.leases().writer(options));
  }

  // With autoCommit

  private Answer readAlone(Run run) throws SQLException {
    AbstractLease lease = takeForReading(run.owner().timeoutSeconds());
    boolean open = false;
    try {
      Answer answer = run.on(lease, false);
      open = hold(answer.rows());
      if (!open && lease instanceof WriterLease writer) {
        writer.commit();
      }
      return answer;
    } catch (SQLException e) {
      if (routes.use() == Use.BOTH && !readOnly && Errors.isRefusedByReader(e)) {
        lease.close();
        return writeAlone(run);
      }
      throw e;
    } finally {
      if (!open) {
        lease.close();
      }
    }
  }

  private AbstractLease takeForReading(int seconds) throws SQLException {
    return routes.use() == Use.WRITER
        ? takeWriter(seconds)
        : routes.take(seconds, options -> routes.leases().reader(options, false));
  }

  /** True if the result has the lease to itself from now on. */
  private boolean hold(@Nullable ReadAhead rows) {
    if (rows == null || !rows.hasCursor()) {
      return false;
    }
    rows.ownLease();
    results.add(rows);
    return true;
  }

  private Answer writeAlone(Run run) throws SQLException {
    if (run.text().staysOutside()) {
      try (WriterLease lease = takeWriter(run.owner().timeoutSeconds())) {
        return run.on(lease, true);
      }
    }
    try {
      return routes.<Answer>take(
          run.owner().timeoutSeconds(),
          options -> routes.leases().transaction(options, lease -> run.on(lease, true)));
    } catch (BatchUpdateException e) {
      throw Errors.batchUndone(e, run.size());
    }
  }

  /** Takes what open results have left into memory, where a lane is kept waiting for it. */
  private void makeRoom() {
    for (ReadAhead result : List.copyOf(results)) {
      result.makeRoom();
    }
    results.removeIf(result -> !result.holdsReader());
  }

  // With the writer to itself

  private Answer runAndKeep(Run run) throws SQLException {
    if (bound == null) {
      makeRoom();
      bound = takeWriter(run.owner().timeoutSeconds());
    }
    if (!(bound instanceof WriterLease writer)) {
      throw refuse("The connection is read-only", Errors.READ_ONLY);
    }
    boolean kept = keeps;
    keeps = true;
    if (isInTransaction()) {
      ran = true;
      wrote = true;
    }
    try {
      return runOnKept(writer, run);
    } finally {
      if (keeps && !kept && !writer.isOver()) {
        routes.advice().keepsWriter(run.text());
      }
    }
  }

  private Answer runOnKept(WriterLease writer, Run run) throws SQLException {
    if (isInTransaction()) {
      return run.on(writer, false);
    }
    boolean done = false;
    try {
      Answer answer = run.on(writer, true);
      done = true;
      return answer;
    } finally {
      endKept(writer, done);
    }
  }

  /** Ends a transaction, or what one statement was; goes on without the writer if that may be. */
  private void endKept(WriterLease writer, boolean keep) throws SQLException {
    try {
      if (keep) {
        writer.commitAndStay();
      } else if (!writer.isOver()) {
        writer.rollbackAndStay();
      }
    } finally {
      if (isNoLongerNeeded(writer)) {
        keeps = false;
        bound = null;
        forgetTransaction();
        writer.close();
      }
    }
  }

  private static boolean isNoLongerNeeded(WriterLease writer) {
    try {
      return writer.isOver() || !writer.isStained();
    } catch (SQLException e) {
      return true; // it was revoked this moment
    }
  }

  // What functions of the connection give

  /** If the statement that they are about ran on this very lease, SQLite itself knows best. */
  private boolean asksForValues(Run run) {
    return (run.asks(SqlText.Trait.ASKS_LAST_ROWID) && !inserted)
        || (run.asks(SqlText.Trait.ASKS_CHANGES) && !changed);
  }

  private void remember(ConnectionValues.@Nullable Change change) {
    if (change == null) {
      return;
    }
    values = values.after(change);
    if (bound != null) {
      inserted |= change.rowid() != null;
      changed = true;
    }
  }

  // Transactions

  @Override
  public boolean isAutoCommit() {
    return autoCommit;
  }

  @Override
  public void setAutoCommit(boolean on) throws SQLException {
    if (on == autoCommit) {
      return;
    }
    if (isInTransaction()) {
      end(true);
    }
    autoCommit = on;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly || routes.use() == Use.READERS;
  }

  @Override
  public void setReadOnly(boolean on) throws SQLException {
    if (on == isReadOnly()) {
      return;
    }
    if (!on && !routes.leases().hasWriter()) {
      return; // pools and frameworks set it back; what writes, is refused
    }
    if (routes.use() != Use.BOTH) {
      throw refuse(
          "This data source has connections to one lane only; take one of pool.dataSource()",
          Errors.REFUSED);
    }
    if (bound != null) {
      throw refuse(
          keeps
              ? "The connection keeps the writer for the settings, TEMP objects or attached"
                  + " databases that it made"
              : "A transaction is going on; end it before you change what kind it is",
          Errors.REFUSED);
    }
    readOnly = on;
  }

  @Override
  public void commit() throws SQLException {
    requireTransaction();
    end(true);
  }

  @Override
  public void rollback() throws SQLException {
    requireTransaction();
    end(false);
  }

  private void requireTransaction() throws SQLException {
    if (!isInTransaction()) {
      throw refuse(
          "There is no transaction to end: autoCommit is on, so that each statement is one",
          Errors.REFUSED);
    }
  }

  private void end(boolean commit) throws SQLException {
    begunBySql = false;
    AbstractLease lease = bound;
    boolean onlyRead = ran && !wrote;
    forgetTransaction();
    if (lease == null) {
      return;
    }
    if (keeps && lease instanceof WriterLease writer) {
      endKept(writer, commit);
      return;
    }
    try {
      if (lease instanceof WriterLease writer) {
        if (onlyRead && routes.use() == Use.BOTH) {
          routes.advice().onlyRead();
        }
        end(writer, commit);
      }
    } finally {
      bound = null;
      lease.close();
    }
  }

  private static void end(WriterLease writer, boolean commit) throws SQLException {
    if (commit) {
      writer.commit();
    } else if (!writer.isOver()) {
      writer.rollback();
    }
  }

  private void forgetTransaction() {
    ran = false;
    wrote = false;
    inserted = false;
    changed = false;
  }

  @Override
  public void savepoint(String name) throws SQLException {
    if (!isInTransaction()) {
      throw refuse("A savepoint is in a transaction: call setAutoCommit(false)", Errors.REFUSED);
    }
    LeaseBinding.savepoint(takenForTransaction(0), name);
  }

  @Override
  public void releaseSavepoint(String name) throws SQLException {
    LeaseBinding.anyway(transaction(), session -> session.releaseSavepoint(name));
  }

  @Override
  public void rollbackTo(String name) throws SQLException {
    LeaseBinding.anyway(transaction(), session -> session.rollbackTo(name));
  }

  private AbstractLease transaction() throws SQLException {
    if (bound == null) {
      throw refuse("There is no transaction", Errors.NO_SAVEPOINT);
    }
    return bound;
  }

  // Its life

  @Override
  public <R extends @Nullable Object> R ask(Question<R> question) throws SQLException {
    AbstractLease lease = bound;
    if (lease instanceof WriterLease writer && !isInTransaction()) {
      boolean done = false;
      try {
        R answer = LeaseBinding.ask(writer, question);
        done = true;
        return answer;
      } finally {
        endKept(writer, done);
      }
    }
    if (lease != null) {
      return LeaseBinding.ask(lease, question);
    }
    makeRoom();
    try (ReaderLease own = routes.take(0, options -> routes.leases().reader(options, false))) {
      return LeaseBinding.ask(own, question);
    }
  }

  @Override
  public <R extends @Nullable Object> R query(Question<R> question) throws SQLException {
    if (isInTransaction()) {
      ran = true;
      takenForTransaction(0);
    }
    return ask(question);
  }

  /** It is open until it is closed, whatever became of a lease that it had. */
  @Override
  public boolean isOver() {
    return false;
  }

  @Override
  public void requireUsable() {}

  @Override
  public boolean isValid(int seconds) {
    AbstractLease lease = bound;
    if (lease != null) {
      return !lease.isOver();
    }
    if (results.stream().anyMatch(ReadAhead::holdsReader)) {
      return true; // to ask, it would have to wait for another one
    }
    LeaseOptions options =
        seconds == 0
            ? routes.options()
            : routes.options().withWaitAtMost(Duration.ofSeconds(seconds));
    try (ReaderLease own = routes.leases().reader(options, false)) {
      return LeaseBinding.ask(own, session -> session.setting("schema_version")) != null;
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void close() {
    AbstractLease lease = bound;
    bound = null;
    keeps = false;
    if (lease != null) {
      lease.close();
    }
  }

  @Override
  public String toString() {
    return bound == null ? routes.toString() : bound.toString();
  }

  private static SQLException refuse(String why, String state) {
    return new SQLNonTransientException(why, state);
  }
}
