package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Interrupts of a thread whose unit is in company: they must not cost the others their commit. */
class GroupInterruptTest extends GroupFixture {

  /** A way to run a writing statement. */
  record Way(String name, Unit.Act act) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Way> writes() {
    String update = INTERRUPTED_UPDATE;
    return Stream.of(
        new Way("update", lease -> lease.update(update)),
        new Way("script", lease -> lease.script(update)),
        new Way("batch", lease -> lease.batch(update, List.of(1), i -> new Object[0])),
        new Way("RETURNING", lease -> lease.query(update + " RETURNING v")),
        new Way("RETURNING through JDBC", lease -> returning(lease, update + " RETURNING v")),
        new Way(
            "inside a query",
            // The query's next step is refused to an interrupted thread; the write is done by then.
            lease ->
                Expect.interrupted(
                    Expect.sql(
                        SQLException.class,
                        "57014",
                        () ->
                            lease.query(
                                "SELECT id FROM t WHERE id = 1", row -> run(lease, update))))),
        new Way(
            "plain",
            lease -> {
              try (Statement statement = lease.connection().createStatement()) {
                statement.executeUpdate(update);
              }
            }),
        new Way(
            "prepared",
            lease -> {
              try (PreparedStatement statement = lease.connection().prepareStatement(update)) {
                statement.executeUpdate();
              }
            }),
        new Way(
            "prepared batch",
            lease -> {
              try (PreparedStatement statement = lease.connection().prepareStatement(update)) {
                statement.addBatch();
                statement.executeBatch();
              }
            }),
        new Way("plain batch", lease -> batch(lease, "INSERT INTO t(v) VALUES (0)", update)),
        new Way("plain batch, a write last", l -> batch(l, update, "INSERT INTO t(v) VALUES (0)")),
        new Way("plain batch, none last", lease -> batch(lease, update, "SAVEPOINT s")));
  }

  private static void batch(WriteLease lease, String... sql) throws SQLException {
    try (Statement statement = lease.connection().createStatement()) {
      for (String one : sql) {
        statement.addBatch(one);
      }
      statement.executeBatch();
    }
  }

  private static void returning(WriteLease lease, String sql) throws SQLException {
    try (Statement statement = lease.connection().createStatement()) {
      assertTrue(statement.execute(sql));
    }
  }

  private static long run(WriteLease lease, String sql) {
    try {
      return lease.update(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("writes")
  void writingStatement_inCompany_isFinishedAndTheGroupLives(Way way) throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.holder().insert("three");

    assertTrue(company.holder().does(way.act()), "the flag");

    company.assertWaiting();
    assertEquals(
        50_000L,
        company
            .holder()
            .<Object>get(
                lease ->
                    lease
                        .queryOne("SELECT v FROM t WHERE id = 1", row -> row.getLong(1))
                        .orElseThrow()));
    company.holder().commitNow();
    company.awaitCommitted();
  }

  @Test
  void writingStatement_inCompany_nextStatementIsRefusedAndCommitIsNot() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    boolean flag =
        company
            .holder()
            .does(
                lease -> {
                  lease.update("INSERT INTO t(v) VALUES ('three')");
                  assertEquals(1, lease.update(INTERRUPTED_UPDATE));
                  assertTrue(Thread.currentThread().isInterrupted());
                  Expect.interrupted(
                      Expect.sql(SQLException.class, "57014", () -> lease.query("SELECT 1")));
                  Expect.interrupted(
                      Expect.sql(SQLException.class, "57014", () -> lease.update("DELETE FROM t")));
                  lease.commit();
                });
    assertTrue(flag);
    company.awaitCommitted();
    assertEquals(List.of(50_000L, "two", "three"), values(pool));
  }

  @Test
  void writingStatement_asFirstInCompany_isFinished() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    assertTrue(company.holder().does(lease -> lease.update(INTERRUPTED_UPDATE)));
    company.assertWaiting();
    company.holder().commitNow();
    company.awaitCommitted();
    assertEquals(List.of(50_000L, "two"), values(pool));
  }

