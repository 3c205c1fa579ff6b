package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who keeps the commit of others waiting is named while that can still be helped. */
class DelayReportTest extends GroupFixture {

  private static final LeaseOptions LABEL = LeaseOptions.DEFAULTS.withLabel("cache-update");

  private static final String DELAYING = "waiting for";

  /** Groups as they are by default, but so large a limit that it is not what ends the wait. */
  private SqlitePool openCommon(Duration writerMaxTime) throws SQLException {
    return openPatient(
        config -> config.groupMaxAge(Duration.ofMillis(5)).writerMaxTime(writerMaxTime));
  }

  /** Reports of a delay. */
  private static List<String> reports(Logs logs) {
    return logs.warnings().stream()
        .filter(warning -> warning.contains("commit()") && warning.contains(DELAYING))
        .toList();
  }

  private static void wants(ReentrantLock cache) throws InterruptedException {
    cache.lockInterruptibly();
    cache.unlock();
  }

  private static void assertContains(String text, String... words) {
    for (String word : words) {
      assertTrue(text.contains(word), () -> "'" + word + "' is missing in: " + text);
    }
  }

  /**
   * Units in commit(), the first with a lock held, and a holder that wants that lock; and the one
   * report about it.
   */
  private String reportOfALockHeldAcrossCommit(SqlitePool pool, int members) throws SQLException {
    ReentrantLock cache = new ReentrantLock();
    try (Logs logs = Logs.capture()) {
      Unit first = holder(pool);
      Unit second = members > 1 ? waiter(pool) : first;
      Unit holder = waiter(pool, LABEL);
      first.insert("first");
      Background<?> locked =
          start(
              "locked",
              () ->
                  first.does(
                      lease -> {
                        cache.lock();
                        try {
                          lease.commit();
                        } finally {
                          cache.unlock();
                        }
                      }));
      if (members > 1) {
        second.awaitHolds().insert("second").startCommit();
      }
      holder.awaitHolds().insert("undone");
      Background<?> wanting =
          start(
              "wanting",
              () ->
                  assertThrows(AssertionError.class, () -> holder.does(lease -> wants(cache)))
                      .getCause());

      Await.until("it is reported", () -> !reports(logs).isEmpty());
      Passing.untilOthersAreRevoked(pool);

      assertEquals(1, reports(logs).size(), () -> "" + logs.warnings());
      assertFalse(locked.isDone());
      assertEquals(0, pool.stats().writer().revoked());
      holder.thread().interrupt();
      assertTrue(wanting.result() instanceof InterruptedException);
      holder.rollback();
      locked.result();
      if (members > 1) {
        second.awaitCommitted();
      }
      assertEquals(1, reports(logs).size(), () -> "" + logs.warnings());
      return reports(logs).getFirst();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void holder_wantsALockThatIsHeldAcrossCommit_isReportedLongBeforeItsTimeIsUp(int members)
      throws SQLException {
    SqlitePool pool = openCommon(Duration.ofHours(1));
    String report = reportOfALockHeldAcrossCommit(pool, members);
    assertContains(
        report, "cache-update", "DelayReportTest.wants", "writer.max-time", "ReentrantLock");
    assertEquals(members == 1 ? List.of("first") : List.of("first", "second"), values(pool));
  }

  /** Nothing will take it away, and so the report must not say so. */
  @Test
  void holder_isNeverRevoked_theReportPromisesNoEnd() throws SQLException {
    SqlitePool pool = openCommon(Duration.ZERO);
    String report = reportOfALockHeldAcrossCommit(pool, 1);
    assertContains(report, "cache-update", "DelayReportTest.wants");
    assertFalse(report.contains("until it is revoked"), report);
  }

  @Tag("slow")
  @Test
  void holder_insideAStatement_isReportedWithItsSql() throws SQLException {
    SqlitePool pool = openCommon(Duration.ofHours(1));
    try (Logs logs = Logs.capture()) {
      Unit first = holder(pool);
      Unit holder = waiter(pool, LABEL);
      first.insert("first").startCommit();
      holder.awaitHolds();
      Background<?> running =
          start("running", () -> holder.update("INSERT INTO t(v) VALUES (gate())"));
      gate().awaitReached();
      Await.until("it is reported", () -> !reports(logs).isEmpty());
      gate().open();
      running.result();
      holder.commitNow();
      first.awaitCommitted();
      assertEquals(1, reports(logs).size());
      assertContains(
          reports(logs).getFirst(),
          "cache-update",
          "INSERT INTO t(v) VALUES (gate())",
          "Gate$Call.xFunc");
      assertEquals(List.of("first", 1L), values(pool));
    }
  }

  /** The commit does not wait for such a one. */
  @Test
  void holder_hasRunNothing_isNotReported() throws SQLException {
    SqlitePool pool = openCommon(Duration.ofHours(1));
    try (Logs logs = Logs.capture()) {
      Unit first = holder(pool);
      Unit holder = waiter(pool, LABEL);
      first.insert("first").startCommit();
      holder.awaitHolds();
      first.awaitCommitted();
      Passing.untilOthersAreRevoked(pool);
      assertEquals(List.of(), reports(logs));
      holder.insert("holder").commitNow();
      assertEquals(List.of("first", "holder"), values(pool));
    }
  }
}
