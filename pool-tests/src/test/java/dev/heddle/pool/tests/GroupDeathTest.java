package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A statement makes SQLite roll back the transaction of a whole group: its unit is told what it
 * did, the others that it was not their fault, and nothing of any of them remains.
 */
class GroupDeathTest extends GroupFixture {

  /** Each as the second statement of its unit: as the first, those before it are committed. */
  private static final List<String> KILLERS =
      List.of(
          "INSERT OR ROLLBACK INTO t(id) VALUES (100)",
          "UPDATE OR ROLLBACK t SET id = 100 WHERE v = 'one'",
          "INSERT INTO unique_or_rollback VALUES (100)",
          "INSERT INTO not_null_or_rollback VALUES (NULL)",
          "INSERT INTO guarded VALUES (-1)",
          "DELETE FROM kept",
          "INSERT INTO outer_table VALUES (1)");

  private static final String TRAPS =
      """
      INSERT INTO t(id, v) VALUES (100, 'old');
      CREATE TABLE unique_or_rollback(a UNIQUE ON CONFLICT ROLLBACK);
      INSERT INTO unique_or_rollback VALUES (100);
      CREATE TABLE not_null_or_rollback(a NOT NULL ON CONFLICT ROLLBACK);
      CREATE TABLE guarded(a);
      CREATE TRIGGER tr1 BEFORE INSERT ON guarded WHEN new.a < 0 BEGIN
        SELECT RAISE(ROLLBACK, 'negative');
      END;
      CREATE TABLE kept(a);
      INSERT INTO kept VALUES (1), (2);
      CREATE TRIGGER tr2 AFTER DELETE ON kept WHEN old.a = 2 BEGIN
        SELECT RAISE(ROLLBACK, 'kept');
      END;
      CREATE TABLE outer_table(a);
      CREATE TRIGGER tr3 AFTER INSERT ON outer_table BEGIN
        INSERT INTO guarded VALUES (-new.a);
      END;
      """;

  static List<String> killers() {
    return KILLERS;
  }

  static Stream<Arguments> killersAndRoutes() {
    return Stream.of(
            "INSERT OR ROLLBACK INTO t(id) VALUES (100)", "INSERT INTO guarded VALUES (-1)")
        .flatMap(
            sql ->
                Routes.ofWriter().stream()
                    .filter(
                        route -> !route.name().contains("uery") && !route.name().equals("forEach"))
                    .map(route -> Arguments.of(route, sql)));
  }

  private SqlitePool openWithTraps() throws SQLException {
    SqlitePool pool = openPatient();
    pool.useWriter(lease -> lease.script(TRAPS));
    return pool;
  }

  /** A key that is there already has a state of its own. */
  private static String stateOf(String sql) {
    return sql.contains("OR ROLLBACK") || sql.contains("unique") ? "23505" : "23000";
  }

  private static void kill(Unit unit, String sql) throws SQLException {
    unit.insert("killer");
    unit.fails(stateOf(sql), sql);
  }

  @ParameterizedTest
  @MethodSource("killers")
  void killer_inCompany_takesTheGroupDownWhichIsToldAtOnce(String sql) throws SQLException {
    SqlitePool pool = openWithTraps();
    try (Logs logs = Logs.capture()) {
      Counts before = Counts.of(pool);
      Company company = company(pool);
      Unit next = waiter(pool);
      Unit killer = company.holder().insert("killer");
      company.assertWaiting();
      SQLException own = killer.fails(stateOf(sql), sql);

      company.assertVictimsOf(own);
      for (Unit victim : List.of(company.one(), company.two())) {
        SQLException told = victim.commitFailure();
        Expect.mentions(told, "no fault of its own", String.valueOf(own.getMessage()));
        assertFalse(told.getStackTrace()[0].getClassName().contains("GroupDeathTest"));
      }
      assertEquals(List.of("old"), values(pool));
      Expect.lost(() -> killer.does(WriteLease::commit));
      next.awaitHolds().insert("next").commitNow();
      assertEquals(List.of("next", "old"), values(pool).stream().sorted().toList());
      before.assertSince(pool, 1, 1, 3);
      assertEquals(List.of(), logs.warnings());
    }
  }

  @ParameterizedTest
  @MethodSource("killersAndRoutes")
  void killer_byAnyRoute_isNoticed(Routes.Route<WriteLease> route, String sql) throws SQLException {
    SqlitePool pool = openWithTraps();
    Company company = company(pool);
    company.holder().insert("killer");
    SQLException own =
        assertThrows(
            SQLException.class, () -> company.holder().does(lease -> route.way().run(lease, sql)));

    for (Unit victim : List.of(company.one(), company.two())) {
      Throwable cause = victim.victim().getCause();
      assertEquals(stateOf(sql), assertInstanceOf(SQLException.class, cause).getSQLState());
    }
    assertEquals(stateOf(sql), own.getSQLState());
    company.holder().fails("40000", WriteLease::commit);
    assertEquals(List.of("old"), values(pool));
  }

