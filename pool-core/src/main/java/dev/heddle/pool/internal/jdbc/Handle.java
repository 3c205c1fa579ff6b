package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.sqlite.Allowance;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ParameterMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JDBC object that a lease handed out. A method of the interface goes to the method of the same
 * name and parameters in the subclass, if it has one; any other goes to the driver's object, within
 * a call of the lease. So nothing reaches the driver once the lease is over, and a method that JDBC
 * gains later is guarded as well.
 *
 * @param <T> the JDBC interface
 */
abstract class Handle<T> implements InvocationHandler {

  /** A method by name and parameters; the declaring class differs between interface and handle. */
  private record Signature(String name, List<Class<?>> parameters) {
    static Signature of(Method method) {
      return new Signature(method.getName(), List.of(method.getParameterTypes()));
    }
  }

  private static final ClassValue<Map<Signature, Method>> OWN_METHODS =
      new ClassValue<>() {
        @Override
        protected Map<Signature, Method> computeValue(Class<?> type) {
          Map<Signature, Method> methods = new HashMap<>();
          for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Method method : c.getDeclaredMethods()) {
              if (method.isAnnotationPresent(Jdbc.class)) {
                methods.putIfAbsent(Signature.of(method), method);
              }
            }
          }
          return Map.copyOf(methods);
        }
      };

  private static final Set<Class<?>> METADATA =
      Set.of(DatabaseMetaData.class, ResultSetMetaData.class, ParameterMetaData.class);

  private final AbstractLease lease;
  private final Class<T> type;
  private final T proxy;

  Handle(AbstractLease lease, Class<T> type) {
    this.lease = lease;
    this.type = type;
    this.proxy =
        type.cast(
            Proxy.newProxyInstance(Handle.class.getClassLoader(), new Class<?>[] {type}, this));
  }

  /** What users get. */
  final T proxy() {
    return proxy;
  }

  final AbstractLease lease() {
    return lease;
  }

  /** The driver's object; asked for within a call only. */
  abstract T target(Session session) throws SQLException;

  /** The connection it belongs to; the driver's own must not get out. */
  @Nullable Connection connection() {
    return null;
  }

  /** How long SQLite may work on what runs. */
  Allowance allowance() {
    return Allowance.UNLIMITED;
  }

  /** The statement that runs, if it is known. */
  @Nullable SqlText text() {
    return null;
  }

  private @Nullable String sql() {
    SqlText text = text();
    return text == null ? null : text.sql();
  }

  /** Called before a method is passed on to the driver, within the call. */
  void begins(Session session) throws SQLException {}

  /** A result set that belongs to no statement of the user's, as metadata gives. */
  ResultSet wrap(Session session, ResultSet result) {
    session.closeLater(result, () -> null);
    return new LeasedResultSet(lease, result, null).proxy();
  }

  @Override
  public final @Nullable Object invoke(Object self, Method method, Object @Nullable [] args)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return invokeOnObject(method, args);
    }
    Method own = OWN_METHODS.get(getClass()).get(Signature.of(method));
    return own == null ? forward(method, args) : call(own, this, args);
  }

  @SuppressWarnings("ReferenceEquality") // a handle equals itself only, and the proxy calls us
  private Object invokeOnObject(Method method, Object @Nullable [] args) {
    return switch (method.getName()) {
      case "equals" -> args != null && proxy == args[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> type.getSimpleName() + " of " + lease;
    };
  }

  private @Nullable Object forward(Method method, Object @Nullable [] args) throws Throwable {
    Session session = lease.enter();
    try {
      begins(session);
      session.starts(text(), allowance());
      return wrapAny(session, method.getReturnType(), call(method, target(session), args));
    } catch (SQLException e) {
      throw failure(session, e);
    } finally {
      allowance().rest();
      lease.exit();
    }
  }

  private static @Nullable Object call(Method method, Object on, Object @Nullable [] args)
      throws Throwable {
    try {
      return method.invoke(on, args);
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  /** By the type that was asked for: the driver's result set is its own metadata, too. */
  private @Nullable Object wrapAny(Session session, Class<?> asked, @Nullable Object result) {
    if (result == null) {
      return null;
    }
    if (asked == ResultSet.class) {
      return wrap(session, (ResultSet) result);
    }
    if (asked == Connection.class) {
      return connection();
    }
    return METADATA.contains(asked) ? guarded(asked, result) : result;
  }

  private <M> M guarded(Class<M> asked, Object result) {
    return new Guarded<>(lease, asked, asked.cast(result), connection()).proxy();
  }

  /** A step of a statement, in the lease's frame and with translated errors. */
  @FunctionalInterface
  interface Step<R> {
    R run(Session session) throws SQLException;
  }

  /** Runs a step as a call of the lease. */
  final <R extends @Nullable Object> R within(Step<R> step) throws SQLException {
    Session session = lease.enter();
    try {
      session.starts(text(), Allowance.UNLIMITED); // an execution brings its own
      return step.run(session);
    } catch (SQLException e) {
      throw failure(session, e);
    } finally {
      allowance().rest();
      lease.exit();
    }
  }

  /**
   * Runs a step that ends a part of a transaction, also when the thread is interrupted: else a part
   * that has failed could not be undone, and would be committed with the rest.
   */
  final <R extends @Nullable Object> R withinAnyway(Step<R> step) throws SQLException {
    Session session = lease.enterAnyway();
    try {
      session.requireAlive();
      return session.unstopped(() -> step.run(session));
    } catch (SQLException e) {
      throw failure(session, e);
    } finally {
      lease.exit();
    }
  }

  final SQLException failure(Session session, SQLException e) {
    return session.failure(e, sql());
  }

  // What every JDBC object has

  @Jdbc
  final Object unwrap(Class<?> wanted) throws SQLException {
    if (wanted.isInstance(proxy)) {
      return proxy;
    }
    throw new SQLNonTransientException(
        "A lease does not give its "
            + wanted.getName()
            + " away: others will use the connection after it. Set functions and collations up with"
            + " PoolConfig.Builder.onConnect",
        Errors.REFUSED);
  }

  @Jdbc
  final boolean isWrapperFor(Class<?> wanted) {
    return wanted.isInstance(proxy);
  }

  static SQLException closed(String what) {
    return new SQLNonTransientConnectionException(what + " is closed", Errors.NO_CONNECTION);
  }

  /** An object that only needs the frame. */
  private static final class Guarded<T> extends Handle<T> {
    private final T target;
    private final @Nullable Connection connection;

    Guarded(AbstractLease lease, Class<T> type, T target, @Nullable Connection connection) {
      super(lease, type);
      this.target = target;
      this.connection = connection;
    }

    @Override
    @Nullable Connection connection() {
      return connection;
    }

    @Override
    T target(Session session) {
      return target;
    }

    /** Metadata of the database is queried. */
    @Override
    void begins(Session session) throws SQLException {
      if (target instanceof DatabaseMetaData) {
        lease().begin(session, null, false);
      }
    }
  }
}
