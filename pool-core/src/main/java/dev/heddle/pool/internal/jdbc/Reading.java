package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stored values as Java's types, as JDBC wants it: a fraction is dropped and a text that holds a
 * number is one, as in other drivers, where a {@link dev.heddle.pool.Row} refuses. But what does
 * not fit is refused here as well, where SQLite's driver gives other numbers, or 0.
 *
 * <p>The methods throw ArithmeticException, DateTimeException or IllegalArgumentException, which
 * {@link Failures#conversion} tells apart.
 */
final class Reading {

  /** From a stored value that is not NULL; the calendar is for a clock's time. */
  @FunctionalInterface
  interface Conversion {
    Object of(Object stored, @Nullable Calendar calendar);
  }

  /** More digits than any number that is kept as a text for its digits. */
  private static final int DIGITS = 10_000;

  private static final Map<Class<?>, Conversion> CONVERSIONS = conversions();

  private Reading() {}

  @SuppressWarnings("JavaUtilDate") // wanted by some, as the class of those in java.sql
  private static Map<Class<?>, Conversion> conversions() {
    Map<Class<?>, Conversion> map = new HashMap<>();
    map.put(Object.class, plain(Reading::toObject));
    map.put(String.class, plain(Reading::toText));
    map.put(byte[].class, plain(Reading::toBytes));
    map.put(Long.class, plain(Reading::toLong));
    map.put(Integer.class, plain(v -> Math.toIntExact(toLong(v))));
    map.put(Short.class, plain(v -> (short) within(toLong(v), Short.MIN_VALUE, Short.MAX_VALUE)));
    map.put(Byte.class, plain(v -> (byte) within(toLong(v), Byte.MIN_VALUE, Byte.MAX_VALUE)));
    map.put(Double.class, plain(Reading::toDouble));
    map.put(Float.class, plain(Reading::toFloat));
    map.put(Boolean.class, plain(Reading::toBoolean));
    map.put(BigDecimal.class, plain(Reading::toDecimal));
    map.put(BigInteger.class, plain(v -> whole(toDecimal(v), DIGITS)));
    map.put(UUID.class, plain(Reading::toUuid));
    map.put(Instant.class, plain(Times::instant));
    map.put(ZonedDateTime.class, plain(Times::zoned));
    map.put(OffsetDateTime.class, plain(v -> Times.zoned(v).toOffsetDateTime()));
    map.put(LocalDateTime.class, plain(Times::local));
    map.put(LocalDate.class, plain(v -> Times.local(v).toLocalDate()));
    map.put(LocalTime.class, plain(Times::localTime));
    map.put(Timestamp.class, Times::timestamp);
    map.put(Date.class, Times::date);
    map.put(Time.class, Times::time);
    map.put(java.util.Date.class, (v, c) -> new java.util.Date(Times.timestamp(v, c).getTime()));
    map.put(long.class, map.get(Long.class));
    map.put(int.class, map.get(Integer.class));
    map.put(short.class, map.get(Short.class));
    map.put(byte.class, map.get(Byte.class));
    map.put(double.class, map.get(Double.class));
    map.put(float.class, map.get(Float.class));
    map.put(boolean.class, map.get(Boolean.class));
    return Map.copyOf(map);
  }

  private static Conversion plain(Function<Object, Object> conversion) {
    return (stored, calendar) -> conversion.apply(stored);
  }

  /** How a type is read. */
  static Conversion as(Class<?> type) throws SQLException {
    Conversion conversion = CONVERSIONS.get(type);
    if (conversion == null) {
      throw Failures.unsupported("Heddle does not read columns as " + type.getName());
    }
    return conversion;
  }

  /** An INTEGER is an Integer if it fits, as the driver has it. */
  static Object toObject(Object stored) {
    return stored instanceof Long number && number == number.intValue()
        ? (Object) number.intValue()
        : stored;
  }

  static String toText(Object stored) {
    return stored instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : Values.toText(stored);
  }

  static byte[] toBytes(Object stored) {
    return stored instanceof byte[] bytes
        ? bytes
        : Values.toText(stored).getBytes(StandardCharsets.UTF_8);
  }

  static long toLong(Object stored) {
    return stored instanceof Long number
        ? number
        : whole(toDecimal(stored), Long.toString(Long.MAX_VALUE).length()).longValueExact();
  }

  private static long within(long number, long least, long most) {
    if (number < least || number > most) {
      throw new ArithmeticException("out of range");
    }
    return number;
  }

  /** Without the fraction. 1E999999999 is a short text, but would fill the memory as a number. */
  private static BigInteger whole(BigDecimal number, int digits) {
    long before = (long) number.precision() - number.scale();
    if (before > digits && number.signum() != 0) {
      throw new ArithmeticException("too many digits");
    }
    return before <= 0 || number.signum() == 0 ? BigInteger.ZERO : number.toBigInteger();
  }

  static double toDouble(Object stored) {
    return switch (stored) {
      case Double number -> number;
      case Long number -> number.doubleValue();
      default -> finite(toDecimal(stored).doubleValue());
    };
  }

  private static float toFloat(Object stored) {
    double number = toDouble(stored);
    return Double.isInfinite(number) ? (float) number : (float) finite((float) number);
  }

  private static double finite(double number) {
    if (Double.isInfinite(number)) {
      throw new ArithmeticException("out of range");
    }
    return number;
  }

  private static BigDecimal toDecimal(Object stored) {
    if (stored instanceof Double number) {
      finite(number);
    }
    return Values.decimal(stored);
  }

  static boolean toBoolean(Object stored) {
    return switch (stored) {
      case Long number -> number != 0;
      case Double number -> number != 0;
      case String text -> toBoolean(text.strip().toLowerCase(Locale.ROOT));
      default -> throw new IllegalArgumentException("bytes are no truth");
    };
  }

  private static boolean toBoolean(String word) {
    return switch (word) {
      case "true", "t", "yes", "y", "on", "1" -> true;
      case "false", "f", "no", "n", "off", "0" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static UUID toUuid(Object stored) {
    if (!(stored instanceof byte[] bytes)) {
      return Values.toUuid(stored);
    }
    if (bytes.length != 2 * Long.BYTES) {
      throw new IllegalArgumentException("not the length of a UUID");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}
