package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.lease.AbstractLease;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source whose connections are leases of one lane, from getConnection to close. */
public final class PooledDataSource implements DataSource {

  /** How it takes a lease. */
  @FunctionalInterface
  public interface Lessor {
    AbstractLease acquire() throws SQLException;
  }

  private final String name;
  private final Lessor lessor;

  public PooledDataSource(String name, Lessor lessor) {
    this.name = name;
    this.lessor = lessor;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return LeasedConnection.owning(lessor.acquire());
  }

  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    throw new SQLFeatureNotSupportedException("SQLite has no users; call getConnection()");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException("Heddle logs through SLF4J");
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException("Set acquire-timeout in the pool's configuration");
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("Heddle logs through SLF4J");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLException("This is no wrapper for " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }

  @Override
  public String toString() {
    return "DataSource of pool '" + name + "'";
  }
}
