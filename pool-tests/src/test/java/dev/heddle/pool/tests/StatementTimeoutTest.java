package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/** How long SQLite may work on one statement: the option, and JDBC's query timeout. */
class StatementTimeoutTest extends GroupFixture {

  private static final Duration TIMEOUT = Duration.ofMillis(300);

  private static final String OPTION = "statement-timeout=300 ms";

  private static final String QUERY_TIMEOUT = "its query timeout=1.0 s";

  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  /** A little work, whose result is 1000: enough for SQLite to ask whether to go on. */
  private static final String SOME_WORK =
      "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000)"
          + " SELECT count(*) FROM c)";

  /** Rows for as long as one asks. */
  private static final String ENDLESS_ROWS =
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c";

  private static final String ENDLESS_SEARCH = ENDLESS_ROWS + " WHERE n < 0";

  private static final String ENDLESS_JOIN =
      "SELECT count(*) FROM big a, big b, big c WHERE a.id + b.id + c.id < 0";

  private SqlitePool openStrict() throws SQLException {
    return openStrict(config -> config);
  }

  private SqlitePool openStrict(UnaryOperator<PoolConfig.Builder> change) throws SQLException {
    return openPatient(
        config ->
            change.apply(
                config.readers(1).statementTimeout(TIMEOUT).onConnect(Passing.functions())));
  }

  private static SqlitePool withBigTable(SqlitePool pool) throws SQLException {
    pool.useWriter(
        lease -> {
          lease.update("CREATE TABLE big(id INTEGER PRIMARY KEY, v)");
          lease.update(
              "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000)"
                  + " INSERT INTO big SELECT n, n FROM c");
        });
    return pool;
  }

  private static SQLException timesOut(String limit, String sql, Executable call) {
    SQLException failure = Expect.sql(SQLTimeoutException.class, "57014", call);
    Expect.mentions(failure, limit, sql.substring(0, Math.min(60, sql.length())));
    return failure;
  }

  private static SQLException timesOut(String sql, Executable call) {
    return timesOut(OPTION, sql, call);
  }

  /** What is left of a timed-out statement would end these, too. */
  private static void assertHealthy(ReadLease lease) throws SQLException {
    for (int i = 0; i < 10; i++) {
      assertEquals(1000, lease.queryOne("SELECT " + SOME_WORK).orElseThrow().getLong(1));
    }
  }

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

  // The query timeout of JDBC

  @Tag("slow")
  @Test
  void queryTimeout_winsOverTheOption() throws SQLException {
    SqlitePool pool = openStrict();
    try (ReadLease lease = pool.acquireReader();
        Statement statement = lease.connection().createStatement()) {
      statement.setQueryTimeout(3600);
      statement.executeQuery("SELECT takes(400), " + SOME_WORK).close();
      statement.setQueryTimeout(1);
      timesOut(QUERY_TIMEOUT, Gate.ENDLESS_QUERY, () -> statement.executeQuery(Gate.ENDLESS_QUERY));
      timesOut(
          QUERY_TIMEOUT,
          ENDLESS_ROWS,
          () -> {
            try (ResultSet rows = statement.executeQuery(ENDLESS_ROWS)) {
              while (rows.next()) {
                rows.getLong(1);
              }
            }
          });
      statement.setQueryTimeout(0);
      timesOut(Gate.ENDLESS_QUERY, () -> statement.executeQuery(Gate.ENDLESS_QUERY));
      assertHealthy(lease);
    }
  }

  @Tag("slow")
  @Test
  void queryTimeout_ofAPreparedStatement_isNotThatOfTheNextUse() throws SQLException {
    SqlitePool pool = openStrict();
    String sql = "SELECT takes(?), " + SOME_WORK;
    try (ReadLease lease = pool.acquireReader()) {
      for (int seconds : new int[] {3600, 0}) {
        try (PreparedStatement statement = lease.connection().prepareStatement(sql)) {
          statement.setQueryTimeout(seconds);
          statement.setInt(1, 400);
          if (seconds > 0) {
            statement.executeQuery().close();
          } else {
            timesOut(sql, statement::executeQuery);
          }
        }
      }
    }
  }

  @Tag("slow")
  @Test
  void queryTimeout_withoutTheOption_isWhatCounts() throws SQLException {
    SqlitePool pool = openStrict(config -> config.statementTimeout(Duration.ZERO));
    try (ReadLease lease = pool.acquireReader();
        Statement statement = lease.connection().createStatement()) {
      statement.executeQuery("SELECT takes(400), " + SOME_WORK).close();
      statement.setQueryTimeout(1);
      timesOut(
          QUERY_TIMEOUT,
          ENDLESS_ROWS,
          () -> {
            try (ResultSet rows = statement.executeQuery(ENDLESS_ROWS)) {
              while (rows.next()) {
                rows.getLong(1);
              }
            }
          });
    }
  }

