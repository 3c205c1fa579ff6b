package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** read, write, useReader and useWriter. */
class WorkTest extends PoolFixture {

  @Test
  void write_workReturns_commitsAndGivesItsResult() throws SQLException {
    SqlitePool pool = open();
    AtomicReference<WriteLease> kept = new AtomicReference<>();

    String result =
        pool.write(
            lease -> {
              kept.set(lease);
              lease.update("INSERT INTO t(v) VALUES (1)");
              return "done";
            });

    assertEquals("done", result);
    assertEquals(List.of(1L), values(pool));
    Expect.over(() -> kept.get().query("SELECT 1"));
    assertNull(pool.<@Nullable Object, RuntimeException>write(lease -> null));
    assertNull(pool.<@Nullable Object, RuntimeException>read(lease -> null));
  }

  static List<Throwable> failures() {
    return List.of(
        new IOException("checked"),
        new IllegalStateException("unchecked"),
        new AssertionError("error"),
        new SQLException("sql", "99999"),
        new InterruptedException("interrupted"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void write_workThrows_rollsBackAndThrowsTheSameWithoutAWarning(Throwable failure)
      throws SQLException {
    SqlitePool pool = open();
    try (Logs logs = Logs.capture()) {
      Throwable thrown =
          assertThrows(
              Throwable.class,
              () ->
                  pool.<Integer, Throwable>write(
                      lease -> {
                        lease.update("INSERT INTO t(v) VALUES (1)");
                        throw failure;
                      }));

      assertSame(failure, thrown);
      assertEquals(0, thrown.getSuppressed().length);
      assertEquals(List.of(), logs.warnings());
    }
    assertEquals(List.of(), values(pool));
    assertEquals(1, pool.stats().writer().idle());
  }

  @ParameterizedTest
  @MethodSource("failures")
  void read_workThrows_endsTheLeaseAndThrowsTheSame(Throwable failure) throws SQLException {
    SqlitePool pool = open();

    Throwable thrown =
        assertThrows(
            Throwable.class,
            () ->
                pool.<Integer, Throwable>read(
                    lease -> {
                      count(lease);
                      throw failure;
                    }));

    assertSame(failure, thrown);
    assertEquals(2, pool.stats().readers().idle());
  }

  @Test
  void write_workEndsTheTransactionItself_isRefusedAndTheTransactionGoesOn() throws SQLException {
    SqlitePool pool = open();

    pool.useWriter(
        lease -> {
          lease.update("INSERT INTO t(v) VALUES (1)");
          Expect.refused(lease::commit);
          Expect.refused(lease::rollback);
          Expect.refused(() -> lease.connection().commit());
          Expect.refused(() -> lease.connection().rollback());
          assertEquals(List.of(), values(pool));
          lease.update("INSERT INTO t(v) VALUES (2)");
        });

    assertEquals(List.of(1L, 2L), values(pool));
  }

  @Test
  void write_workClosesTheLease_failsAndKeepsNothing() throws SQLException {
    SqlitePool pool = open();

    Expect.over(
        () ->
            pool.useWriter(
                lease -> {
                  lease.update("INSERT INTO t(v) VALUES (1)");
                  lease.close();
                }));

    assertEquals(List.of(), values(pool));
  }

  @Test
  void write_commitFails_throwsAndKeepsNothing() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease ->
            lease.update("CREATE TABLE child(p REFERENCES t(id) DEFERRABLE INITIALLY DEFERRED)"));

    SQLException failure =
        assertThrows(
            SQLException.class,
            () ->
                pool.write(
                    lease -> {
                      lease.update("INSERT INTO t(v) VALUES (1)");
                      return lease.update("INSERT INTO child VALUES (99)");
                    }));

    assertEquals("23000", failure.getSQLState());
    assertEquals(List.of(), values(pool));
  }

  @Test
  void useWriter_workReturns_commits() throws SQLException, IOException {
    SqlitePool pool = open();
    pool.useWriter(lease -> lease.update("INSERT INTO t(v) VALUES (1)"));
    pool.useWriter(
        LeaseOptions.DEFAULTS.withLabel("named"),
        lease -> {
          assertTrue(pool.dump().contains("named"));
          lease.update("INSERT INTO t(v) VALUES (2)");
        });
    pool.<IOException>useWriter(lease -> lease.update("INSERT INTO t(v) VALUES (3)"));

    assertEquals(List.of(1L, 2L, 3L), values(pool));
  }

  @Test
  void useReader_options_areThoseOfTheLease() throws SQLException {
    SqlitePool pool = open();
    AtomicReference<ReadLease> kept = new AtomicReference<>();
    pool.useReader(
        LeaseOptions.DEFAULTS.withLabel("named"),
        lease -> {
          kept.set(lease);
          assertTrue(pool.dump().contains("named"));
          assertEquals(0, count(lease));
        });
    Expect.over(() -> kept.get().query("SELECT 1"));
    assertEquals(
        0L, pool.<Long, RuntimeException>read(LeaseOptions.DEFAULTS, lease -> count(lease)));
  }

  @Test
  void read_insideTheWork_theSameThreadIsRunning() throws SQLException {
    SqlitePool pool = open();
    assertSame(Thread.currentThread(), pool.read(lease -> Thread.currentThread()));
    assertSame(Thread.currentThread(), pool.write(lease -> Thread.currentThread()));
  }

  @Test
  void nullArguments_everyMethod_throwNullPointerExceptionAndLeakNothing() throws SQLException {
    SqlitePool pool = open();
    assertThrows(NullPointerException.class, () -> pool.read(nothing()));
    assertThrows(NullPointerException.class, () -> pool.write(nothing()));
    assertThrows(NullPointerException.class, () -> pool.useReader(nothing()));
    assertThrows(NullPointerException.class, () -> pool.useWriter(nothing()));
    assertThrows(
        NullPointerException.class, () -> pool.acquireReader(WorkTest.<LeaseOptions>nothing()));
    try (WriteLease lease = pool.acquireWriter()) {
      assertThrows(NullPointerException.class, () -> lease.update(nothing()));
      assertThrows(NullPointerException.class, () -> lease.script(nothing()));
      assertThrows(NullPointerException.class, () -> lease.query(nothing()));
      assertThrows(
          NullPointerException.class,
          () -> lease.batch("DELETE FROM t", WorkTest.<List<@Nullable Object[]>>nothing()));
      assertEquals(0, count(lease));
    }
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what a user without it passes
  private static <T> T nothing() {
    @Nullable T none = null;
    return none;
  }
}
