package dev.heddle.pool.internal.config;

import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts written as a whole number and a unit, such as {@code 5s} or {@code 64MiB}. */
final class Scale {

  /** Durations, counted in milliseconds. */
  static final Scale TIME = new Scale(Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L));

  /** Sizes, counted in bytes. */
  static final Scale SIZE =
      new Scale(Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30));

  // 18 digits always fit a long, so that parsing the number cannot fail
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})([A-Za-z]+)");

  private final Map<String, Long> factorByUnit;
  private final SortedMap<Long, String> unitByFactor = new TreeMap<>();

  private Scale(Map<String, Long> factorByUnit) {
    this.factorByUnit = factorByUnit;
    factorByUnit.forEach((unit, factor) -> unitByFactor.put(factor, unit));
  }

  /** The amount in the smallest unit; empty if the text is none. Zero needs no unit. */
  OptionalLong parse(String text) {
    if (text.equals("0")) {
      return OptionalLong.of(0);
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return OptionalLong.empty();
    }
    Long factor = factorByUnit.get(form.group(2));
    return factor == null ? OptionalLong.empty() : product(Long.parseLong(form.group(1)), factor);
  }

  private static OptionalLong product(long number, long factor) {
    return Math.multiplyHigh(number, factor) == 0 && number * factor >= 0
        ? OptionalLong.of(number * factor)
        : OptionalLong.empty();
  }

  /** The shortest text that {@link #parse} reads as this amount, which is not negative. */
  String show(long amount) {
    if (amount == 0) {
      return "0";
    }
    long factor = unitByFactor.firstKey();
    for (long larger : unitByFactor.keySet()) {
      factor = amount % larger == 0 ? larger : factor;
    }
    return amount / factor + unitByFactor.get(factor);
  }
}
