package dev.heddle.pool;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Work that a pool runs with a lease and that gives a result; see {@link LeasePool#read} and {@link
 * LeasePool#write}.
 *
 * <p>It runs on the thread that passed it in, with that thread's scoped values and context. The
 * lease is valid only until {@code run} returns. An {@code SQLException} may always be thrown;
 * {@code X} is what else the work throws, and is inferred for a lambda.
 *
 * @param <L> the kind of lease
 * @param <T> the result
 * @param <X> what the work throws besides {@code SQLException}
 */
@FunctionalInterface
public interface Work<L, T extends @Nullable Object, X extends Throwable> {

  /**
   * Does the work.
   *
   * @param lease the lease to work with; it ends when this method returns
   * @return the result
   * @throws SQLException whatever the lease throws
   * @throws X whatever else the work throws
   */
  T run(L lease) throws SQLException, X;
}
