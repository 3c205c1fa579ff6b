package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.SqlitePool;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values are converted where nothing is lost, and refused otherwise. */
class RowConversionTest extends PoolFixture {

  private static final Instant LEAP = Instant.parse("2024-02-29T12:30:00Z");

  static Stream<Arguments> conversions() {
    return Stream.of(
        Arguments.of("'12'", Long.class, 12L),
        Arguments.of("'-9223372036854775808'", Long.class, Long.MIN_VALUE),
        Arguments.of("12.0", Long.class, 12L),
        Arguments.of("CAST(1152921504606846976 AS REAL)", Long.class, 1L << 60),
        Arguments.of("CAST(1152921504606846976 AS REAL)", BigInteger.class, BigInteger.TWO.pow(60)),
        Arguments.of("'12.0'", Integer.class, 12),
        Arguments.of("'127'", Byte.class, (byte) 127),
        Arguments.of("-32768", Short.class, (short) -32768),
        Arguments.of("1", Boolean.class, true),
        Arguments.of("0", Boolean.class, false),
        Arguments.of("'true'", Boolean.class, true),
        Arguments.of("'false'", Boolean.class, false),
        Arguments.of("3", Double.class, 3.0),
        Arguments.of("'2.5'", Double.class, 2.5),
        Arguments.of("'1e3'", Double.class, 1000.0),
        Arguments.of("9007199254740992", Double.class, 9007199254740992.0),
        Arguments.of("0.5", Float.class, 0.5f),
        Arguments.of("0.1", BigDecimal.class, new BigDecimal("0.1")),
        Arguments.of("7", BigDecimal.class, new BigDecimal("7")),
        Arguments.of("'7.10'", BigDecimal.class, new BigDecimal("7.10")),
        Arguments.of("9223372036854775807", BigInteger.class, BigInteger.valueOf(Long.MAX_VALUE)),
        Arguments.of("7", String.class, "7"),
        Arguments.of("0.5", String.class, "0.5"),
        Arguments.of("'2024-02-29 12:30:00'", Instant.class, LEAP),
        Arguments.of("'2024-02-29T12:30:00Z'", Instant.class, LEAP),
        Arguments.of("1709209800000", Instant.class, LEAP),
        Arguments.of("datetime(1709209800, 'unixepoch')", Instant.class, LEAP),
        Arguments.of("'2024-02-29'", LocalDate.class, LocalDate.of(2024, 2, 29)),
        Arguments.of("'12:30:00'", LocalTime.class, LocalTime.of(12, 30)),
        Arguments.of(
            "'2024-02-29 12:30:00'", LocalDateTime.class, LocalDateTime.of(2024, 2, 29, 12, 30)));
  }

  @ParameterizedTest
  @MethodSource("conversions")
  void get_nothingIsLost_isConverted(String value, Class<?> type, Object expected)
      throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      String sql = "SELECT " + value + " AS v";
      assertEquals(expected, lease.queryOne(sql).orElseThrow().get("v", type));
      lease.forEach(sql, view -> assertEquals(expected, view.get(1, type)));
    }
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("'12 apples'", Long.class),
        Arguments.of("''", Long.class),
        Arguments.of("'0x10'", Long.class),
        Arguments.of("1.5", Long.class),
        Arguments.of("1e30", Long.class),
        Arguments.of("CAST(9223372036854775807 AS REAL)", Long.class),
        Arguments.of("x'01'", Long.class),
        Arguments.of("2147483648", Integer.class),
        Arguments.of("-2147483649", Integer.class),
        Arguments.of("128", Byte.class),
        Arguments.of("32768", Short.class),
        Arguments.of("2", Boolean.class),
        Arguments.of("'yes'", Boolean.class),
        Arguments.of("'TRUE'", Boolean.class),
        Arguments.of("9007199254740993", Double.class),
        Arguments.of("9223372036854775807", Double.class),
        Arguments.of("'12 apples'", Double.class),
        Arguments.of("'12d'", Double.class),
        Arguments.of("'0x1p3'", Double.class),
        Arguments.of("x'00'", Double.class),
        Arguments.of("1e300", Float.class),
        Arguments.of("16777217", Float.class),
        Arguments.of("1.5", BigInteger.class),
        Arguments.of("'1E600000000'", BigInteger.class),
        Arguments.of("'1E-600000000'", BigInteger.class),
        Arguments.of("'1E600000000'", Double.class),
        Arguments.of("9e999", BigDecimal.class),
        Arguments.of("'x'", BigDecimal.class),
        Arguments.of("x'41'", String.class),
        Arguments.of("1", byte[].class),
        Arguments.of("'friday'", DayOfWeek.class),
        Arguments.of("5", DayOfWeek.class),
        Arguments.of("'not-a-uuid'", UUID.class),
        Arguments.of("'1-1-1-1-1'", UUID.class),
        Arguments.of("'2024-02-30'", LocalDate.class),
        Arguments.of("'yesterday'", Instant.class),
        Arguments.of("1.5", Instant.class),
        Arguments.of("'25:00'", LocalTime.class),
        Arguments.of("1", StringBuilder.class),
        Arguments.of("1", Number.class));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void get_somethingWouldBeLost_isRefused(String value, Class<?> type) throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      Row row = lease.queryOne("SELECT " + value + " AS col").orElseThrow();

      IllegalArgumentException failure =
          assertThrows(IllegalArgumentException.class, () -> row.get("col", type));

      Expect.mentions(failure, "col", type.getSimpleName());
    }
  }

  @Test
  void get_refusal_doesNotShowTheValue() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      Row row = lease.queryOne("SELECT 'secret' AS v").orElseThrow();
      for (Class<?> type :
          new Class<?>[] {Long.class, UUID.class, Instant.class, Double.class, DayOfWeek.class}) {
        Throwable failure = assertThrows(IllegalArgumentException.class, () -> row.get(1, type));
        for (Throwable t = failure; t != null; t = t.getCause()) {
          assertFalse(t.toString().contains("secret"), t::toString);
        }
      }
    }
  }

  @Test
  void getters_ofEveryKind_agreeWithGet() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      Row row = lease.queryOne("SELECT '7' AS seven, 1 AS yes, 2.5 AS half").orElseThrow();
      assertEquals(7, row.getLong(1));
      assertEquals(7, row.getLong("seven"));
      assertEquals(7, row.getInt(1));
      assertEquals(7, row.getInt("SEVEN"));
      assertEquals(7.0, row.getDouble(1));
      assertEquals(true, row.getBoolean("yes"));
      assertEquals(true, row.getBoolean(2));
      assertEquals(2.5, row.getDouble("half"));
      assertEquals("2.5", row.getString(3));
      assertArrayEquals("7".getBytes(StandardCharsets.UTF_8), row.getBytes(1));
      assertThrows(IllegalArgumentException.class, () -> row.getInt("half"));
      lease.forEach(
          "SELECT '7', 2.5",
          view -> {
            assertEquals(7, view.getLong(1));
            assertThrows(IllegalArgumentException.class, () -> view.getLong(2));
          });
    }
  }
}