  @Test
  void cancel_whileItGoesToTheNextRow_endsItAsCancelled() throws SQLException {
    SqlitePool pool = openStrict(config -> config.statementTimeout(Duration.ofHours(1)));
    AtomicReference<Statement> statement = new AtomicReference<>();
    Background<?> running =
        start(
            "running",
            () -> {
              try (ReadLease lease = pool.acquireReader()) {
                statement.set(lease.connection().createStatement());
                ResultSet rows =
                    statement
                        .get()
                        .executeQuery(
                            "SELECT 0 UNION ALL SELECT * FROM (" + Gate.ENDLESS_QUERY + ")");
                assertTrue(rows.next());
                SQLException failure =
                    Expect.sql(SQLNonTransientException.class, "57014", rows::next);
                Expect.mentions(failure, "cancelled");
                assertHealthy(lease);
                return 0;
              }
            });
    gate().awaitReached();
    statement.get().cancel();
    running.result();
  }

  @Test
  void cancel_whileItWaitsForAnotherProgram_endsTheWait() throws SQLException {
    SqlitePool pool = openStrict(config -> config.statementTimeout(Duration.ofHours(1)));
    AtomicReference<Statement> statement = new AtomicReference<>();
    try (Database other = Database.connect(file()).run("BEGIN IMMEDIATE")) {
      Background<?> running =
          start(
              "running",
              () -> {
                try (WriteLease lease = pool.acquireWriter()) {
                  statement.set(lease.connection().createStatement());
                  return statement.get().executeUpdate("INSERT INTO t(v) VALUES ('lost')");
                }
              });
      Await.until("it runs", () -> statement.get() != null);
      Await.parked(running.thread());
      statement.get().cancel();
      SQLException failure = running.failure(SQLNonTransientException.class);
      assertEquals("57014", failure.getSQLState());
      Expect.mentions(failure, "cancelled");
      other.run("ROLLBACK");
    }
    assertEquals(List.of(), values(pool));
  }

  // Another program's lock

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void waitingForAnotherProgram_counts(boolean jdbc) throws SQLException {
    SqlitePool pool = openStrict(config -> config.busyTimeout(Duration.ofHours(1)));
    String sql = "INSERT INTO t(v) VALUES ('lost')";
    try (WriteLease lease = pool.acquireWriter();
        Statement statement = lease.connection().createStatement()) {
      try (Database other = Database.connect(file()).run("BEGIN IMMEDIATE")) {
        SQLException failure =
            Expect.sql(
                SQLTimeoutException.class,
                "57014",
                () -> {
                  if (jdbc) {
                    statement.executeUpdate(sql);
                  } else {
                    lease.update(sql);
                  }
                });
        Expect.mentions(failure, OPTION, "lock");
        other.run("ROLLBACK");
      }
      assertHealthy(lease);
      lease.update(INSERT, "kept");
      lease.commit();
    }
    assertEquals(List.of("kept"), values(pool));
  }

  /** Neither takes longer than allowed, but both together do. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void waitingForAnotherProgram_andThenWorking_countTogether(boolean jdbc) throws SQLException {
    SqlitePool pool = openStrict(config -> config.busyTimeout(Duration.ofHours(1)));
    String sql = "INSERT INTO t(v) SELECT takes(220) + " + SOME_WORK;
    try (Database other = Database.connect(file()).run("BEGIN IMMEDIATE")) {
      Background<?> waiting =
          start(
              "waiting",
              () -> {
                try (WriteLease lease = pool.acquireWriter();
                    Statement statement = lease.connection().createStatement()) {
                  return jdbc ? statement.executeUpdate(sql) : lease.update(sql);
                }
              });
      Await.parked(waiting.thread());
      Passing.inJava(Duration.ofMillis(220));
      other.run("ROLLBACK");
      SQLException failure = waiting.failure(SQLTimeoutException.class);
      Expect.mentions(failure, OPTION);
    }
  }

  /** Messages have the SQL: without it, who is to know which statement waited? */
  @Test
  void waitingForAnotherProgram_theMessageHasTheSql() throws SQLException {
    SqlitePool pool = openStrict(config -> config.busyTimeout(Duration.ofHours(1)));
    try (WriteLease lease = pool.acquireWriter();
        Database other = Database.connect(file()).run("BEGIN IMMEDIATE")) {
      timesOut(INSERT, () -> lease.update(INSERT, "lost"));
      other.run("ROLLBACK");
    }
  }

  @Tag("slow")
  @Test
  void waitingForAnotherProgram_queryTimeoutCounts() throws SQLException {
    SqlitePool pool = openStrict(config -> config.busyTimeout(Duration.ofHours(1)));
    try (WriteLease lease = pool.acquireWriter();
        Statement statement = lease.connection().createStatement();
        Database other = Database.connect(file()).run("BEGIN IMMEDIATE")) {
      statement.setQueryTimeout(1);
      SQLException failure =
          Expect.sql(
              SQLTimeoutException.class,
              "57014",
              () -> statement.executeUpdate("INSERT INTO t(v) VALUES ('lost')"));
      Expect.mentions(failure, QUERY_TIMEOUT, "lock");
      other.run("ROLLBACK");
    }
    assertEquals(List.of(), values(pool));
  }

