package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** SQLite itself has rolled everything back: nothing may be committed behind the lease's back. */
class LostTransactionTest extends PoolFixture {

  private static final List<String> KILLERS =
      List.of(
          "INSERT OR ROLLBACK INTO t(id) VALUES (100)",
          "INSERT INTO strict_table VALUES (100)",
          "UPDATE OR ROLLBACK t SET id = 100 WHERE id = 1",
          "INSERT INTO guarded VALUES (-1)");

  static Stream<Arguments> killersAndRoutes() {
    return KILLERS.stream()
        .flatMap(
            sql ->
                Routes.ofWriter().stream()
                    .filter(route -> runs(route.name(), sql))
                    .map(route -> Arguments.of(route, sql)));
  }

  private static boolean runs(String route, String sql) {
    return !route.contains("uery")
        && !route.equals("forEach")
        && (!route.equals("insert") || sql.startsWith("INSERT"));
  }

  private SqlitePool openWithTraps() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease ->
            lease.script(
                """
                INSERT INTO t(id, v) VALUES (100, 'old');
                CREATE TABLE strict_table(a UNIQUE ON CONFLICT ROLLBACK);
                INSERT INTO strict_table VALUES (100);
                CREATE TABLE guarded(a);
                CREATE TRIGGER tr BEFORE INSERT ON guarded WHEN new.a < 0 BEGIN
                  SELECT RAISE(ROLLBACK, 'negative');
                END;
                """));
    return pool;
  }

  @ParameterizedTest
  @MethodSource("killersAndRoutes")
  void everyLaterCall_transactionIsLost_saysSoAndNothingIsKept(
      Routes.Route<WriteLease> route, String sql) throws SQLException {
    SqlitePool pool = openWithTraps();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(id, v) VALUES (1, 'lost')");
      SQLException first = assertThrows(SQLException.class, () -> route.way().run(lease, sql));

      for (Executable call : laterCalls(lease)) {
        SQLException later = Expect.lost(call);
        assertNotNull(later.getCause(), "the cause");
      }
      assertTrue(String.valueOf(first.getMessage()).length() > 0);
    }
    assertEquals(List.of("old"), values(pool));
    insert(pool, "new");
    assertEquals(List.of("old", "new"), values(pool));
  }

  private static List<Executable> laterCalls(WriteLease lease) {
    String insert = "INSERT INTO t(v) VALUES ('autocommitted')";
    return List.of(
        () -> lease.update(insert),
        () -> lease.insert(insert),
        () -> lease.batch(insert, List.of(1), i -> new Object[0]),
        () -> lease.script(insert + ";" + insert),
        () -> lease.update("SAVEPOINT s"),
        () -> lease.query("SELECT 1"),
        () -> lease.queryOne(insert + " RETURNING id"),
        () -> lease.queryOne("SELECT 1", row -> 1),
        () -> lease.forEach("SELECT 1", row -> {}),
        () -> lease.connection().createStatement().executeUpdate(insert),
        () -> lease.connection().prepareStatement(insert).executeUpdate(),
        () -> lease.connection().setSavepoint(),
        () -> lease.connection().commit());
  }

  @Test
  void commit_transactionIsLost_throwsAndEndsTheLease() throws SQLException {
    SqlitePool pool = openWithTraps();
    WriteLease lease = pool.acquireWriter();
    lease.update("INSERT INTO t(id, v) VALUES (1, 'lost')");
    SQLException first = assertThrows(SQLException.class, () -> lease.update(KILLERS.getFirst()));

    SQLException atCommit = Expect.lost(lease::commit);

    assertEquals(first, atCommit.getCause());
    Expect.over(lease::commit);
    assertEquals(List.of("old"), values(pool));
  }

  @Test
  void rollback_transactionIsLost_isFine() throws SQLException {
    SqlitePool pool = openWithTraps();
    WriteLease lease = pool.acquireWriter();
    lease.update("INSERT INTO t(id, v) VALUES (1, 'lost')");
    assertThrows(SQLException.class, () -> lease.update(KILLERS.getFirst()));

    lease.rollback();

    assertEquals(List.of("old"), values(pool));
  }

  @Test
  void write_workSwallowsTheFailure_failsAndKeepsNothing() throws SQLException {
    SqlitePool pool = openWithTraps();

    Expect.lost(
        () ->
            pool.useWriter(
                lease -> {
                  lease.update("INSERT INTO t(v) VALUES ('lost')");
                  assertThrows(SQLException.class, () -> lease.update(KILLERS.getFirst()));
                  assertThrows(
                      SQLException.class, () -> lease.update("INSERT INTO t(v) VALUES ('x')"));
                }));

    assertEquals(List.of("old"), values(pool));
  }

  @Test
  void preparedStatement_transactionWasLostBeforeItsNextUse_doesNotRun() throws SQLException {
    SqlitePool pool = openWithTraps();
    try (WriteLease lease = pool.acquireWriter()) {
      var statement =
          lease.connection().prepareStatement("INSERT INTO t(v) VALUES ('autocommitted')");
      statement.executeUpdate();
      assertThrows(SQLException.class, () -> lease.update(KILLERS.getFirst()));

      Expect.lost(statement::executeUpdate);
      Expect.lost(statement::execute);
      statement.close();
    }
    assertEquals(List.of("old"), values(pool));
  }

  @Test
  void forEach_actionLosesTheTransaction_nextRowSaysSo() throws SQLException {
    SqlitePool pool = openWithTraps();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(id) VALUES (1)");

      assertThrows(
          SQLException.class,
          () ->
              lease.forEach(
                  "SELECT id FROM t",
                  row -> assertThrows(SQLException.class, () -> lease.update(KILLERS.getFirst()))));

      Expect.lost(lease::commit);
    }
    assertEquals(List.of("old"), values(pool));
  }

  @Test
  void update_interruptedInAWrite_losesTheTransaction() throws SQLException {
    SqlitePool pool = open();
    Background<?> interrupted =
        start(
            "interrupted",
            () -> {
              try (WriteLease lease = pool.acquireWriter()) {
                lease.update("INSERT INTO t(id, v) VALUES (1, 'lost')");
                SQLException failure =
                    assertThrows(SQLException.class, () -> lease.update(Gate.ENDLESS_UPDATE));
                Expect.interrupted(failure);
                assertTrue(Thread.interrupted());
                Expect.lost(() -> lease.update("INSERT INTO t(v) VALUES ('autocommitted')"));
                Expect.lost(lease::commit);
                return 0;
              }
            });
    gate().awaitReached();

    interrupted.thread().interrupt();

    interrupted.result();
    assertEquals(List.of(), values(pool));
  }

  @Test
  void query_interruptedInARead_keepsTheTransaction() throws SQLException {
    SqlitePool pool = open();
    Background<?> interrupted =
        start(
            "interrupted",
            () -> {
              try (WriteLease lease = pool.acquireWriter()) {
                lease.update("INSERT INTO t(id, v) VALUES (1, 'kept')");
                Expect.interrupted(
                    assertThrows(SQLException.class, () -> lease.query(Gate.ENDLESS_QUERY)));
                assertTrue(Thread.interrupted());
                lease.update("INSERT INTO t(id, v) VALUES (2, 'too')");
                lease.commit();
                return 0;
              }
            });
    gate().awaitReached();

    interrupted.thread().interrupt();

    interrupted.result();
    assertEquals(List.of("kept", "too"), values(pool));
  }
}
