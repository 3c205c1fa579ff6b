package dev.heddle.pool.metrics;

import dev.heddle.pool.Action;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A lease whose statements are timed.
 *
 * @param <L> the kind of lease
 */
class ObservedReadLease<L extends ReadLease> implements ReadLease {

  final L lease;
  final LeaseObservation observed;

  ObservedReadLease(L lease, LeaseObservation observed) {
    this.lease = lease;
    this.observed = observed;
  }

  final <T extends @Nullable Object, X extends Throwable> T call(
      String sql, Work<? super L, T, X> statement) throws SQLException, X {
    long start = System.nanoTime();
    try {
      return statement.run(lease);
    } finally {
      observed.ran(sql, System.nanoTime() - start);
    }
  }

  @Override
  public List<Row> query(String sql, @Nullable Object... parameters) throws SQLException {
    return call(sql, on -> on.query(sql, parameters));
  }

  @Override
  public <T extends @Nullable Object> List<T> query(
      String sql, Function<? super Row, ? extends T> mapper, @Nullable Object... parameters)
      throws SQLException {
    return call(sql, on -> on.<T>query(sql, mapper, parameters));
  }

  @Override
  public Optional<Row> queryOne(String sql, @Nullable Object... parameters) throws SQLException {
    return call(sql, on -> on.queryOne(sql, parameters));
  }

  @Override
  public <T> Optional<T> queryOne(
      String sql,
      Function<? super Row, ? extends @Nullable T> mapper,
      @Nullable Object... parameters)
      throws SQLException {
    return call(sql, on -> on.<T>queryOne(sql, mapper, parameters));
  }

  @Override
  public <X extends Throwable> void forEach(
      String sql, Action<? super Row, X> action, @Nullable Object... parameters)
      throws SQLException, X {
    this.<@Nullable Void, X>call(
        sql,
        on -> {
          on.forEach(sql, action, parameters);
          return null;
        });
  }

  @Override
  public Connection connection() throws SQLException {
    return lease.connection();
  }

  @Override
  public void close() {
    lease.close();
    observed.over();
  }

  @Override
  public String toString() {
    return lease.toString();
  }
}