  @Test
  void writingStatement_alone_isInterrupted() throws SQLException {
    SqlitePool pool = openPatient();
    insert(pool, "old");
    Unit unit = holder(pool).insert("no");
    unit.does(
        lease -> {
          Expect.interrupted(
              Expect.sql(SQLException.class, "57014", () -> lease.update(INTERRUPTED_UPDATE)));
          assertTrue(Thread.interrupted());
          Expect.lost(lease::commit);
        });
    assertEquals(List.of("old"), values(pool));
  }

  @Test
  void writingStatement_firstUnitWhileOthersOnlyWaitForTheWriter_isInterrupted()
      throws SQLException {
    SqlitePool pool = openPatient();
    insert(pool, "old");
    List<Unit> units = queue(pool, 2);
    units
        .get(0)
        .does(
            lease -> {
              lease.update("INSERT INTO t(v) VALUES ('no')");
              Expect.interrupted(
                  Expect.sql(SQLException.class, "57014", () -> lease.update(INTERRUPTED_UPDATE)));
              lease.rollback();
            });
    units.get(1).awaitHolds().insert("fine").commitNow();
    assertEquals(List.of("old", "fine"), values(pool));
  }

  @Test
  void writingStatement_aloneAfterItsMembersCommittedTheGroup_isInterrupted() throws SQLException {
    SqlitePool pool = openPatient(config -> config.groupMaxAge(Duration.ofMillis(10)));
    Unit one = holder(pool);
    Unit two = waiter(pool);
    one.insert("one").startCommit();
    two.awaitHolds();
    one.awaitCommitted();
    two.does(
        lease -> {
          Expect.interrupted(
              Expect.sql(SQLException.class, "57014", () -> lease.update(INTERRUPTED_UPDATE)));
          assertTrue(Thread.interrupted());
          Expect.lost(lease::commit);
        });
    assertEquals(List.of("one"), values(pool));
  }

  static Stream<Way> reads() {
    return Stream.of(
        new Way("query", lease -> lease.query(INTERRUPTED_QUERY)),
        new Way("queryOne", lease -> lease.queryOne(INTERRUPTED_QUERY)),
        new Way("forEach", lease -> lease.forEach(INTERRUPTED_QUERY, row -> {})),
        new Way(
            "plain",
            lease -> lease.connection().createStatement().executeQuery(INTERRUPTED_QUERY).next()),
        new Way(
            "prepared",
            lease -> lease.connection().prepareStatement(INTERRUPTED_QUERY).executeQuery().next()));
  }

