package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What would end, outlive or reach beyond a unit of a group, and savepoints, which do not. */
class GroupGuardTest extends GroupFixture {

  private static final List<String> REFUSED =
      List.of(
          "BEGIN",
          "BEGIN IMMEDIATE",
          "COMMIT",
          "END",
          "END TRANSACTION",
          "ROLLBACK",
          "ROLLBACK TRANSACTION",
          "SAVEPOINT heddle_unit",
          "SAVEPOINT HEDDLE_UNIT",
          "SAVEPOINT \"heddle_unit\"",
          "SAVEPOINT [heddle_unit]",
          "SAVEPOINT `heddle_unit`",
          "SAVEPOINT 'heddle_unit'",
          "RELEASE heddle_unit",
          "RELEASE SAVEPOINT \"Heddle_Unit\"",
          "RELEASE 'heddle_unit'",
          "ROLLBACK TO heddle_unit",
          "ROLLBACK TRANSACTION TO SAVEPOINT heddle_unit",
          "ROLLBACK/**/TO/**/[heddle_unit]",
          "-- x\n;\uFEFF COMMIT",
          "CREATE TEMP TABLE t(a)",
          "CREATE TEMPORARY VIEW t AS SELECT 1",
          "CREATE TEMP TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
          "CREATE TABLE temp.t(a)",
          "ATTACH ':memory:' AS other",
          "DETACH main",
          "VACUUM",
          "PRAGMA locking_mode = EXCLUSIVE",
          "PRAGMA query_only = ON",
          "PRAGMA ignore_check_constraints = ON",
          "PRAGMA writable_schema = ON",
          "PRAGMA max_page_count = 1",
          "PRAGMA busy_timeout = 9",
          "PRAGMA foreign_keys = OFF",
          "PRAGMA journal_mode = DELETE",
          "PRAGMA wal_checkpoint",
          "PRAGMA synchronous = OFF",
          "PRAGMA recursive_triggers = ON",
          "PRAGMA temp_store = MEMORY");

  static Stream<String> refused() {
    return REFUSED.stream();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void statement_wouldReachBeyondTheUnit_isRefusedAndTheGroupGoesOn(String sql)
      throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit unit = company.holder();
    for (boolean begun : new boolean[] {false, true}) {
      if (begun) {
        unit.insert("three");
      }
      for (Routes.Route<WriteLease> route : Routes.ofWriter()) {
        SQLException failure =
            assertThrows(SQLException.class, () -> unit.does(l -> route.way().run(l, sql)));
        assertTrue(
            failure.getSQLState().matches("25001|42000"), () -> route + " answered " + failure);
      }
      company.assertWaiting();
    }
    unit.commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  // Savepoints of the user's own

  @Test
  void savepoint_inSql_undoesAPartOfTheUnit() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company
        .holder()
        .update("SAVEPOINT s")
        .insert("no")
        .update("ROLLBACK TO s")
        .insert("three")
        .update("RELEASE s")
        .update("SAVEPOINT s")
        .insert("four")
        .commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three", "four"), values(pool));
  }

