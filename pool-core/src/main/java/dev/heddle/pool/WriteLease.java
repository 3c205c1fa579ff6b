package dev.heddle.pool;

import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The writer of the pool, held by one at a time: a transaction that {@link #commit} keeps and
 * {@link #close} or {@link #rollback} undoes.
 *
 * <p>The transaction begins ({@code BEGIN IMMEDIATE}) with the first statement. {@code commit} and
 * {@code rollback} end the lease. The transaction belongs to the lease: SQL that would begin, end
 * or outlive it ({@code COMMIT}, {@code PRAGMA journal_mode=…}, {@code ATTACH}, …) is refused with
 * the advice what to call instead; savepoints of your own are welcome.
 *
 * <p>A statement that fails leaves the others of the transaction in place, as SQLite does, unless
 * SQLite itself rolled the transaction back (a full disk, {@code ON CONFLICT ROLLBACK}, an
 * interrupt in a writing statement). Then nothing of it remains, and every later call says so.
 */
public interface WriteLease extends ReadLease {

  /**
   * Runs a statement that changes rows or the schema.
   *
   * @param sql one statement
   * @param parameters the values for its {@code ?}
   * @return the rows inserted, updated or deleted by the statement itself, not by its triggers
   * @throws SQLException if the statement is refused or fails
   */
  long update(String sql, @Nullable Object... parameters) throws SQLException;

  /**
   * Inserts one row and gives its rowid.
   *
   * <p>{@code INSERT OR IGNORE} and {@code ON CONFLICT} are refused, because the rowid would be
   * that of another insert: use {@code queryOne("INSERT … RETURNING id", …)}. So is an insert that
   * gives no rowid: into a {@code WITHOUT ROWID} table, or through a view.
   *
   * @param sql an {@code INSERT} or {@code REPLACE}
   * @param parameters the values for its {@code ?}
   * @return the rowid of the (last) inserted row
   * @throws SQLException if the statement is refused, fails, or inserts nothing
   */
  long insert(String sql, @Nullable Object... parameters) throws SQLException;

  /**
   * Runs a statement once for each row of parameters.
   *
   * <p>If one fails, those before it remain part of the transaction; the message says which it was.
   * Only if SQLite undoes the whole transaction, as when the disk is full, it may say between which
   * rows it was. A {@link java.util.Collection} of rows is the quickest: many of them may be
   * inserted at once, where that makes no difference. Of anything else, each row is asked for when
   * the one before it has run.
   *
   * @param sql one statement that gives no rows
   * @param rows the values for its {@code ?}, a row at a time
   * @return the rows changed in all
   * @throws SQLException if the statement is refused or one execution fails
   */
  long batch(String sql, Iterable<? extends @Nullable Object[]> rows) throws SQLException;

  /**
   * Runs a statement once for each item, as {@link #batch(String, Iterable)} does for rows.
   *
   * @param sql one statement that gives no rows
   * @param items the items
   * @param parameters gives the values for the {@code ?} from an item
   * @param <T> the item
   * @return the rows changed in all
   * @throws SQLException if the statement is refused or one execution fails
   */
  <T extends @Nullable Object> long batch(
      String sql,
      Iterable<? extends T> items,
      Function<? super T, ? extends @Nullable Object[]> parameters)
      throws SQLException;

  /**
   * Runs several statements, separated by {@code ;}, without parameters: a schema, say. Rows that
   * they give are dropped.
   *
   * @param statements the statements, comments allowed
   * @throws SQLException if one is refused or fails; those before it remain part of the transaction
   */
  void script(String statements) throws SQLException;

  /**
   * Runs work in a part of the transaction: if the work throws, what it changed is undone, and the
   * rest of the transaction stays (a savepoint, see <a
   * href="https://sqlite.org/lang_savepoint.html">sqlite.org/lang_savepoint.html</a>). May be
   * nested in turn. While the work runs, {@code commit} and {@code rollback} are refused (25001).
   *
   * @param work the work, which is given this lease
   * @param <T> its result
   * @param <X> what it throws besides {@code SQLException}
   * @return what the work gave
   * @throws SQLException if the work throws it, or the savepoint can't be made or released
   * @throws X if the work throws it
   */
  <T extends @Nullable Object, X extends Throwable> T nested(Work<? super WriteLease, T, X> work)
      throws SQLException, X;

  /**
   * Commits, and ends the lease. Returns only when the data is committed as durably as {@code
   * pragma.synchronous} says. Otherwise it throws, and nothing of the transaction remains, unless
   * the exception (SQLState 08007) says that the outcome is unknown.
   *
   * <p>If others wait for the writer, the commit is shared with them: this call waits while they do
   * their work, each in a savepoint of its own. That is bounded by {@code writer.max-time} of
   * whoever holds the writer, and is not interruptible. Hold no lock meanwhile that such a writer
   * may want. If one of them makes SQLite roll back the whole transaction, this one gets a {@link
   * java.sql.SQLTransactionRollbackException} (40001): it may simply be done again, as {@link
   * LeasePool#write} does by itself. See {@code docs/group-commit.md}.
   *
   * @throws SQLException if it can't be committed; the lease has ended all the same
   */
  void commit() throws SQLException;

  /**
   * Commits as {@link #commit} does, ends the lease, and gives a snapshot that shows the commit and
   * nothing later: of this pool, no unit is in it that was not committed with this one or before.
   * (Another process may have been quicker.) For what has to be read back, or to go on from, as it
   * was committed: no later writer is in between.
   *
   * {@snippet :
   * LeaseOptions options = LeaseOptions.DEFAULTS.withSnapshotAfterCommit(true);
   * try (WriteLease lease = pool.acquireWriter(options)) {
   *   lease.update("UPDATE account SET balance = balance - 10 WHERE id = 1");
   *   try (ReadLease committed = lease.commitAndRead()) {
   *     report(committed.query("SELECT id, balance FROM account"));
   *   }
   * }
   * }
   *
   * <p>The lease must have been acquired with {@link LeaseOptions#withSnapshotAfterCommit}, which
   * reserves a reader; without, this is refused (25001), and the lease goes on. The snapshot is a
   * lease of that reader, as one of {@link LeasePool#acquireSnapshot}: it is to be closed, its time
   * counts from when the reader was reserved, and whoever commits for the group begins it before
   * anybody can write again. If no statement has run, there is nothing to commit, and it shows what
   * is newest now. If it could not be begun, or was revoked before, the commit stands all the same:
   * then this returns, and the snapshot throws when it is used (08003), and says so.
   *
   * <p>If the lease ends otherwise, or this throws, the reader goes back to the pool.
   *
   * @return the snapshot, to be closed
   * @throws SQLException as {@link #commit}; or if no reader is reserved
   */
  ReadLease commitAndRead() throws SQLException;

  /**
   * Undoes everything, and ends the lease. Ignores the interrupt flag.
   *
   * @throws SQLException if the lease has ended before
   */
  void rollback() throws SQLException;
}
