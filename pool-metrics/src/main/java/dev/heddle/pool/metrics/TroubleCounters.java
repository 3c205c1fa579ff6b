package dev.heddle.pool.metrics;

import dev.heddle.pool.PoolListener;
import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Counts leases in trouble, each under its label and SQL. A program that puts values into its SQL
 * has no end of different ones: only the first are told apart. For one thread at a time.
 */
final class TroubleCounters {

  private static final int MOST = 100;
  private static final int LONGEST_SQL = 120;
  private static final String OTHER = "(other)";

  private record Culprit(
      PoolListener.Lane lane, PoolListener.Trouble.Kind kind, String label, String sql) {

    static Culprit of(PoolListener.Trouble trouble) {
      return new Culprit(
          trouble.lane(),
          trouble.kind(),
          Objects.requireNonNullElse(trouble.label(), ""),
          cut(trouble.sql()));
    }

    private static String cut(@Nullable String sql) {
      return sql == null ? "" : sql.substring(0, Math.min(sql.length(), LONGEST_SQL));
    }

    Culprit unnamed() {
      return new Culprit(lane, kind, OTHER, OTHER);
    }
  }

  private final Meters meters;
  private final Map<Culprit, Counter> counters = new HashMap<>();

  TroubleCounters(Meters meters) {
    this.meters = meters;
  }

  void add(PoolListener.Trouble trouble) {
    Culprit culprit = Culprit.of(trouble);
    boolean named = counters.containsKey(culprit) || counters.size() < MOST;
    counters.computeIfAbsent(named ? culprit : culprit.unnamed(), this::counter).increment();
  }

  private Counter counter(Culprit culprit) {
    return meters.counter(
        PoolMeter.TROUBLE,
        "lane",
        LaneMeters.name(culprit.lane),
        "kind",
        culprit.kind.name().toLowerCase(Locale.ROOT),
        "label",
        culprit.label,
        "sql",
        culprit.sql);
  }
}
