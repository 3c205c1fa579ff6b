package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** update, batch and script. */
class WriterStatementsTest extends PoolFixture {

  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  @Test
  void update_rowsChanged_areCountedWithoutThoseOfTriggers() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> {
          lease.script(
              """
              CREATE TABLE log(what);
              CREATE TRIGGER tr AFTER INSERT ON t BEGIN
                INSERT INTO log VALUES ('a;b'), (new.v); UPDATE log SET what = what;
              END;
              """);
          assertEquals(3, lease.update("INSERT INTO t(v) VALUES (1), (2), (3)"));
          assertEquals(2, lease.update("UPDATE t SET v = v + 1 WHERE v > ?", 1));
          assertEquals(0, lease.update("UPDATE t SET v = 0 WHERE v > 100"));
          assertEquals(1, lease.update("INSERT INTO t(v) VALUES (9) RETURNING id"));
          assertEquals(1, lease.update("WITH x AS (SELECT 4 AS a) DELETE FROM t WHERE v IN x"));
          assertEquals(3, lease.update("DELETE FROM t"));
          assertEquals(0, lease.update("CREATE TABLE other(a)"));
          assertEquals(8, lease.query("SELECT * FROM log").size());
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "VALUES (1)",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        "PRAGMA table_info(t)",
        "EXPLAIN DELETE FROM t",
        "EXPLAIN QUERY PLAN SELECT 1"
      })
  void update_statementThatOnlyReads_isRefused(String sql) throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      Expect.mentions(assertThrows(SQLException.class, () -> lease.update(sql)), "query(", sql);
    }
  }

  @Test
  void batch_rows_areAllRunAndCounted() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> {
          assertEquals(
              3, lease.batch(INSERT, List.<@Nullable Object[]>of(row(1), row("b"), row(null))));
          assertEquals(0, lease.batch(INSERT, List.of()));
          assertEquals(2, lease.batch(INSERT, List.of("x", "y"), WriterStatementsTest::row));
          assertEquals(
              4, lease.batch("UPDATE t SET v = 0 WHERE id <= ?", List.of(3, 1), i -> row(i)));
        });
  }

  private static @Nullable Object[] row(@Nullable Object value) {
    return new @Nullable Object[] {value};
  }

  @Test
  void batch_oneRowFails_saysWhichAndKeepsThoseBefore() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> {
          SQLException failure =
              Expect.sql(
                  SQLIntegrityConstraintViolationException.class,
                  "23505",
                  () ->
                      lease.batch(
                          "INSERT INTO t(id, v) VALUES (?, 'secret')",
                          List.of(7, 8, 7, 9),
                          WriterStatementsTest::row));
          Expect.mentions(failure, "row 3");
          assertEquals(2, count(lease));
        });
    assertEquals(List.of("secret", "secret"), values(pool));
  }

  @Test
  void batch_oneRowHasTheWrongNumberOfValues_saysWhich() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> {
          SQLException failure =
              assertThrows(
                  SQLDataException.class,
                  () ->
                      lease.batch(
                          INSERT, List.<@Nullable Object[]>of(row(1), new @Nullable Object[0])));
          Expect.mentions(failure, "row 2");
          assertEquals(1, count(lease));
        });
  }

  @Test
  void batch_afterAFailedOne_otherErrorsNameNoRow() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> {
          String sql = "INSERT INTO t(id) VALUES (?)";
          lease.update(sql, 1);
          assertThrows(
              SQLException.class, () -> lease.batch(sql, List.of(2, 1), WriterStatementsTest::row));

          SQLException failure = assertThrows(SQLException.class, () -> lease.update(sql, 1));

          assertFalse(String.valueOf(failure.getMessage()).contains("row "), failure::toString);
        });
  }

  @Test
  void batch_itemsReadThroughTheSameLease_work() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> {
          lease.batch(
              INSERT,
              List.of(1, 2, 3),
              item -> {
                try {
                  return row(count(lease) * 10 + item);
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
          assertEquals(List.of(1L, 12L, 23L), values(lease));
        });
  }

  @Test
  void batch_statementThatGivesRows_isRefused() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      assertThrows(SQLException.class, () -> lease.batch("SELECT 1", List.of()));
      assertThrows(
          SQLException.class,
          () -> lease.batch(INSERT + " RETURNING id", List.of(1), WriterStatementsTest::row));
      assertEquals(0, count(lease));
    }
  }

  @Test
  void batch_leaseEndedByTheItems_throwsAndWritesNoMore() throws SQLException {
    SqlitePool pool = open();
    WriteLease lease = pool.acquireWriter();
    Expect.over(
        () ->
            lease.batch(
                INSERT,
                List.of(1, 2, 3),
                item -> {
                  if (item == 2) {
                    lease.close();
                  }
                  return row(item);
                }));
    assertEquals(List.of(), values(pool));
  }
}
