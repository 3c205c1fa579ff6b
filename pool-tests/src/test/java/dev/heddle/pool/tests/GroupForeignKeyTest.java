package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign keys that are looked at no earlier than in COMMIT: only who violates one is refused. */
class GroupForeignKeyTest extends GroupFixture {

  private static final String TABLES =
      """
      CREATE TABLE parent(id INTEGER PRIMARY KEY);
      CREATE TABLE deferred(p REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TABLE immediate(p REFERENCES parent(id));
      """;

  /** Violates what is checked in COMMIT. */
  private static final String VIOLATION = "INSERT INTO deferred VALUES (99)";

  private static final String DEFER = "PRAGMA defer_foreign_keys = ON";

  private SqlitePool openWithKeys() throws SQLException {
    SqlitePool pool = openPatient();
    pool.useWriter(lease -> lease.script(TABLES));
    return pool;
  }

  private static long rows(SqlitePool pool, String table) throws SQLException {
    return pool.read(
        lease ->
            lease.queryOne("SELECT count(*) FROM " + table, row -> row.getLong(1)).orElseThrow());
  }

  private static void refused(Unit unit) {
    Expect.sql(SQLIntegrityConstraintViolationException.class, "23000", unit::awaitCommitted);
  }

  @Test
  void violation_unitOfAGroup_onlyThatOneIsRefused() throws SQLException {
    SqlitePool pool = openWithKeys();
    try (Logs logs = Logs.capture()) {
      Counts before = Counts.of(pool);
      Company company = company(pool);
      Unit next = waiter(pool);
      Unit bad = company.holder().insert("bad").update(VIOLATION).startCommit();

      refused(bad);
      company.awaitCommitted();
      assertEquals(List.of("one", "two"), values(pool));
      next.awaitHolds().insert("next").commitNow();
      assertEquals(List.of("one", "two", "next"), values(pool));
      assertEquals(0, rows(pool, "deferred"));
      before.assertSince(pool, 2, 3, 1);
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void violation_asFirstStatement_onlyThatUnitIsRefused() throws SQLException {
    SqlitePool pool = openWithKeys();
    Company company = company(pool);
    refused(company.holder().update(VIOLATION).startCommit());
    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
  }

  @Test
  void violation_unitAlone_isRefused() throws SQLException {
    SqlitePool pool = openWithKeys();
    Counts before = Counts.of(pool);
    refused(holder(pool).insert("bad").update(VIOLATION).startCommit());
    insert(pool, "good");
    assertEquals(List.of("good"), values(pool));
    before.assertSince(pool, 1, 1, 1);
  }

  @Test
  void violation_firstOfThoseWhoWait_isRefusedAlone() throws SQLException {
    SqlitePool pool = openWithKeys();
    List<Unit> units = queue(pool, 3);
    refused(units.get(0).insert("bad").update(VIOLATION).startCommit());
    units.get(1).awaitHolds().insert("one").startCommit();
    units.get(2).awaitHolds().insert("two").commitNow();
    units.get(1).awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
  }

  @Test
  void deferredKey_inOrder_unitIsTheLastOfItsGroupAndAllAreCommitted() throws SQLException {
    SqlitePool pool = openWithKeys();
    Company company = company(pool);
    Unit next = waiter(pool);
    Unit good =
        company
            .holder()
            .update("INSERT INTO deferred VALUES (7)")
            .update("INSERT INTO parent VALUES (7)")
            .startCommit();
    next.awaitHolds().insert("next");

    good.awaitCommitted();
    company.awaitCommitted();
    assertEquals(1, rows(pool, "deferred"));
    next.commitNow();
  }

  @Test
  void violation_rolledBack_theOthersCommitAndTheNextUnitHasNoTraceOfIt() throws SQLException {
    SqlitePool pool = openWithKeys();
    Company company = company(pool);
    Unit next = waiter(pool);
    company.holder().update(VIOLATION).rollback();
    next.awaitHolds().insert("next").commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "next"), values(pool));
    assertEquals(0, rows(pool, "deferred"));
  }

