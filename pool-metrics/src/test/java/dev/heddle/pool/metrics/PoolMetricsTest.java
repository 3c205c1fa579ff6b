package dev.heddle.pool.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolMetricsTest {

  private static final int READERS = 2;

  @TempDir private Path folder;

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private SqlitePool pool;

  @BeforeEach
  void open() throws SQLException {
    pool = open("main");
    pool.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY, v)"));
    new PoolMetrics(pool).bindTo(registry);
  }

  private SqlitePool open(String name) throws SQLException {
    return SqlitePool.open(
        PoolConfig.builder(folder.resolve(name + ".db")).name(name).readers(READERS).build());
  }

  @AfterEach
  void close() {
    pool.close();
  }

  /** A meter's value, told by its name and some of its tags. */
  private double value(PoolMeter meter, Statistic statistic, String... tags) {
    Meter found = Search.in(registry).name(meter.id()).tags(tags).meter();
    assertTrue(found != null, () -> meter + " with " + Arrays.toString(tags) + " is missing");
    return StreamSupport.stream(found.measure().spliterator(), false)
        .filter(measurement -> measurement.getStatistic() == statistic)
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private double count(PoolMeter meter, String... tags) {
    return value(meter, Statistic.COUNT, tags);
  }

  private double gauge(PoolMeter meter, String... tags) {
    return value(meter, Statistic.VALUE, tags);
  }

  /** Numbers are read from the pool ten times a second at most, and events come later. */
  private static void awaitEquals(double expected, DoubleSupplier value) {
    Await.until("it is " + expected, () -> value.getAsDouble() == expected);
  }

  private long insert(Object value) throws SQLException {
    return pool.write(lease -> lease.insert("INSERT INTO t(v) VALUES (?)", value));
  }

  private static String described(Meter meter) {
    List<String> tags = meter.getId().getTags().stream().map(Tag::getKey).sorted().toList();
    return meter.getId().getType() + " " + meter.getId().getName() + " " + tags;
  }

  private static String described(PoolMeter meter) {
    List<String> tags = Stream.concat(meter.tags().stream(), Stream.of("pool")).sorted().toList();
    return meter.type() + " " + meter.id() + " " + tags;
  }

  private Set<String> names() {
    return registry.getMeters().stream()
        .map(meter -> meter.getId().getName())
        .collect(Collectors.toSet());
  }

  @Test
  void bindTo_ofAFreshPool_registersTheCatalogue() {
    assertEquals(
        Arrays.stream(PoolMeter.values())
            .filter(meter -> meter != PoolMeter.TROUBLE)
            .map(PoolMetricsTest::described)
            .collect(Collectors.toSet()),
        registry.getMeters().stream().map(PoolMetricsTest::described).collect(Collectors.toSet()));
  }

  @Test
  void bindTo_ofAFreshPool_givesEachMeterItsPoolAndADescription() {
    for (Meter meter : registry.getMeters()) {
      assertEquals("main", meter.getId().getTag("pool"), meter::toString);
      assertTrue(meter.getId().getDescription() != null, meter::toString);
    }
  }

  @Test
  void bindTo_ofAReadOnlyPool_registersNoWriter() throws SQLException {
    pool.close();
    pool =
        SqlitePool.open(
            PoolConfig.builder(folder.resolve("main.db")).name("main").readOnly().build());
    new PoolMetrics(pool).bindTo(registry);
    assertEquals(
        Set.of("reader"),
        registry.getMeters().stream()
            .map(meter -> meter.getId().getTag("lane"))
            .filter(lane -> lane != null)
            .collect(Collectors.toSet()));
    assertTrue(!names().contains(PoolMeter.COMMIT.id()));
  }

  @Test
  void bindTo_again_changesNothing() throws SQLException {
    int before = registry.getMeters().size();
    new PoolMetrics(pool).bindTo(registry);
    insert("once");
    assertEquals(before, registry.getMeters().size());
    assertEquals(1, count(PoolMeter.USAGE, "lane", "writer"));
    awaitEquals(1, () -> count(PoolMeter.COMMIT, "outcome", "committed"));
    awaitEquals(1, () -> count(PoolMeter.COMMIT_UNITS));
  }

  @Test
  void bindTo_severalRegistries_feedsEach() throws SQLException {
    MeterRegistry another = new SimpleMeterRegistry();
    new PoolMetrics(pool).bindTo(another);
    insert("for both");
    for (MeterRegistry each : List.of(registry, another)) {
      assertEquals(1, each.get(PoolMeter.USAGE.id()).tag("lane", "writer").functionTimer().count());
    }
  }

  @Test
  void bindTo_aCompositeRegistry_feedsWhatIsInIt() throws SQLException {
    MeterRegistry part = new SimpleMeterRegistry();
    CompositeMeterRegistry composite = new CompositeMeterRegistry();
    composite.add(part);
    new PoolMetrics(pool).bindTo(composite);
    insert("for it");
    assertEquals(1, part.get(PoolMeter.USAGE.id()).tag("lane", "writer").functionTimer().count());
    pool.close();
    assertEquals(List.of(), part.getMeters());
  }

  @Test
  void bindTo_severalPools_tellsThemApart() throws SQLException {
    try (SqlitePool other = open("other")) {
      new PoolMetrics(other).bindTo(registry);
      insert("in main");
      other.useReader(lease -> lease.query("SELECT 1"));
      assertEquals(1, count(PoolMeter.USAGE, "lane", "writer", "pool", "main"));
      assertEquals(0, count(PoolMeter.USAGE, "lane", "writer", "pool", "other"));
      assertEquals(0, count(PoolMeter.USAGE, "lane", "reader", "pool", "main"));
      assertEquals(1, count(PoolMeter.USAGE, "lane", "reader", "pool", "other"));
    }
    assertEquals(
        Set.of("main"),
        registry.getMeters().stream()
            .map(meter -> String.valueOf(meter.getId().getTag("pool")))
            .collect(Collectors.toSet()),
        "pools after the other was closed");
  }

  @Test
  void bindTo_anotherPoolOfTheSameName_isRefused() throws SQLException {
    Path file = folder.resolve("another.db");
    try (SqlitePool other = SqlitePool.open(PoolConfig.builder(file).name("main").build())) {
      PoolMetrics metrics = new PoolMetrics(other);
      String refusal =
          String.valueOf(
              assertThrows(IllegalStateException.class, () -> metrics.bindTo(registry))
                  .getMessage());
      assertTrue(refusal.contains("'main'"), refusal);
    }
    assertTrue(names().contains(PoolMeter.LEASES.id()), "its own are still there");
  }

  @Test
  void bindTo_aRegistryThatHasAnotherKindOfMeter_leavesNothing() {
    pool.close();
    registry.counter(PoolMeter.WAL_BYTES.id(), "pool", "next"); // which is a gauge
    assertThrows(
        IllegalArgumentException.class,
        () -> {
          try (SqlitePool next = open("next")) {
            new PoolMetrics(next).bindTo(registry);
          }
        });
    assertEquals(Set.of(PoolMeter.WAL_BYTES.id()), names());
  }

  @Test
  void gauges_afterAGarbageCollection_stillHaveTheirValues() {
    System.gc(); // a registry keeps no hold of what its gauges read
    assertEquals(READERS, gauge(PoolMeter.LEASES, "lane", "reader", "state", "idle"));
    assertEquals(0, count(PoolMeter.ACQUIRE, "lane", "reader"));
    assertEquals(0, gauge(PoolMeter.COMMIT_WAITING));
  }

  @Test
  void close_ofThePool_removesItsMeters() throws SQLException {
    registry.counter("of.somebody.else");
    insert("before");
    pool.close();
    assertEquals(Set.of("of.somebody.else"), names());
  }

  @Test
  void close_ofThePool_letsItsNextOneBind() throws SQLException {
    pool.close();
    pool = open("main");
    new PoolMetrics(pool).bindTo(registry);
    insert("in the next");
    assertEquals(1, count(PoolMeter.USAGE, "lane", "writer"));
  }

  @Test
  void times_ofLeasesByManyThreads_areAllCounted() throws Exception {
    int threads = 32;
    int each = 25;
    Threads.crowd(
        threads,
        i ->
            () -> {
              for (int n = 0; n < each; n++) {
                insert(n);
                pool.useReader(lease -> lease.query("SELECT 1"));
              }
              return i;
            });
    for (String lane : List.of("reader", "writer")) {
      assertEquals(threads * each, count(PoolMeter.ACQUIRE, "lane", lane), lane);
      assertEquals(threads * each, count(PoolMeter.USAGE, "lane", lane), lane);
      assertEquals(
          threads * each, count(PoolMeter.USAGE_BUCKETS, "lane", lane, "le", "+Inf"), lane);
    }
    awaitEquals(
        (double) (pool.stats().commits().transactions() - 1), // but for that of the table
        () -> count(PoolMeter.COMMIT, "outcome", "committed"));
    awaitEquals(threads * each, () -> value(PoolMeter.COMMIT_UNITS, Statistic.TOTAL));
  }

  @Test
  void usage_ofALease_isAsLongAsItWasHeld() throws SQLException {
    long before = System.nanoTime();
    long inside;
    try (ReadLease lease = pool.acquireReader()) {
      long granted = System.nanoTime();
      lease.query("SELECT 1");
      Await.until("it was held for a while", () -> System.nanoTime() - granted > 5_000_000);
      inside = System.nanoTime() - granted;
    }
    long around = System.nanoTime() - before;
    double seconds = value(PoolMeter.USAGE, Statistic.TOTAL_TIME, "lane", "reader");
    double nanos = seconds * TimeUnit.SECONDS.toNanos(1);
    assertTrue(inside <= nanos + 1 && nanos - 1 <= around, inside + " " + nanos + " " + around);
    assertEquals(0, count(PoolMeter.USAGE_BUCKETS, "lane", "reader", "le", "0.005"));
    double percentile =
        gauge(PoolMeter.USAGE_PERCENTILE, "lane", "reader", "phi", "0.5")
            * TimeUnit.SECONDS.toNanos(1);
    assertTrue(percentile >= 5_000_000, () -> "p50 is " + percentile + " ns");
  }

  @Test
  void acquire_ofALeaseThatWasWaitedFor_isAsLongAsTheWait() throws Exception {
    Future<Long> waiter;
    long waited;
    try (WriteLease holder = pool.acquireWriter()) {
      holder.update("DELETE FROM t");
      waiter = Threads.start(() -> insert("waits"));
      Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
      long start = System.nanoTime();
      awaitEquals(1, () -> gauge(PoolMeter.LEASES, "lane", "writer", "state", "waiting"));
      assertEquals(1, gauge(PoolMeter.LEASES, "lane", "writer", "state", "held"));
      assertEquals(0, gauge(PoolMeter.LEASES, "lane", "writer", "state", "idle"));
      Await.until(
          "it has waited for a while",
          () -> gauge(PoolMeter.OLDEST_WAIT, "lane", "writer") > 0.005);
      assertTrue(gauge(PoolMeter.OLDEST, "lane", "writer") > 0.005);
      waited = System.nanoTime() - start;
      holder.rollback();
    }
    Threads.result(waiter);
    assertEquals(2, count(PoolMeter.ACQUIRE, "lane", "writer"));
    double seconds = value(PoolMeter.ACQUIRE, Statistic.TOTAL_TIME, "lane", "writer");
    assertTrue(seconds * TimeUnit.SECONDS.toNanos(1) >= waited, () -> "waited " + seconds);
    awaitEquals(1, () -> count(PoolMeter.ROLLED_BACK, "lane", "writer"));
  }

  @Test
  void timeouts_ofAcquisitions_areCounted() throws Exception {
    try (WriteLease holder = pool.acquireWriter()) {
      Future<SQLTransientConnectionException> late =
          Threads.start(
              () ->
                  assertThrows(
                      SQLTransientConnectionException.class,
                      () -> pool.acquireWriter(Duration.ofMillis(1))));
      Threads.result(late);
      holder.rollback();
    }
    awaitEquals(1, () -> count(PoolMeter.TIMEOUTS, "lane", "writer"));
    assertEquals(0, count(PoolMeter.TIMEOUTS, "lane", "reader"));
  }

  @Test
  void refused_ofAThreadThatHoldsTheWriter_isCounted() throws SQLException {
    try (WriteLease holder = pool.acquireWriter()) {
      assertThrows(SQLException.class, () -> pool.acquireWriter());
      holder.rollback();
    }
    awaitEquals(1, () -> count(PoolMeter.REFUSED, "lane", "writer"));
  }

  @Test
  void checkpoint_ofThePool_isTimedAndMovesPages() throws SQLException {
    insert("in the WAL");
    awaitEquals(1, () -> gauge(PoolMeter.WAL_BYTES) > 0 ? 1 : 0);
    double before = count(PoolMeter.CHECKPOINT);
    pool.maintenance().checkpoint();
    Await.until("it is told", () -> count(PoolMeter.CHECKPOINT) > before);
    awaitEquals(0, () -> gauge(PoolMeter.WAL_BYTES));
  }

  @Test
  void statementCache_ofAStatementThatRunsTwice_hitsOnce() throws SQLException {
    double misses = pool.stats().statementCacheMisses();
    double hits = pool.stats().statementCacheHits();
    try (ReadLease lease = pool.acquireReader()) {
      lease.query("SELECT 'twice'");
      lease.query("SELECT 'twice'");
    }
    awaitEquals(misses + 1, () -> count(PoolMeter.STATEMENT_CACHE, "result", "miss"));
    assertEquals(hits + 1, count(PoolMeter.STATEMENT_CACHE, "result", "hit"));
  }

  @Test
  void slowStatement_onTheWriter_isCounted() throws SQLException {
    pool.close();
    pool =
        SqlitePool.open(
            PoolConfig.builder(folder.resolve("main.db"))
                .name("main")
                .slowStatementAfter(Duration.ofMillis(1))
                .build());
    new PoolMetrics(pool).bindTo(registry);
    pool.useWriter(
        lease ->
            lease.forEach(
                "SELECT 1",
                row -> {
                  long start = System.nanoTime();
                  Await.until("it is slow", () -> System.nanoTime() - start > 2_000_000);
                }));
    awaitEquals(1, () -> count(PoolMeter.SLOW_STATEMENT, "lane", "writer"));
    assertEquals(0, count(PoolMeter.SLOW_STATEMENT, "lane", "reader"));
  }

  @Test
  void trouble_ofARevokedLease_namesIt() throws SQLException {
    LeaseOptions options =
        LeaseOptions.DEFAULTS.withLabel("nightly").withHoldAtMost(Duration.ofMillis(1));
    try (ReadLease _ = pool.acquireReader(options)) {
      Await.until("it is revoked", () -> pool.stats().readers().revoked() == 1);
    }
    Await.until(
        "it is counted",
        () ->
            Search.in(registry)
                    .name(PoolMeter.TROUBLE.id())
                    .tags("lane", "reader", "kind", "revoked", "label", "nightly", "sql", "")
                    .meter()
                != null);
    awaitEquals(1, () -> count(PoolMeter.TROUBLE, "kind", "revoked", "label", "nightly"));
    awaitEquals(1, () -> count(PoolMeter.REVOKED, "lane", "reader"));
  }
}
