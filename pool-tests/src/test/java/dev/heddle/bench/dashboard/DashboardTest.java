package dev.heddle.bench.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.metrics.PoolMetrics;
import dev.heddle.pool.tests.Await;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the dashboard asks for is there. */
class DashboardTest {

  private static final Pattern NAME = Pattern.compile("\\bheddle_\\w+");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void expressions_theirNames_areThoseOfMeters() throws IOException, SQLException {
    Set<String> asked =
        Dashboard.read().panels().stream()
            .flatMap(panel -> panel.targets().stream())
            .flatMap(target -> names(target.expression()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(asked.size() > 20, () -> "the dashboard asks little: is it still found? " + asked);

    asked.removeAll(told());
    assertEquals(Set.of(), asked);
  }

  @Test
  void panels_noneCoversAnother() throws IOException {
    Set<String> taken = new TreeSet<>();
    for (Dashboard.Panel panel : Dashboard.read().panels()) {
      Dashboard.Place place = panel.place();
      for (int x = place.x(); x < place.x() + place.width(); x++) {
        for (int y = place.y(); y < place.y() + place.height(); y++) {
          assertTrue(x < 24 && taken.add(x + ":" + y), panel::toString);
        }
      }
    }
  }

  private static Stream<String> names(String text) {
    return NAME.matcher(text).results().map(MatchResult::group);
  }

  /** The names that Prometheus is told of a pool with a lease in trouble. */
  private Set<String> told() throws SQLException {
    try (SqlitePool pool = SqlitePool.ephemeral()) {
      new PoolMetrics(pool).bindTo(registry);
      LeaseOptions brief = LeaseOptions.DEFAULTS.withHoldAtMost(Duration.ofMillis(1));
      try (WriteLease _ = pool.acquireWriter(brief)) {
        Await.until("it is told", () -> registry.scrape().contains("heddle_lease_trouble_total"));
      }
      return names(registry.scrape()).collect(Collectors.toSet());
    }
  }
}
