package dev.heddle.bench.dashboard;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolStats;
import dev.heddle.pool.tests.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a real Prometheus says of a pool is what the program that uses the pool has counted itself;
 * and it answers all questions of the dashboard.
 */
@Tag("slow")
class PrometheusTest {

  /**
   * With the time that the report keeps the writer, of every sixty waits for it one is long: the
   * median is from quiet times, and p99 from the others, and neither from where they meet.
   */
  private static final Duration LOAD = Duration.ofSeconds(10);

  private static final Duration STUCK = Duration.ofSeconds(4);

  /**
   * A percentile is taken from a bucket, whose upper bound is at most 5/3 of its lower bound: it
   * can't be wrong by more.
   */
  private static final double BUCKET = 5.0 / 3;

  /** The lowest bucket has no lower bound but zero. */
  private static final double LOWEST_SECONDS = 0.000_001;

  /**
   * The program's clock runs for longer than the pool's, by what a call takes, and until its thread
   * runs again, on a machine that has other things to do as well.
   */
  private static final double CLOCK = 1.2;

  private static final double CALL_SECONDS = 0.000_1;

  @TempDir static Path folder;

  @BeforeAll
  static void requirePrometheus() {
    // .ci/run installs it and says that it is required: there, this is never skipped.
    Required.orSkip(
        "prometheus",
        Prometheus.isInstalled(),
        "the program prometheus (Debian's package prometheus)");
  }

  @Test
  void prometheus_askedAboutALoad_saysWhatTheProgramHasCounted() throws Exception {
    try (WatchedShop watched = WatchedShop.at(folder)) {
      Shop shop = watched.shop();
      PoolStats before = shop.pool().stats();
      Instant begin = Instant.now();
      watched.awaitSeen(begin);
      shop.open();
      watched.awaitSeen(Instant.now().plus(LOAD));
      shop.getStuck(STUCK);
      Instant busy = Instant.now();
      watched.awaitSeen(busy.plusSeconds(2));
      shop.empty();
      // The meters of one moment may be told a little later: that is over after a second.
      watched.awaitSeen(Instant.now().plusSeconds(1));

      Prometheus prometheus = watched.prometheus();
      assertAll(
          Stream.concat(
              Stream.of(
                  () -> requireWaits(prometheus, "reader", shop.readerWaits()),
                  () -> requireWaits(prometheus, "writer", shop.writerWaits()),
                  () -> requireCounts(prometheus, shop, before),
                  () ->
                      assertEquals(
                          Files.size(folder.resolve("shop.db-wal")),
                          count(prometheus, "heddle_wal_bytes"))),
              Dashboard.read().panels().stream()
                  .map(panel -> () -> requireAnswers(prometheus, panel, begin, busy))));
    }
  }

  private static void requireWaits(Prometheus prometheus, String lane, double[] waits)
      throws Exception {
    for (double phi : new double[] {0.5, 0.99}) {
      double told =
          one(
              prometheus,
              "histogram_quantile(%s, sum by (le) (increase(%s{lane=\"%s\"}[5m])))"
                  .formatted(phi, "heddle_lease_acquire_buckets_total", lane));
      double own = waits[(int) (waits.length * phi)];
      String both = "%s %s: told %s s, counted %s s".formatted(lane, phi, told, own);
      assertTrue(told <= own * BUCKET + LOWEST_SECONDS, both);
      assertTrue(own <= told * BUCKET * CLOCK + CALL_SECONDS, both);
    }
  }

  private static void requireCounts(Prometheus prometheus, Shop shop, PoolStats before)
      throws Exception {
    long commits = shop.pool().stats().commits().transactions() - before.commits().transactions();
    // The report that got stuck had the writer, too.
    assertEquals(
        shop.writerWaits().length + 1,
        count(prometheus, "heddle_lease_acquire_seconds_count{lane=\"writer\"}"));
    assertEquals(
        shop.readerWaits().length,
        count(prometheus, "heddle_lease_acquire_seconds_count{lane=\"reader\"}"));
    assertEquals(shop.timeouts(), count(prometheus, "sum(heddle_lease_timeouts_total)"));
    assertEquals(1, count(prometheus, "sum(heddle_lease_revoked_total)"));
    assertEquals(commits, count(prometheus, "heddle_commit_seconds_count{outcome=\"committed\"}"));
    assertEquals(
        (double) shop.orders() / commits,
        one(prometheus, "heddle_commit_units_sum / heddle_commit_units_count"));
  }

  /** Every question has answers, which are numbers for some moment, and have names. */
  private static void requireAnswers(
      Prometheus prometheus, Dashboard.Panel panel, Instant from, Instant to) throws Exception {
    for (Dashboard.Target target : panel.targets()) {
      List<Prometheus.Series> answers = prometheus.query(target.expression(5), from, to);
      assertTrue(
          answers.stream()
              .flatMap(series -> series.points().stream())
              .anyMatch(point -> !Double.isNaN(point.value())),
          () -> panel.title() + " shows nothing of " + target);
      for (Prometheus.Series series : answers) {
        assertFalse(target.legend(series.labels()).contains("?"), target::toString);
      }
    }
  }

  private static double one(Prometheus prometheus, String expression)
      throws IOException, InterruptedException {
    List<Prometheus.Series> answer = prometheus.query(expression);
    assertEquals(1, answer.size(), () -> expression + ": " + answer);
    return answer.getFirst().value();
  }

  private static long count(Prometheus prometheus, String expression)
      throws IOException, InterruptedException {
    return Math.round(one(prometheus, expression));
  }
}
