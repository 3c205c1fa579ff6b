package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;

/** What a recording of JDK Flight Recorder has of a pool. */
class FlightRecorderTest extends PoolFixture {

  private static final String EVENTS = "dev.heddle.pool.";
  private static final LeaseOptions NIGHTLY = LeaseOptions.DEFAULTS.withLabel("nightly");

  /** With the thresholds of the events, or without any. */
  private static Recording recording(boolean thresholds) {
    Recording recording = new Recording();
    if (!thresholds) {
      for (String event : List.of("Acquire", "Lease", "Commit")) {
        recording.enable(EVENTS + event).withoutThreshold();
      }
    }
    recording.start();
    return recording;
  }

  /** Those of one kind, and of this test's pool. */
  private List<RecordedEvent> events(Recording recording, String name) throws IOException {
    Path file = folder.resolve("a.jfr");
    recording.dump(file); // also of one that goes on
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(EVENTS + name))
        .filter(event -> event.getString("pool").equals("recorded"))
        .toList();
  }

  /** The first of what another thread is about to record. */
  private RecordedEvent awaited(Recording recording, String name) throws IOException {
    Await.until(name + " is recorded", () -> !quietly(recording, name).isEmpty());
    return events(recording, name).getFirst();
  }

  private List<RecordedEvent> quietly(Recording recording, String name) {
    try {
      return events(recording, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SqlitePool openRecorded() throws SQLException {
    return open(config -> config.name("recorded").leakReportAfter(Duration.ofMillis(50)));
  }

  @Test
  void recording_readsAndWrites_hasLeases() throws Exception {
    SqlitePool pool = openRecorded();
    try (Recording recording = recording(false)) {
      pool.useReader(NIGHTLY, PoolFixture::count);
      insert(pool, 1);

      List<RecordedEvent> leases = events(recording, "Lease");
      assertEquals(
          List.of("READER", "WRITER"), leases.stream().map(e -> e.getString("lane")).toList());
      RecordedEvent reader = leases.getFirst();
      assertEquals("nightly", reader.getString("label"));
      assertFalse(reader.getBoolean("revoked"));
      assertTrue(reader.getDuration().isPositive(), reader::toString);
      assertNull(leases.getLast().getString("label"));

      assertEquals(List.of(), events(recording, "Acquire"));
    }
  }

  @Test
  void recording_threadHadToWait_hasItsWait() throws Exception {
    SqlitePool pool = openRecorded();
    try (Recording recording = recording(false)) {
      Background<?> waiter;
      try (WriteLease lease = pool.acquireWriter()) {
        waiter = start("waiter", () -> insertLabelled(pool));
        Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
        lease.rollback();
      }
      waiter.result();
      RecordedEvent wait = events(recording, "Acquire").getFirst();
      assertEquals("GRANTED", wait.getString("outcome"));
      assertEquals("nightly", wait.getString("label"));
      assertTrue(wait.getDuration().isPositive(), wait::toString);
      assertNull(wait.getString("holders"));
      assertNotNull(wait.getStackTrace());
      List<RecordedEvent> leases = events(recording, "Lease");
      assertTrue(
          leases.stream().anyMatch(lease -> lease.getDuration("waited").isPositive()),
          leases::toString);
    }
  }

  private static long insertLabelled(SqlitePool pool) throws SQLException {
    return pool.write(NIGHTLY, lease -> lease.insert("INSERT INTO t(v) VALUES (1)"));
  }

  @Test
  void recording_commit_hasItsUnitsAndTime() throws Exception {
    SqlitePool pool = openRecorded();
    try (Recording recording = recording(false)) {
      insert(pool, 1);
      RecordedEvent commit = events(recording, "Commit").getFirst();
      assertEquals(1, commit.getInt("units"));
      assertTrue(commit.getBoolean("succeeded"));
      assertTrue(commit.getDuration().isPositive(), commit::toString);
    }
  }

  @Test
  void recording_checkpoint_hasItsPages() throws Exception {
    SqlitePool pool = openRecorded();
    insert(pool, 1);
    try (Recording recording = recording(true)) {
      pool.maintenance().checkpoint();
      RecordedEvent checkpoint = events(recording, "Checkpoint").getFirst();
      assertTrue(checkpoint.getLong("walPages") > 0, checkpoint::toString);
      assertEquals(checkpoint.getLong("walPages"), checkpoint.getLong("movedPages"));
    }
  }

  @Test
  void recording_waitInVain_namesTheHolder() throws Exception {
    SqlitePool pool = openRecorded();
    try (Recording recording = recording(true);
        WriteLease lease = pool.acquireWriter(NIGHTLY)) {
      start("late", () -> pool.acquireWriter(NIGHTLY.withWaitAtMost(Duration.ofMillis(50))))
          .failure(SQLException.class);
      lease.rollback();
      RecordedEvent wait = events(recording, "Acquire").getLast();
      assertEquals("TIMED_OUT", wait.getString("outcome"));
      assertTrue(wait.getString("holders").contains("'nightly'"), wait::toString);
    }
  }

  @Test
  void recording_leaseLastsInAQuery_hasItsSql() throws Exception {
    SqlitePool pool = openRecorded();
    try (Recording recording = recording(true);
        Logs logs = Logs.capture()) {
      recording.enable(EVENTS + "Lease");
      Background<?> holder =
          start("holder", () -> pool.write(NIGHTLY, lease -> lease.query("SELECT gate()")));
      Await.until("it is reported", () -> !logs.warnings("has been held").isEmpty());
      gate().open();
      holder.result();
      // Logged first, and recorded by the same thread after it.
      RecordedEvent trouble = awaited(recording, "LeaseTrouble");
      assertEquals("LASTING", trouble.getString("kind"));
      assertEquals("nightly", trouble.getString("label"));
      assertEquals("SELECT gate()", trouble.getString("sql"));
      assertEquals("nightly", events(recording, "Lease").getLast().getString("label"));
    }
  }

  @Test
  void recording_slowStatement_hasItsSqlAndPlan() throws Exception {
    SqlitePool pool =
        open(
            config ->
                config
                    .name("recorded")
                    .slowStatementAfter(Duration.ofMillis(1))
                    .slowStatementPlan(true));
    String query =
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 300000)"
            + " SELECT sum(n) FROM c";
    try (Recording recording = recording(true)) {
      pool.useReader(NIGHTLY, lease -> lease.query(query));
      RecordedEvent slow = events(recording, "SlowStatement").getFirst();
      assertEquals(query, slow.getString("sql"));
      assertTrue(slow.getString("plan").contains("SCAN c"), slow::toString);
      assertTrue(slow.getString("lease").contains("'nightly'"), slow::toString);
      assertTrue(slow.getDuration("took").toMillis() >= 1, slow::toString);
    }
  }

  @Test
  void recording_leasesAreNotAskedFor_hasNone() throws Exception {
    SqlitePool pool = openRecorded();
    try (Recording recording = recording(true)) {
      recording.disable("dev.heddle.pool.Acquire");
      try (ReadLease lease = pool.acquireReader()) {
        long start = System.nanoTime();
        Await.until("it lasts", () -> System.nanoTime() - start > 40_000_000);
        count(lease);
      }
      assertEquals(List.of(), events(recording, "Lease"));
    }
  }

  @Test
  void recording_whatIsShort_isNotInIt() throws Exception {
    SqlitePool pool = openRecorded();
    try (Recording recording = recording(true)) {
      recording.enable(EVENTS + "Lease").withThreshold(Duration.ofMinutes(1));
      recording.enable(EVENTS + "Acquire").withThreshold(Duration.ofMinutes(1));
      pool.useReader(PoolFixture::count);
      assertEquals(List.of(), events(recording, "Lease"));
      assertEquals(List.of(), events(recording, "Acquire"));
    }
  }
}
