package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Columns;
import dev.heddle.pool.internal.sqlite.Session;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The driver's metadata, asked on a lease of its own for each question, or on that of the
 * transaction; what gives rows is a query, and begins one. A result is read to its end before it is
 * given out.
 */
final class LeasedMetaData implements InvocationHandler {

  private final LeasedConnection connection;

  private LeasedMetaData(LeasedConnection connection) {
    this.connection = connection;
  }

  static DatabaseMetaData of(LeasedConnection connection) {
    return (DatabaseMetaData)
        Proxy.newProxyInstance(
            LeasedMetaData.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            new LeasedMetaData(connection));
  }

  @Override
  public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] args)
      throws SQLException {
    return switch (method.getName()) {
      case "equals" -> args != null && args[0] != null && self.equals(args[0]);
      case "hashCode" -> System.identityHashCode(self);
      case "toString" -> "DatabaseMetaData of " + connection;
      case "isReadOnly" -> connection.isReadOnly();
      case "getConnection" -> {
        connection.requireOpen();
        yield connection;
      }
      case "unwrap" -> Unwrapping.of(self, (Class<?>) Objects.requireNonNull(args)[0]);
      case "isWrapperFor" -> ((Class<?>) Objects.requireNonNull(args)[0]).isInstance(self);
      default ->
          method.getReturnType() == ResultSet.class
              ? connection.query(session -> answer(session, method, args))
              : connection.ask(session -> answer(session, method, args));
    };
  }

  private @Nullable Object answer(
      Session session, Method method, @Nullable Object @Nullable [] args) throws SQLException {
    Object answer = call(session.metaData(), method, args);
    if (answer instanceof ResultSet rows) {
      try (rows) {
        return LeasedResultSet.of(inMemory(rows), null, () -> {});
      }
    }
    return answer;
  }

  private static Rows inMemory(ResultSet rows) throws SQLException {
    ResultSetMetaData metaData = rows.getMetaData();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= metaData.getColumnCount(); i++) {
      names.add(metaData.getColumnLabel(i));
    }
    List<@Nullable Object[]> values = new ArrayList<>();
    while (rows.next()) {
      @Nullable Object[] row = new @Nullable Object[names.size()];
      for (int i = 0; i < row.length; i++) {
        Object value = rows.getObject(i + 1);
        row[i] = value instanceof Integer number ? Long.valueOf(number) : value;
      }
      values.add(row);
    }
    return new RowList(new Columns(names), values);
  }

  private static @Nullable Object call(
      DatabaseMetaData metaData, Method method, @Nullable Object @Nullable [] args)
      throws SQLException {
    try {
      return method.invoke(metaData, args);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e); // a method of an interface is public
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case SQLException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new SQLException(e.getCause());
      }
    }
  }
}
