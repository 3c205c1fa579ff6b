package dev.heddle.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the pool, held until {@link #close}: for reading, and for reading only, whatever
 * the SQL says.
 *
 * <p><b>What it sees.</b> From {@link LeasePool#acquireReader}: each statement sees the newest
 * commit. From {@link LeasePool#acquireSnapshot} and {@link LeasePool#read}: all statements see one
 * commit, the newest one when the first of them ran. From {@link WriteLease#commitAndRead}: all see
 * that commit. As a {@link WriteLease}: the transaction's own changes as well.
 *
 * <p><b>Threads.</b> A lease is for one thread at a time. Two calls at once are refused with an
 * {@code SQLException}; it may be passed on from one thread to another. Everything the lease handed
 * out (connections, statements, result sets) ends with it.
 *
 * <p><b>Blocking.</b> Statements run on the calling thread, which keeps its carrier while SQLite
 * works. If the thread is interrupted, a running query ends soon with an {@code SQLException} whose
 * cause is an {@link InterruptedException}; the interrupt flag stays set.
 *
 * <p><b>Time.</b> A lease may be held for {@code reader.max-time} or {@code writer.max-time}, or as
 * long as its {@link LeaseOptions#holdAtMost} says. Then it is revoked: a statement that runs ends
 * with an {@link java.sql.SQLTimeoutException} (57014), its work is rolled back, its connection
 * goes to the next, and every later call throws (08003). So is a lease that the program has lost
 * without closing it, once it is garbage collected.
 *
 * <p><b>Parameters</b> are bound by position to {@code ?}, their number must match, and their types
 * are those of the table at {@link Row}. After the lease ended every method but {@code close}
 * throws {@code SQLNonTransientConnectionException} (08003).
 *
 * <p>The exceptions and SQLStates are listed in the documentation's page on errors.
 */
public interface ReadLease extends AutoCloseable {

  /**
   * Runs a query and gives all its rows.
   *
   * @param sql one statement that gives rows
   * @param parameters the values for its {@code ?}
   * @return the rows, detached from the lease
   * @throws SQLException if the statement is refused or fails
   */
  List<Row> query(String sql, @Nullable Object... parameters) throws SQLException;

  /**
   * Runs a query and maps each of its rows.
   *
   * @param sql one statement that gives rows
   * @param mapper makes a result from a row; the row is valid only during that call
   * @param parameters the values for its {@code ?}
   * @param <T> what a row becomes
   * @return what the mapper gave, in order
   * @throws SQLException if the statement is refused or fails
   */
  <T extends @Nullable Object> List<T> query(
      String sql, Function<? super Row, ? extends T> mapper, @Nullable Object... parameters)
      throws SQLException;

  /**
   * Runs a query that gives one row or none.
   *
   * @param sql one statement that gives at most one row
   * @param parameters the values for its {@code ?}
   * @return the row, detached from the lease
   * @throws SQLException if the statement is refused or fails, or with SQLState 21000 if there is a
   *     second row
   */
  Optional<Row> queryOne(String sql, @Nullable Object... parameters) throws SQLException;

  /**
   * Runs a query that gives one row or none, and maps it.
   *
   * @param sql one statement that gives at most one row
   * @param mapper makes a result from the row, not {@code null}; the row is valid only during that
   *     call
   * @param parameters the values for its {@code ?}
   * @param <T> what the row becomes
   * @return what the mapper gave; empty if there is no row, or the mapper gave {@code null}
   * @throws SQLException if the statement is refused or fails, or with SQLState 21000 if there is a
   *     second row
   */
  <T> Optional<T> queryOne(
      String sql,
      Function<? super Row, ? extends @Nullable T> mapper,
      @Nullable Object... parameters)
      throws SQLException;

  /**
   * Runs a query and passes on each row as it comes: nothing is held in memory, however many there
   * are. The action may use this lease; if it ends the lease, the next row throws.
   *
   * @param sql one statement that gives rows
   * @param action called with each row, which is valid only during that call
   * @param parameters the values for its {@code ?}
   * @param <X> what the action throws besides {@code SQLException}
   * @throws SQLException if the statement is refused or fails, or if the action throws it
   * @throws X if the action throws it; the query ends there
   */
  <X extends Throwable> void forEach(
      String sql, Action<? super Row, X> action, @Nullable Object... parameters)
      throws SQLException, X;

  /**
   * This lease as a JDBC connection, for code that wants one. It lives as long as the lease, and
   * closing it does not end the lease.
   *
   * @return the same connection each time
   * @throws SQLException if the lease has ended
   */
  Connection connection() throws SQLException;

  /**
   * Ends the lease: open statements are closed, and the connection is offered to the next who
   * waits. Never throws, is harmless when the lease has ended, and ignores the interrupt flag.
   */
  @Override
  void close();
}