  @Test
  void violation_undoneByASavepoint_isCommitted() throws SQLException {
    SqlitePool pool = openWithKeys();
    Company company = company(pool);
    company
        .holder()
        .does(
            lease -> {
              assertThrows(
                  IllegalStateException.class,
                  () ->
                      lease.nested(
                          part -> {
                            part.update(VIOLATION);
                            throw new IllegalStateException("planned");
                          }));
              lease.update("INSERT INTO t(v) VALUES ('three')");
            });
    company.holder().commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  @Test
  void violation_byDeletingTheParent_onlyThatUnitIsRefused() throws SQLException {
    SqlitePool pool = openWithKeys();
    pool.useWriter(
        lease -> lease.script("INSERT INTO parent VALUES (1); INSERT INTO deferred VALUES (1)"));
    for (String sql :
        List.of(
            "DELETE FROM parent",
            "UPDATE parent SET id = 2",
            "UPDATE deferred SET p = 3",
            "REPLACE INTO deferred(rowid, p) VALUES (1, 4)")) {
      Company company = company(pool);
      Unit next = waiter(pool);
      Unit bad = company.holder().insert("bad").update(sql).startCommit();
      refused(bad);
      company.awaitCommitted();
      next.awaitHolds().insert("next").commitNow();
      assertEquals(1, rows(pool, "parent"), sql);
    }
    assertFalse(values(pool).contains("bad"));
    assertEquals(12, values(pool).size());
  }

  @Test
  void violation_inATrigger_onlyThatUnitIsRefused() throws SQLException {
    SqlitePool pool = openWithKeys();
    pool.useWriter(
        lease ->
            lease.update(
                "CREATE TRIGGER tr AFTER INSERT ON t WHEN new.v = 'bad' BEGIN"
                    + " INSERT INTO deferred VALUES (99); END"));
    Unit one = holder(pool);
    Unit two = waiter(pool);
    one.insert("one").startCommit();
    refused(two.awaitHolds().insert("bad").startCommit());
    one.awaitCommitted();
    assertEquals(List.of("one"), values(pool));
  }

  @Test
  void violation_inAScriptABatchAndJdbc_onlyThatUnitIsRefused() throws SQLException {
    SqlitePool pool = openWithKeys();
    List<Unit.Act> ways =
        List.of(
            lease -> lease.script("INSERT INTO t(v) VALUES ('bad');" + VIOLATION),
            lease ->
                lease.batch("INSERT INTO deferred VALUES (?)", List.of(99), p -> new Object[] {p}),
            lease -> lease.nested(part -> part.update(VIOLATION)),
            lease -> lease.query(VIOLATION + " RETURNING p"),
            lease -> lease.forEach(VIOLATION + " RETURNING p", row -> {}),
            lease -> lease.connection().createStatement().execute(VIOLATION),
            lease -> lease.connection().prepareStatement(VIOLATION).executeUpdate());
    for (Unit.Act way : ways) {
      Company company = company(pool);
      Unit next = waiter(pool);
      company.holder().insert("bad").does(way);
      refused(company.holder().startCommit());
      next.awaitHolds().insert("next").commitNow();
      company.awaitCommitted();
    }
    assertFalse(values(pool).contains("bad"));
    assertEquals(3 * ways.size(), values(pool).size());
    assertEquals(0, rows(pool, "deferred"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void violation_inAJdbcBatchOfSeveralStatements_onlyThatUnitIsRefused(boolean first)
      throws SQLException {
    SqlitePool pool = openWithKeys();
    Company company = company(pool);
    Unit next = waiter(pool);
    if (!first) {
      company.holder().insert("bad");
    }
    company
        .holder()
        .does(
            lease -> {
              Statement batch = lease.connection().createStatement();
              batch.addBatch(VIOLATION);
              batch.addBatch("INSERT INTO t(v) VALUES ('bad')");
              batch.executeBatch();
            });
    Unit bad = company.holder().startCommit();
    next.awaitHolds().insert("next").commitNow();
    company.awaitCommitted();
    refused(bad);
    assertEquals(List.of("one", "two", "next"), values(pool));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deferPragma_violation_onlyThatUnitIsRefused(boolean first) throws SQLException {
    SqlitePool pool = openWithKeys();
    Company company = company(pool);
    Unit next = waiter(pool);
    Unit bad = company.holder();
    if (!first) {
      bad.insert("bad");
    }
    bad.does(lease -> lease.script(DEFER));
    bad.insert("bad").update("INSERT INTO immediate VALUES (99)").startCommit();

    refused(bad);
    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
    next.awaitHolds().insert("next");
    next.fails("23000", "INSERT INTO immediate VALUES (99)");
    next.commitNow();
    assertEquals(0, rows(pool, "immediate"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deferPragma_unitRollsBack_theNextHasItsErrorsAtTheStatement(boolean first)
      throws SQLException {
    SqlitePool pool = openWithKeys();
    Company company = company(pool);
    Unit next = waiter(pool);
    if (!first) {
      company.holder().insert("no");
    }
    company.holder().update(DEFER).update("INSERT INTO immediate VALUES (99)").rollback();

    next.awaitHolds().fails("23000", "INSERT INTO immediate VALUES (99)");
    next.insert("next").commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "next"), values(pool));
  }

  @Test
  void deferPragma_byEveryRoute_neverReachesTheNextUnit() throws SQLException {
    SqlitePool pool = openWithKeys();
    for (Routes.Route<WriteLease> route : Routes.ofWriter()) {
      for (String sql : List.of(DEFER, "EXPLAIN " + DEFER, "PRAGMA main.defer_foreign_keys(1)")) {
        Company company = company(pool);
        Unit next = waiter(pool);
        company.holder().insert("x");
        company.holder().does(lease -> tryRun(route, lease, sql));
        company.holder().startCommit();
        next.awaitHolds().fails("23000", "INSERT INTO immediate VALUES (99)");
        next.commitNow();
        company.awaitCommitted();
        company.holder().awaitCommitted();
      }
    }
  }

  /** Some routes refuse it; it may have acted all the same. */
  private static void tryRun(Routes.Route<WriteLease> route, WriteLease lease, String sql) {
    try {
      route.way().run(lease, sql);
    } catch (SQLException refused) {
      assertFalse(refused.getMessage() == null, () -> route + " gave no reason");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deferPragma_inAJdbcBatchOfSeveralStatements_neverReachesTheNextUnit(boolean rollsBack)
      throws SQLException {
    SqlitePool pool = openWithKeys();
    Company company = company(pool);
    Unit next = waiter(pool);
    company
        .holder()
        .insert("x")
        .does(
            lease -> {
              Statement batch = lease.connection().createStatement();
              batch.addBatch(DEFER);
              batch.addBatch("INSERT INTO t(v) VALUES ('y')");
              batch.executeBatch();
            });
    if (rollsBack) {
      company.holder().rollback();
    } else {
      company.holder().startCommit();
    }
    next.awaitHolds().fails("23000", "INSERT INTO immediate VALUES (99)");
    next.commitNow();
    company.awaitCommitted();
  }

  /**
   * SQLite compiles an insert that it checks at once, and one that it checks later, differently.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keptStatement_preparedWhileKeysWereDeferred_failsWithoutLeavingItsRow(boolean commits)
      throws SQLException {
    SqlitePool pool = openWithKeys();
    String violation = "INSERT INTO immediate VALUES (99)";
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update(DEFER);
      lease.update(violation);
      if (commits) {
        lease.update("DELETE FROM immediate");
        lease.commit();
      } else {
        lease.rollback();
      }
    }
    try (WriteLease lease = pool.acquireWriter()) {
      Expect.sql(
          SQLIntegrityConstraintViolationException.class, "23000", () -> lease.update(violation));
      lease.commit();
    }
    assertEquals(0, rows(pool, "immediate"));
  }

  @Test
  void dropParent_withDeferredChildren_harmsNobodyElse() throws SQLException {
    SqlitePool pool = openWithKeys();
    pool.useWriter(
        lease -> lease.script("INSERT INTO parent VALUES (1); INSERT INTO deferred VALUES (1)"));
    Company company = company(pool);
    Unit next = waiter(pool);
    company.holder().insert("three");
    try {
      company.holder().update("DROP TABLE parent");
      company.holder().startCommit();
    } catch (SQLException e) {
      assertEquals("23000", e.getSQLState());
      company.holder().rollback();
    }
    next.awaitHolds().insert("next").commitNow();
    company.awaitCommitted();
  }

  /** What is known about a statement must not outlive the schema that it was looked up in. */
  @Test
  void violation_keyWasAddedByAnotherProgram_onlyThatUnitIsRefused() throws SQLException {
    SqlitePool pool = openWithKeys();
    pool.useWriter(lease -> lease.update("CREATE TABLE later(p)"));
    pool.useWriter(lease -> lease.update("INSERT INTO later VALUES (99)"));
    try (Database other = Database.connect(file())) {
      other.run(
          "DROP TABLE later",
          "CREATE TABLE later(p REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)");
    }
    Company company = company(pool);
    Unit next = waiter(pool);
    Unit bad = company.holder().update("INSERT INTO later VALUES (99)").startCommit();
    next.awaitHolds().insert("next").commitNow();
    company.awaitCommitted();
    refused(bad);
  }

  @Test
  void violation_keyWasAddedByANeighbourOfTheGroup_onlyThatUnitIsRefused() throws SQLException {
    SqlitePool pool = openWithKeys();
    pool.useWriter(lease -> lease.update("CREATE TABLE later(p)"));
    pool.useWriter(lease -> lease.update("INSERT INTO later VALUES (99)"));
    Company company = company(pool);
    Unit bad = waiter(pool);
    Unit next = waiter(pool);
    company
        .holder()
        .insert("ddl")
        .update("DROP TABLE later")
        .update("CREATE TABLE later(p REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)")
        .startCommit();
    bad.awaitHolds().update("INSERT INTO later VALUES (99)").startCommit();
    next.awaitHolds().insert("next").commitNow();
    company.awaitCommitted();
    company.holder().awaitCommitted();
    refused(bad);
  }

  @Test
  void write_violates_isNotRunAgain() throws SQLException {
    SqlitePool pool = openWithKeys();
    AtomicInteger runs = new AtomicInteger();
    Unit first = holder(pool);
    Background<?> bad =
        start(
            "bad",
            () ->
                pool.write(
                    lease -> {
                      runs.incrementAndGet();
                      lease.update("INSERT INTO t(v) VALUES ('bad')");
                      return lease.update(VIOLATION);
                    }));
    Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
    first.insert("one").startCommit();
    bad.failure(SQLIntegrityConstraintViolationException.class);
    first.awaitCommitted();
    assertEquals(1, runs.get());
    assertEquals(List.of("one"), values(pool));
  }
}
