package dev.heddle.pool.internal.jdbc;

import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.function.Executable;

/** The JVM's time zone, and others. */
final class TimeZones {

  static final String[] ALL = {
    "UTC", "America/New_York", "Asia/Kolkata", "Europe/Berlin", "Pacific/Apia"
  };

  private TimeZones() {}

  static Calendar calendar(String zone) {
    return new GregorianCalendar(TimeZone.getTimeZone(zone), Locale.ROOT);
  }

  /** Runs something as in a JVM of that zone. */
  static void in(String zone, Executable action) throws Throwable {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
    try {
      action.execute();
    } finally {
      TimeZone.setDefault(before);
    }
  }
}
