package dev.heddle.pool.internal.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What setters store, and that it can be read again. */
@SuppressWarnings("JavaUtilDate") // may be set as well
class BoundStatementTest {

  private static final String[] ZONES = TimeZones.ALL;
  private static final String TEXT = "aé😀";
  private static final byte[] UTF_8 = TEXT.getBytes(StandardCharsets.UTF_8);

  private final Setters statement = Setters.of(1);

  /** Sets the first parameter. */
  @FunctionalInterface
  interface Setter {
    void set(PreparedStatement statement) throws SQLException;
  }

  private static Arguments stores(@Nullable Object stored, Setter setter) {
    return Arguments.of(stored, setter);
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  static Stream<Arguments> setters() {
    return Stream.of(
        stores(1L, s -> s.setBoolean(1, true)),
        stores(0L, s -> s.setBoolean(1, false)),
        stores(-128L, s -> s.setByte(1, Byte.MIN_VALUE)),
        stores(-7L, s -> s.setShort(1, (short) -7)),
        stores(7L, s -> s.setInt(1, 7)),
        stores(Long.MIN_VALUE, s -> s.setLong(1, Long.MIN_VALUE)),
        stores(0.5, s -> s.setFloat(1, 0.5f)),
        stores(0.1, s -> s.setDouble(1, 0.1)),
        stores("0.00000000010", s -> s.setBigDecimal(1, new BigDecimal("1.0E-10"))),
        stores(TEXT, s -> s.setString(1, TEXT)),
        stores(TEXT, s -> s.setNString(1, TEXT)),
        stores(UTF_8, s -> s.setBytes(1, UTF_8)),
        stores(5L, s -> s.setDate(1, new Date(5))),
        stores(5L, s -> s.setDate(1, new Date(5), TimeZones.calendar("Asia/Kolkata"))),
        stores(5L, s -> s.setTime(1, new Time(5))),
        stores(5L, s -> s.setTime(1, new Time(5), TimeZones.calendar("Asia/Kolkata"))),
        stores(5L, s -> s.setTimestamp(1, new Timestamp(5))),
        stores(5L, s -> s.setTimestamp(1, new Timestamp(5), TimeZones.calendar("Asia/Kolkata"))),
        stores(UTF_8, s -> s.setBinaryStream(1, bytes(TEXT))),
        stores("a".getBytes(StandardCharsets.UTF_8), s -> s.setBinaryStream(1, bytes("abc"), 1)),
        stores(UTF_8, s -> s.setBinaryStream(1, bytes(TEXT), (long) UTF_8.length)),
        stores(TEXT, s -> s.setAsciiStream(1, bytes(TEXT))),
        stores("ab", s -> s.setAsciiStream(1, bytes("abc"), 2)),
        stores("ab", s -> s.setAsciiStream(1, bytes("abc"), 2L)),
        stores(TEXT, s -> s.setCharacterStream(1, new StringReader(TEXT))),
        stores("ab", s -> s.setCharacterStream(1, new StringReader("abc"), 2)),
        stores("", s -> s.setCharacterStream(1, new StringReader("abc"), 0L)),
        stores(TEXT, s -> s.setNCharacterStream(1, new StringReader(TEXT))),
        stores("ab", s -> s.setNCharacterStream(1, new StringReader("abc"), 2)),
        stores(UTF_8, s -> s.setBlob(1, BytesBlob.of(UTF_8))),
        stores(UTF_8, s -> s.setBlob(1, bytes(TEXT))),
        stores(new byte[] {'a'}, s -> s.setBlob(1, bytes("abc"), 1)),
        stores(TEXT, s -> s.setClob(1, TextClob.of(TEXT))),
        stores(TEXT, s -> s.setClob(1, new StringReader(TEXT))),
        stores("a", s -> s.setClob(1, new StringReader(TEXT), 1)),
        stores(TEXT, s -> s.setNClob(1, TextClob.of(TEXT))),
        stores(TEXT, s -> s.setNClob(1, new StringReader(TEXT))),
        stores("a", s -> s.setNClob(1, new StringReader(TEXT), 1)),
        stores(null, s -> s.setNull(1, Types.INTEGER)),
        stores(null, s -> s.setNull(1, 123_456)),
        stores(null, s -> s.setNull(1, Types.OTHER, "some_type")),
        stores(null, s -> s.setObject(1, null)),
        stores(null, s -> s.setObject(1, null, Types.BIGINT)),
        stores(null, s -> s.setObject(1, null, Types.DECIMAL, 2)),
        stores(null, s -> s.setBigDecimal(1, null)),
        stores(null, s -> s.setString(1, null)),
        stores(null, s -> s.setBytes(1, null)),
        stores(null, s -> s.setDate(1, null)),
        stores(null, s -> s.setTime(1, null)),
        stores(null, s -> s.setTimestamp(1, null)),
        stores(null, s -> s.setBinaryStream(1, null)),
        stores(null, s -> s.setBinaryStream(1, null, 0)),
        stores(null, s -> s.setAsciiStream(1, null)),
        stores(null, s -> s.setCharacterStream(1, null)),
        stores(null, s -> s.setBlob(1, (Blob) null)),
        stores(null, s -> s.setClob(1, (Clob) null)),
        stores(null, s -> s.setNClob(1, (NClob) null)));
  }

  static Stream<Arguments> objects() {
    return Stream.of(
        stores("x", s -> s.setObject(1, 'x')),
        stores(5L, s -> s.setObject(1, new java.util.Date(5))),
        stores(0L, s -> s.setObject(1, epoch())),
        stores("FRIDAY", s -> s.setObject(1, DayOfWeek.FRIDAY)),
        stores(
            "123456789012345678901", s -> s.setObject(1, new BigInteger("123456789012345678901"))),
        stores(UTF_8, s -> s.setObject(1, bytes(TEXT))),
        stores(TEXT, s -> s.setObject(1, new StringReader(TEXT))),
        stores(UTF_8, s -> s.setObject(1, BytesBlob.of(UTF_8))),
        stores(TEXT, s -> s.setObject(1, TextClob.of(TEXT))),
        // with a target type
        stores("12", s -> s.setObject(1, 12, Types.VARCHAR)),
        stores("1.50", s -> s.setObject(1, new BigDecimal("1.50"), Types.VARCHAR)),
        stores(TEXT, s -> s.setObject(1, UTF_8, Types.CLOB)),
        stores(12L, s -> s.setObject(1, "12", Types.INTEGER)),
        stores(1L << 40, s -> s.setObject(1, "1099511627776", Types.BIGINT)),
        stores(1L, s -> s.setObject(1, true, Types.SMALLINT)),
        stores(1L, s -> s.setObject(1, "true", Types.BOOLEAN)),
        stores(1L, s -> s.setObject(1, 17, Types.BIT)),
        stores(0.5, s -> s.setObject(1, "0.5", Types.DOUBLE)),
        stores(1.0, s -> s.setObject(1, 1, Types.REAL)),
        stores("1.10", s -> s.setObject(1, " 1.10 ", Types.DECIMAL)),
        stores(7L, s -> s.setObject(1, 7, Types.NUMERIC)),
        stores("1.13", s -> s.setObject(1, new BigDecimal("1.125"), Types.DECIMAL, 2)),
        stores(1.125, s -> s.setObject(1, 1.125, Types.DECIMAL, 2)),
        stores("ab", s -> s.setObject(1, new StringReader("abc"), Types.VARCHAR, 2)),
        stores(new byte[] {'a'}, s -> s.setObject(1, bytes("abc"), Types.BLOB, 1)),
        stores(UTF_8, s -> s.setObject(1, TEXT, Types.VARBINARY)),
        stores(
            new byte[] {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2},
            s -> s.setObject(1, new UUID(1, 2), Types.BINARY)),
        stores(12L, s -> s.setObject(1, "12", JDBCType.INTEGER)),
        stores("1.13", s -> s.setObject(1, new BigDecimal("1.125"), JDBCType.NUMERIC, 2)),
        stores("12", s -> s.setObject(1, "12", Types.OTHER)),
        stores("12", s -> s.setObject(1, "12", 123_456)));
  }

  private static java.util.Calendar epoch() {
    java.util.Calendar calendar = TimeZones.calendar("Asia/Kolkata");
    calendar.setTimeInMillis(0);
    return calendar;
  }

  @ParameterizedTest
  @MethodSource({"setters", "objects"})
  void setter_ofAnyKind_storesWhatSqliteTakes(@Nullable Object stored, Setter setter)
      throws SQLException {
    statement.setString(1, "before");
    setter.set(statement);
    assertArrayEquals(new @Nullable Object[] {stored}, new @Nullable Object[] {statement.stored()});
  }

  static Stream<Object> values() {
    LocalDateTime overlap = LocalDateTime.of(2026, 10, 25, 2, 30);
    return Stream.of(
        1,
        Integer.MIN_VALUE,
        1L << 40,
        (short) -7,
        (byte) 7,
        0.1,
        Double.NEGATIVE_INFINITY,
        -0.0,
        0.1f,
        Float.MAX_VALUE,
        true,
        false,
        new BigDecimal("-12.3400"),
        new BigDecimal("1000.00"),
        new BigInteger("123456789012345678901"),
        "",
        TEXT,
        new UUID(1, -2),
        LocalDate.of(2024, 2, 29),
        LocalDate.of(1, 1, 1),
        LocalTime.of(7, 5, 0, 1),
        LocalTime.MAX,
        LocalDateTime.of(2024, 1, 2, 3, 4, 5, 6),
        overlap,
        LocalDateTime.of(2026, 3, 29, 2, 30),
        Instant.parse("2024-02-29T23:59:59.123456789Z"),
        Instant.EPOCH,
        OffsetDateTime.parse("2026-11-22T10:15:30.000000001+05:30"),
        OffsetDateTime.parse("2026-11-22T10:15:30Z"),
        overlap.atZone(ZoneId.of("Europe/Berlin")).withEarlierOffsetAtOverlap(),
        overlap.atZone(ZoneId.of("Europe/Berlin")).withLaterOffsetAtOverlap(),
        ZonedDateTime.parse("2026-11-22T10:15:30Z"),
        ZonedDateTime.of(overlap, ZoneId.of("UTC")),
        new Timestamp(1_795_342_530_123L),
        new Timestamp(-1),
        new Date(1_795_342_530_123L),
        new Time(1_795_342_530_123L),
        new java.util.Date(-62_135_769_600_000L));
  }

  @ParameterizedTest
  @MethodSource("values")
  void object_ofEveryType_isReadAgainInAnyZone(Object value) throws Throwable {
    for (String zone : ZONES) {
      TimeZones.in(
          zone,
          () -> {
            statement.setObject(1, value);
            Object read = Results.on(statement.stored()).getObject(1, value.getClass());
            assertEquals(value, read);
          });
    }
  }

  @ParameterizedTest
  @FieldSource("ZONES")
  void datesOfJavaSql_areReadAgainAsLocalOnes(String zone) throws Throwable {
    TimeZones.in(
        zone,
        () -> {
          LocalDateTime time = LocalDateTime.of(2026, 7, 22, 10, 15, 30, 123_000_000);
          statement.setTimestamp(1, Timestamp.valueOf(time));
          assertEquals(time, Results.on(statement.stored()).getObject(1, LocalDateTime.class));
          statement.setDate(1, Date.valueOf(time.toLocalDate()));
          assertEquals(
              time.toLocalDate(), Results.on(statement.stored()).getObject(1, LocalDate.class));
          statement.setTime(1, Time.valueOf("10:15:30"));
          assertEquals(
              LocalTime.of(10, 15, 30),
              Results.on(statement.stored()).getObject(1, LocalTime.class));
        });
  }

  @Test
  void dateAndTime_withATargetType_areStoredAsWithout() throws SQLException {
    for (Object value :
        List.of(
            LocalDateTime.of(2026, 7, 22, 10, 15),
            LocalDate.of(2026, 7, 22),
            Instant.EPOCH,
            new Timestamp(5),
            "2026-07-22 10:15:00")) {
      statement.setObject(1, value);
      Object plain = statement.stored();
      for (int type : new int[] {Types.TIMESTAMP, Types.DATE, Types.TIMESTAMP_WITH_TIMEZONE}) {
        statement.setObject(1, value, type);
        assertEquals(plain, statement.stored());
      }
    }
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("22023", (Setter) s -> s.setDouble(1, Double.NaN)),
        Arguments.of("22023", (Setter) s -> s.setFloat(1, Float.NaN)),
        Arguments.of("22023", (Setter) s -> s.setObject(1, Double.NaN)),
        Arguments.of("22023", (Setter) s -> s.setObject(1, new AtomicInteger())),
        Arguments.of("22023", (Setter) s -> s.setBinaryStream(1, bytes("abc"), 4)),
        Arguments.of("22023", (Setter) s -> s.setCharacterStream(1, new StringReader("abc"), 4)),
        Arguments.of("22023", (Setter) s -> s.setBinaryStream(1, bytes("abc"), -1)),
        Arguments.of("22023", (Setter) s -> s.setBinaryStream(1, bytes("abc"), 1L << 32)),
        Arguments.of("22018", (Setter) s -> s.setObject(1, "secret", Types.INTEGER)),
        Arguments.of("22018", (Setter) s -> s.setObject(1, "secret", Types.DECIMAL)),
        Arguments.of("22018", (Setter) s -> s.setObject(1, "secret", Types.BOOLEAN)),
        Arguments.of("22018", (Setter) s -> s.setObject(1, new byte[3], Types.DOUBLE)),
        Arguments.of("22003", (Setter) s -> s.setObject(1, "1e999999999", Types.BIGINT)),
        Arguments.of("22003", (Setter) s -> s.setObject(1, 1e300, Types.INTEGER)));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void value_thatCantBeStored_isRefusedAndTheOldOneStays(String state, Setter setter)
      throws SQLException {
    statement.setString(1, "before");
    SQLException failure = assertThrows(SQLDataException.class, () -> setter.set(statement));
    assertEquals(state, failure.getSQLState(), failure::toString);
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains("arameter 1"), message);
    assertFalse(message.contains("secret"), message);
    assertEquals("before", statement.stored());
  }

