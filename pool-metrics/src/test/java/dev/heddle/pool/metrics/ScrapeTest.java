package dev.heddle.pool.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.SqlitePool;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Prometheus gets, under the names that docs/metrics.md uses in its queries. */
class ScrapeTest {

  private static final Pattern QUERY = Pattern.compile("```promql\n(.*?)```", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("\\bheddle_\\w+");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private final List<String> refused = new ArrayList<>();

  @BeforeEach
  void hearOfWhatIsRefused() {
    registry.config().onMeterRegistrationFailed((id, reason) -> refused.add(id + ": " + reason));
  }

  @AfterEach
  void nothingWasRefused() {
    assertEquals(List.of(), refused);
  }

  private static Set<String> names(String text) {
    return NAME.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  @Test
  void scrape_ofAPool_hasWhatThePageQueries() throws SQLException, IOException {
    String queries =
        QUERY
            .matcher(Files.readString(Path.of("..", "docs", "metrics.md")))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.joining());
    try (SqlitePool pool = SqlitePool.ephemeral()) {
      new PoolMetrics(pool).bindTo(registry);
      Set<String> scraped = names(registry.scrape());
      Set<String> missing = names(queries);
      assertFalse(missing.isEmpty(), "the page has no queries");
      missing.removeAll(scraped);
      missing.remove("heddle_lease_trouble_total"); // is there from the first one on
      assertEquals(Set.of(), missing);
    }
    assertEquals(Set.of(), names(registry.scrape()), "after the pool was closed");
  }

  @Test
  void buckets_ofLeases_areThoseOfAHistogram() throws SQLException {
    try (SqlitePool pool = SqlitePool.ephemeral()) {
      new PoolMetrics(pool).bindTo(registry);
      pool.useReader(lease -> lease.query("SELECT 1"));
      List<String> lines =
          registry
              .scrape()
              .lines()
              .filter(line -> line.startsWith("heddle_lease_usage_buckets_total{lane=\"reader\""))
              .toList();
      assertEquals(Times.buckets(), lines.size());
      assertTrue(
          lines.stream().anyMatch(line -> line.contains("le=\"+Inf\"") && line.endsWith(" 1.0")),
          lines::toString);
      assertTrue(lines.stream().anyMatch(line -> line.contains("le=\"0.0015\"")), lines::toString);
    }
  }

  @Test
  void observations_madeIntoMetersOfTheSameRegistry_clashWithNone() throws SQLException {
    ObservationRegistry observations = ObservationRegistry.create();
    observations
        .observationConfig()
        .observationHandler(new DefaultMeterObservationHandler(registry));
    try (SqlitePool pool = SqlitePool.ephemeral()) {
      new PoolMetrics(pool).bindTo(registry);
      LeasePool observed = ObservedPool.of(pool, observations, Duration.ofNanos(1));
      observed.useWriter(lease -> lease.update("CREATE TABLE t(v)"));
      assertThrows(SQLException.class, () -> observed.useReader(lease -> lease.query("no SQL")));
      Set<String> scraped = names(registry.scrape());
      assertTrue(scraped.contains("heddle_lease_seconds_count"), scraped::toString);
      assertTrue(scraped.contains("heddle_lease_commit_seconds_count"), scraped::toString);
    }
  }
}
