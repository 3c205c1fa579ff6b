package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Errors;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.Wrapper;

/** A JDBC object of Heddle's is what it is: there is nothing of the driver's to be had from it. */
interface Unwrapping extends Wrapper {

  @Override
  default <T> T unwrap(Class<T> wanted) throws SQLException {
    return of(this, wanted);
  }

  /** The object itself, if that is what is wanted. */
  static <T> T of(Object object, Class<T> wanted) throws SQLException {
    if (wanted.isInstance(object)) {
      return wanted.cast(object);
    }
    throw new SQLNonTransientException(
        "Heddle does not give its "
            + wanted.getName()
            + " away: others will use the connection after this. Set functions and collations up"
            + " with PoolConfig.Builder.onConnect",
        Errors.REFUSED);
  }

  @Override
  default boolean isWrapperFor(Class<?> wanted) {
    return wanted.isInstance(this);
  }
}
