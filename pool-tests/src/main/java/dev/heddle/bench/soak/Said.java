package dev.heddle.bench.soak;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The lines by which a program that is soaked tells the one that watches it; it may log others. */
final class Said {

  private static final String PREFIX = "soak ";

  /** A line without it was torn by a kill. */
  private static final String SUFFIX = " .";

  static final String SAMPLE = "sample";
  static final String MARK = "mark";
  static final String UNEXPECTED = "unexpected";
  static final String CLOSED = "closed";

  /** Faults that are marked. */
  static final String DISK = "the disk fails";

  static final String NEIGHBOUR = "another process locks the file";

  /** What the program is told. */
  static final String END = "end";

  private Said() {}

  static void sample(Map<String, Double> values) {
    say(
        SAMPLE,
        values.entrySet().stream()
            .map(value -> value.getKey() + "=" + value.getValue())
            .collect(Collectors.joining("\t")));
  }

  static void mark(String fault) {
    say(MARK, fault);
  }

  static void unexpected(String who, Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    unexpected(who + ": " + trace);
  }

  static void unexpected(String what) {
    say(UNEXPECTED, what.replaceAll("\\R\\s*", " | "));
  }

  static void closed() {
    say(CLOSED, "");
  }

  /** A line in one piece, though many speak. */
  private static void say(String kind, String what) {
    synchronized (System.out) {
      System.out.println(PREFIX + kind + " " + what + SUFFIX);
      System.out.flush();
    }
  }

  /** What is in a line: its kind, and the rest; two empty texts if it is not one of these. */
  static String[] parse(String line) {
    if (!line.startsWith(PREFIX) || !line.endsWith(SUFFIX)) {
      return new String[] {"", ""};
    }
    return line.substring(PREFIX.length(), line.length() - SUFFIX.length()).split(" ", 2);
  }

  static Map<String, Double> values(String sample) {
    Map<String, Double> values = new TreeMap<>();
    for (String value : sample.split("\t", -1)) {
      int sign = value.indexOf('=');
      values.put(value.substring(0, sign), Double.valueOf(value.substring(sign + 1)));
    }
    return values;
  }
}