  @Test
  void savepoint_inJdbc_undoesAPartOfTheUnit() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company
        .holder()
        .does(
            lease -> {
              Connection connection = lease.connection();
              Savepoint first = connection.setSavepoint();
              lease.update("INSERT INTO t(v) VALUES ('no')");
              connection.rollback(first);
              Savepoint second = connection.setSavepoint("mine");
              lease.update("INSERT INTO t(v) VALUES ('three')");
              connection.releaseSavepoint(second);
              connection.setSavepoint("left open");
              lease.update("INSERT INTO t(v) VALUES ('four')");
            });
    company.holder().commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three", "four"), values(pool));
  }

  @Test
  void nested_inCompany_undoesAPartOfTheUnit() throws SQLException {
    SqlitePool pool = openPatient();
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
                            part.update("INSERT INTO t(v) VALUES ('no')");
                            throw new IllegalStateException("planned");
                          }));
              lease.nested(
                  part -> part.nested(inner -> inner.update("INSERT INTO t(v) VALUES ('three')")));
            });
    company.holder().commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  @Test
  void savepoint_leftOpenByALaterUnit_isUnknownToTheNext() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    company.holder().update("SAVEPOINT s").insert("three").startCommit();
    next.awaitHolds().insert("four");
    next.fails("42000", "ROLLBACK TO s");
    next.fails("42000", "RELEASE s");
    next.commitNow();
    company.awaitCommitted();
    company.holder().awaitCommitted();
    assertEquals(List.of("one", "two", "three", "four"), values(pool));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ROLLBACK TO s", "RELEASE s"})
  void savepoint_leftOpenByTheFirstUnit_isUnknownToTheNext(String reach) throws SQLException {
    SqlitePool pool = openPatient();
    Unit one = holder(pool);
    Unit two = waiter(pool);
    one.update("SAVEPOINT s").insert("one").startCommit();
    two.awaitHolds().insert("two");
    two.fails("42000", reach);
    two.commitNow();
    one.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ROLLBACK TO s", "RELEASE s"})
  void savepoint_leftOpenByTheFirstUnit_aLaterOneReachesForItAndRollsBack_firstIsKept(String reach)
      throws SQLException {
    SqlitePool pool = openPatient();
    Unit one = holder(pool);
    Unit two = waiter(pool);
    one.update("SAVEPOINT s").insert("one").startCommit();
    two.awaitHolds().insert("two");
    assertThrows(SQLException.class, () -> two.update(reach));
    two.rollback();
    one.awaitCommitted();
    assertEquals(List.of("one"), values(pool));
  }

  @Test
  void savepoint_ofJdbcLeftOpenByTheFirstUnit_isOfNoUseToTheNext() throws SQLException {
    SqlitePool pool = openPatient();
    Unit one = holder(pool);
    Unit two = waiter(pool);
    List<Savepoint> savepoints = new ArrayList<>();
    one.does(lease -> savepoints.add(lease.connection().setSavepoint()));
    one.insert("one").startCommit();
    two.awaitHolds().insert("two");
    two.fails("3B001", lease -> lease.connection().rollback(savepoints.getFirst()));
    two.fails("3B001", lease -> lease.connection().releaseSavepoint(savepoints.getFirst()));
    two.commitNow();
    one.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "heddle_unit",
        "HEDDLE_UNIT",
        "\"heddle_unit\"",
        "[heddle_unit]",
        "heddle_part_1",
        "s; COMMIT",
        "s\"; COMMIT; --",
        "s'; COMMIT; --",
        "s; ROLLBACK; BEGIN",
        "s; RELEASE heddle_unit",
        "s; ROLLBACK TO heddle_unit",
        "s; PRAGMA foreign_keys = OFF",
        "s; CREATE TEMP TABLE t(a)"
      })
  void setSavepoint_nameThatIsThePoolsOrSql_doesNotReachBeyondTheUnit(String name)
      throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    Unit unit = company.holder().insert("no");
    try {
      unit.does(lease -> lease.connection().setSavepoint(name));
    } catch (SQLException e) {
      assertTrue(e.getSQLState() != null, e::toString);
    }
    company.assertWaiting();
    assertEquals(List.of(), values(pool), "something is durable");
    unit.rollback();
    next.awaitHolds().insert("next").commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "next"), values(pool));
  }

  @Test
  void setSavepoint_nameOfThePoolsPart_isNotTheOneThatNestedUndoes() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company
        .holder()
        .does(
            lease ->
                assertThrows(
                    Exception.class,
                    () ->
                        lease.nested(
                            part -> {
                              part.update("INSERT INTO t(v) VALUES ('no')");
                              part.connection().setSavepoint("heddle_part_1");
                              throw new IllegalStateException("planned");
                            })));
    company.holder().commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
  }

  @Test
  void schemaName_ofATable_mayBeLikeThePoolsSavepoint() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company
        .holder()
        .update("INSERT INTO t(v) VALUES ('heddle_unit; COMMIT')")
        .update("CREATE TABLE heddle_unit(a)")
        .commitNow();
    company.awaitCommitted();
    assertEquals(3, values(pool).size());
  }

  @Test
  void userVersion_setInCompany_isUndoneWithItsUnitOnly() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    company.holder().update("PRAGMA user_version = 7").rollback();
    next.awaitHolds().update("PRAGMA application_id = 9").insert("next").commitNow();
    company.awaitCommitted();
    assertEquals("0", Database.ask(file(), "PRAGMA user_version"));
    assertEquals("9", Database.ask(file(), "PRAGMA application_id"));
  }
}
