package dev.heddle.pool.internal.jdbc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A {@link Jdbc} method is found by its name and parameters: a slip of the pen would leave it dead.
 */
class JdbcMethodsTest {

  static Stream<Arguments> markedMethods() {
    return Stream.of(
            marked(Handle.class, Connection.class),
            marked(LeasedConnection.class, Connection.class),
            marked(LeasedStatement.class, PreparedStatement.class),
            marked(LeasedPrepared.class, PreparedStatement.class),
            marked(LeasedResultSet.class, ResultSet.class))
        .flatMap(methods -> methods);
  }

  private static Stream<Arguments> marked(Class<?> handle, Class<?> type) {
    return Arrays.stream(handle.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Jdbc.class))
        .map(method -> Arguments.of(method, type));
  }

  @ParameterizedTest
  @MethodSource("markedMethods")
  void markedMethod_hasNameAndParametersOfItsInterface(Method method, Class<?> type) {
    boolean found =
        Arrays.stream(type.getMethods())
            .anyMatch(
                jdbc ->
                    jdbc.getName().equals(method.getName())
                        && Arrays.equals(jdbc.getParameterTypes(), method.getParameterTypes()));
    assertTrue(found, method + " stands for no method of " + type);
  }
}
