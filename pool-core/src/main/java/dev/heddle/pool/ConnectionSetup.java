package dev.heddle.pool;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Prepares a physical connection before the pool uses it: registers SQL functions and collations,
 * or loads what every connection needs. See {@link PoolConfig.Builder#onConnect}.
 *
 * <p>It is the one place where a program meets the driver's own connection, so it may {@link
 * Connection#unwrap unwrap} it to {@code org.sqlite.SQLiteConnection}. Create new function objects
 * on each call: the driver ties one to one connection. A commit or rollback listener that it adds
 * there must not throw: the exception would keep the pool from hearing what became of a
 * transaction.
 */
@FunctionalInterface
public interface ConnectionSetup {

  /**
   * Prepares one connection. Called once for each physical connection, on the thread that opens it,
   * after the pragmas. A connection must be left without an open statement or transaction.
   *
   * @param connection the driver's connection; not to be kept, nor closed
   * @throws SQLException if it can't be prepared; opening the pool then fails with it
   */
  void setUp(Connection connection) throws SQLException;
}
