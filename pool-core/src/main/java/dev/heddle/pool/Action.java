package dev.heddle.pool;

import java.sql.SQLException;

/**
 * Like {@link Work}, without a result: an action on a lease ({@link LeasePool#useReader}, {@link
 * LeasePool#useWriter}) or on a row ({@link ReadLease#forEach}).
 *
 * @param <L> what the action is given: a lease or a row
 * @param <X> what the action throws besides {@code SQLException}
 */
@FunctionalInterface
public interface Action<L, X extends Throwable> {

  /**
   * Does the action.
   *
   * @param subject the lease or row; valid only until this method returns
   * @throws SQLException whatever a lease throws
   * @throws X whatever else the action throws
   */
  void run(L subject) throws SQLException, X;
}
