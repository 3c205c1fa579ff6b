package dev.heddle.pool.tests;

import static dev.heddle.pool.tests.JdbcProbe.told;
import static dev.heddle.pool.tests.JdbcProbe.with;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Java's types, as parameters and as results. */
final class TypeProbes {

  private static final List<Object> VALUES =
      List.of(
          7,
          5_000_000_000L,
          0.5,
          true,
          new BigDecimal("12.50"),
          LocalDate.of(2026, 2, 28),
          LocalDateTime.of(2026, 2, 28, 23, 59, 1, 123_456_789),
          Instant.parse("2026-02-28T23:59:01.123456789Z"),
          UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"));

  private TypeProbes() {}

  static List<JdbcProbe> all() {
    return List.of(
        with("`getObject(i, type)` of NULL", "null, for all of these types", TypeProbes::ofNull),
        with(
            "`setObject`, then `getObject(i, type)` of what was stored",
            "the same, for all of these types",
            TypeProbes::roundTrip),
        with(
            "`setObject` stores",
            "INTEGER: Integer, Long, Boolean; REAL: Double; TEXT: BigDecimal, LocalDate,"
                + " LocalDateTime, Instant, UUID",
            TypeProbes::stored),
        with(
            "`setObject` of another class, a `Locale`",
            "throws `SQLDataException` 22023",
            c -> store(c, Locale.ROOT)),
        with("`setDouble` of NaN", "throws `SQLDataException` 22023", c -> store(c, Double.NaN)),
        read(
            "`getInt` of 5000000000",
            "throws `SQLDataException` 22003",
            "5000000000",
            row -> "" + row.getInt(1)),
        read(
            "`getLong` of 1e300",
            "throws `SQLDataException` 22003",
            "1e300",
            row -> "" + row.getLong(1)),
        read("`getInt` of 1.9", "1", "1.9", row -> "" + row.getInt(1)),
        read(
            "`getInt` of `'abc'`",
            "throws `SQLDataException` 22018",
            "'abc'",
            row -> "" + row.getInt(1)),
        read("`getBoolean` of `'true'`", "true", "'true'", row -> "" + row.getBoolean(1)),
        read(
            "`getDate` of `'abc'`",
            "throws `SQLDataException` 22007",
            "'abc'",
            row -> "" + row.getDate(1)),
        read(
            "`getBlob` of a BLOB", "2 bytes", "x'0102'", row -> row.getBlob(1).length() + " bytes"),
        read("`getBlob` of NULL", "null", "NULL", row -> "" + row.getBlob(1)));
  }

  private static JdbcProbe read(
      String behaviour, String promised, String value, Jdbc.Use<String> use) {
    return with(
        behaviour,
        promised,
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT " + value)) {
            row.next();
            return use.of(row);
          }
        });
  }

  private static String ofNull(Connection connection) {
    return grouped(
        value ->
            ""
                + Jdbc.<Object>firstRow(
                    connection, "SELECT ?", null, row -> row.getObject(1, value.getClass())));
  }

  private static String roundTrip(Connection connection) {
    return grouped(
        value -> {
          Object read =
              Jdbc.firstRow(
                  connection, "SELECT ?", value, row -> row.getObject(1, value.getClass()));
          return value.equals(read) ? "the same" : "another value";
        });
  }

  private static String stored(Connection connection) {
    return grouped(
        value ->
            Jdbc.firstRow(connection, "SELECT upper(typeof(?))", value, row -> row.getString(1)));
  }

  private static String store(Connection connection, Object value) throws SQLException {
    return Jdbc.firstRow(
        connection, "SELECT upper(typeof(?))", value, row -> "is stored as " + row.getString(1));
  }

  /** What is done with a value. */
  @FunctionalInterface
  private interface Use {
    String of(Object value) throws SQLException;
  }

  /** What comes of each value, those of the same outcome together. */
  private static String grouped(Use use) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (Object value : VALUES) {
      groups
          .computeIfAbsent(told(() -> use.of(value)), outcome -> new ArrayList<>())
          .add(value.getClass().getSimpleName());
    }
    if (groups.size() == 1) {
      return groups.keySet().iterator().next() + ", for all of these types";
    }
    return groups.entrySet().stream()
        .map(group -> group.getKey() + ": " + String.join(", ", group.getValue()))
        .collect(Collectors.joining("; "));
  }
}
