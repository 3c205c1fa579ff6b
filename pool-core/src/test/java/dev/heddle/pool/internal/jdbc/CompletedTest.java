package dev.heddle.pool.internal.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompletedTest {

  interface Half {
    long left(int number, String @Nullable [] texts) throws SQLException;
  }

  interface Other {
    long left(int number, String @Nullable [] texts) throws SQLException;

    Object covariant() throws SQLException;

    default String kept() {
      return "default";
    }
  }

  interface Narrower extends Other {
    @Override
    String covariant() throws SQLException;
  }

  abstract static class Partial implements Half, Narrower {
    private static final MethodHandle NEW =
        Completed.constructor(
            MethodHandles.lookup(),
            Partial.class,
            int.class,
            long.class,
            Object.class,
            double.class,
            boolean.class);

    final List<@Nullable Object> arguments = new ArrayList<>();

    Partial(int i, long l, @Nullable Object o, double d, boolean b) {
      arguments.add(i);
      arguments.add(l);
      arguments.add(o);
      arguments.add(d);
      arguments.add(b);
    }

    Partial(RuntimeException failure) {
      throw failure;
    }

    static Partial of(int i, long l, @Nullable Object o, double d, boolean b) {
      try {
        return (Partial) NEW.invokeExact(i, l, o, d, b);
      } catch (Throwable e) {
        throw Completed.rethrown(e);
      }
    }

    int written() {
      return arguments.size();
    }
  }

  private final Partial partial = Partial.of(1, 1L << 40, "o", 0.5, true);

  @Test
  void constructor_argumentsOfEveryKind_arriveInOrder() {
    assertEquals(List.of(1, 1L << 40, "o", 0.5, true), partial.arguments);
    assertEquals(5, partial.written());
  }

  @Test
  void constructor_thatThrows_throwsTheSame() {
    MethodHandle constructor =
        Completed.constructor(MethodHandles.lookup(), Partial.class, RuntimeException.class);
    RuntimeException failure = new IllegalStateException("from the constructor");
    Throwable thrown = assertThrows(IllegalStateException.class, () -> constructor.invoke(failure));
    assertSame(failure, thrown);
    assertSame(
        failure,
        assertThrows(IllegalStateException.class, () -> throwAgain(Completed.rethrown(failure))));
  }

  private static void throwAgain(RuntimeException failure) {
    throw failure;
  }

  @Test
  void constructor_thatIsNotThere_isRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Completed.constructor(MethodHandles.lookup(), Partial.class, String.class));
  }

  @Test
  void methodLeftOut_called_saysWhichIsNotSupported() {
    SQLException failure =
        assertThrows(SQLFeatureNotSupportedException.class, () -> partial.left(1, null));
    assertEquals("0A000", failure.getSQLState());
    String message = Objects.requireNonNull(failure.getMessage());
    assertTrue(message.endsWith("left(int, String[])"), message);
  }

  @Test
  void methodLeftOut_ofAWiderType_isRefusedToo() {
    Other wider = partial;
    assertThrows(SQLFeatureNotSupportedException.class, wider::covariant);
    assertThrows(SQLFeatureNotSupportedException.class, partial::covariant);
  }

  @Test
  void defaultMethod_called_isKept() {
    assertEquals("default", partial.kept());
  }

  @Test
  void resultSet_everyMethodThatIsLeftOut_isRefusedByName() throws ReflectiveOperationException {
    ResultSet result = Results.of(List.of("v"));
    int refused = 0;
    for (Method method : ResultSet.class.getMethods()) {
      if (isLeftOut(method)) {
        refused++;
        Throwable cause =
            assertThrows(
                    InvocationTargetException.class,
                    () -> method.invoke(result, zeros(method.getParameterTypes())))
                .getCause();
        assertTrue(cause instanceof SQLFeatureNotSupportedException, method::toString);
        String message = String.valueOf(cause.getMessage());
        assertTrue(message.contains("ResultSet." + method.getName() + "("), message);
      }
    }
    assertTrue(refused > 80, "only " + refused + " methods were tried");
  }

  private static boolean isLeftOut(Method method) throws NoSuchMethodException {
    Method inClass = LeasedResultSet.class.getMethod(method.getName(), method.getParameterTypes());
    return Modifier.isAbstract(inClass.getModifiers());
  }

  private static @Nullable Object[] zeros(Class<?>[] types) {
    @Nullable Object[] zeros = new @Nullable Object[types.length];
    for (int i = 0; i < types.length; i++) {
      zeros[i] = types[i].isPrimitive() ? zero(types[i]) : null;
    }
    return zeros;
  }

  private static Object zero(Class<?> type) {
    try {
      return Objects.requireNonNull(MethodHandles.zero(type).invoke());
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void resultSet_completed_isNotAbstract() {
    assertFalse(Modifier.isAbstract(Results.of(List.of("v")).getClass().getModifiers()));
  }
}
