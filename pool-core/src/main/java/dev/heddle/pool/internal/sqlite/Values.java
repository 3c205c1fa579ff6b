package dev.heddle.pool.internal.sqlite;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.SQLDataException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one table of Java types that bind and read; it is shown in the javadoc of {@link
 * dev.heddle.pool.Row}. SQLite stores five classes of values, here Long, Double, String, byte[] and
 * null. Reading converts where nothing is lost and throws IllegalArgumentException otherwise.
 */
public final class Values {

  /** So many zeros behind a number are a mistake, or somebody's wish to fill the memory. */
  private static final int MOST_ZEROS = 10_000;

  /** Nine digits always, so that texts sort as times do. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 9, 9, true)
          .toFormatter();

  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .append(TIME)
          .toFormatter();

  private static final Map<Class<?>, Function<Object, Object>> READERS = readers();

  private Values() {}

  private static Map<Class<?>, Function<Object, Object>> readers() {
    Map<Class<?>, Function<Object, Object>> map = new HashMap<>();
    map.put(Object.class, v -> v instanceof byte[] bytes ? bytes.clone() : v);
    map.put(Long.class, Values::toLong);
    map.put(Integer.class, v -> Math.toIntExact(toLong(v)));
    map.put(Short.class, v -> decimal(v).shortValueExact());
    map.put(Byte.class, v -> decimal(v).byteValueExact());
    map.put(Boolean.class, Values::toBoolean);
    map.put(Double.class, Values::toDouble);
    map.put(Float.class, Values::toFloat);
    map.put(BigDecimal.class, Values::decimal);
    map.put(BigInteger.class, Values::toBigInteger);
    map.put(String.class, Values::toText);
    map.put(byte[].class, Values::toBytes);
    map.put(UUID.class, Values::toUuid);
    map.put(Instant.class, Values::toInstant);
    map.put(LocalDate.class, v -> LocalDate.parse(text(v)));
    map.put(LocalTime.class, v -> LocalTime.parse(text(v)));
    map.put(LocalDateTime.class, v -> LocalDateTime.parse(isoDateTime(text(v))));
    map.put(OffsetDateTime.class, v -> OffsetDateTime.parse(isoDateTime(text(v))));
    map.put(ZonedDateTime.class, v -> ZonedDateTime.parse(isoDateTime(text(v))));
    map.put(long.class, map.get(Long.class));
    map.put(int.class, map.get(Integer.class));
    map.put(short.class, map.get(Short.class));
    map.put(byte.class, map.get(Byte.class));
    map.put(boolean.class, map.get(Boolean.class));
    map.put(double.class, map.get(Double.class));
    map.put(float.class, map.get(Float.class));
    return Map.copyOf(map);
  }

  /** True if the driver binds the value as it is. */
  static boolean isStorage(@Nullable Object value) {
    return value == null
        || value instanceof Long
        || value instanceof Integer
        || value instanceof String
        || (value instanceof Double number && !number.isNaN())
        || value instanceof byte[];
  }

