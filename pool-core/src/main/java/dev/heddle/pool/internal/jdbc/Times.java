package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Values;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.Temporal;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as JDBC reads them. SQLite has no such types; this is what may be stored:
 *
 * <ul>
 *   <li>milliseconds since 1970, INTEGER, or its digits in a column of affinity TEXT: a moment. So
 *       the driver stores {@code java.sql.Timestamp}, {@code Date} and {@code Time}, and so does
 *       Heddle.
 *   <li>TEXT with a zone: a moment.
 *   <li>TEXT without one, and a Julian day, REAL: what a clock showed. A {@code java.sql} type
 *       takes it for a clock in its calendar's zone, as the driver does, or else in the JVM's. An
 *       {@code Instant}, {@code OffsetDateTime} and {@code ZonedDateTime} take it for UTC, which
 *       SQLite's own functions count in.
 * </ul>
 *
 * What a clock shows at a moment is asked of the JVM's zone.
 */
final class Times {

  private static final LocalDate DAY_OF_TIMES = LocalDate.EPOCH;
  private static final double JULIAN_EPOCH = 2_440_587.5;

  /** The end of the year 9999, where SQLite's own functions end. */
  private static final double JULIAN_END = 5_373_484.5;

  private static final double DAY_MILLIS = 86_400_000;

  private Times() {}

  /** An Instant, ZonedDateTime, LocalDateTime or LocalTime. */
  private static Temporal parse(Object stored) {
    return switch (stored) {
      case Long millis -> Instant.ofEpochMilli(millis);
      case Double day -> julian(day);
      case String text -> parseText(text.strip());
      default -> throw new IllegalArgumentException("bytes are no time");
    };
  }

  private static LocalDateTime julian(double day) {
    if (!(day >= 0 && day < JULIAN_END)) {
      throw new DateTimeException("not a Julian day");
    }
    long millis = Math.round((day - JULIAN_EPOCH) * DAY_MILLIS);
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
  }

  private static Temporal parseText(String text) {
    if (isMillis(text)) {
      return Instant.ofEpochMilli(Long.parseLong(text));
    }
    if (text.length() > 2 && text.charAt(2) == ':') {
      return LocalTime.parse(text);
    }
    if (text.indexOf(':') < 0) {
      return LocalDate.parse(text).atStartOfDay();
    }
    return (Temporal)
        DateTimeFormatter.ISO_DATE_TIME.parseBest(
            Values.isoDateTime(text), ZonedDateTime::from, LocalDateTime::from);
  }

  private static boolean isMillis(String text) {
    int digits = text.startsWith("-") ? 1 : 0;
    return text.length() > digits && text.chars().skip(digits).allMatch(c -> c >= '0' && c <= '9');
  }

  static Instant instant(Object stored) {
    return instant(parse(stored));
  }

  private static Instant instant(Temporal time) {
    return switch (time) {
      case Instant moment -> moment;
      case ZonedDateTime zoned -> zoned.toInstant();
      case LocalDateTime local -> local.toInstant(ZoneOffset.UTC);
      default -> throw new DateTimeException("a time without a date");
    };
  }

  static ZonedDateTime zoned(Object stored) {
    Temporal time = parse(stored);
    return time instanceof ZonedDateTime zoned ? zoned : instant(time).atZone(ZoneOffset.UTC);
  }

  static LocalDateTime local(Object stored) {
    return local(parse(stored));
  }

  /** By way of Timestamp: before 1900 its offsets are not those of java.time. */
  private static LocalDateTime local(Temporal time) {
    return time instanceof LocalDateTime local
        ? local
        : Timestamp.from(instant(time)).toLocalDateTime();
  }

  static LocalTime localTime(Object stored) {
    Temporal time = parse(stored);
    return time instanceof LocalTime local ? local : local(time).toLocalTime();
  }

  static Timestamp timestamp(Object stored, @Nullable Calendar calendar) {
    Temporal time = parse(stored);
    return time instanceof LocalDateTime local
        ? at(local, calendar)
        : Timestamp.from(instant(time));
  }

  static Date date(Object stored, @Nullable Calendar calendar) {
    Temporal time = parse(stored);
    Timestamp moment =
        time instanceof LocalDateTime local
            ? at(local.toLocalDate().atStartOfDay(), calendar)
            : Timestamp.from(instant(time));
    return new Date(moment.getTime());
  }

  static Time time(Object stored, @Nullable Calendar calendar) {
    Timestamp moment =
        switch (parse(stored)) {
          case LocalTime time -> at(time.atDate(DAY_OF_TIMES), calendar);
          case LocalDateTime local -> at(local.toLocalTime().atDate(DAY_OF_TIMES), calendar);
          case Temporal other -> Timestamp.from(instant(other));
        };
    return new Time(moment.getTime());
  }

  /** The moment when a clock shows this, counted as java.sql counts, with Julius Caesar's years. */
  private static Timestamp at(LocalDateTime clock, @Nullable Calendar calendar) {
    TimeZone zone = calendar == null ? TimeZone.getDefault() : calendar.getTimeZone();
    Calendar counter = new GregorianCalendar(zone, Locale.ROOT);
    counter.clear();
    counter.set(
        clock.getYear(),
        clock.getMonthValue() - 1,
        clock.getDayOfMonth(),
        clock.getHour(),
        clock.getMinute(),
        clock.getSecond());
    Timestamp moment = new Timestamp(counter.getTimeInMillis());
    moment.setNanos(clock.getNano());
    return moment;
  }
}
