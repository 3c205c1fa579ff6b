package dev.heddle.pool.internal.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Advice to somebody who wrote a key that does not exist. */
final class NearestKey {

  /** A longer key is no slip, and comparing it would take a time that grows with its square. */
  private static final int LONGEST = 100;

  private NearestKey() {}

  /** The key that was probably meant, or else all keys. */
  static String adviceFor(String key) {
    int tolerance = Math.max(2, key.length() / 3);
    return candidates(key)
        .filter(_ -> key.length() <= LONGEST)
        .map(candidate -> new Scored(candidate, distance(plain(key), plain(candidate))))
        .min(Comparator.comparingInt(Scored::distance))
        .filter(nearest -> nearest.distance() <= tolerance)
        .map(nearest -> "did you mean " + nearest.key() + "?")
        .orElseGet(() -> "the keys are " + allKeys());
  }

  private record Scored(String key, int distance) {}

  private static Stream<String> candidates(String key) {
    Stream<String> options = Arrays.stream(Option.values()).map(Option::key);
    // a pragma's name is open: only what stands before it can be misspelt
    String name = key.substring(key.lastIndexOf('.') + 1);
    List<PragmaFamily> families =
        key.contains(".") ? List.of(PragmaFamily.values()) : List.<PragmaFamily>of();
    return Stream.concat(options, families.stream().map(family -> family.prefix() + name));
  }

  private static String allKeys() {
    Stream<String> options = Arrays.stream(Option.values()).map(Option::key);
    Stream<String> pragmas =
        Arrays.stream(PragmaFamily.values()).map(family -> family.prefix() + "<name of a pragma>");
    return Stream.concat(options, pragmas).collect(Collectors.joining(", "));
  }

  // busy_timeout and BusyTimeout are as good as busy-timeout for somebody who has to guess
  private static String plain(String key) {
    return key.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How many letters to insert, remove or replace (Levenshtein). */
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    Arrays.setAll(row, column -> column);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
