package dev.heddle.pool.internal.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.sqlite.Columns;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Calendar;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that programs have filled with the driver are read, and tools see the same types. */
class DriverAgreementTest {

  private Connection driver;

  @BeforeEach
  void open() throws SQLException {
    driver = DriverManager.getConnection("jdbc:sqlite::memory:");
  }

  @AfterEach
  void close() throws SQLException {
    driver.close();
  }

  /** Sets the first parameter. */
  @FunctionalInterface
  interface Setter {
    void set(PreparedStatement statement) throws SQLException;
  }

  /** What is in the database after the driver has set it. */
  private Object stored(Setter setter) throws SQLException {
    try (PreparedStatement statement = driver.prepareStatement("SELECT ?")) {
      setter.set(statement);
      try (ResultSet result = statement.executeQuery()) {
        return stored(result);
      }
    }
  }

  private static Object stored(ResultSet result) throws SQLException {
    Object value = Objects.requireNonNull(result.getObject(1));
    return value instanceof Integer number ? (Object) number.longValue() : value;
  }

  static Stream<Object> values() {
    return Stream.of(
        1,
        1L << 40,
        0.1,
        true,
        new BigDecimal("-12.34"),
        "text",
        new UUID(1, 2),
        LocalDate.of(2026, 7, 22),
        LocalTime.of(10, 15),
        LocalDateTime.of(2026, 7, 22, 10, 15, 30, 123_456_789),
        OffsetDateTime.parse("2026-07-22T10:15:30+05:30"),
        OffsetDateTime.parse("2026-07-22T10:15+05:30").toZonedDateTime(),
        Instant.parse("2026-07-22T10:15:30Z"),
        new Timestamp(1_795_342_530_123L),
        new Date(1_795_342_530_123L),
        new Time(1_795_342_530_123L));
  }

  @ParameterizedTest
  @MethodSource("values")
  void object_storedByTheDriver_isReadAgain(Object value) throws SQLException {
    Object stored = stored(statement -> statement.setObject(1, value));
    Object read = Results.on(stored).getObject(1, value.getClass());
    assertEquals(value, read);
  }

  @ParameterizedTest
  @FieldSource("dev.heddle.pool.internal.jdbc.TimeZones#ALL")
  void times_thatTheDriverReads_areReadTheSame(String zone) throws Throwable {
    TimeZones.in(
        zone,
        () -> {
          // A connection keeps the zone that it was opened in.
          try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
              Statement statement = connection.createStatement()) {
            assertReadTheSame(statement, "1795342530123");
            assertReadTheSame(statement, "'2026-07-22 10:15:30.123'");
            assertReadTheSame(statement, "datetime('2026-07-22 10:15:30')");
            assertReadTheSame(statement, "CURRENT_TIMESTAMP");
            assertReadTheSame(statement, "julianday('2026-07-22 06:00')");
          }
        });
  }

  private static void assertReadTheSame(Statement statement, String value) throws SQLException {
    Calendar calendar = TimeZones.calendar("Asia/Kolkata");
    try (ResultSet theirs = statement.executeQuery("SELECT " + value)) {
      Object stored = stored(theirs);
      ResultSet ours = Results.on(stored);
      assertEquals(theirs.getTimestamp(1), ours.getTimestamp(1), value);
      assertEquals(theirs.getDate(1).toString(), ours.getDate(1).toString(), value);
      assertEquals(theirs.getTime(1).toString(), ours.getTime(1).toString(), value);
      if (!(stored instanceof Double)) { // for which the driver forgets the calendar
        assertEquals(theirs.getTimestamp(1, calendar), ours.getTimestamp(1, calendar), value);
      }
    }
  }

  @Test
  void timestampsOfTheDriverAsText_areReadAgain() throws SQLException {
    Timestamp time = Timestamp.valueOf("2026-07-22 10:15:30.123");
    try (Connection texts = DriverManager.getConnection("jdbc:sqlite::memory:?date_class=TEXT");
        PreparedStatement statement = texts.prepareStatement("SELECT ?")) {
      statement.setTimestamp(1, time);
      try (ResultSet result = statement.executeQuery()) {
        assertTrue(stored(result) instanceof String);
        assertEquals(time, Results.on(stored(result)).getTimestamp(1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INTEGER",
        "INT",
        "BIGINT",
        "SMALLINT",
        "TINYINT",
        "MEDIUMINT",
        "INT8",
        "UNSIGNED BIG INT",
        "BOOLEAN",
        "DATE",
        "DATETIME",
        "TIMESTAMP",
        "DECIMAL(10,2)",
        "NUMERIC",
        "REAL",
        "DOUBLE",
        "DOUBLE PRECISION",
        "FLOAT",
        "CHAR(3)",
        "NCHAR(3)",
        "VARCHAR(20)",
        "NVARCHAR(20)",
        "VARYING CHARACTER(20)",
        "TEXT",
        "CLOB",
        "BLOB",
        "BINARY",
        "geometry"
      })
  void types_ofAColumn_areTheDrivers(String declared) throws SQLException {
    try (Statement statement = driver.createStatement()) {
      statement.execute("CREATE TABLE t(v " + declared + ")");
      for (String value :
          List.of("NULL", "1", "1099511627776", "0.5", "'x'", "'2026-07-22'", "x'00'")) {
        statement.execute("DELETE FROM t");
        statement.execute("INSERT INTO t VALUES(" + value + ")");
        try (ResultSet theirs = statement.executeQuery("SELECT v FROM t")) {
          assertSameType(theirs, ours(theirs, declared), declared + " " + value);
        }
      }
    }
  }

  private static ResultSetMetaData ours(ResultSet theirs, String declared) throws SQLException {
    Columns columns =
        new Columns(List.of("v")).describedBy(List.of(new Columns.Declared(declared, "t")));
    @Nullable Object value = theirs.getObject(1) == null ? null : stored(theirs);
    return new ColumnsMetaData(columns, () -> new @Nullable Object[] {value});
  }

  private static void assertSameType(ResultSet theirs, ResultSetMetaData ours, String what)
      throws SQLException {
    ResultSetMetaData expected = theirs.getMetaData();
    assertEquals(expected.getColumnType(1), ours.getColumnType(1), what);
    assertEquals(expected.getColumnTypeName(1), ours.getColumnTypeName(1), what);
    assertEquals(expected.getPrecision(1), ours.getPrecision(1), what);
    assertEquals(expected.getScale(1), ours.getScale(1), what);
    assertEquals(expected.getTableName(1), ours.getTableName(1), what);
    assertEquals(expected.getColumnLabel(1), ours.getColumnLabel(1), what);
  }
}
