package dev.heddle.pool.internal.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.DayOfWeek;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Stored values as numbers, truth, texts and bytes. */
class ReadingTest {

  private static final byte[] BYTES = {'1', '2'};

  static Stream<Arguments> readable() {
    return Stream.of(
        // getObject
        Arguments.of(1L, Object.class, 1),
        Arguments.of((long) Integer.MAX_VALUE, Object.class, Integer.MAX_VALUE),
        Arguments.of((long) Integer.MIN_VALUE, Object.class, Integer.MIN_VALUE),
        Arguments.of(Integer.MAX_VALUE + 1L, Object.class, Integer.MAX_VALUE + 1L),
        Arguments.of(Integer.MIN_VALUE - 1L, Object.class, Integer.MIN_VALUE - 1L),
        Arguments.of(1.0, Object.class, 1.0),
        Arguments.of("1", Object.class, "1"),
        // whole numbers
        Arguments.of(Long.MIN_VALUE, Long.class, Long.MIN_VALUE),
        Arguments.of("-9223372036854775808", Long.class, Long.MIN_VALUE),
        Arguments.of(" 12 ", Long.class, 12L),
        Arguments.of("1.9", Long.class, 1L),
        Arguments.of("9223372036854775807.9", Long.class, Long.MAX_VALUE),
        Arguments.of("1e3", Long.class, 1000L),
        Arguments.of("1e-999999999", Long.class, 0L),
        Arguments.of("0e999999999", Long.class, 0L),
        Arguments.of(1.9, Long.class, 1L),
        Arguments.of(-1.9, Long.class, -1L),
        Arguments.of(0.9, Integer.class, 0),
        Arguments.of(-0x1p63, Long.class, Long.MIN_VALUE),
        Arguments.of(2147483647.5, Integer.class, Integer.MAX_VALUE),
        Arguments.of(32767L, Short.class, Short.MAX_VALUE),
        Arguments.of("-128", Byte.class, Byte.MIN_VALUE),
        Arguments.of(1.5, BigInteger.class, BigInteger.ONE),
        Arguments.of(
            "12345678901234567890", BigInteger.class, new BigInteger("12345678901234567890")),
        // others
        Arguments.of(1L, Double.class, 1.0),
        Arguments.of("0.1", Double.class, 0.1),
        Arguments.of(0.1, Float.class, 0.1f),
        Arguments.of(Double.POSITIVE_INFINITY, Double.class, Double.POSITIVE_INFINITY),
        Arguments.of(Double.POSITIVE_INFINITY, Float.class, Float.POSITIVE_INFINITY),
        Arguments.of(0.1, BigDecimal.class, new BigDecimal("0.1")),
        Arguments.of("1.10", BigDecimal.class, new BigDecimal("1.10")),
        Arguments.of(7L, BigDecimal.class, new BigDecimal("7")),
        // truth
        Arguments.of(0L, Boolean.class, false),
        Arguments.of(-3L, Boolean.class, true),
        Arguments.of(0.0, Boolean.class, false),
        Arguments.of(0.5, Boolean.class, true),
        Arguments.of("true", Boolean.class, true),
        Arguments.of("T", Boolean.class, true),
        Arguments.of("Yes", Boolean.class, true),
        Arguments.of("on", Boolean.class, true),
        Arguments.of("1", Boolean.class, true),
        Arguments.of("FALSE", Boolean.class, false),
        Arguments.of("f", Boolean.class, false),
        Arguments.of("no", Boolean.class, false),
        Arguments.of("Off", Boolean.class, false),
        Arguments.of("0", Boolean.class, false),
        // texts
        Arguments.of("é", String.class, "é"),
        Arguments.of(-1L, String.class, "-1"),
        Arguments.of(1.5, String.class, "1.5"),
        Arguments.of("é".getBytes(StandardCharsets.UTF_8), String.class, "é"),
        Arguments.of("00000000-0000-0001-0000-000000000002", UUID.class, new UUID(1, 2)));
  }

