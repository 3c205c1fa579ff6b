package dev.heddle.pool.internal.jdbc;

import java.sql.Types;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The types of columns as the driver tells them, which tools know: what is declared counts as long
 * as it agrees with the value at hand, for SQLite stores any value in any column.
 */
final class ColumnTypes {

  /**
   * A type that columns are declared with.
   *
   * @param type from {@link Types}
   * @param storage the classes of values that it agrees with
   */
  private record Declared(int type, Set<Class<?>> storage) {}

  private static final Map<String, Declared> DECLARED = declared();

  private ColumnTypes() {}

  private static Map<String, Declared> declared() {
    Map<String, Declared> map = new HashMap<>();
    put(map, Types.BOOLEAN, Set.of(Long.class), "BOOLEAN");
    put(map, Types.TINYINT, Set.of(Long.class), "TINYINT");
    put(map, Types.SMALLINT, Set.of(Long.class), "SMALLINT", "INT2");
    put(map, Types.BIGINT, Set.of(Long.class), "BIGINT", "INT8", "UNSIGNED BIG INT");
    put(map, Types.INTEGER, Set.of(), "INT", "INTEGER", "MEDIUMINT"); // BIGINT for big values
    put(map, Types.DATE, Set.of(Long.class, String.class), "DATE");
    put(map, Types.TIMESTAMP, Set.of(Long.class, String.class), "DATETIME", "TIMESTAMP");
    put(map, Types.DECIMAL, Set.of(Double.class), "DECIMAL");
    put(map, Types.NUMERIC, Set.of(Double.class), "NUMERIC");
    put(map, Types.DOUBLE, Set.of(Double.class), "DOUBLE", "DOUBLE PRECISION");
    put(map, Types.REAL, Set.of(Double.class), "REAL");
    put(map, Types.FLOAT, Set.of(Double.class), "FLOAT");
    put(map, Types.CHAR, Set.of(String.class), "CHARACTER", "NCHAR", "NATIVE CHARACTER", "CHAR");
    put(map, Types.CLOB, Set.of(String.class), "CLOB");
    put(map, Types.VARCHAR, Set.of(String.class), "VARCHAR", "VARYING CHARACTER");
    put(map, Types.VARCHAR, Set.of(String.class), "NVARCHAR", "TEXT");
    put(map, Types.BINARY, Set.of(byte[].class), "BINARY");
    put(map, Types.BLOB, Set.of(byte[].class), "BLOB");
    return Map.copyOf(map);
  }

  private static void put(
      Map<String, Declared> map, int type, Set<Class<?>> storage, String... names) {
    for (String name : names) {
      map.put(name, new Declared(type, storage));
    }
  }

  static int type(@Nullable String declaration, @Nullable Object value) {
    Declared declared = declaration == null ? null : DECLARED.get(bare(declaration));
    if (declared != null && (value == null || declared.storage.contains(value.getClass()))) {
      return declared.type;
    }
    return switch (value) {
      case null -> Types.NUMERIC;
      case Long number -> number == number.intValue() ? Types.INTEGER : Types.BIGINT;
      case Double number -> Types.FLOAT;
      case String text -> Types.VARCHAR;
      default -> Types.BLOB;
    };
  }

  static String name(@Nullable String declaration, @Nullable Object value) {
    if (declaration != null) {
      return bare(declaration);
    }
    return switch (value) {
      case null -> "NUMERIC";
      case Long number -> "INTEGER";
      case Double number -> "FLOAT";
      case String text -> "TEXT";
      default -> "BLOB";
    };
  }

  /** Without {@code (10, 2)}. */
  private static String bare(String declaration) {
    int size = declaration.indexOf('(');
    String name = size < 0 ? declaration : declaration.substring(0, size);
    return name.strip().toUpperCase(Locale.ROOT);
  }
}
