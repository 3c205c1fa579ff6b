package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.sqlite.Columns;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes records of one class out of rows. */
final class RecordMaker {

  private static final ClassValue<RecordMaker> MAKERS =
      new ClassValue<>() {
        @Override
        protected RecordMaker computeValue(Class<?> type) {
          return new RecordMaker(type);
        }
      };

  private final Class<?> type;
  private final RecordComponent[] components;
  private final Constructor<?> constructor;

  private RecordMaker(Class<?> type) {
    this.type = type;
    this.components = type.getRecordComponents();
    this.constructor = canonical(type, components);
  }

  static RecordMaker of(Class<? extends Record> type) {
    return MAKERS.get(type);
  }

  private static Constructor<?> canonical(Class<?> type, RecordComponent[] components) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new AssertionError("a record has a canonical constructor", e);
    } catch (InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          "%s can't be made: open its package in module-info.java: opens %s to dev.heddle.pool;"
              .formatted(type.getName(), type.getPackageName()),
          e);
    }
  }

  Object make(AbstractRow row, Columns columns) {
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = row.component(indexOf(components[i].getName(), columns), components[i].getType());
    }
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalArgumentException(type.getName() + " refused the row", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type.getName() + " can't be made", e);
    }
  }

  private int indexOf(String component, Columns columns) {
    if (columns.has(component)) {
      return columns.indexOf(component);
    }
    String snake = snakeCase(component);
    if (columns.has(snake)) {
      return columns.indexOf(snake);
    }
    String names = snake.equals(component) ? "" : " (or '" + snake + "')";
    throw new IllegalArgumentException(
        "No column '%s'%s for the component of %s; there are %s"
            .formatted(component, names, type.getSimpleName(), columns.names()));
  }

  private static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
