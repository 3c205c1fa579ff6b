package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.sqlite.Function;

/** A lease is for one call at a time. */
class TwoCallsTest extends PoolFixture {

  private static final LeaseOptions LABEL = LeaseOptions.DEFAULTS.withLabel("shared-by-two");

  @Test
  void everyMethod_anotherThreadIsInACall_isRefused() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter(LABEL)) {
      lease.update("INSERT INTO t(v) VALUES (1)");
      PreparedStatement prepared = lease.connection().prepareStatement("SELECT 1");
      Background<?> first = start("first", () -> lease.query("SELECT gate()"));
      gate().awaitReached();

      List<Executable> calls =
          List.of(
              () -> lease.query("SELECT 1"),
              () -> lease.query("SELECT 1", row -> 1),
              () -> lease.forEach("SELECT 1", row -> {}),
              () -> lease.update("DELETE FROM t"),
              () -> lease.script("DELETE FROM t"),
              lease::connection,
              lease::commit,
              lease::rollback,
              prepared::executeQuery);
      for (Executable call : calls) {
        Expect.mentions(Expect.refused(call), "shared-by-two", "two threads");
      }

      gate().open();
      first.result();
      lease.commit();
    }
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void close_anotherThreadIsInACall_theCallHandsTheConnectionBack() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    ReadLease lease = pool.acquireReader();
    Background<?> inCall = start("in-call", () -> lease.query("SELECT gate()"));
    gate().awaitReached();

    lease.close();

    assertEquals(0, pool.stats().readers().idle());
    gate().open();
    inCall.result();
    Await.until("the reader is back", () -> pool.stats().readers().idle() == 1);
    Expect.over(() -> lease.query("SELECT 1"));
    assertEquals(List.of(), values(pool));
  }

  @Test
  void close_ofTheWriterWhileAnotherThreadIsInACall_rollsBack() throws SQLException {
    SqlitePool pool = open();
    WriteLease lease = pool.acquireWriter();
    lease.update("INSERT INTO t(v) VALUES (1)");
    Background<?> inCall = start("in-call", () -> lease.query("SELECT gate()"));
    gate().awaitReached();
    lease.close();
    gate().open();
    inCall.result();

    try (WriteLease next = pool.acquireWriter()) {
      assertEquals(0, count(next));
    }
  }

  @Test
  void sqlFunction_callsItsOwnLease_isRefused() throws SQLException {
    AtomicReference<Executable> call = new AtomicReference<>(() -> {});
    AtomicReference<Throwable> refusal = new AtomicReference<>();
    SqlitePool pool =
        open(
            config ->
                config.onConnect(
                    connection ->
                        Function.create(
                            connection,
                            "callback",
                            new Function() {
                              @Override
                              protected void xFunc() throws SQLException {
                                refusal.set(assertThrows(SQLException.class, call.get()));
                                result(7);
                              }
                            })));
    try (WriteLease lease = pool.acquireWriter(LABEL)) {
      lease.update("INSERT INTO t(v) VALUES (1)");
      for (Executable recursive :
          List.<Executable>of(
              () -> lease.query("SELECT 1"),
              () -> lease.update("DELETE FROM t"),
              lease::commit,
              lease::rollback)) {
        call.set(recursive);
        assertEquals(7, lease.queryOne("SELECT callback()", row -> row.getLong(1)).orElseThrow());
        Expect.mentions(refusal.get(), "shared-by-two", "SQL function");
        assertEquals("25001", ((SQLException) refusal.get()).getSQLState());
      }
      lease.commit();
    }
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void sqlFunction_closesItsOwnLease_theStatementEndsAndNothingIsKept() throws SQLException {
    AtomicReference<Runnable> action = new AtomicReference<>(() -> {});
    SqlitePool pool =
        open(
            config ->
                config.onConnect(
                    connection ->
                        Function.create(
                            connection,
                            "callback",
                            new Function() {
                              @Override
                              protected void xFunc() throws SQLException {
                                action.get().run();
                                result(7);
                              }
                            })));
    WriteLease lease = pool.acquireWriter();
    action.set(lease::close);
    lease.update("INSERT INTO t(v) VALUES (callback())");

    Expect.over(lease::commit);
    assertEquals(List.of(), values(pool));
    assertEquals(1, pool.stats().writer().idle());
  }

  @Test
  void sqlFunction_takesAnotherLease_works() throws SQLException {
    AtomicReference<SqlitePool> inside = new AtomicReference<>();
    SqlitePool pool =
        open(
            config ->
                config.onConnect(
                    connection ->
                        Function.create(
                            connection,
                            "other_rows",
                            new Function() {
                              @Override
                              protected void xFunc() throws SQLException {
                                result(values(inside.get()).size());
                              }
                            })));
    inside.set(pool);
    insert(pool, 1);
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES (2)");
      assertEquals(1, lease.queryOne("SELECT other_rows()", row -> row.getLong(1)).orElseThrow());
    }
  }

  @Test
  void sqlFunction_throws_isAnErrorAndTheLeaseGoesOn() throws SQLException {
    SqlitePool pool =
        open(
            config ->
                config.onConnect(
                    connection ->
                        Function.create(
                            connection,
                            "broken",
                            new Function() {
                              @Override
                              protected void xFunc() throws SQLException {
                                throw new SQLException("out of order");
                              }
                            })));
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES (1)");
      SQLException failure = assertThrows(SQLException.class, () -> lease.query("SELECT broken()"));
      assertTrue(String.valueOf(failure.getMessage()).contains("out of order"), failure::toString);
      lease.commit();
    }
    assertEquals(List.of(1L), values(pool));
  }
}
