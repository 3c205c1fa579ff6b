package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A unit whose first statement could cost those before it their commit, or their time, commits them
 * first; as a later statement it runs in their company.
 */
class GroupBreakTest extends GroupFixture {

  /** A first statement. */
  record First(String name, Unit.Act act) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static First sql(String sql) {
    return new First(sql, lease -> lease.update(sql));
  }

  private static void plain(WriteLease lease, int timeout, String sql) throws SQLException {
    try (Statement statement = lease.connection().createStatement()) {
      statement.setQueryTimeout(timeout);
      statement.execute(sql);
    }
  }

  private static void prepared(WriteLease lease, int timeout, String sql) throws SQLException {
    try (PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      statement.setQueryTimeout(timeout);
      statement.execute();
    }
  }

  private static void batch(WriteLease lease, String... sql) throws SQLException {
    try (Statement statement = lease.connection().createStatement()) {
      for (String one : sql) {
        statement.addBatch(one);
      }
      statement.executeBatch();
    }
  }

  static Stream<First> breaking() {
    String insert = "INSERT INTO t(v) VALUES ('x')";
    return Stream.of(
        sql("CREATE TABLE c(a)"),
        sql("CREATE INDEX i ON t(v)"),
        sql("ALTER TABLE t ADD COLUMN c"),
        sql("DROP TABLE other"),
        sql("CREATE VIEW w AS SELECT * FROM t"),
        sql("CREATE TRIGGER z AFTER INSERT ON other BEGIN SELECT 1; END"),
        sql("/* c */ ; CREATE TABLE c(a)"),
        sql("INSERT OR ROLLBACK INTO t(id, v) VALUES (77, 'x')"),
        sql("UPDATE OR ROLLBACK t SET id = 78 WHERE id = 77"),
        sql("INSERT INTO strict_table VALUES (1)"),
        sql("INSERT INTO guarded VALUES (1)"),
        sql("WITH a(b) AS (VALUES (1)) INSERT INTO guarded SELECT b FROM a"),
        sql("INSERT INTO seen VALUES (1)"),
        new First("script", lease -> lease.script(insert)),
        new First("batch", l -> l.batch(insert, List.of(1), i -> new @Nullable Object[0])),
        new First("batch of rows", l -> l.batch(insert, List.<Object[]>of(new Object[0]))),
        new First("nothing in a batch", l -> l.batch(insert, List.<Object[]>of())),
        new First("JDBC batch", lease -> batch(lease, insert)),
        new First("JDBC batch of two", lease -> batch(lease, "CREATE TABLE c(a)", insert)),
        new First("plain with a time-out", lease -> plain(lease, 60, insert)),
        new First("prepared with a time-out", lease -> prepared(lease, 60, insert)),
        new First("query with a time-out", lease -> plain(lease, 60, "SELECT 1")),
        new First("prepared DDL", lease -> prepared(lease, 0, "CREATE TABLE c(a)")),
        new First("plain DDL", lease -> plain(lease, 0, "CREATE TABLE c(a)")));
  }

  static Stream<First> harmless() {
    String insert = "INSERT INTO t(v) VALUES ('x')";
    return Stream.of(
        sql(insert),
        sql("INSERT OR ABORT INTO t(v) VALUES ('x')"),
        sql("INSERT OR REPLACE INTO t(id, v) VALUES (1, 'x')"),
        sql("INSERT INTO t(id, v) VALUES (1, 'x') ON CONFLICT DO NOTHING"),
        sql("UPDATE t SET v = 'x'"),
        sql("DELETE FROM t"),
        sql("SAVEPOINT s"),
        sql("PRAGMA user_version = 7"),
        sql("INSERT INTO t(v) VALUES ('OR ROLLBACK')"),
        new First("query", lease -> lease.query("SELECT 1")),
        new First("EXPLAIN", l -> l.query("EXPLAIN INSERT OR ROLLBACK INTO t(id) VALUES (1)")),
        new First("RETURNING", lease -> lease.query(insert + " RETURNING id")),
        new First("nested", lease -> lease.nested(part -> part.update(insert))),
        new First("savepoint", lease -> lease.connection().setSavepoint()),
        new First("plain", lease -> plain(lease, 0, insert)),
        new First("prepared", lease -> prepared(lease, 0, insert)),
        new First("metadata", l -> l.connection().getMetaData().getTables(null, null, "%", null)));
  }