  /**
   * Parameters as the driver binds them, in a new array.
   *
   * @throws SQLDataException if a type is not in the table
   */
  static @Nullable Object[] toStorage(@Nullable Object[] parameters) throws SQLDataException {
    @Nullable Object[] values = parameters.clone();
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value != null) {
        values[i] = toStorage(value, i + 1);
      }
    }
    return values;
  }

  /**
   * One parameter as the driver binds it.
   *
   * @param position the parameter, from 1
   * @throws SQLDataException if the type is not in the table
   */
  public static Object toStorage(Object value, int position) throws SQLDataException {
    return isStorage(value) ? value : bindable(value, position);
  }

  private static Object bindable(Object value, int position) throws SQLDataException {
    return switch (value) {
      case Short s -> s.intValue();
      case Byte b -> b.intValue();
      case Float f when !f.isNaN() -> f.doubleValue();
      case Boolean b -> b ? 1 : 0;
      case BigDecimal d -> d.toPlainString();
      case Enum<?> e -> e.name();
      case Instant i -> DATE_TIME.format(i.atOffset(ZoneOffset.UTC)) + "Z";
      case LocalDateTime t -> DATE_TIME.format(t);
      case OffsetDateTime t -> DATE_TIME.format(t) + t.getOffset();
      case ZonedDateTime t -> DATE_TIME.format(t) + t.getOffset() + region(t);
      case LocalTime t -> TIME.format(t);
      case BigInteger i -> i.toString();
      case LocalDate d -> d.toString();
      case UUID u -> u.toString();
      case Number n when Double.isNaN(n.doubleValue()) ->
          throw new SQLDataException(
              "Parameter " + position + " is NaN, which SQLite would store as NULL",
              Errors.INVALID_PARAMETER);
      default ->
          throw new SQLDataException(
              "Parameter "
                  + position
                  + " is of "
                  + value.getClass().getName()
                  + ", which can't be bound; the types that can are listed at dev.heddle.pool.Row",
              Errors.INVALID_PARAMETER);
    };
  }

  /** As ISO 8601 has no names of zones, in Java's notation. */
  private static String region(ZonedDateTime time) {
    return time.getZone() instanceof ZoneOffset ? "" : "[" + time.getZone() + "]";
  }

  /**
   * A stored value as the type wanted.
   *
   * @throws IllegalArgumentException if the value does not fit, or the type is not in the table;
   *     the message never holds the value
   */
  public static <T> @Nullable T read(@Nullable Object stored, Class<T> type, String column) {
    if (stored == null) {
      return null;
    }
    try {
      return cast(type, convert(stored, type));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      String message =
          "Column '%s' holds %s that can't be read as %s"
              .formatted(column, storageClass(stored), type.getSimpleName());
      throw new IllegalArgumentException(message, withoutValue(e));
    }
  }

  /** The parsers' messages repeat the value, which must not get into a log. */
  private static @Nullable Throwable withoutValue(RuntimeException e) {
    return e instanceof UnsupportedType ? e : null;
  }

  private static Object convert(Object stored, Class<?> type) {
    Function<Object, Object> reader = READERS.get(type);
    if (reader != null) {
      return reader.apply(stored);
    }
    if (type.isEnum()) {
      return constant(type, text(stored));
    }
    throw new UnsupportedType(type);
  }

  @SuppressWarnings("unchecked") // the boxed class of a primitive one can't be cast to
  private static <T> T cast(Class<T> type, Object value) {
    return type.isPrimitive() ? (T) value : type.cast(value);
  }

  private static Object constant(Class<?> type, String name) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("no such constant");
  }

  public static long toLong(Object stored) {
    return stored instanceof Long l ? l : decimal(stored).longValueExact();
  }

  public static double toDouble(Object stored) {
    return switch (stored) {
      case Double d -> d;
      case Long l -> exactly(l);
      default -> finite(decimal(stored).doubleValue());
    };
  }

  private static double finite(double value) {
    if (Double.isInfinite(value)) {
      throw new ArithmeticException("no double is that large");
    }
    return value;
  }

  /** A text such as 1E999999999, or with a minus, is short; as a whole number it is not. */
  private static BigInteger toBigInteger(Object stored) {
    BigDecimal number = decimal(stored);
    if (number.signum() == 0) {
      return BigInteger.ZERO;
    }
    if (number.scale() < -MOST_ZEROS) {
      throw new ArithmeticException("too many zeros");
    }
    if (number.precision() <= number.scale()) {
      throw new ArithmeticException("less than 1");
    }
    return number.toBigIntegerExact();
  }

  private static float toFloat(Object stored) {
    double value = toDouble(stored);
    if ((float) value != value) {
      throw new ArithmeticException("no float is that number");
    }
    return (float) value;
  }

  public static UUID toUuid(Object stored) {
    UUID uuid = UUID.fromString(text(stored));
    if (!uuid.toString().equalsIgnoreCase(text(stored))) {
      throw new IllegalArgumentException("not the form of a UUID"); // fromString takes 1-1-1-1-1
    }
    return uuid;
  }

  private static double exactly(long value) {
    double result = value;
    if ((long) result != value || value == Long.MAX_VALUE) {
      throw new ArithmeticException("no double is that whole number");
    }
    return result;
  }

  public static boolean toBoolean(Object stored) {
    if (stored instanceof String s) {
      return switch (s) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException("neither true nor false");
      };
    }
    long number = toLong(stored);
    if (number != 0 && number != 1) {
      throw new IllegalArgumentException("neither 0 nor 1");
    }
    return number == 1;
  }

  public static String toText(Object stored) {
    return switch (stored) {
      case String s -> s;
      case Long l -> l.toString();
      case Double d -> d.toString();
      default -> throw new IllegalArgumentException("not text");
    };
  }

  public static byte[] toBytes(Object stored) {
    return stored instanceof byte[] bytes
        ? bytes.clone()
        : text(stored).getBytes(StandardCharsets.UTF_8);
  }

  public static BigDecimal decimal(Object stored) {
    return switch (stored) {
      case Long l -> BigDecimal.valueOf(l);
      // A whole number exactly; of others the digits that tell it from its neighbours: 0.1 is 0.1.
      case Double d -> d == Math.rint(d) ? new BigDecimal(d) : BigDecimal.valueOf(d);
      default -> new BigDecimal(text(stored).strip());
    };
  }

  private static Instant toInstant(Object stored) {
    if (stored instanceof Long millis) {
      return Instant.ofEpochMilli(millis);
    }
    String text = isoDateTime(text(stored));
    return text.endsWith("Z")
        ? Instant.parse(text)
        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }

  /** SQLite's own functions write a blank where ISO 8601 has a T. */
  public static String isoDateTime(String text) {
    return text.length() > 10 && text.charAt(10) == ' '
        ? text.substring(0, 10) + 'T' + text.substring(11)
        : text;
  }

  private static String text(Object stored) {
    if (stored instanceof String s) {
      return s;
    }
    throw new IllegalArgumentException("not text");
  }

  /** For messages: {@code a TEXT}. */
  public static String storageClass(Object stored) {
    return switch (stored) {
      case Long l -> "an INTEGER";
      case Double d -> "a REAL";
      case String s -> "a TEXT";
      default -> "a BLOB";
    };
  }

  private static final class UnsupportedType extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnsupportedType(Class<?> type) {
      super(type.getName() + " is not one of the types listed at dev.heddle.pool.Row");
    }
  }
}
