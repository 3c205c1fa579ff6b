package dev.heddle.pool.internal.config;

import java.util.List;

/** The texts of configuration errors: which key, what was given, what is allowed, where from. */
final class Problem {

  private static final int SHOWN = 100;

  private Problem() {}

  static IllegalArgumentException badValue(
      String key, String value, String allowed, Origin origin) {
    return about(key, quoted(value) + " is not allowed; it takes " + allowed, origin);
  }

  // without the value: what somebody put under a key that nobody knows may be a secret
  static IllegalArgumentException unknownKey(String key, Origin origin) {
    return about(key, "unknown key; " + NearestKey.adviceFor(key), origin);
  }

  static IllegalArgumentException about(String key, String what, Origin origin) {
    return new IllegalArgumentException(printable(key) + ": " + what + " (" + origin + ")");
  }

  /** One exception for all problems, a line for each. */
  static IllegalArgumentException all(List<String> problems) {
    String lines = String.join(System.lineSeparator() + "  ", problems);
    return new IllegalArgumentException(
        problems.size() == 1
            ? lines
            : problems.size()
                + " problems in the configuration:"
                + System.lineSeparator()
                + "  "
                + lines);
  }

  private static String quoted(String value) {
    return "\"" + printable(value) + "\"";
  }

  // keeps the promise of one line per problem, whatever was given
  private static String printable(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }
}