  @ParameterizedTest
  @MethodSource("killers")
  void killer_itsUserSwallowsTheError_nothingOfTheUnitIsDurable(String sql) throws SQLException {
    SqlitePool pool = openWithTraps();
    Company company = company(pool);
    Unit next = waiter(pool);
    kill(company.holder(), sql);
    for (Unit victim : List.of(company.one(), company.two())) {
      victim.victim();
    }
    String insert = "INSERT INTO t(v) VALUES ('autocommitted')";
    company
        .holder()
        .does(
            lease -> {
              for (Executable call :
                  List.<Executable>of(
                      () -> lease.update(insert),
                      () -> lease.insert(insert),
                      () -> lease.batch(insert, List.of(1), i -> new Object[0]),
                      () -> lease.script(insert + ";" + insert),
                      () -> lease.nested(part -> part.update(insert)),
                      () -> lease.query("SELECT 1"),
                      () -> lease.connection().setSavepoint(),
                      () -> lease.connection().createStatement().executeUpdate(insert),
                      () -> lease.update("SAVEPOINT s"))) {
                Expect.lost(call);
              }
              assertEquals(List.of("old"), values(pool));
              Expect.lost(lease::commit);
            });
    next.awaitHolds().insert("next").commitNow();
    assertEquals(List.of("next", "old"), values(pool).stream().sorted().toList());
  }

  @Test
  void killer_rollsBackOrCloses_nothingMoreIsSaid() throws SQLException {
    SqlitePool pool = openWithTraps();
    try (Logs logs = Logs.capture()) {
      for (boolean closes : new boolean[] {true, false}) {
        Company company = company(pool);
        Unit next = waiter(pool);
        kill(company.holder(), KILLERS.getFirst());
        if (closes) {
          company.holder().close();
        } else {
          company.holder().rollback();
        }
        next.awaitHolds().insert("next " + closes).commitNow();
        company.one().victim();
        company.two().victim();
      }
      assertEquals(3, values(pool).size());
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void killer_firstOfItsGroupWhileOthersWait_harmsNobody() throws SQLException {
    SqlitePool pool = openWithTraps();
    List<Unit> units = queue(pool, 2);
    kill(units.get(0), KILLERS.getFirst());
    units.get(0).fails("40000", WriteLease::commit);
    units.get(1).awaitHolds().insert("fine").commitNow();
    assertEquals(2, values(pool).size());
  }

  @Test
  void killer_insideNested_keepsTheFirstErrorAndTakesTheGroupDown() throws SQLException {
    SqlitePool pool = openWithTraps();
    Company company = company(pool);
    SQLException own =
        company
            .holder()
            .fails(
                "23505",
                lease ->
                    lease.nested(
                        outer -> {
                          outer.update("INSERT INTO t(v) VALUES ('killer')");
                          return outer.nested(inner -> inner.update(KILLERS.getFirst()));
                        }));
    assertEquals(0, own.getSuppressed().length);
    company.assertVictimsOf(own);
    company.holder().fails("40000", WriteLease::commit);
    assertEquals(List.of("old"), values(pool));
  }

  @Test
  void killer_withOpenCursors_takesTheGroupDown() throws SQLException {
    SqlitePool pool = openWithTraps();
    Company company = company(pool);
    company
        .holder()
        .does(
            lease -> {
              Statement select = lease.connection().createStatement();
              select.setFetchSize(1);
              var rows = select.executeQuery("SELECT id FROM t");
              assertTrue(rows.next());
              lease.update("INSERT INTO t(v) VALUES ('killer')");
              assertThrows(SQLException.class, () -> lease.update(KILLERS.getFirst()));
              assertThrows(SQLException.class, rows::next);
            });
    company.one().victim();
    company.two().victim();
    company.holder().fails("40000", WriteLease::commit);
    assertEquals(List.of("old"), values(pool));
  }

  @Test
  void killer_inABatchOfSeveralStatements_takesTheGroupDown() throws SQLException {
    SqlitePool pool = openWithTraps();
    Company company = company(pool);
    company.holder().insert("killer");
    company
        .holder()
        .fails(
            "23505",
            lease -> {
              Statement batch = lease.connection().createStatement();
              batch.addBatch("INSERT INTO t(v) VALUES ('no')");
              batch.addBatch(KILLERS.getFirst());
              batch.addBatch("INSERT INTO t(v) VALUES ('autocommitted')");
              batch.executeBatch();
            });
    company.one().victim();
    company.two().victim();
    assertEquals(List.of("old"), values(pool));
    company.holder().fails("40000", WriteLease::commit);
  }

  /** Many pages more than the file may have. */
  private SqlitePool openSmall() throws SQLException {
    return openPatient(config -> config.writerPragma("max_page_count", "20"));
  }

  @Test
  void full_oneRow_takesTheGroupDown() throws SQLException {
    SqlitePool pool = openSmall();
    Company company = company(pool);
    company.holder().insert("killer");
    SQLException own =
        company.holder().fails("53100", "INSERT INTO t(v) VALUES (zeroblob(200000))");
    company.assertVictimsOf(own);
    company.holder().fails("40000", "INSERT INTO t(v) VALUES ('autocommitted')");
    company.holder().fails("40000", WriteLease::commit);
    assertEquals(List.of(), values(pool));
    insert(pool, "fine");
    assertEquals(List.of("fine"), values(pool));
  }

  @Test
  void full_oneRowAsFirstStatement_takesTheGroupDown() throws SQLException {
    SqlitePool pool = openSmall();
    Company company = company(pool);
    SQLException own =
        company.holder().fails("53100", "INSERT INTO t(v) VALUES (zeroblob(200000))");
    company.assertVictimsOf(own);
    company.holder().rollback();
    assertEquals(List.of(), values(pool));
  }

  @Test
  void full_manyRows_undoesOnlyTheStatement() throws SQLException {
    SqlitePool pool = openSmall();
    Company company = company(pool);
    company.holder().insert("three");
    company
        .holder()
        .fails(
            "53100",
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 50)"
                + " INSERT INTO t(v) SELECT zeroblob(3000) FROM c");
    company.assertWaiting();
    company.holder().insert("four").commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three", "four"), values(pool));
  }

  @Test
  void full_inABatch_tellsTheOthersAndKeepsNothing() throws SQLException {
    SqlitePool pool = openSmall();
    Company company = company(pool);
    company.holder().insert("three");
    company
        .holder()
        .fails(
            "53100",
            lease ->
                lease.batch(
                    "INSERT INTO t(v) VALUES (zeroblob(?))",
                    List.of(1000, 2000, 90_000, 90_000),
                    size -> new Object[] {size}));
    company.one().victim();
    company.two().victim();
    assertEquals(List.of(), values(pool));
    company.holder().fails("40000", WriteLease::commit);
  }

  @Test
  void queryTimeout_ofALaterWritingStatement_holdsAndCostsTheOthersTheirTransaction()
      throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.holder().insert("three");
    SQLException own =
        company
            .holder()
            .fails(
                "57014",
                lease -> {
                  try (Statement slow = lease.connection().createStatement()) {
                    slow.setQueryTimeout(1);
                    slow.executeUpdate(Gate.ENDLESS_UPDATE);
                  }
                });
    assertInstanceOf(SQLTimeoutException.class, own);
    company.assertVictimsOf(own);
    company.holder().fails("40000", WriteLease::commit);
    assertEquals(List.of(), values(pool));
  }