  @ParameterizedTest
  @MethodSource("reads")
  void query_inCompany_isEndedAndTheGroupLives(Way way) throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company
        .holder()
        .does(
            lease -> {
              lease.update("INSERT INTO t(v) VALUES ('three')");
              Expect.interrupted(
                  Expect.sql(SQLException.class, "57014", () -> way.act().run(lease)));
              assertTrue(Thread.interrupted());
              lease.update("INSERT INTO t(v) VALUES ('four')");
            });
    company.assertWaiting();
    company.holder().commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three", "four"), values(pool));
  }

  @Test
  void query_asFirstInCompany_isEndedAndTheGroupLives() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    boolean flag =
        company
            .holder()
            .does(
                lease -> {
                  Expect.interrupted(
                      Expect.sql(
                          SQLException.class, "57014", () -> lease.query(INTERRUPTED_QUERY)));
                  lease.rollback();
                });
    assertTrue(flag);
    next.awaitHolds().insert("next");
    company.assertWaiting();
    next.commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "next"), values(pool));
  }

  @Test
  void query_afterAnInterruptedWriteInCompany_isStillEndedByAnInterrupt() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company
        .holder()
        .does(
            lease -> {
              lease.update(INTERRUPTED_UPDATE);
              assertTrue(Thread.interrupted());
              Expect.interrupted(
                  Expect.sql(SQLException.class, "57014", () -> lease.query(INTERRUPTED_QUERY)));
              assertTrue(Thread.interrupted());
              lease.commit();
            });
    company.awaitCommitted();
  }

  @Test
  void interruptedFlag_ofOneUnit_isNotSeenByTheNext() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    assertTrue(company.holder().does(lease -> lease.update(INTERRUPTED_UPDATE)));
    company.holder().rollback();
    assertFalse(next.awaitHolds().does(lease -> lease.query("SELECT 1")));
    next.insert("next").commitNow();
    company.awaitCommitted();
  }

  /** insert() asks for the rowid after the statement: that is a part of it. */
  @Test
  void insert_interruptedInCompanyAgainAndAgain_alwaysGivesTheRowid() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company
        .holder()
        .does(
            lease -> {
              for (long id = 3; id < 3000; id++) {
                assertEquals(id, lease.insert("INSERT INTO t(v) VALUES (interrupts())"));
                assertTrue(Thread.interrupted());
              }
            });
    company.assertWaiting();
    company.holder().commitNow();
    company.awaitCommitted();
    assertEquals(2999, values(pool).size());
  }

  @Test
  void generatedKeys_interruptedInCompanyAgainAndAgain_areGiven() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company
        .holder()
        .does(
            lease -> {
              try (PreparedStatement insert =
                  lease
                      .connection()
                      .prepareStatement(
                          "INSERT INTO t(v) VALUES (interrupts())",
                          Statement.RETURN_GENERATED_KEYS)) {
                for (long id = 3; id < 3000; id++) {
                  insert.executeUpdate();
                  assertTrue(Thread.interrupted());
                }
              }
            });
    company.holder().commitNow();
    company.awaitCommitted();
    assertEquals(2999, values(pool).size());
  }

  /** Between two steps of a query, another statement has run. */
  @Test
  void query_interruptedAfterItsActionWroteInCompany_isEndedInThatStep() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    int[] rows = new int[1];
    company
        .holder()
        .does(
            lease -> {
              Expect.interrupted(
                  Expect.sql(
                      SQLException.class,
                      "57014",
                      () ->
                          lease.forEach(
                              "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL"
                                  + " SELECT CASE n WHEN 1 THEN interrupts() + 1 ELSE n + 1 END"
                                  + " FROM c WHERE n < 50000)"
                                  + " SELECT n FROM c WHERE n IN (1, 49999)",
                              row -> {
                                rows[0]++;
                                lease.update("INSERT INTO t(v) VALUES ('three')");
                              })));
              assertTrue(Thread.interrupted());
            });
    assertEquals(1, rows[0], "rows before the query was ended");
    company.holder().commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  static Stream<Way> ends() {
    return Stream.of(
        new Way("commit", WriteLease::commit), new Way("rollback", WriteLease::rollback));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void nested_interruptedWhileItRuns_leaseCanStillBeEnded(Way end) throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    boolean[] kept = new boolean[1];
    company
        .holder()
        .does(
            lease -> {
              try {
                lease.nested(
                    part -> {
                      part.update("INSERT INTO t(v) VALUES ('part')");
                      Thread.currentThread().interrupt();
                      return 0;
                    });
                kept[0] = true;
              } catch (SQLException e) {
                Expect.interrupted(e);
              }
              end.act().run(lease);
            });
    company.awaitCommitted();
    boolean committed = end.name().equals("commit") && kept[0];
    assertEquals(committed ? List.of("one", "two", "part") : List.of("one", "two"), values(pool));
  }

  @Test
  void batch_ofJdbcInterruptedAlone_saysThatItWasInterrupted() throws SQLException {
    SqlitePool pool = openPatient();
    insert(pool, "old");
    holder(pool)
        .does(
            lease -> {
              try (Statement batch = lease.connection().createStatement()) {
                batch.addBatch(INTERRUPTED_UPDATE);
                SQLException failure = Expect.sql(SQLException.class, "57014", batch::executeBatch);
                Throwable cause = failure;
                while (cause != null && !(cause instanceof InterruptedException)) {
                  cause = cause.getCause();
                }
                assertTrue(cause != null, () -> "no InterruptedException behind " + failure);
              }
              lease.rollback();
            });
  }
}
