package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cursors that are open when a unit commits: they end there, and hold nobody up. */
class GroupCursorTest extends GroupFixture {

  private static final String RETURNING =
      "INSERT INTO t(v) VALUES ('a'), ('b'), ('c') RETURNING id";

  /** Leaves a cursor open; gives the result set, if there is one. */
  @FunctionalInterface
  interface Leaving {
    @Nullable ResultSet run(WriteLease lease) throws SQLException;
  }

  /** A way to leave one. */
  record Way(String name, Leaving leaving) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Way> ways() {
    return Stream.of(
        new Way("plain SELECT", lease -> open(plain(lease, "SELECT id FROM t"))),
        new Way("prepared SELECT", lease -> open(prepared(lease, "SELECT id FROM t"))),
        new Way("plain RETURNING", lease -> open(plain(lease, RETURNING))),
        new Way("prepared RETURNING", lease -> open(prepared(lease, RETURNING))),
        new Way("UPDATE RETURNING", l -> open(plain(l, "UPDATE t SET v = v RETURNING id"))),
        new Way(
            "several",
            lease -> {
              open(plain(lease, RETURNING));
              open(prepared(lease, RETURNING));
              open(plain(lease, "SELECT v FROM t"));
              return open(prepared(lease, "SELECT id FROM t"));
            }),
        new Way("keys", GroupCursorTest::keys));
  }

  private static ResultSet open(ResultSet rows) throws SQLException {
    assertTrue(rows.next());
    return rows;
  }

  private static ResultSet plain(WriteLease lease, String sql) throws SQLException {
    return lease.connection().createStatement().executeQuery(sql);
  }

  private static ResultSet prepared(WriteLease lease, String sql) throws SQLException {
    return lease.connection().prepareStatement(sql).executeQuery();
  }

  private static ResultSet keys(WriteLease lease) throws SQLException {
    var insert = lease.connection().prepareStatement("INSERT INTO t(v) VALUES ('k')", 1);
    insert.executeUpdate();
    return open(insert.getGeneratedKeys());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void commit_cursorOpenInTheMiddleOfAGroup_endsIt(Way way) throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    List<@Nullable ResultSet> left = new ArrayList<>();
    company.holder().insert("three").does(lease -> left.add(way.leaving().run(lease)));
    company.holder().startCommit();
    next.awaitHolds().insert("next");
    ResultSet rows = left.getFirst();
    if (rows != null) {
      assertThrows(SQLException.class, rows::next);
      assertTrue(rows.isClosed());
    }
    company.assertWaiting();
    next.commitNow();
    company.awaitCommitted();
    company.holder().awaitCommitted();
    assertTrue(values(pool).containsAll(List.of("one", "two", "three", "next")));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void commit_cursorOpenInTheFirstOrLastUnit_endsIt(Way way) throws SQLException {
    SqlitePool pool = openPatient();
    insert(pool, "zero");
    Unit one = holder(pool);
    Unit two = waiter(pool);
    one.insert("one").does(lease -> way.leaving().run(lease));
    one.startCommit();
    two.awaitHolds().insert("two").does(lease -> way.leaving().run(lease));
    two.commitNow();
    one.awaitCommitted();
    assertTrue(values(pool).containsAll(List.of("one", "two")));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void rollback_cursorOpenInCompany_undoesTheUnitOnly(Way way) throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.holder().insert("no").does(lease -> way.leaving().run(lease));
    company.holder().rollback();
    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
  }

  @Test
  void commit_insideForEachOfAnInsertReturning_keepsAllItsRows() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    Background<SQLException> leaving =
        start(
            "leaving",
            () ->
                assertThrows(
                    SQLException.class,
                    () ->
                        company
                            .holder()
                            .does(lease -> lease.forEach(RETURNING, row -> lease.commit()))));
    next.awaitHolds().insert("next").commitNow();
    assertEquals("08003", String.valueOf(nonNull(leaving.result()).getSQLState()));
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "a", "b", "c", "next"), values(pool));
  }

  private static SQLException nonNull(@Nullable SQLException e) {
    if (e == null) {
      throw new AssertionError("no failure");
    }
    return e;
  }

  @Test
  void commit_throughJdbcWithAnOpenResult_endsItAndKeepsTheRows() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company
        .holder()
        .does(
            lease -> {
              Connection connection = lease.connection();
              ResultSet rows = connection.createStatement().executeQuery(RETURNING);
              assertTrue(rows.next());
              connection.commit();
              assertThrows(SQLException.class, rows::next);
            });
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "a", "b", "c"), values(pool));
  }

  @Test
  void readerCursor_openDuringTheCommit_seesItsOwnState() throws SQLException {
    SqlitePool pool = openPatient();
    insert(pool, "old");
    try (var reader = pool.acquireSnapshot()) {
      assertEquals(List.of("old"), values(reader));
      Company company = company(pool);
      company.holder().insert("three").commitNow();
      company.awaitCommitted();
      assertEquals(List.of("old"), values(reader));
    }
    assertEquals(4, values(pool).size());
  }
}
