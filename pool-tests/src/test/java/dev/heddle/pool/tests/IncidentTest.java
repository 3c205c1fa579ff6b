package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.metrics.PoolMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;

/**
 * A writer is stuck in a query, and fifty threads wait for it: whatever place one looks at names
 * the one who holds it. What the places say is left in target/incident, and shown in
 * docs/troubleshooting.md.
 */
class IncidentTest extends PoolFixture {

  private static final int WAITERS = 50;
  private static final String LABEL = "nightly report";
  private static final LeaseOptions REPORT = LeaseOptions.DEFAULTS.withLabel(LABEL);
  private static final LeaseOptions ORDER = LeaseOptions.DEFAULTS.withLabel("place order");

  /** It lacks its end. */
  private static final String ENDLESS =
      "UPDATE totals SET amount = (WITH RECURSIVE day(n) AS"
          + " (SELECT 1 UNION ALL SELECT n + 1 FROM day) SELECT sum(n) FROM day)";

  private static final Path FOLDER = Path.of("target", "incident");
  private static final Path PAGE = Path.of("..", "docs", "troubleshooting.md");

  /** The thread that is stuck, as every place calls it. */
  private String thread = "";

  @Test
  void writer_stuckInAQuery_isNamedWhereverOneLooks() throws Exception {
    Map<String, String> said = stage();
    assertAll(
        said.entrySet().stream()
            .map(place -> () -> requireNamed(place.getKey(), place.getValue())));
  }

  @Test
  void page_ofTheIncident_showsWhatWasSaid() throws Exception {
    Map<String, String> said = stage();
    ShownOutput page = ShownOutput.read(PAGE);
    assertEquals(said.keySet(), page.blocks().keySet());
    assertAll(
        said.entrySet().stream()
            .map(place -> () -> page.requireShown(place.getKey(), place.getValue())));
  }

  private void requireNamed(String place, String said) {
    String text = place + ": " + said;
    assertTrue(text.contains(LABEL), text);
    assertTrue(text.contains("UPDATE totals"), text);
    // A meter for each thread would be too many.
    assertTrue(place.equals("metric") || text.contains(thread), text);
  }

  /** The incident, from its beginning to its end; gives what each place said, and keeps it. */
  private Map<String, String> stage() throws Exception {
    Map<String, String> said = new TreeMap<>();
    SqlitePool pool = openShop();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new PoolMetrics(pool).bindTo(registry);
    try (Recording recording = new Recording();
        Logs logs = Logs.capture()) {
      recording.start();
      Background<?> stuck = getStuck(pool);
      List<Background<Optional<SQLException>>> waiters =
          Stream.generate(() -> start("", () -> order(pool))).limit(WAITERS).toList();
      Await.until("many wait", () -> pool.stats().writer().waiting() >= 10);
      said.put("dump", pool.dump());
      said.put("log", awaitReport(logs, "has been held"));
      said.put("revoked", awaitReport(logs, "is revoked"));
      said.put("end", stuck.failure(SQLTimeoutException.class).toString());
      said.put("exception", requireAllEnd(pool, waiters).toString());
      Await.until("it is counted", () -> trouble(registry).contains("kind=\"revoked\""));
      said.put("metric", trouble(registry));
      said.putAll(recorded(recording));
    }
    keep(said);
    return said;
  }

  private SqlitePool openShop() throws SQLException {
    SqlitePool pool =
        open(
            config ->
                config
                    .name("shop")
                    .acquireTimeout(Duration.ofSeconds(1))
                    .leakReportAfter(Duration.ofMillis(500))
                    .writerMaxTime(Duration.ofSeconds(2)));
    pool.useWriter(
        lease ->
            lease.script("CREATE TABLE totals(amount INTEGER); INSERT INTO totals VALUES (42)"));
    return pool;
  }

  private Background<?> getStuck(SqlitePool pool) {
    Background<?> stuck = start("reports", () -> pool.write(REPORT, IncidentTest::sumUp));
    thread = "thread #" + stuck.thread().threadId() + " \"reports\"";
    Await.until("it is stuck", () -> pool.dump().contains("running for"));
    return stuck;
  }

  private static long sumUp(WriteLease lease) throws SQLException {
    return lease.update(ENDLESS);
  }

  /** Places an order; gives why that was refused, or nothing. */
  private static Optional<SQLException> order(SqlitePool pool) throws SQLException {
    try {
      pool.write(ORDER, lease -> lease.update("INSERT INTO t(v) VALUES ('order')"));
      return Optional.empty();
    } catch (SQLTransientConnectionException e) {
      return Optional.of(e);
    }
  }

  /** Each has placed its order or got an exception, the pool goes on; gives the first of these. */
  private static SQLException requireAllEnd(
      SqlitePool pool, List<Background<Optional<SQLException>>> waiters) throws SQLException {
    List<SQLException> refused =
        waiters.stream().map(Background::result).flatMap(Optional::stream).toList();
    assertFalse(refused.isEmpty());
    assertEquals(WAITERS - refused.size(), values(pool).size());
    assertEquals(refused.size(), pool.stats().writer().timedOut());
    assertEquals(1, pool.stats().writer().revoked());
    assertEquals(0, pool.stats().writer().leaked());
    assertEquals(
        1,
        pool.<Long, SQLException>write(
            lease -> lease.update("DELETE FROM totals WHERE amount = 42")));
    return refused.getFirst();
  }

  private static String awaitReport(Logs logs, String part) {
    Await.until("it is logged", () -> !logs.warnings(part).isEmpty());
    return logs.warnings(part).getFirst();
  }

  private static String trouble(PrometheusMeterRegistry registry) {
    return registry
        .scrape()
        .lines()
        .filter(line -> line.startsWith("heddle_lease_trouble_total"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private Map<String, String> recorded(Recording recording) throws IOException {
    recording.stop();
    Path file = folder.resolve("incident.jfr");
    recording.dump(file);
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    return Map.of(
        "jfr-acquire", event(events, "dev.heddle.pool.Acquire", "TIMED_OUT"),
        "jfr-trouble", event(events, "dev.heddle.pool.LeaseTrouble", "LASTING"));
  }

  /** The first event of a type that contains a word, as {@code jfr print} shows it. */
  private static String event(List<RecordedEvent> events, String type, String word) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals(type))
        .map(RecordedEvent::toString)
        .filter(event -> event.contains(word))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type + ": " + events));
  }

  private static void keep(Map<String, String> said) throws IOException {
    Files.createDirectories(FOLDER);
    for (Map.Entry<String, String> place : said.entrySet()) {
      Files.writeString(FOLDER.resolve(place.getKey() + ".txt"), place.getValue());
    }
  }
}
