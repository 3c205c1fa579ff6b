package dev.heddle.pool.internal.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Calendar;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored values as dates and times. */
class TimesTest {

  private static final String[] ZONES = TimeZones.ALL;

  /** 2026-11-22 10:15:30.123 in UTC. */
  private static final Instant MOMENT = Instant.parse("2026-11-22T10:15:30.123Z");

  private static Timestamp timestamp(Object stored, String zone) throws SQLException {
    return Results.on(stored).getTimestamp(1, TimeZones.calendar(zone));
  }

  /** What a clock in a zone shows, as a moment; asked of java.time. */
  private static Instant clock(String text, String zone) {
    return LocalDateTime.parse(text).atZone(ZoneId.of(zone)).toInstant();
  }

  @ParameterizedTest
  @FieldSource("ZONES")
  void textWithoutZone_isAClockOfTheCalendar(String zone) throws SQLException {
    for (String text :
        new String[] {
          "2026-11-22 10:15:30.123456789",
          "2026-11-22T10:15:30.123456789",
          " 2026-11-22t10:15:30.123456789 "
        }) {
      assertEquals(clock("2026-11-22T10:15:30.123456789", zone), timestamp(text, zone).toInstant());
    }
    assertEquals(
        clock("2026-07-01T10:15:30", zone), timestamp("2026-07-01 10:15:30", zone).toInstant());
    assertEquals(clock("2026-07-01T10:15", zone), timestamp("2026-07-01 10:15", zone).toInstant());
    assertEquals(clock("2026-07-01T00:00", zone), timestamp("2026-07-01", zone).toInstant());
  }

  @ParameterizedTest
  @FieldSource("ZONES")
  void textWithAZone_isThatMomentInAnyCalendar(String zone) throws SQLException {
    for (String text :
        new String[] {
          "2026-11-22T10:15:30.123Z",
          "2026-11-22 10:15:30.123Z",
          "2026-11-22T05:15:30.123-05:00",
          "2026-11-22T15:45:30.123+05:30[Asia/Kolkata]"
        }) {
      assertEquals(MOMENT, timestamp(text, zone).toInstant());
    }
  }

  @ParameterizedTest
  @FieldSource("ZONES")
  void milliseconds_areThatMomentInAnyCalendar(String zone) throws SQLException {
    long millis = MOMENT.toEpochMilli();
    ResultSet result = Results.on(millis);
    Calendar calendar = TimeZones.calendar(zone);
    assertEquals(MOMENT, timestamp(millis, zone).toInstant());
    assertEquals(MOMENT, timestamp(Long.toString(millis), zone).toInstant());
    assertEquals(millis, result.getDate(1, calendar).getTime());
    assertEquals(millis, result.getTime(1, calendar).getTime());
    assertEquals(-1, timestamp("-1", zone).getTime());
  }

  @ParameterizedTest
  @FieldSource("ZONES")
  void julianDay_isAClockOfTheCalendar(String zone) throws SQLException {
    // SELECT julianday('2026-11-22 10:15:30.123')
    assertEquals(
        clock("2026-11-22T10:15:30.123", zone), timestamp(2461366.92743198, zone).toInstant());
    assertEquals(clock("1970-01-01T00:00", zone), timestamp(2440587.5, zone).toInstant());
  }

  @ParameterizedTest
  @FieldSource("ZONES")
  void dateAndTime_ofAText_areHalvesOfItsClock(String zone) throws SQLException {
    Calendar calendar = TimeZones.calendar(zone);
    for (String text : new String[] {"2026-11-22 10:15:30.123", "2026-11-22T10:15:30.123456"}) {
      ResultSet result = Results.on(text);
      assertEquals(
          clock("2026-11-22T00:00", zone).toEpochMilli(), result.getDate(1, calendar).getTime());
      assertEquals(
          clock("1970-01-01T10:15:30.123", zone).toEpochMilli(),
          result.getTime(1, calendar).getTime());
    }
    assertEquals(
        clock("1970-01-01T10:15", zone).toEpochMilli(),
        Results.on("10:15").getTime(1, calendar).getTime());
  }

  @ParameterizedTest
  @FieldSource("ZONES")
  void calendar_given_staysAsItWas(String zone) throws SQLException {
    Calendar calendar = TimeZones.calendar(zone);
    Object before = calendar.clone();
    Results.on(5L).getTimestamp(1, calendar);
    Results.on("2026-11-22 10:15:30").getTimestamp(1, calendar);
    assertEquals(before, calendar);
  }

