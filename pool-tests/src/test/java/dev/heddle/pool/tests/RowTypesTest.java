package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.SqlitePool;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of types in the javadoc of {@link Row}: bound, stored, read. */
class RowTypesTest extends PoolFixture {

  static Stream<Arguments> boundValues() {
    return Stream.of(
        Arguments.of(Long.MIN_VALUE, "integer", Long.MIN_VALUE),
        Arguments.of(Long.MAX_VALUE, "integer", Long.MAX_VALUE),
        Arguments.of(Integer.MIN_VALUE, "integer", (long) Integer.MIN_VALUE),
        Arguments.of((short) -7, "integer", -7L),
        Arguments.of((byte) -128, "integer", -128L),
        Arguments.of(true, "integer", 1L),
        Arguments.of(false, "integer", 0L),
        Arguments.of(0.1, "real", 0.1),
        Arguments.of(-0.0, "real", -0.0),
        Arguments.of(Double.MIN_VALUE, "real", Double.MIN_VALUE),
        Arguments.of(Double.MAX_VALUE, "real", Double.MAX_VALUE),
        Arguments.of(Double.NEGATIVE_INFINITY, "real", Double.NEGATIVE_INFINITY),
        Arguments.of(0.1f, "real", (double) 0.1f),
        Arguments.of(new BigDecimal("-12.3400"), "text", "-12.3400"),
        Arguments.of(
            new BigDecimal("0.000000000000000000000000000001"),
            "text",
            "0." + "0".repeat(29) + "1"),
        Arguments.of(new BigInteger("123456789012345678901"), "text", "123456789012345678901"),
        Arguments.of("", "text", ""),
        Arguments.of("12", "text", "12"),
        Arguments.of("ä\0😀", "text", "ä\0😀"),
        Arguments.of(DayOfWeek.FRIDAY, "text", "FRIDAY"),
        Arguments.of(new UUID(1, 2), "text", "00000000-0000-0001-0000-000000000002"),
        Arguments.of(Instant.EPOCH, "text", "1970-01-01T00:00:00.000000000Z"),
        Arguments.of(
            Instant.parse("2024-02-29T23:59:59.123456789Z"),
            "text",
            "2024-02-29T23:59:59.123456789Z"),
        Arguments.of(LocalDate.of(2024, 2, 29), "text", "2024-02-29"),
        Arguments.of(LocalTime.of(7, 5), "text", "07:05:00.000000000"),
        Arguments.of(LocalDateTime.of(2024, 1, 2, 3, 4), "text", "2024-01-02T03:04:00.000000000"),
        Arguments.of(
            OffsetDateTime.of(2024, 1, 2, 3, 4, 5, 6, ZoneOffset.ofHours(-5)),
            "text",
            "2024-01-02T03:04:05.000000006-05:00"),
        Arguments.of(
            ZonedDateTime.of(2024, 7, 2, 3, 4, 5, 0, ZoneId.of("Asia/Kolkata")),
            "text",
            "2024-07-02T03:04:05.000000000+05:30[Asia/Kolkata]"));
  }

  @ParameterizedTest
  @MethodSource("boundValues")
  void bind_everyType_isStoredAndReadAgain(Object value, String storage, Object stored)
      throws SQLException {
    SqlitePool pool = open();
    insert(pool, value);
    String sql = "SELECT v, typeof(v) AS kind FROM t";
    Consumer<Row> check =
        row -> {
          assertEquals(storage, row.getString("kind"));
          assertEquals(stored, row.get("v", Object.class));
          Object read = row.get("V", value.getClass());
          assertEquals(value, read);
        };
    try (ReadLease lease = pool.acquireReader()) {
      check.accept(lease.queryOne(sql).orElseThrow());
      lease.forEach(sql, check::accept);
    }
  }

  @Test
  void bind_bytes_areStoredAndReadAgain() throws SQLException {
    SqlitePool pool = open();
    byte[] bytes = {0, -1, 127, 0};
    insert(pool, bytes);
    insert(pool, new byte[0]);
    try (ReadLease lease = pool.acquireReader()) {
      List<Row> rows = lease.query("SELECT v, typeof(v) AS kind, length(v) AS n FROM t");
      assertEquals("blob", rows.get(0).getString("kind"));
      assertArrayEquals(bytes, rows.get(0).getBytes("v"));
      assertArrayEquals(bytes, rows.get(0).get(1, byte[].class));
      assertEquals("blob", rows.get(1).getString("kind"));
      assertArrayEquals(new byte[0], rows.get(1).getBytes(1));
      assertArrayEquals(bytes, lease.queryOne("SELECT ?", bytes).orElseThrow().getBytes(1));
    }
  }