  private SqlitePool openWithTables() throws SQLException {
    SqlitePool pool = openPatient();
    pool.useWriter(
        lease ->
            lease.script(
                """
                CREATE TABLE other(a);
                CREATE TABLE strict_table(a UNIQUE ON CONFLICT ROLLBACK);
                CREATE TABLE guarded(a);
                CREATE TRIGGER tr BEFORE INSERT ON guarded WHEN new.a < 0 BEGIN
                  SELECT RAISE(ROLLBACK, 'negative');
                END;
                CREATE TABLE base(a);
                CREATE TRIGGER tr2 BEFORE INSERT ON base WHEN new.a < 0 BEGIN
                  SELECT RAISE(ROLLBACK, 'negative');
                END;
                CREATE VIEW seen AS SELECT a FROM base;
                CREATE TRIGGER tr3 INSTEAD OF INSERT ON seen BEGIN
                  INSERT INTO base VALUES (new.a);
                END;
                """));
    return pool;
  }

  @ParameterizedTest
  @MethodSource("breaking")
  void firstStatement_couldHarm_commitsThoseBeforeIt(First first) throws SQLException {
    SqlitePool pool = openWithTables();
    Counts before = Counts.of(pool);
    Company company = company(pool);
    company.assertWaiting();
    company.holder().does(first.act());

    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
    before.assertSince(pool, 1, 2, 0);
    company.holder().commitNow();
    before.assertSince(pool, 2, 3, 0);
  }

  @ParameterizedTest
  @MethodSource("breaking")
  void firstStatement_couldHarmAndIsRolledBack_leavesTheOthersCommitted(First first)
      throws SQLException {
    SqlitePool pool = openWithTables();
    Company company = company(pool);
    Unit next = waiter(pool);
    company.holder().does(first.act());
    company.awaitCommitted();
    company.holder().rollback();
    next.awaitHolds().insert("next").commitNow();
    assertEquals(List.of("one", "two", "next"), values(pool));
  }

