package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.internal.lease.Leases;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.SqlTexts;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source of a pool. A connection of it costs nothing until a statement runs. */
public final class PooledDataSource implements DataSource, Unwrapping {

  private final String pool;
  private final Routes routes;
  private final BooleanSupplier closed;

  private PooledDataSource(String pool, Routes routes, BooleanSupplier closed) {
    this.pool = pool;
    this.routes = routes;
    this.closed = closed;
  }

  /**
   * A data source that uses both lanes.
   *
   * @param acquireTimeout how long a statement waits for a lane
   * @param closed whether the pool is
   */
  public static PooledDataSource of(
      String pool, Leases leases, SqlTexts texts, Duration acquireTimeout, BooleanSupplier closed) {
    Routes routes =
        new Routes(
            leases,
            texts,
            new Advice(pool),
            Routes.Use.BOTH,
            LeaseOptions.DEFAULTS,
            acquireTimeout);
    return new PooledDataSource(pool, routes, closed);
  }

  /** One whose leases are taken on these terms. */
  public PooledDataSource with(LeaseOptions options) {
    return new PooledDataSource(pool, routes.with(options), closed);
  }

  /** One whose connections only read. */
  public PooledDataSource reading() {
    return new PooledDataSource(pool, routes.with(Routes.Use.READERS), closed);
  }

  /** One whose connections use the writer for everything. */
  public PooledDataSource writing() {
    return new PooledDataSource(pool, routes.with(Routes.Use.WRITER), closed);
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (closed.getAsBoolean()) {
      throw new SQLNonTransientConnectionException(
          "pool '" + pool + "' is closed", Errors.NO_CONNECTION);
    }
    if (routes.use() == Routes.Use.WRITER) {
      routes.leases().requireWriter();
    }
    return LeasedConnection.of(new RoutedBinding(routes), routes.texts());
  }

  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    throw new SQLFeatureNotSupportedException(
        "SQLite has no users; call getConnection()", Errors.UNSUPPORTED);
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException("Heddle logs through SLF4J", Errors.UNSUPPORTED);
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException(
        "Set acquire-timeout in the pool's configuration", Errors.UNSUPPORTED);
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("Heddle logs through SLF4J", Errors.UNSUPPORTED);
  }

  @Override
  public String toString() {
    return "DataSource of pool '" + pool + "'";
  }
}
