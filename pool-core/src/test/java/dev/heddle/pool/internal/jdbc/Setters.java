package dev.heddle.pool.internal.jdbc;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A prepared statement that is connected to nothing, but shows what was set. */
abstract class Setters implements BoundStatement {

  private static final MethodHandle NEW =
      Completed.constructor(MethodHandles.lookup(), Setters.class, int.class);

  private final Parameters parameters;

  Setters(int count) {
    this.parameters = new Parameters(count);
  }

  static Setters of(int count) {
    try {
      return (Setters) NEW.invokeExact(count);
    } catch (Throwable e) {
      throw Completed.rethrown(e);
    }
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  /** The first value, as it comes out of the database again. */
  @Nullable Object stored() throws SQLException {
    Object value = parameters.values()[0];
    return value instanceof Integer number ? (Object) number.longValue() : value;
  }
}
