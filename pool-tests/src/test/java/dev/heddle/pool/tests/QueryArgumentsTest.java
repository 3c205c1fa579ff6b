package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the methods of a lease that read do with their arguments. */
class QueryArgumentsTest extends PoolFixture {

  @Test
  void queryOne_noRow_isEmpty() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease reader = pool.acquireReader()) {
      assertEquals(Optional.empty(), reader.queryOne("SELECT 1 WHERE 0"));
      assertEquals(Optional.empty(), reader.queryOne("SELECT 1 WHERE 0", row -> row.getLong(1)));
      assertEquals(List.of(), reader.query("SELECT 1 WHERE 0"));
    }
  }

  @Test
  void query_statementWithoutRows_isRefused() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease writer = pool.acquireWriter()) {
      String sql = "INSERT INTO t(v) VALUES (1)";

      for (var call :
          List.<org.junit.jupiter.api.function.Executable>of(
              () -> writer.query(sql),
              () -> writer.query(sql, row -> 1),
              () -> writer.queryOne(sql),
              () -> writer.forEach(sql, row -> {}))) {
        Expect.mentions(assertThrows(SQLException.class, call), "update(", sql);
      }
      assertEquals(0, count(writer));
    }
  }

  @Test
  void query_wrongNumberOfParameters_isRefusedWithBothNumbers() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease reader = pool.acquireReader()) {
      SQLException tooFew =
          Expect.sql(SQLDataException.class, "22023", () -> reader.query("SELECT ?, ?", 1));
      Expect.mentions(tooFew, "2", "1", "SELECT ?, ?");
      SQLException tooMany =
          Expect.sql(SQLDataException.class, "22023", () -> reader.queryOne("SELECT ?", 1, 2, 3));
      Expect.mentions(tooMany, "1", "3");
      Expect.sql(SQLDataException.class, "22023", () -> reader.forEach("SELECT 1", r -> {}, 1));
      assertEquals(1, reader.query("SELECT ?, ?", 1, null).size());
    }
  }

  @Test
  void query_nullAsFirstParameter_saysHowToWriteIt() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease reader = pool.acquireReader()) {
      Function<Object, Object> none = nothing();

      NullPointerException failure =
          assertThrows(NullPointerException.class, () -> reader.query("SELECT ?, ?", none, 7));

      Expect.mentions(failure, "mapper", "(Object) null");
      Expect.mentions(
          assertThrows(NullPointerException.class, () -> reader.queryOne("SELECT ?", none)),
          "(Object) null");
      assertTrue(reader.query("SELECT ?", (Object) null).getFirst().isNull(1));
    }
  }

  @SuppressWarnings({
    "NullAway",
    "TypeParameterUnusedInFormals"
  }) // what a user without NullAway passes
  private static <T> T nothing() {
    @Nullable T none = null;
    return none;
  }

  @Test
  void query_typeThatCannotBeBound_isRefusedWithoutItsValue() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease reader = pool.acquireReader()) {
      SQLException failure =
          Expect.sql(
              SQLException.class, "22023", () -> reader.query("SELECT ?, ?", 1, List.of("secret")));

      Expect.mentions(failure, "Parameter 2", "ImmutableCollections");
      assertTrue(!String.valueOf(failure.getMessage()).contains("secret"));
    }
  }

  @Test
  void queryOne_mapperGivesNull_isEmpty() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease reader = pool.acquireReader()) {
      assertEquals(
          Optional.empty(), reader.queryOne("SELECT NULL", row -> row.get(1, String.class)));
    }
  }

  @Test
  void query_twoStatements_isRefused() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease reader = pool.acquireReader()) {
      Expect.sql(SQLNonTransientException.class, "42000", () -> reader.query("SELECT 1; SELECT 2"));
      assertEquals(1, reader.query("; SELECT 1; -- the end").size());
    }
  }
}