  @ParameterizedTest
  @MethodSource("readable")
  void value_ofATypeThatFits_isRead(Object stored, Class<?> type, Object read) throws SQLException {
    ResultSet result = Results.on(stored);
    Object found = result.getObject(1, type);
    assertEquals(read, found);
    assertFalse(result.wasNull());
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        Arguments.of(Integer.MAX_VALUE + 1L, Integer.class, "22003"),
        Arguments.of(Integer.MIN_VALUE - 1L, Integer.class, "22003"),
        Arguments.of("2147483648", Integer.class, "22003"),
        Arguments.of(32768L, Short.class, "22003"),
        Arguments.of(-129L, Byte.class, "22003"),
        Arguments.of("9223372036854775808", Long.class, "22003"),
        Arguments.of("1e999999999", Long.class, "22003"),
        Arguments.of("1e2147483647", BigInteger.class, "22003"),
        Arguments.of(0x1p63, Long.class, "22003"),
        Arguments.of(Double.NEGATIVE_INFINITY, Long.class, "22003"),
        Arguments.of(Double.NEGATIVE_INFINITY, BigDecimal.class, "22003"),
        Arguments.of("1e400", Double.class, "22003"),
        Arguments.of(1e300, Float.class, "22003"),
        Arguments.of("12 apples", Integer.class, "22018"),
        Arguments.of("", Long.class, "22018"),
        Arguments.of("NaN", Double.class, "22018"),
        Arguments.of("0x10", Double.class, "22018"),
        Arguments.of(BYTES, Long.class, "22018"),
        Arguments.of(BYTES, Boolean.class, "22018"),
        Arguments.of("maybe", Boolean.class, "22018"),
        Arguments.of("2", Boolean.class, "22018"),
        Arguments.of("1-1-1-1-1", UUID.class, "22018"),
        Arguments.of(BYTES, UUID.class, "22018"),
        Arguments.of(12L, UUID.class, "22018"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void value_thatDoesNotFit_isRefused(Object stored, Class<?> type, String state)
      throws SQLException {
    ResultSet result = Results.on(stored);
    SQLException failure = assertThrows(SQLDataException.class, () -> result.getObject(1, type));
    assertEquals(state, failure.getSQLState(), failure::toString);
  }

  @Test
  void failure_ofAConversion_namesTheColumnAndHoldsNoValue() throws SQLException {
    ResultSet result = Results.on("secret 12");
    SQLException failure = assertThrows(SQLException.class, () -> result.getInt(1));
    assertEquals("Column 'v' holds a TEXT that can't be read as Integer", failure.getMessage());
    assertNull(failure.getCause());
  }

  @Test
  void getters_ofPrimitives_convertAsGetObjectDoes() throws SQLException {
    ResultSet result = Results.on("7.9");
    assertEquals(7, result.getByte(1));
    assertEquals(7, result.getShort(1));
    assertEquals(7, result.getInt(1));
    assertEquals(7, result.getLong(1));
    assertEquals(7.9f, result.getFloat(1));
    assertEquals(7.9, result.getDouble(1));
    ResultSet big = Results.on(1L << 40);
    assertThrows(SQLDataException.class, () -> big.getByte(1));
    assertThrows(SQLDataException.class, () -> big.getShort(1));
    assertThrows(SQLDataException.class, () -> big.getInt(1));
    assertEquals(1L << 40, big.getLong(1));
    assertEquals(0x1p40, big.getDouble(1));
  }

  @Test
  void primitiveClass_wanted_givesItsBox() throws SQLException {
    ResultSet result = Results.on(1L);
    Object[] read = {
      result.getObject(1, byte.class),
      result.getObject(1, short.class),
      result.getObject(1, int.class),
      result.getObject(1, long.class),
      result.getObject(1, float.class),
      result.getObject(1, double.class),
      result.getObject(1, boolean.class)
    };
    assertArrayEquals(new Object[] {(byte) 1, (short) 1, 1, 1L, 1f, 1.0, true}, read);
  }

  @Test
  void bytes_ofAnyValue_areThoseOfItsText() throws SQLException {
    ResultSet result = Results.on(BYTES, "é", 12L);
    assertArrayEquals(BYTES, result.getBytes(1));
    assertArrayEquals(BYTES, assertInstanceOf(byte[].class, result.getObject(1)));
    assertArrayEquals("é".getBytes(StandardCharsets.UTF_8), result.getObject(2, byte[].class));
    assertArrayEquals(BYTES, result.getBytes(3));
  }

  @Test
  void uuid_ofSixteenBytes_isRead() throws SQLException {
    byte[] bytes = {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2};
    assertEquals(new UUID(1, 2), Results.on((Object) bytes).getObject(1, UUID.class));
  }

  @Test
  void type_thatIsUnknown_isRefusedEvenOfNull() throws SQLException {
    ResultSet result = Results.on((Object) null);
    SQLException failure =
        assertThrows(
            SQLFeatureNotSupportedException.class, () -> result.getObject(1, DayOfWeek.class));
    assertEquals("0A000", failure.getSQLState());
  }
}