  @Test
  void type_thatIsUnknown_isNamed() {
    SQLException failure =
        assertThrows(SQLDataException.class, () -> statement.setObject(1, new AtomicInteger()));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(AtomicInteger.class.getName()), message);
  }

  @Test
  void stream_thatFails_fails() throws IOException {
    InputStream stream = InputStream.nullInputStream();
    stream.close();
    Reader reader = Reader.nullReader();
    reader.close();
    for (Setter setter :
        List.<Setter>of(
            s -> s.setBinaryStream(1, stream),
            s -> s.setCharacterStream(1, reader),
            s -> s.setCharacterStream(1, reader, 3))) {
      SQLException failure = assertThrows(SQLException.class, () -> setter.set(statement));
      assertInstanceOf(IOException.class, failure.getCause());
    }
  }

  @Test
  void reader_thatGivesALittleAtATime_isReadToItsLength() throws SQLException {
    Reader slow =
        new StringReader("abcdef") {
          @Override
          public int read(char[] buffer, int from, int length) throws IOException {
            return super.read(buffer, from, Math.min(length, 2));
          }
        };
    statement.setCharacterStream(1, slow, 5);
    assertEquals("abcde", statement.stored());
  }

  @Test
  void kinds_thatSqliteLacks_areNotSupported() {
    assertThrows(SQLFeatureNotSupportedException.class, () -> statement.setArray(1, null));
    assertThrows(SQLFeatureNotSupportedException.class, () -> statement.setRowId(1, null));
    assertThrows(SQLFeatureNotSupportedException.class, () -> statement.setURL(1, null));
  }

  @Test
  void clearParameters_unsetsThem() throws SQLException {
    statement.setInt(1, 1);
    statement.clearParameters();
    assertThrows(SQLDataException.class, statement::stored);
    statement.setNull(1, Types.INTEGER);
    assertNull(statement.stored());
  }
}
