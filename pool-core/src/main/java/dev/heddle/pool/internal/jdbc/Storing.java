package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Values;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.JDBCType;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Calendar;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Java's values as SQLite stores them, for {@code setObject}: as {@link Values} has it, and in
 * addition the types that only JDBC knows.
 *
 * <p>A target type converts among numbers, texts, bytes and truth. Dates and times it leaves alone:
 * a {@code LocalDateTime} is the same text with {@code Types.TIMESTAMP} and without, and a {@code
 * java.sql.Timestamp} the same number; or they could not be compared with each other.
 */
final class Storing {

  private static final Set<Integer> DECIMALS = Set.of(Types.DECIMAL, Types.NUMERIC);
  private static final Set<Integer> BINARIES =
      Set.of(Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB);

  /** From a stored value to the one stored for a target type. */
  private static final Map<Integer, UnaryOperator<Object>> TARGETS = targets();

  private Storing() {}

  private static Map<Integer, UnaryOperator<Object>> targets() {
    Map<Integer, UnaryOperator<Object>> map = new HashMap<>();
    put(map, Reading::toLong, Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT);
    put(map, v -> Reading.toBoolean(v) ? 1 : 0, Types.BOOLEAN, Types.BIT);
    put(map, Reading::toDouble, Types.REAL, Types.FLOAT, Types.DOUBLE);
    put(map, Storing::number, Types.DECIMAL, Types.NUMERIC);
    put(map, Reading::toText, Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.CLOB);
    put(map, Reading::toText, Types.NCHAR, Types.NVARCHAR, Types.LONGNVARCHAR, Types.NCLOB);
    BINARIES.forEach(type -> put(map, Reading::toBytes, type));
    return Map.copyOf(map);
  }

  private static void put(
      Map<Integer, UnaryOperator<Object>> map, UnaryOperator<Object> target, int... types) {
    for (int type : types) {
      map.put(type, target);
    }
  }

  /** A text that is a number keeps all of its digits. */
  private static Object number(Object stored) {
    return stored instanceof String text ? new BigDecimal(text.strip()).toString() : stored;
  }

  @SuppressWarnings("JavaUtilDate") // those of java.sql are all of that class
  static @Nullable Object storage(int index, @Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case Date date -> date.getTime();
      case Calendar calendar -> calendar.getTimeInMillis();
      case Character character -> character.toString();
      case Blob blob -> Contents.bytes(index, blob.getBinaryStream(), Contents.ALL);
      case Clob clob -> Contents.text(index, clob.getCharacterStream(), Contents.ALL);
      case InputStream stream -> Contents.bytes(index, stream, Contents.ALL);
      case Reader reader -> Contents.text(index, reader, Contents.ALL);
      default -> Values.toStorage(value, index);
    };
  }

  static @Nullable Object storage(int index, @Nullable Object value, int type) throws SQLException {
    Object stored = storage(index, inBytes(value, type));
    UnaryOperator<Object> target = TARGETS.get(type);
    if (stored == null || target == null) {
      return stored;
    }
    try {
      return target.apply(wide(stored));
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw Failures.conversion(
          "Parameter %d is %s that can't be converted to %s"
              .formatted(index, Values.storageClass(wide(stored)), JDBCType.valueOf(type)),
          e);
    }
  }

  /** The scale is digits for decimals, and for streams their length. */
  static @Nullable Object storage(int index, @Nullable Object value, int type, int scale)
      throws SQLException {
    Object scaled =
        switch (value) {
          case BigDecimal number when DECIMALS.contains(type) ->
              number.setScale(scale, RoundingMode.HALF_UP);
          case InputStream stream -> Contents.bytes(index, stream, scale);
          case Reader reader -> Contents.text(index, reader, scale);
          case null, default -> value;
        };
    return storage(index, scaled, type);
  }

  /** What is bound may be an Integer; what is read is a Long. */
  private static Object wide(Object stored) {
    return stored instanceof Integer number ? (Object) number.longValue() : stored;
  }

  private static @Nullable Object inBytes(@Nullable Object value, int type) {
    return value instanceof UUID uuid && BINARIES.contains(type)
        ? ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array()
        : value;
  }
}
