package dev.heddle.pool.metrics;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Work;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A writer whose statements are timed, and whose commit is observed. */
final class ObservedWriteLease extends ObservedReadLease<WriteLease> implements WriteLease {

  ObservedWriteLease(WriteLease lease, LeaseObservation observed) {
    super(lease, observed);
  }

  @Override
  public long update(String sql, @Nullable Object... parameters) throws SQLException {
    return call(sql, on -> on.update(sql, parameters));
  }

  @Override
  public long insert(String sql, @Nullable Object... parameters) throws SQLException {
    return call(sql, on -> on.insert(sql, parameters));
  }

  @Override
  public long batch(String sql, Iterable<? extends @Nullable Object[]> rows) throws SQLException {
    return call(sql, on -> on.batch(sql, rows));
  }

  @Override
  public <T extends @Nullable Object> long batch(
      String sql,
      Iterable<? extends T> items,
      Function<? super T, ? extends @Nullable Object[]> parameters)
      throws SQLException {
    return call(sql, on -> on.<T>batch(sql, items, parameters));
  }

  @Override
  public void script(String statements) throws SQLException {
    this.<@Nullable Void, SQLException>call(
        statements,
        on -> {
          on.script(statements);
          return null;
        });
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T nested(
      Work<? super WriteLease, T, X> work) throws SQLException, X {
    return lease.nested(inner -> work.run(this));
  }

  @Override
  public void commit() throws SQLException {
    this.<@Nullable Void>committing(
        on -> {
          on.commit();
          return null;
        });
  }

  @Override
  public ReadLease commitAndRead() throws SQLException {
    return committing(on -> new ObservedReadLease<>(on.commitAndRead(), observed.snapshot()));
  }

  /** If it fails, the lease may go on: a commit may be refused. Then its close() ends it. */
  private <T extends @Nullable Object> T committing(Work<WriteLease, T, SQLException> commit)
      throws SQLException {
    observed.startCommit();
    try {
      T result = commit.run(lease);
      observed.over();
      return result;
    } catch (Throwable failure) {
      observed.failed(failure);
      throw failure;
    } finally {
      observed.stopCommit();
    }
  }

  @Override
  public void rollback() throws SQLException {
    lease.rollback();
    observed.over();
  }
}