  @Test
  void bind_notANumber_isNotTurnedIntoNull() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      for (Object nan : List.of(Double.NaN, Float.NaN)) {
        SQLException failure = assertThrows(SQLException.class, () -> lease.query("SELECT ?", nan));
        assertEquals("22023", failure.getSQLState());
      }
    }
  }

  @Test
  void bind_enumConstantWithABody_isReadAgain() throws SQLException {
    SqlitePool pool = open();
    insert(pool, Shape.ROUND);
    try (ReadLease lease = pool.acquireReader()) {
      Row row = lease.queryOne("SELECT v FROM t").orElseThrow();
      Shape shape = row.get(1, Shape.class);
      assertEquals(Shape.ROUND, shape);
      assertEquals(0, Shape.ROUND.corners());
    }
  }

  private enum Shape {
    ROUND {
      @Override
      int corners() {
        return 0;
      }
    };

    abstract int corners();
  }

  @Test
  void bind_callersArray_staysAsItWas() throws SQLException {
    SqlitePool pool = open();
    Object[] parameters = {true, DayOfWeek.MONDAY, 1};
    try (ReadLease lease = pool.acquireReader()) {
      lease.query("SELECT ?, ?, ?", parameters);
    }
    assertArrayEquals(new Object[] {true, DayOfWeek.MONDAY, 1}, parameters);
  }

  @Test
  void instants_asTexts_sortAsTimesDo() throws SQLException {
    SqlitePool pool = open();
    List<Instant> times =
        Stream.of(
                "1969-12-31T23:59:59.999Z",
                "1970-01-01T00:00:00Z",
                "1970-01-01T00:00:00.000000001Z",
                "1970-01-01T00:00:00.1Z",
                "2024-01-01T00:00:00Z",
                "2024-01-01T00:00:00.5Z",
                "2024-01-01T00:00:01Z")
            .map(Instant::parse)
            .toList();
    for (Instant time : times.reversed()) {
      insert(pool, time);
    }
    try (ReadLease lease = pool.acquireReader()) {
      assertEquals(
          times,
          lease.query("SELECT v FROM t ORDER BY v").stream()
              .map(row -> row.get(1, Instant.class))
              .toList());
    }
  }

  @Test
  void get_nullOfEveryType_isNull() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      Row row = lease.queryOne("SELECT NULL AS v").orElseThrow();
      assertTrue(row.isNull(1));
      assertTrue(row.isNull("v"));
      assertNull(row.getString(1));
      assertNull(row.getBytes("v"));
      for (Class<?> type :
          List.of(
              Object.class,
              Long.class,
              Integer.class,
              Boolean.class,
              Double.class,
              String.class,
              byte[].class,
              Instant.class,
              UUID.class,
              BigDecimal.class,
              DayOfWeek.class)) {
        assertNull(row.get(1, type));
      }
      assertThrows(NullPointerException.class, () -> row.getLong(1));
      assertThrows(NullPointerException.class, () -> row.getInt("v"));
      assertThrows(NullPointerException.class, () -> row.getDouble(1));
      assertThrows(NullPointerException.class, () -> row.getBoolean(1));
      lease.forEach(
          "SELECT NULL", view -> assertThrows(NullPointerException.class, () -> view.getLong(1)));
    }
  }

  @Test
  void text_bigAndEmpty_roundTrips() throws SQLException {
    SqlitePool pool = open();
    String big = "äx😀".repeat(400_000);
    byte[] blob = new byte[3_000_000];
    blob[blob.length - 1] = 1;
    insert(pool, big);
    insert(pool, blob);
    try (ReadLease lease = pool.acquireReader()) {
      List<Row> rows = lease.query("SELECT v FROM t ORDER BY id");
      assertEquals(big, rows.get(0).getString(1));
      assertArrayEquals(blob, rows.get(1).getBytes(1));
    }
  }
}
