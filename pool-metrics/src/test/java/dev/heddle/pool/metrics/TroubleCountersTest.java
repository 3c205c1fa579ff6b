package dev.heddle.pool.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.PoolListener.Lane;
import dev.heddle.pool.PoolListener.Trouble;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TroubleCountersTest {

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final TroubleCounters troubles = new TroubleCounters(new Meters(registry, "main"));

  private void add(Lane lane, @Nullable String label, @Nullable String sql) {
    troubles.add(new Trouble(lane, Trouble.Kind.LASTING, label, sql, 1, "report"));
  }

  private Collection<Counter> counters() {
    return registry.get(PoolMeter.TROUBLE.id()).counters();
  }

  private double count(String... tags) {
    return registry.get(PoolMeter.TROUBLE.id()).tags(tags).counter().count();
  }

  @Test
  void add_ofTheSame_countsTogether() {
    add(Lane.READER, "nightly", "SELECT 1");
    add(Lane.READER, "nightly", "SELECT 1");
    add(Lane.READER, "nightly", "SELECT 2");
    assertEquals(
        2, count("lane", "reader", "kind", "lasting", "label", "nightly", "sql", "SELECT 1"));
    assertEquals(2, counters().size());
  }

  @Test
  void add_withoutLabelAndSql_leavesThemEmpty() {
    add(Lane.WRITER, null, null);
    assertEquals(1, count("lane", "writer", "label", "", "sql", ""));
  }

  @Test
  void add_withLongSql_isCutTo120Characters() {
    add(Lane.READER, null, "x".repeat(121));
    assertEquals(1, count("sql", "x".repeat(120)));
  }

  @Test
  void add_ofMoreThanAHundred_countsTheOthersTogether() {
    for (int i = 0; i < 103; i++) {
      add(Lane.READER, "label " + i, "SELECT " + i);
    }
    add(Lane.READER, "label 7", "SELECT 7");
    assertEquals(101, counters().size());
    assertEquals(3, count("label", "(other)", "sql", "(other)"));
    assertEquals(2, count("label", "label 7"), "of one that is known");
  }
}