  // Shared commits

  @Test
  void writing_inCompany_theOthersAreToldToRepeat() throws SQLException {
    SqlitePool pool = openStrict();
    Company company = company(pool);
    company.holder().insert("lost");
    SQLException own = company.holder().fails("57014", Gate.ENDLESS_UPDATE);
    assertTrue(own instanceof SQLTimeoutException);
    Expect.mentions(own, OPTION, "WITH RECURSIVE");
    company.assertVictimsOf(own);
    Expect.mentions(company.holder().fails("40000", WriteLease::commit), "rolled back");
    insert(pool, "next");
    assertEquals(List.of("next"), values(pool));
  }

  @Test
  void reading_inCompany_costsNobodyAnything() throws SQLException {
    SqlitePool pool = openStrict();
    Company company = company(pool);
    company.holder().insert("three");
    company.holder().fails("57014", lease -> lease.query(Gate.ENDLESS_QUERY));
    company.holder().insert("four").commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three", "four"), values(pool));
  }

  @Test
  void write_neighbourTimesOut_isRunAgainAndNothingIsLost() throws SQLException {
    SqlitePool pool = openStrict();
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger slowRuns = new AtomicInteger();
    Unit first = holder(pool);
    Background<?> victim =
        start(
            "victim",
            () ->
                pool.write(
                    lease -> {
                      runs.incrementAndGet();
                      return lease.update(INSERT, "again");
                    }));
    Await.until("the victim waits", () -> pool.stats().writer().waiting() == 1);
    Background<?> slow =
        start(
            "slow",
            () ->
                pool.write(
                    lease -> {
                      slowRuns.incrementAndGet();
                      lease.update(INSERT, "slow");
                      return lease.update(Gate.ENDLESS_UPDATE);
                    }));
    Await.until("both wait", () -> pool.stats().writer().waiting() == 2);
    first.insert("first").startCommit();

    victim.result();

    first.victim();
    timesOut(
        Gate.ENDLESS_UPDATE,
        () -> {
          throw slow.failure(SQLException.class);
        });
    assertEquals(2, runs.get());
    assertEquals(1, slowRuns.get());
    assertEquals(List.of("again"), values(pool));
  }

  /** An option that breaks groups up would make every commit wait for the disk by itself. */
  @Test
  void option_isSet_unitsStillShareTheirCommit() throws SQLException {
    SqlitePool pool = openStrict();
    Counts before = Counts.of(pool);
    Company company = company(pool);
    company.holder().insert("three").commitNow();
    company.awaitCommitted();
    before.assertSince(pool, 1, 3, 0);
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

  /** The driver closes a prepared statement that failed; so it says that, and not something odd. */
  @Test
  void preparedOfJdbc_afterItTimedOut_isClosedAndSaysSo() throws SQLException {
    SqlitePool pool = openStrict();
    String sql = "SELECT takes(?), " + SOME_WORK;
    try (ReadLease lease = pool.acquireReader();
        PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      statement.setInt(1, 400);
      timesOut(sql, statement::executeQuery);
      assertTrue(statement.isClosed());
      SQLException failure = assertThrows(SQLException.class, () -> statement.setInt(1, 1));
      assertEquals("08003", failure.getSQLState());
      Expect.mentions(failure, "prepare it again");
      try (PreparedStatement again = lease.connection().prepareStatement(sql)) {
        again.setInt(1, 1);
        ResultSet rows = again.executeQuery();
        assertTrue(rows.next());
        assertEquals(1000, rows.getInt(2));
      }
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

  /** A statement with a query timeout first commits for those before it; that is not its time. */
  @Tag("slow")
  @Test
  void queryTimeout_commitOfOthersTakesLonger_isNotItsTime() throws SQLException {
    AtomicBoolean slow = new AtomicBoolean();
    SqlitePool pool =
        openPatient(
            config ->
                config.onConnect(
                    connection ->
                        connection
                            .unwrap(SQLiteConnection.class)
                            .addCommitListener(new SlowCommit(slow))));
    Company company = company(pool);
    slow.set(true);
    company
        .holder()
        .does(
            lease -> {
              try (Statement statement = lease.connection().createStatement()) {
                statement.setQueryTimeout(1);
                statement.executeUpdate("INSERT INTO t(v) SELECT " + SOME_WORK);
              }
            });
    slow.set(false);
    company.awaitCommitted();
    company.holder().does(WriteLease::commit);
    assertEquals(List.of("one", "two", 1000L), values(pool));
  }

  private record SlowCommit(AtomicBoolean slow) implements SQLiteCommitListener {
    @Override
    public void onCommit() {
      if (slow.get()) {
        Passing.inJava(Duration.ofMillis(1_200));
      }
    }

    @Override
    public void onRollback() {}
  }
}
