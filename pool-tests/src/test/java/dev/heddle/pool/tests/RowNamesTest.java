package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns by name and index, maps and records. */
class RowNamesTest extends PoolFixture {

  private Row row(String sql) throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      return lease.queryOne(sql).orElseThrow();
    }
  }

  @Test
  void names_anyCase_areFound() throws SQLException {
    Row row = row("SELECT 1 AS Mixed, 2 AS \"with space\", 3 AS ünï");

    assertEquals(List.of("Mixed", "with space", "ünï"), row.columns());
    assertEquals(1, row.getLong("mixed"));
    assertEquals(1, row.getLong("MIXED"));
    assertEquals(2, row.getLong("With Space"));
    assertEquals(3, row.getLong("ÜNÏ"));
    assertThrows(UnsupportedOperationException.class, () -> row.columns().clear());
  }

  @Test
  void names_missing_areRefusedWithThoseThatAreThere() throws SQLException {
    Row row = row("SELECT 1 AS one, 2 AS two");

    Expect.mentions(
        assertThrows(IllegalArgumentException.class, () -> row.getLong("three")),
        "three",
        "one",
        "two");
    assertThrows(IndexOutOfBoundsException.class, () -> row.getLong(0));
    assertThrows(IndexOutOfBoundsException.class, () -> row.getLong(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> row.getString(3));
    assertThrows(IndexOutOfBoundsException.class, () -> row.isNull(3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 AS id, 2 AS other, 3 AS id",
        "SELECT 1 AS id, 2 AS other, 3 AS ID",
        "SELECT a.id, 2 AS other, b.id FROM (SELECT 1 AS id) a, (SELECT 3 AS id) b"
      })
  void names_ambiguous_areRefusedButNotTheOthers(String sql) throws SQLException {
    Row row = row(sql);

    Expect.mentions(
        assertThrows(IllegalArgumentException.class, () -> row.getLong("id")), "id", "AS");
    assertThrows(IllegalArgumentException.class, () -> row.getLong("Id"));
    assertThrows(IllegalArgumentException.class, row::toMap);
    assertEquals(2, row.getLong("other"));
    assertEquals(1, row.getLong(1));
    assertEquals(3, row.getLong(3));
  }

  @Test
  void toMap_everyStorage_isInOrderAndMutable() throws SQLException {
    Row row = row("SELECT 'z' AS z, 1 AS a, NULL AS n, 0.5 AS d, x'0102' AS b");

    Map<String, @Nullable Object> map = row.toMap();

    assertEquals(List.of("z", "a", "n", "d", "b"), List.copyOf(map.keySet()));
    assertEquals("z", map.get("z"));
    assertEquals(1L, map.get("a"));
    assertEquals(null, map.get("n"));
    assertEquals(0.5, map.get("d"));
    assertArrayEquals(new byte[] {1, 2}, (byte[]) map.get("b"));
    map.clear();
    assertEquals(5, row.toMap().size());
  }

  @Test
  void detachedRow_bytesHandedOut_areCopies() throws SQLException {
    Row row = row("SELECT x'0102' AS b");

    for (Object bytes : Arrays.asList(row.toMap().get("b"), row.get(1, Object.class))) {
      assertInstanceOf(byte[].class, bytes)[0] = 99;
      assertArrayEquals(new byte[] {1, 2}, row.getBytes(1), "the row has changed");
    }
  }

  record User(long id, String userName, @Nullable Instant createdAt, DayOfWeek day, boolean ok) {}

  private static final String USERS =
      "SELECT 1 AS ok, 'x' AS unused, 7 AS ID, 'Al' AS user_name, NULL AS created_at,"
          + " 'MONDAY' AS day";

  @Test
  void toRecord_snakeCaseAndOtherColumns_areMatched() throws SQLException {
    assertEquals(new User(7, "Al", null, DayOfWeek.MONDAY, true), row(USERS).to(User.class));
  }

  @Test
  void toRecord_inAMapper_works() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      assertEquals(
          new User(7, "Al", null, DayOfWeek.MONDAY, true),
          lease.queryOne(USERS, row -> row.to(User.class)).orElseThrow());
    }
  }

  record CamelCase(String userName) {}

  @Test
  void toRecord_columnInCamelCase_isMatched() throws SQLException {
    assertEquals(
        new CamelCase("b"), row("SELECT 'a' AS user_name, 'b' AS username").to(CamelCase.class));
  }

  @Test
  void toRecord_missingColumn_isRefusedNamingIt() throws SQLException {
    Expect.mentions(
        assertThrows(
            IllegalArgumentException.class, () -> row("SELECT 1 AS id").to(CamelCase.class)),
        "userName",
        "user_name",
        "CamelCase");
  }

  @Test
  void toRecord_valueThatDoesNotFit_isRefused() throws SQLException {
    record One(int id) {}
    Expect.mentions(
        assertThrows(NullPointerException.class, () -> row("SELECT NULL AS id").to(One.class)),
        "id");
    assertThrows(IllegalArgumentException.class, () -> row("SELECT 'x' AS id").to(One.class));
    assertThrows(
        IllegalArgumentException.class, () -> row("SELECT 1 AS id, 2 AS id").to(One.class));
  }

  record Positive(int id) {
    Positive {
      if (id <= 0) {
        throw new ArithmeticException("not positive");
      }
    }
  }

  @Test
  void toRecord_constructorRefuses_throwsItsException() throws SQLException {
    assertThrows(ArithmeticException.class, () -> row("SELECT 0 AS id").to(Positive.class));
  }

  @Test
  void detachedRows_leaseAndPoolHaveEnded_areStillThere() throws SQLException {
    SqlitePool pool = open();
    insert(pool, "value");
    List<Row> rows = new ArrayList<>();
    try (ReadLease lease = pool.acquireReader()) {
      rows.addAll(lease.query("SELECT * FROM t"));
      rows.add(lease.queryOne("SELECT * FROM t").orElseThrow());
    }
    pool.close();

    for (Row row : rows) {
      assertEquals("value", row.getString("v"));
      assertEquals(1, row.getLong("id"));
    }
  }

  @Test
  void query_starAfterAlterTable_seesTheNewColumns() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    insert(pool, 1);
    for (String sql : List.of("SELECT * FROM t", "SELECT t.* FROM t", "SELECT id, * FROM t")) {
      assertEquals("v", last(columns(pool, sql)));
    }
    pool.useWriter(
        lease -> lease.script("ALTER TABLE t RENAME COLUMN v TO w; ALTER TABLE t ADD COLUMN z"));

    for (String sql : List.of("SELECT * FROM t", "SELECT t.* FROM t", "SELECT id, * FROM t")) {
      assertEquals("z", last(columns(pool, sql)));
    }
    try (ReadLease lease = pool.acquireReader()) {
      Row row = lease.queryOne("SELECT * FROM t").orElseThrow();
      assertEquals(1, row.getLong("w"));
      assertEquals(List.of("id", "w", "z"), row.columns());
      assertEquals(1, lease.query("SELECT * FROM t", view -> view.getLong("w")).getFirst());
    }
  }

  private static List<String> columns(SqlitePool pool, String sql) throws SQLException {
    try (ReadLease lease = pool.acquireReader()) {
      return lease.queryOne(sql).orElseThrow().columns();
    }
  }

  private static String last(List<String> names) {
    return names.getLast();
  }

  @Test
  void query_tableReplacedByOneWithOtherColumns_seesThem() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      String sql = "INSERT INTO r VALUES (1) RETURNING *";
      lease.update("CREATE TABLE r(a)");
      assertEquals(List.of("a"), lease.queryOne(sql).orElseThrow().columns());
      lease.script("DROP TABLE r; CREATE TABLE r(b)");
      assertEquals(1, lease.queryOne(sql).orElseThrow().getLong("b"));
    }
  }
}
