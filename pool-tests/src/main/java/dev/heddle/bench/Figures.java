package dev.heddle.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What a JVM that measures has to tell: lines {@code figure key=value} in its output. */
public final class Figures {

  /** Begins the lines that count; a pool may print others. */
  private static final String FIGURE = "figure ";

  private final Map<String, List<Double>> values = new TreeMap<>();

  /** One more value; most figures have only one. */
  public Figures put(String key, double value) {
    values.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
    return this;
  }

  public Figures put(String key, long value) {
    return put(key, (double) value);
  }

  /** How often a crowd did its unit, and how long that took. */
  Figures units(Measurement measurement, Crowd crowd) {
    Histogram nanos = crowd.recorded();
    put("unitsPerSecond", measurement.perSecond(nanos.total()));
    put("cpuMicrosPerUnit", measurement.cpuMicrosPer(nanos.total()));
    put("bytesPerUnit", measurement.bytesPer(nanos.total()));
    put("p50Micros", nanos.percentile(0.5) / 1e3);
    put("p99Micros", nanos.percentile(0.99) / 1e3);
    put("maxMicros", nanos.max() / 1e3);
    put("unserved", crowd.unserved());
    return errors(crowd);
  }

  /** What went wrong in crowds, all told. */
  Figures errors(Crowd... crowds) {
    long errors = 0;
    long timeouts = 0;
    for (Crowd crowd : crowds) {
      errors += crowd.errors();
      timeouts += crowd.timeouts();
      Throwable first = crowd.firstFailure();
      if (first != null) {
        first.printStackTrace();
      }
    }
    put("errors", errors);
    return put("timeouts", timeouts);
  }

  public void forEach(BiConsumer<String, Double> action) {
    values.forEach((key, all) -> all.forEach(value -> action.accept(key, value)));
  }

  public void print() {
    forEach((key, value) -> System.out.println(FIGURE + key + "=" + value));
  }

  /** What was printed. */
  public static Figures parse(byte[] output) {
    Figures figures = new Figures();
    for (String line : new String(output, StandardCharsets.UTF_8).lines().toList()) {
      int sign = line.indexOf('=');
      if (line.startsWith(FIGURE) && sign > 0) {
        figures.put(
            line.substring(FIGURE.length(), sign), Double.valueOf(line.substring(sign + 1)));
      }
    }
    return figures;
  }
}