  @Test
  void queryTimeout_ofALaterQuery_holdsAndTheGroupLives() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.holder().insert("three");
    company
        .holder()
        .fails(
            "57014",
            lease -> {
              try (Statement slow = lease.connection().createStatement()) {
                slow.setQueryTimeout(1);
                slow.executeQuery(Gate.ENDLESS_QUERY);
              }
            });
    company.assertWaiting();
    company.holder().insert("four").commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three", "four"), values(pool));
  }

  @Test
  void cancel_ofAWritingStatement_tellsTheOthersTheyWereRolledBack() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.holder().insert("three");
    List<Statement> running = new ArrayList<>();
    company.holder().does(lease -> running.add(lease.connection().createStatement()));
    Background<?> canceller =
        start(
            "canceller",
            () -> {
              gate().awaitReached();
              running.getFirst().cancel();
              return 0;
            });
    company.holder().fails("57014", lease -> running.getFirst().executeUpdate(Gate.ENDLESS_UPDATE));
    canceller.result();
    company.one().victim();
    company.two().victim();
    assertEquals(List.of(), values(pool));
  }

  @Test
  void write_victims_areRunAgainAndTheKillerIsNot() throws SQLException {
    SqlitePool pool = openWithTraps();
    SQLException killer = assertOnlyTheVictimIsRunAgain(pool, KILLERS.getFirst());
    assertInstanceOf(SQLIntegrityConstraintViolationException.class, killer);
    assertEquals(List.of("again", "old"), values(pool).stream().sorted().toList());
  }

  /** The killers come while the victim waits in commit(), as often as it can be struck. */
  @Test
  void write_victimOfOneKillerAfterTheOther_runsAtMostThreeTimesTheLastAlone() throws SQLException {
    SqlitePool pool = openWithTraps();
    AtomicInteger runs = new AtomicInteger();
    Unit first = holder(pool);
    Background<?> victim =
        start(
            "victim",
            () ->
                pool.write(
                    lease -> {
                      runs.incrementAndGet();
                      return lease.update("INSERT INTO t(v) VALUES ('thrice')");
                    }));
    Await.until("the victim waits", () -> pool.stats().writer().waiting() == 1);
    Unit killer = waiter(pool);
    first.rollback();
    for (int run = 1; run <= 2; run++) {
      int times = run;
      killer.awaitHolds();
      Unit company = waiter(pool);
      kill(killer, KILLERS.getFirst());
      Await.until(
          "the victim comes back",
          () -> pool.stats().writer().waiting() == 2 && runs.get() == times);
      Unit next = waiter(pool);
      killer.rollback();
      company.awaitHolds().insert("company").startCommit();
      killer = next;
    }
    killer.awaitHolds();
    victim.result();
    assertEquals(3, runs.get());
    assertTrue(values(pool).contains("thrice"));
    assertEquals(1, values(pool).stream().filter("company"::equals).count());
  }
}