  @ParameterizedTest
  @MethodSource("breaking")
  void laterStatement_couldHarm_runsInCompany(First later) throws SQLException {
    SqlitePool pool = openWithTables();
    Counts before = Counts.of(pool);
    Company company = company(pool);
    company.holder().insert("three").does(later.act());
    company.assertWaiting();
    before.assertSince(pool, 0, 0, 0);
    company.holder().commitNow();
    company.awaitCommitted();
    before.assertSince(pool, 1, 3, 0);
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void firstStatement_isHarmless_joinsTheGroup(First first) throws SQLException {
    SqlitePool pool = openWithTables();
    Counts before = Counts.of(pool);
    Company company = company(pool);
    company.holder().does(first.act());
    company.assertWaiting();
    before.assertSince(pool, 0, 0, 0);
    company.holder().commitNow();
    company.awaitCommitted();
    before.assertSince(pool, 1, 3, 0);
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void firstStatement_isHarmlessAndRolledBack_leavesTheOthers(First first) throws SQLException {
    SqlitePool pool = openWithTables();
    Company company = company(pool);
    company.holder().does(first.act());
    company.holder().rollback();
    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
    assertEquals("0", Database.ask(file(), "PRAGMA user_version"));
  }

  @Test
  void killer_asFirstStatement_harmsNobody() throws SQLException {
    SqlitePool pool = openWithTables();
    for (String sql :
        List.of(
            "INSERT OR ROLLBACK INTO t(id) VALUES (1)",
            "INSERT INTO guarded VALUES (-1)",
            "INSERT INTO seen VALUES (-1)")) {
      Company company = company(pool);
      Unit next = waiter(pool);
      company
          .holder()
          .fails(sql.contains("guarded") || sql.contains("seen") ? "23000" : "23505", sql);
      company.awaitCommitted();
      company.holder().fails("40000", WriteLease::commit);
      next.awaitHolds().insert("next").commitNow();
    }
    assertEquals(9, values(pool).size());
  }

  @Test
  void killer_triggerWasMadeByANeighbourOfTheGroup_breaksBefore() throws SQLException {
    SqlitePool pool = openWithTables();
    pool.useWriter(lease -> lease.update("INSERT INTO other VALUES (-1)"));
    Company company = company(pool);
    Unit killer = waiter(pool);
    company
        .holder()
        .insert("three")
        .update("CREATE TRIGGER tr4 BEFORE INSERT ON other BEGIN SELECT RAISE(ROLLBACK, 'no'); END")
        .startCommit();
    killer.awaitHolds().fails("23000", "INSERT INTO other VALUES (-1)");
    company.awaitCommitted();
    company.holder().awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  @Test
  void killer_triggerWasMadeInAJdbcBatch_breaksBefore() throws SQLException {
    SqlitePool pool = openWithTables();
    pool.useWriter(lease -> lease.update("INSERT INTO other VALUES (-1)"));
    Company company = company(pool);
    Unit killer = waiter(pool);
    company
        .holder()
        .insert("three")
        .does(
            lease ->
                batch(
                    lease,
                    "CREATE TRIGGER tr4 BEFORE INSERT ON other BEGIN SELECT RAISE(ROLLBACK, 'no');"
                        + " END",
                    "INSERT INTO t(v) VALUES ('four')"));
    company.holder().startCommit();
    killer.awaitHolds().fails("23000", "INSERT INTO other VALUES (-1)");
    company.awaitCommitted();
    company.holder().awaitCommitted();
    assertEquals(List.of("one", "two", "three", "four"), values(pool));
  }

  @Test
  void batchCount_triggerWasMadeInAJdbcBatch_countsOnlyTheStatementsOwnRows() throws SQLException {
    SqlitePool pool = openWithTables();
    // More than the pool hands to SQLite in one go.
    List<Integer> numbers = IntStream.range(0, 3000).boxed().toList();
    List<Object[]> rows = numbers.stream().map(n -> new Object[] {n}).toList();
    String insert = "INSERT INTO other VALUES (?)";
    try (WriteLease lease = pool.acquireWriter()) {
      assertEquals(3000, lease.batch(insert, rows));
      batch(
          lease,
          "CREATE TRIGGER tr4 AFTER INSERT ON other BEGIN INSERT INTO t(v) VALUES (1); END",
          "INSERT INTO t(v) VALUES ('x')");
      assertEquals(3000, lease.batch(insert, rows));
      lease.rollback();
    }
  }

  @Test
  void firstStatementAfterARefusedOne_stillBreaksBefore() throws SQLException {
    SqlitePool pool = openWithTables();
    Company company = company(pool);
    company.holder().fails("25001", "COMMIT");
    company.assertWaiting();
    company.holder().update("CREATE TABLE c(a)");
    company.awaitCommitted();
    company.holder().rollback();
  }

  @Test
  void firstStatement_couldHarmButNobodyIsThere_othersJoinAfterwards() throws SQLException {
    SqlitePool pool = openWithTables();
    List<Unit> units = queue(pool, 3);
    units.get(0).update("INSERT OR ROLLBACK INTO t(id) VALUES (77)").startCommit();
    units.get(1).awaitHolds().update("DELETE FROM t WHERE id = 77").startCommit();
    units.get(2).awaitHolds().insert("x");
    assertFalse(units.get(0).isDone());
    units.get(2).commitNow();
    units.get(0).awaitCommitted();
    units.get(1).awaitCommitted();
    pool.useReader(lease -> assertEquals(List.of(), lease.query("SELECT * FROM t WHERE id = 77")));
  }
}
