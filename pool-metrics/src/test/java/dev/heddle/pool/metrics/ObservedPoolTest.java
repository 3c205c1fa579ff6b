package dev.heddle.pool.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.LeasePool;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ObservedPoolTest {

  private static final LeaseOptions LABELLED = LeaseOptions.DEFAULTS.withLabel("import");

  /** What was observed, as lines: begun, told, ended. */
  private static final class Journal implements ObservationHandler<Observation.Context> {
    private final List<String> lines = new ArrayList<>();

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }

    private void add(String what, Observation.Context context) {
      lines.add(what + " " + context.getName());
    }

    @Override
    public void onStart(Observation.Context context) {
      add("start", context);
    }

    @Override
    public void onEvent(Observation.Event event, Observation.Context context) {
      lines.add(event.getContextualName() + " " + context.getName());
    }

    @Override
    public void onError(Observation.Context context) {
      add("error", context);
    }

    @Override
    public void onScopeOpened(Observation.Context context) {
      add("open", context);
    }

    @Override
    public void onScopeClosed(Observation.Context context) {
      add("close", context);
    }

    @Override
    public void onStop(Observation.Context context) {
      add("stop", context);
    }
  }

  private final TestObservationRegistry registry = TestObservationRegistry.create();
  private final Journal journal = new Journal();
  private SqlitePool real;
  private LeasePool pool;

  @BeforeEach
  void open() throws SQLException {
    real = SqlitePool.ephemeral();
    real.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY, v)"));
    registry.observationConfig().observationHandler(journal);
    pool = ObservedPool.of(real, registry);
  }

  @AfterEach
  void close() {
    pool.close();
    assertThrows(SQLException.class, real::acquireReader, "it is closed with the other");
  }

  private long rows() throws SQLException {
    return real.read(
        lease -> lease.queryOne("SELECT count(*) FROM t", row -> row.getLong(1)).orElseThrow());
  }

  private TestObservationRegistryAssert seen() {
    return TestObservationRegistryAssert.assertThat(registry);
  }

  @Test
  void of_aRegistryThatNobodyListensTo_isThePoolItself() {
    assertSame(real, ObservedPool.of(real, ObservationRegistry.NOOP));
    assertNotSame(real, ObservedPool.of(real, registry));
  }

  @Test
  void read_thatReturns_isOneLeaseInAScope() throws SQLException {
    assertEquals(1, pool.read(LABELLED, lease -> lease.query("SELECT 1")).size());
    assertEquals(
        List.of(
            "start heddle.lease",
            "open heddle.lease",
            "heddle.granted heddle.lease",
            "close heddle.lease",
            "stop heddle.lease"),
        journal.lines);
    seen()
        .hasSingleObservationThat()
        .hasLowCardinalityKeyValue("lane", "reader")
        .hasLowCardinalityKeyValue("kind", "snapshot")
        .hasLowCardinalityKeyValue("label", "import")
        .hasLowCardinalityKeyValue("pool", real.stats().pool())
        .doesNotHaveError();
  }

  @Test
  void read_whoseWorkThrows_isAnErrorAndThrowsTheSame() {
    IOException thrown = new IOException("the work's own");
    assertSame(
        thrown,
        assertThrows(
            IOException.class,
            () ->
                pool.read(
                    lease -> {
                      throw thrown;
                    })));
    seen().hasSingleObservationThat().hasError(thrown).hasBeenStopped();
  }

  @Test
  void write_thatReturns_hasACommitWithinTheLease() throws SQLException {
    pool.useWriter(lease -> lease.update("INSERT INTO t(v) VALUES (1)"));
    assertEquals(1, rows());
    assertEquals(
        List.of(
            "start heddle.lease",
            "open heddle.lease",
            "heddle.granted heddle.lease",
            "start heddle.lease.commit",
            "close heddle.lease",
            "stop heddle.lease.commit",
            "stop heddle.lease"),
        journal.lines);
    seen()
        .hasObservationWithNameEqualTo("heddle.lease.commit")
        .that()
        .hasParentObservationContextMatching(parent -> "heddle.lease".equals(parent.getName()));
  }

  @Test
  void write_whoseWorkThrows_hasNoCommit() throws SQLException {
    assertThrows(
        IllegalStateException.class,
        () ->
            pool.useWriter(
                lease -> {
                  lease.update("INSERT INTO t(v) VALUES (1)");
                  throw new IllegalStateException("the work's own");
                }));
    assertEquals(0, rows());
    seen().hasSingleObservationThat().hasNameEqualTo("heddle.lease").hasError();
  }

  @Test
  void write_insideWrite_isAPartOfTheSameLease() throws SQLException {
    pool.useWriter(
        lease -> {
          lease.update("INSERT INTO t(v) VALUES (1)");
          pool.useWriter(inner -> inner.update("INSERT INTO t(v) VALUES (2)"));
          assertEquals(
              2,
              pool.read(inner -> inner.queryOne("SELECT count(*) FROM t", row -> row.getLong(1)))
                  .orElseThrow());
        });
    assertEquals(2, rows());
    seen().hasNumberOfObservationsEqualTo(2); // the lease, the commit
  }

  @Test
  void write_insideRead_isRefusedAsByThePool() {
    SQLException refusal =
        assertThrows(
            SQLException.class,
            () -> pool.useReader(outer -> pool.useWriter(lease -> lease.update("DELETE FROM t"))));
    assertEquals("25001", refusal.getSQLState());
    seen().hasSingleObservationThat().hasError(refusal);
  }

  @Test
  void acquire_ofAWriter_isObservedUntilItIsCommitted() throws SQLException {
    try (WriteLease lease = pool.acquireWriter(LABELLED)) {
      lease.insert("INSERT INTO t(v) VALUES (?)", "secret");
      assertNull(registry.getCurrentObservation(), "a scope");
      lease.commit();
      assertEquals("stop heddle.lease", journal.lines.getLast());
    }
    assertEquals(1, rows());
    assertEquals(
        List.of(
            "start heddle.lease",
            "heddle.granted heddle.lease",
            "start heddle.lease.commit",
            "stop heddle.lease.commit",
            "stop heddle.lease"),
        journal.lines);
    seen()
        .hasObservationWithNameEqualTo("heddle.lease")
        .that()
        .hasLowCardinalityKeyValue("lane", "writer")
        .hasLowCardinalityKeyValue("kind", "writer")
        .hasLowCardinalityKeyValue("label", "import");
  }

  @Test
  void acquire_ofAReader_isObservedUntilItIsClosed() throws SQLException {
    try (ReadLease lease = pool.acquireReader()) {
      lease.query("SELECT 1");
      assertEquals("heddle.granted heddle.lease", journal.lines.getLast());
    }
    seen()
        .hasSingleObservationThat()
        .hasLowCardinalityKeyValue("kind", "reader")
        .hasLowCardinalityKeyValue("label", "none")
        .hasBeenStopped();
  }

  @Test
  void acquire_thatIsRefused_isAnError() throws SQLException {
    try (WriteLease holder = pool.acquireWriter()) {
      SQLException refusal = assertThrows(SQLException.class, pool::acquireWriter);
      assertEquals("25001", refusal.getSQLState());
      assertEquals(List.of("error heddle.lease", "stop heddle.lease"), last(2));
      holder.rollback();
    }
  }

  private List<String> last(int lines) {
    return journal.lines.subList(journal.lines.size() - lines, journal.lines.size());
  }

  @Test
  void commit_insideNested_isRefusedAndTheLeaseGoesOn() throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      lease.nested(
          inner -> {
            assertSame(lease, inner);
            assertEquals("25001", assertThrows(SQLException.class, inner::commit).getSQLState());
            return inner.update("INSERT INTO t(v) VALUES (1)");
          });
      lease.commit();
    }
    assertEquals(1, rows());
    seen().hasNumberOfObservationsWithNameEqualTo("heddle.lease.commit", 2);
    assertEquals("stop heddle.lease", journal.lines.getLast());
  }

  @Test
  void commitAndRead_givesASnapshotThatIsALeaseOfItsOwn() throws SQLException {
    LeaseOptions options = LeaseOptions.DEFAULTS.withSnapshotAfterCommit(true);
    try (WriteLease lease = pool.acquireWriter(options)) {
      lease.update("INSERT INTO t(v) VALUES (1)");
      try (ReadLease committed = lease.commitAndRead()) {
        assertEquals(1, committed.query("SELECT * FROM t").size());
        seen().hasObservationWithNameEqualTo("heddle.lease.commit").that().hasBeenStopped();
      }
    }
    seen().hasNumberOfObservationsWithNameEqualTo("heddle.lease", 2);
    assertEquals("stop heddle.lease", journal.lines.getLast());
  }

  @Test
  void slowStatement_ofALease_isToldWithoutItsValues() throws SQLException {
    LeasePool impatient = ObservedPool.of(real, registry, Duration.ofNanos(1));
    impatient.useReader(lease -> lease.query("SELECT ?", "secret"));
    String event =
        journal.lines.stream().filter(line -> line.contains("SELECT")).findFirst().orElseThrow();
    assertEquals("slow: SELECT ? heddle.lease", event);
    seen().hasSingleObservationThat().hasHighCardinalityKeyValue("heddle.slow.sql", "SELECT ?");
  }

  @Test
  void quickStatement_ofALease_isNotTold() throws SQLException {
    LeasePool patient = ObservedPool.of(real, registry, ChronoUnit.FOREVER.getDuration());
    patient.useWriter(
        lease -> {
          lease.batch("INSERT INTO t(v) VALUES (?)", List.of(1, 2), item -> new Object[] {item});
          lease.forEach("SELECT v FROM t", row -> assertNotNull(row.get(1, Object.class)));
        });
    assertEquals(2, rows());
    seen()
        .hasObservationWithNameEqualTo("heddle.lease")
        .that()
        .doesNotHaveHighCardinalityKeyValueWithKey("heddle.slow.sql");
  }

  @Test
  void lease_insideAnObservation_isItsChildAndTheWorkIsInItsScope() throws SQLException {
    Observation request = Observation.start("request", registry);
    try (Observation.Scope _ = request.openScope()) {
      pool.useReader(
          lease ->
              assertEquals(
                  "heddle.lease",
                  Objects.requireNonNull(registry.getCurrentObservation())
                      .getContextView()
                      .getName()));
      assertSame(request, registry.getCurrentObservation());
    } finally {
      request.stop();
    }
    seen()
        .hasObservationWithNameEqualTo("heddle.lease")
        .that()
        .hasParentObservationEqualTo(request);
  }
}