  @ParameterizedTest
  @FieldSource("ZONES")
  void textWithoutCalendar_isAClockOfTheJvm(String zone) throws Throwable {
    TimeZones.in(
        zone,
        () -> {
          for (String text :
              new String[] {
                "2026-11-22 10:15:30.123456789",
                "2026-07-22 10:15:30.0",
                "1883-01-01 00:00:00.0",
                "1500-02-28 23:59:59.0",
                "0001-01-01 00:00:00.0"
              }) {
            ResultSet result = Results.on(text);
            Timestamp expected = Timestamp.valueOf(text);
            assertEquals(expected, result.getTimestamp(1));
            assertEquals(expected, result.getObject(1, Timestamp.class));
            assertEquals(
                expected.toInstant().truncatedTo(ChronoUnit.MILLIS),
                result.getObject(1, java.util.Date.class).toInstant());
          }
          assertEquals(Date.valueOf("2026-11-22"), Results.on("2026-11-22").getDate(1));
          assertEquals(Time.valueOf("10:15:30"), Results.on("10:15:30").getTime(1));
        });
  }

  @ParameterizedTest
  @FieldSource("ZONES")
  void milliseconds_asLocalTypes_areTheClockOfTheJvm(String zone) throws Throwable {
    TimeZones.in(
        zone,
        () -> {
          for (String text :
              new String[] {
                "2026-11-22T10:15:30.123",
                "2026-07-22T00:00",
                "1883-01-01T00:00",
                "1500-02-28T23:59"
              }) {
            LocalDateTime local = LocalDateTime.parse(text);
            ResultSet result = Results.on(Timestamp.valueOf(local).getTime());
            assertEquals(local, result.getObject(1, LocalDateTime.class));
            assertEquals(local.toLocalDate(), result.getObject(1, LocalDate.class));
            assertEquals(local.toLocalTime(), result.getObject(1, LocalTime.class));
          }
        });
  }

  static Stream<Arguments> types() {
    return Stream.of(
        Arguments.of("2026-11-22T10:15:30.123", LocalDateTime.class, "2026-11-22T10:15:30.123"),
        Arguments.of("2026-11-22 10:15:30", LocalDateTime.class, "2026-11-22T10:15:30"),
        Arguments.of("2026-11-22", LocalDateTime.class, "2026-11-22T00:00"),
        Arguments.of(2440587.75, LocalDateTime.class, "1970-01-01T06:00"),
        Arguments.of("2026-11-22 10:15:30", LocalDate.class, "2026-11-22"),
        Arguments.of("2026-11-22", LocalDate.class, "2026-11-22"),
        Arguments.of("2026-11-22 10:15:30", LocalTime.class, "10:15:30"),
        Arguments.of("10:15:30.000000001", LocalTime.class, "10:15:30.000000001"),
        Arguments.of("2026-11-22 10:15:30", Instant.class, "2026-11-22T10:15:30Z"),
        Arguments.of("2026-11-22T10:15:30+01:00", Instant.class, "2026-11-22T09:15:30Z"),
        Arguments.of(1L, Instant.class, "1970-01-01T00:00:00.001Z"),
        Arguments.of(2440587.75, Instant.class, "1970-01-01T06:00:00Z"),
        Arguments.of("2026-11-22 10:15:30", OffsetDateTime.class, "2026-11-22T10:15:30Z"),
        Arguments.of(
            "2026-11-22T10:15:30+01:00", OffsetDateTime.class, "2026-11-22T10:15:30+01:00"),
        Arguments.of(1L, OffsetDateTime.class, "1970-01-01T00:00:00.001Z"),
        Arguments.of(
            "2026-10-25T02:30:00+01:00[Europe/Berlin]",
            ZonedDateTime.class,
            "2026-10-25T02:30+01:00[Europe/Berlin]"),
        Arguments.of("2026-11-22 10:15:30", ZonedDateTime.class, "2026-11-22T10:15:30Z"));
  }

  @ParameterizedTest
  @MethodSource("types")
  void typesOfJavaTime_areReadTheSameInAnyZone(Object stored, Class<?> type, String read)
      throws Throwable {
    for (String zone : ZONES) {
      TimeZones.in(
          zone, () -> assertEquals(read, Results.on(stored).getObject(1, type).toString()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2026-02-30",
        "2026-13-01 00:00:00",
        "2026-11-22 24:00:00",
        "22.11.2026",
        "2026-11-22 10:15:30 o'clock",
        "2026-11-2210:15:30"
      })
  void textThatIsNoTime_isRefusedWithoutItsValue(String text) throws SQLException {
    ResultSet result = Results.on(text);
    SQLException failure = assertThrows(SQLDataException.class, () -> result.getTimestamp(1));
    assertEquals("22007", failure.getSQLState());
    assertEquals("Column 'v' holds a TEXT that can't be read as Timestamp", failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"-1", "5373484.5", "1795342530123", "Infinity"})
  void realThatIsNoJulianDay_isRefused(double stored) throws SQLException {
    ResultSet result = Results.on(stored);
    SQLException failure = assertThrows(SQLDataException.class, () -> result.getTimestamp(1));
    assertEquals("22007", failure.getSQLState());
  }

  @Test
  void otherKinds_areRefused() throws SQLException {
    ResultSet result = Results.on(new byte[] {1}, "10:15:30");
    assertEquals(
        "22018", assertThrows(SQLException.class, () -> result.getTimestamp(1)).getSQLState());
    assertEquals(
        "22007", assertThrows(SQLException.class, () -> result.getTimestamp(2)).getSQLState());
  }
}
