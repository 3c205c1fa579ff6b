package dev.heddle.pool.internal.lease;

import dev.heddle.pool.Row;
import dev.heddle.pool.internal.sqlite.Columns;
import dev.heddle.pool.internal.sqlite.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows, whatever their values come from. Inside, columns count from 0. */
abstract class AbstractRow implements Row {

  private final Columns columns;

  AbstractRow(Columns columns) {
    this.columns = columns;
  }

  /** The value as SQLite stores it: Long, Double, String, byte[] or null. */
  abstract @Nullable Object stored(int index);

  @Override
  public final List<String> columns() {
    return columns.names();
  }

  @Override
  public final boolean isNull(int column) {
    return stored(columns.checkIndex(column)) == null;
  }

  @Override
  public final boolean isNull(String column) {
    return stored(columns.indexOf(column)) == null;
  }

  @Override
  public final long getLong(int column) {
    return longAt(columns.checkIndex(column));
  }

  @Override
  public final long getLong(String column) {
    return longAt(columns.indexOf(column));
  }

  long longAt(int index) {
    return primitive(index, Long.class);
  }

  @Override
  public final int getInt(int column) {
    return primitive(columns.checkIndex(column), Integer.class);
  }

  @Override
  public final int getInt(String column) {
    return primitive(columns.indexOf(column), Integer.class);
  }

  @Override
  public final double getDouble(int column) {
    return primitive(columns.checkIndex(column), Double.class);
  }

  @Override
  public final double getDouble(String column) {
    return primitive(columns.indexOf(column), Double.class);
  }

  @Override
  public final boolean getBoolean(int column) {
    return primitive(columns.checkIndex(column), Boolean.class);
  }

  @Override
  public final boolean getBoolean(String column) {
    return primitive(columns.indexOf(column), Boolean.class);
  }

  @Override
  public final @Nullable String getString(int column) {
    return at(columns.checkIndex(column), String.class);
  }

  @Override
  public final @Nullable String getString(String column) {
    return at(columns.indexOf(column), String.class);
  }

  @Override
  public final byte @Nullable [] getBytes(int column) {
    return at(columns.checkIndex(column), byte[].class);
  }

  @Override
  public final byte @Nullable [] getBytes(String column) {
    return at(columns.indexOf(column), byte[].class);
  }

  @Override
  public final <T> @Nullable T get(int column, Class<T> type) {
    return at(columns.checkIndex(column), type);
  }

  @Override
  public final <T> @Nullable T get(String column, Class<T> type) {
    return at(columns.indexOf(column), type);
  }

  private <T> @Nullable T at(int index, Class<T> type) {
    Objects.requireNonNull(type, "type");
    return Values.read(stored(index), type, columns.names().get(index));
  }

  private <T> T primitive(int index, Class<T> boxed) {
    T value = at(index, boxed);
    if (value == null) {
      throw new NullPointerException(
          "Column '%s' is NULL; ask isNull first, or use get(column, %s.class)"
              .formatted(columns.names().get(index), boxed.getSimpleName()));
    }
    return value;
  }

  @Override
  public final Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (String name : columns.names()) {
      map.put(name, at(columns.indexOf(name), Object.class));
    }
    return map;
  }

  @Override
  public final <R extends Record> R to(Class<R> type) {
    return type.cast(RecordMaker.of(type).make(this, columns));
  }

  /** For {@link RecordMaker}: a component's value; a primitive component refuses NULL. */
  final @Nullable Object component(int index, Class<?> type) {
    return type.isPrimitive() ? primitive(index, type) : at(index, type);
  }

  @Override
  public String toString() {
    return "Row" + columns.names();
  }
}
