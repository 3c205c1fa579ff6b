package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that were revoked, and that SQLite does not end: they are reported until they do. */
class StuckCallTest extends PoolFixture {

  private static final LeaseOptions LABEL =
      LeaseOptions.DEFAULTS.withLabel("stubborn").withHoldAtMost(Duration.ofMillis(300));

  private static final String STUCK = "does not come back";

  private static final String INSERT = "INSERT INTO t(v) VALUES (gate())";

  private static String awaitReport(Logs logs) {
    Await.until("it is reported", () -> !logs.warnings(STUCK).isEmpty());
    return logs.warnings(STUCK).getFirst();
  }

  private static void assertContains(String text, String... words) {
    for (String word : words) {
      assertTrue(text.contains(word), () -> "'" + word + "' is missing in: " + text);
    }
  }

  /** An alarm that told of it again would do so each second. */
  private static void passTwoSeconds(SqlitePool pool) throws SQLException {
    for (int i = 0; i < 6; i++) {
      Passing.untilOthersAreRevoked(pool);
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reader_inAUserFunction_isReportedOnceAndComesBackWhenThatEnds(boolean jdbc)
      throws SQLException {
    SqlitePool pool = open();
    try (Logs logs = Logs.capture()) {
      Background<?> stuck =
          start(
              "stuck",
              () ->
                  pool.read(
                      LABEL,
                      lease -> {
                        if (jdbc) {
                          try (Statement statement = lease.connection().createStatement()) {
                            statement.execute("SELECT gate()");
                          }
                        } else {
                          lease.query("SELECT gate()");
                        }
                        return count(lease); // the first call after it
                      }));
      gate().awaitReached();

      assertContains(awaitReport(logs), "stubborn", "stuck", "SELECT gate()", "Gate$Call.xFunc");
      assertEquals(1, pool.stats().readers().held());
      if (!jdbc) {
        passTwoSeconds(pool); // with the other reader
      }
      insert(pool, 1);
      assertEquals(List.of(1L), values(pool));
      assertFalse(stuck.isDone());
      assertEquals(1, logs.warnings(STUCK).size());
      assertEquals(1, logs.warnings("holdAtMost=300 ms").size());

      gate().open();

      assertEquals("08003", stuck.failure(SQLException.class).getSQLState());
      Await.until("the connection is back", () -> pool.stats().readers().idle() == 2);
      assertEquals(1, logs.warnings(STUCK).size());
    }
  }

  @Test
  void writer_inAUserFunction_isReportedAndNothingOfItIsCommitted() throws SQLException {
    SqlitePool pool = open(config -> config.acquireTimeout(Duration.ofMinutes(1)));
    try (Logs logs = Logs.capture()) {
      Background<?> stuck =
          start(
              "stuck",
              () -> {
                try (WriteLease lease = pool.acquireWriter(LABEL)) {
                  lease.update("INSERT INTO t(v) VALUES ('lost')");
                  lease.update(INSERT);
                  lease.commit();
                  return 0;
                }
              });
      gate().awaitReached();
      assertContains(awaitReport(logs), "stubborn", "stuck", INSERT, "Gate$Call.xFunc");
      assertEquals(List.of(), values(pool));
      Background<?> next = start("next", () -> insert(pool, "next"));
      Await.until("the next waits", () -> pool.stats().writer().waiting() == 1);

      gate().open();

      assertEquals("08003", stuck.failure(SQLException.class).getSQLState());
      next.result();
      assertEquals(List.of("next"), values(pool));
      assertEquals(1, pool.stats().writer().revoked());
      assertEquals(1, logs.warnings(STUCK).size());
    }
  }

  /** A call that ends within a moment of being revoked is none. */
  @Tag("slow")
  @Test
  void reader_endsSoonAfterItWasRevoked_isNotReported() throws SQLException {
    SqlitePool pool = open();
    try (Logs logs = Logs.capture()) {
      Background<?> reading =
          start("reading", () -> pool.read(LABEL, lease -> lease.query(Gate.ENDLESS_QUERY)));
      reading.failure(SQLException.class);
      for (int i = 0; i < 4; i++) {
        Passing.untilOthersAreRevoked(pool);
      }
      assertEquals(List.of(), logs.warnings(STUCK));
    }
  }

  /** No signal is asked for while one instruction runs. */
  @Tag("slow")
  @Test
  void reader_inOneLongInstruction_isReportedWithItsSql() throws SQLException {
    SqlitePool pool = open();
    String sql = "SELECT instr(zeroblob(900000), zeroblob(450000) || x'01')";
    try (Logs logs = Logs.capture()) {
      Background<?> stuck = start("stuck", () -> pool.read(LABEL, lease -> lease.query(sql)));
      assertContains(awaitReport(logs), "stubborn", "stuck", sql);
      insert(pool, 1);
      assertEquals(List.of(1L), values(pool));
      stuck.result();
      Await.until("the connection is back", () -> pool.stats().readers().idle() == 2);
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void close_whileARevokedCallIsStuck_returnsAndNamesIt(boolean writer) throws SQLException {
    SqlitePool pool = open(config -> config.closeTimeout(Duration.ofMillis(100)));
    String sql = writer ? INSERT : "SELECT gate()";
    try (Logs logs = Logs.capture()) {
      Background<?> stuck =
          start(
              "stuck",
              () ->
                  writer
                      ? pool.write(LABEL, lease -> lease.update(sql))
                      : pool.read(
                          LABEL,
                          lease -> {
                            lease.query(sql);
                            return count(lease);
                          }));
      gate().awaitReached();
      awaitReport(logs);
      int before = logs.warnings().size();

      start(
              "closer",
              () -> {
                pool.close();
                return 0;
              })
          .result();

      List<String> ofClose = logs.warnings().subList(before, logs.warnings().size());
      assertTrue(ofClose.stream().anyMatch(w -> w.contains("stubborn")), () -> "" + ofClose);
      assertTrue(ofClose.stream().anyMatch(w -> w.contains("did not end")), () -> "" + ofClose);
      assertFalse(stuck.isDone());
      assertEquals(1, logs.warnings(STUCK).size());
      gate().open();
      assertEquals("08003", stuck.failure(SQLException.class).getSQLState());
      Await.until("the connection is closed", () -> OpenFiles.under(folder).isEmpty());
      assertEmpty();
    }
  }

  /** Reads past the pool, which also removes the WAL that a reader leaves if it closes last. */
  private void assertEmpty() throws SQLException {
    assertEquals("0", Database.ask(file(), "SELECT count(*) FROM t"));
  }

  /** close() is what revokes it: then it, too, is told of by SQL and stack. */
  @Tag("slow")
  @Test
  void close_revokesACallThatIsStuck_itIsReportedWithItsSql() throws SQLException {
    SqlitePool pool = open(config -> config.closeTimeout(Duration.ofMillis(100)));
    try (Logs logs = Logs.capture()) {
      Background<?> stuck =
          start(
              "stuck",
              () ->
                  pool.read(
                      LeaseOptions.DEFAULTS.withLabel("stubborn"),
                      lease -> {
                        lease.query("SELECT gate()");
                        return count(lease);
                      }));
      gate().awaitReached();
      pool.close();
      assertContains(awaitReport(logs), "stubborn", "SELECT gate()", "Gate$Call.xFunc");
      gate().open();
      assertEquals("08003", stuck.failure(SQLException.class).getSQLState());
      Await.until("the connection is closed", () -> OpenFiles.under(folder).isEmpty());
      assertEmpty();
    }
  }
}
