package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How long SQLite may work on one statement, by the option statement-timeout. */
class StatementTimeoutTest extends TimeoutFixture {

  // What is ended

  static List<String> reading() {
    return List.of(
        Gate.ENDLESS_QUERY,
        ENDLESS_JOIN,
        ENDLESS_ROWS + " ORDER BY -n",
        "SELECT count(*) FROM big a WHERE v < (SELECT count(*) FROM big b, big c"
            + " WHERE b.id + c.id + a.id < 0)");
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("reading")
  void reading_inAReader_isEndedAndTheLeaseGoesOn(String sql) throws SQLException {
    SqlitePool pool = withBigTable(openStrict());
    try (ReadLease lease = pool.acquireSnapshot()) {
      assertEquals(0, count(lease));
      insert(pool, 1);
      timesOut(sql, () -> lease.query(sql));
      assertHealthy(lease);
      assertEquals(0, count(lease), "it is still the same snapshot");
    }
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void reading_inAWriter_isEndedAndTheWorkIsCommitted() throws SQLException {
    SqlitePool pool = openStrict();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update(INSERT, "kept");
      timesOut(Gate.ENDLESS_QUERY, () -> lease.query(Gate.ENDLESS_QUERY));
      assertHealthy(lease);
      lease.update(INSERT, "kept, too");
      lease.commit();
    }
    assertEquals(List.of("kept", "kept, too"), values(pool));
  }

  static List<String> writing() {
    return List.of(
        "UPDATE big SET v = (SELECT count(*) FROM big b, big c WHERE b.id + c.id > big.id)",
        "INSERT INTO t(v) SELECT a.id FROM big a, big b, big c",
        "INSERT INTO t(v) " + ENDLESS_JOIN,
        "DELETE FROM big WHERE (" + ENDLESS_JOIN + ") = 0");
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("writing")
  void writing_alone_isEndedAndTheTransactionIsRolledBack(String sql) throws SQLException {
    SqlitePool pool = withBigTable(openStrict());
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update(INSERT, "lost");
      SQLException own = timesOut(sql, () -> lease.update(sql));
      assertEquals(own, Expect.lost(() -> lease.update(INSERT, "late")).getCause());
      Expect.lost(lease::commit);
    }
    try (WriteLease lease = pool.acquireWriter()) {
      assertHealthy(lease);
      assertEquals(0, count(lease));
      assertEquals(2001000L, lease.queryOne("SELECT sum(v) FROM big").orElseThrow().getLong(1));
      lease.update(INSERT, "next");
      lease.commit();
    }
    assertEquals(List.of("next"), values(pool));
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("dev.heddle.pool.tests.Routes#ofReader")
  void reading_onEveryRoute_isEnded(Routes.Route<ReadLease> route) throws SQLException {
    SqlitePool pool = openStrict();
    if (route.name().contains("Update") || route.name().contains("Batch")) {
      return; // these don't take queries
    }
    try (ReadLease lease = pool.acquireReader()) {
      timesOut(Gate.ENDLESS_QUERY, () -> route.way().run(lease, Gate.ENDLESS_QUERY));
      assertHealthy(lease);
    }
  }

  static Stream<Routes.Route<WriteLease>> writingRoutes() {
    return Routes.ofWriter().stream()
        .filter(
            route ->
                !route.name().contains("query")
                    && !route.name().contains("Query")
                    && !route.name().equals("insert")
                    && !route.name().equals("forEach"));
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("writingRoutes")
  void writing_onEveryRoute_isEnded(Routes.Route<WriteLease> route) throws SQLException {
    SqlitePool pool = openStrict();
    insert(pool, "old");
    try (WriteLease lease = pool.acquireWriter()) {
      SQLException failure =
          assertThrows(SQLException.class, () -> route.way().run(lease, Gate.ENDLESS_UPDATE));
      assertEquals("57014", failure.getSQLState(), () -> "" + failure);
      assertTrue(failure instanceof SQLTimeoutException, () -> "" + failure);
      Expect.mentions(failure, OPTION);
      Expect.lost(() -> count(lease));
    }
    assertEquals(List.of("old"), values(pool));
  }

  @Tag("slow")
  @Test
  void nested_itsStatementIsEnded_theWholeTransactionIsLost() throws SQLException {
    SqlitePool pool = openStrict();
    insert(pool, "old");
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update(INSERT, "lost");
      timesOut(Gate.ENDLESS_UPDATE, () -> lease.nested(part -> part.update(Gate.ENDLESS_UPDATE)));
      Expect.lost(lease::commit);
    }
    assertEquals(List.of("old"), values(pool));
  }

  // What counts

  /** A thing that goes through rows. */
  @FunctionalInterface
  interface Rows {
    void run(ReadLease lease, String sql, Runnable code) throws SQLException;
  }

  static Stream<Rows> rows() {
    return Stream.of(
        (lease, sql, code) -> lease.forEach(sql, row -> code.run()),
        (lease, sql, code) ->
            lease.query(
                sql,
                row -> {
                  code.run();
                  return 1;
                }),
        (lease, sql, code) -> {
          try (Statement statement = lease.connection().createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
              code.run();
            }
          }
        },
        (lease, sql, code) -> {
          try (PreparedStatement statement = lease.connection().prepareStatement(sql);
              ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              code.run();
            }
          }
        });
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("rows")
  void userCode_isSlowBetweenRows_doesNotCount(Rows way) throws SQLException {
    SqlitePool pool = openStrict();
    AtomicInteger count = new AtomicInteger();
    try (ReadLease lease = pool.acquireReader()) {
      way.run(
          lease,
          "WITH r(x) AS (VALUES (1), (2), (3)) SELECT x, (WITH RECURSIVE c(n) AS"
              + " (SELECT x UNION ALL SELECT n + 1 FROM c WHERE n < 1000) SELECT count(*) FROM c)"
              + " FROM r",
          () -> {
            if (count.incrementAndGet() == 2) {
              Passing.inJava(TIMEOUT.multipliedBy(2));
            }
          });
    }
    assertEquals(3, count.get());
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("rows")
  void rows_areManyAndCheap_theirTimeAddsUp(Rows way) throws SQLException {
    SqlitePool pool = openStrict();
    AtomicInteger count = new AtomicInteger();
    try (ReadLease lease = pool.acquireReader()) {
      timesOut(ENDLESS_ROWS, () -> way.run(lease, ENDLESS_ROWS, count::incrementAndGet));
      assertTrue(count.get() > 100, () -> "rows: " + count);
      assertHealthy(lease);
    }
  }

  /** A statement in the code between two rows has its own time. */
  @Tag("slow")
  @Test
  void userCode_runsAnotherStatement_eachHasItsOwnTime() throws SQLException {
    SqlitePool pool = openStrict();
    AtomicInteger count = new AtomicInteger();
    try (ReadLease lease = pool.acquireReader()) {
      lease.forEach(
          "WITH r(x) AS (VALUES (1), (2), (3), (4)) SELECT x, " + SOME_WORK + " FROM r",
          row -> {
            count.incrementAndGet();
            lease.query("SELECT takes(100), " + SOME_WORK);
          });
      assertEquals(4, count.get());
      lease.forEach(
          "VALUES (1)", row -> timesOut(ENDLESS_SEARCH, () -> lease.query(ENDLESS_SEARCH)));
    }
  }

  @Test
  void batch_eachRowHasItsOwnTime() throws SQLException {
    SqlitePool pool = openStrict();
    String sql = "INSERT INTO t(v) SELECT takes(?) + " + SOME_WORK;
    try (WriteLease lease = pool.acquireWriter()) {
      List<Object[]> rows = List.of(new Object[] {120}, new Object[] {120}, new Object[] {120});
      assertEquals(3, lease.batch(sql, rows));
      assertEquals(3, lease.batch(sql, List.of(120, 120, 120), ms -> new Object[] {ms}));
      SQLException failure =
          timesOut(
              "INSERT INTO t(v) SELECT takes(?)",
              "row 2 of the batch",
              () -> lease.batch(sql, List.of(new Object[] {1}, new Object[] {400})));
      Expect.mentions(failure, OPTION);
      Expect.lost(lease::commit);
    }
    assertEquals(List.of(), values(pool));
  }

  /** As the documentation of the option says. */
  @Tag("slow")
  @Test
  void batchOfJdbc_countsAsOneStatement() throws SQLException {
    SqlitePool pool = openStrict();
    try (WriteLease lease = pool.acquireWriter();
        PreparedStatement statement =
            lease
                .connection()
                .prepareStatement("INSERT INTO t(v) SELECT takes(120) + " + SOME_WORK)) {
      for (int i = 0; i < 3; i++) {
        statement.addBatch();
      }
      SQLException failure = assertThrows(SQLException.class, statement::executeBatch);
      assertEquals("57014", failure.getSQLState(), () -> "" + failure);
      Expect.mentions(failure, OPTION);
    }
  }

  @Tag("slow")
  @Test
  void script_eachStatementHasItsOwnTime() throws SQLException {
    SqlitePool pool = openStrict();
    String insert = "INSERT INTO t(v) SELECT takes(120) + " + SOME_WORK + ";";
    try (WriteLease lease = pool.acquireWriter()) {
      lease.script(insert + insert + insert);
      assertEquals(3, count(lease));
      timesOut(
          Gate.ENDLESS_UPDATE, () -> lease.script(insert + Gate.ENDLESS_UPDATE + ";" + insert));
    }
  }

  // What is not hit

  /** Each statement is new and small, so SQLite never asks about it; only the pool's own last. */
  @Tag("slow")
  @Test
  void ownCommands_ofThousandsOfFastUnits_areNotHit() throws SQLException {
    SqlitePool pool =
        openStrict(
            config ->
                config
                    .statementTimeout(Duration.ofMillis(1))
                    .statementCache(0)
                    .pragma("synchronous", "OFF"));
    int units = 3000;
    for (int i = 1; i <= units; i++) {
      try (WriteLease lease = pool.acquireWriter()) {
        lease.update(INSERT, i);
        lease.nested(part -> part.update("UPDATE t SET v = v + 1 WHERE id = 1"));
        if (i % 3 == 0) {
          lease.rollback();
        } else {
          lease.commit();
        }
      }
    }
    assertEquals("" + units / 3 * 2, Database.ask(file(), "SELECT count(*) FROM t"));
  }

  @Test
  void statement_afterATimedOutOne_hasItsOwnTime() throws SQLException {
    SqlitePool pool = openStrict();
    String sql = "SELECT takes(?), " + SOME_WORK;
    try (ReadLease lease = pool.acquireReader()) {
      timesOut(sql, () -> lease.query(sql, 400));
      assertEquals(1, lease.query(sql, 1).size());
      assertHealthy(lease);
    }
    try (ReadLease lease = pool.acquireReader()) {
      assertHealthy(lease);
    }
  }

  /** The driver closes a prepared statement that failed; here it is prepared anew. */
  @Test
  void preparedOfJdbc_afterItTimedOut_canBeExecutedAgain() throws SQLException {
    SqlitePool pool = openStrict();
    String sql = "SELECT takes(?), " + SOME_WORK;
    try (ReadLease lease = pool.acquireReader();
        PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      statement.setInt(1, 400);
      timesOut(sql, statement::executeQuery);
      assertFalse(statement.isClosed());
      statement.setInt(1, 1);
      ResultSet rows = statement.executeQuery();
      assertTrue(rows.next());
      assertEquals(1000, rows.getInt(2));
    }
  }

  @Tag("slow")
  @Test
  void plainOfJdbc_afterItTimedOut_canBeExecutedAgain() throws SQLException {
    SqlitePool pool = openStrict();
    try (ReadLease lease = pool.acquireReader();
        Statement statement = lease.connection().createStatement()) {
      timesOut(Gate.ENDLESS_QUERY, () -> statement.executeQuery(Gate.ENDLESS_QUERY));
      try (ResultSet rows = statement.executeQuery("SELECT " + SOME_WORK)) {
        assertTrue(rows.next());
        assertEquals(1000, rows.getInt(1));
      }
    }
  }

  @Tag("slow")
  @Test
  void zero_nothingTimesOut() throws SQLException {
    SqlitePool pool = openStrict(config -> config.statementTimeout(Duration.ZERO));
    try (ReadLease lease = pool.acquireReader()) {
      assertEquals(1, lease.query("SELECT takes(600), " + SOME_WORK).size());
    }
  }
}
