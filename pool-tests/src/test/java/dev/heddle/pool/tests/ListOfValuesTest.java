package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolStats;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A list of values as one parameter: a JSON array, which {@code json_each} takes apart. */
class ListOfValuesTest extends PoolFixture {

  private static final String BY_ID =
      "SELECT v FROM t WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id";
  private static final String BY_VALUE =
      "SELECT v FROM t WHERE v IN (SELECT value FROM json_each(?)) ORDER BY id";

  /** How a query is run. */
  enum By {
    LEASE {
      @Override
      List<@Nullable Object> query(SqlitePool pool, String sql, String json) throws SQLException {
        try (ReadLease lease = pool.acquireReader()) {
          return lease.query(sql, row -> row.get(1, Object.class), json);
        }
      }
    },

    JDBC {
      @Override
      List<@Nullable Object> query(SqlitePool pool, String sql, String json) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        try (Connection connection = pool.dataSource().getConnection();
            PreparedStatement statement = connection.prepareStatement(sql)) {
          statement.setString(1, json);
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              values.add(rows.getObject(1));
            }
          }
        }
        return values;
      }
    };

    abstract List<@Nullable Object> query(SqlitePool pool, String sql, String json)
        throws SQLException;
  }

  private SqlitePool openWith(Object... values) throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    for (Object value : values) {
      insert(pool, value);
    }
    return pool;
  }

  @ParameterizedTest
  @EnumSource
  void integers_some_findTheirRows(By by) throws SQLException {
    SqlitePool pool = openWith("one", "two", "three");

    assertEquals(List.of("one", "three"), by.query(pool, BY_ID, "[3,1,4711,1]"));
  }

  @ParameterizedTest
  @EnumSource
  void integers_ofAllBits_areExact(By by) throws SQLException {
    long large = (1L << 53) + 1; // which a double is not
    SqlitePool pool = openWith(Long.MAX_VALUE, Long.MIN_VALUE, large, large - 1);

    assertEquals(
        List.of(Long.MAX_VALUE, Long.MIN_VALUE, large),
        by.query(pool, BY_VALUE, "[9223372036854775807,-9223372036854775808,9007199254740993]"));
  }

  @ParameterizedTest
  @EnumSource
  void strings_quotesAndUnicode_findTheirRows(By by) throws SQLException {
    List<@Nullable Object> texts =
        List.of(
            "it's", "\"so\"", "back\\slash", "line\nand\ttab", "Ü 日本 🧵", "", "'); DROP TABLE t");
    SqlitePool pool = openWith(texts.toArray());
    insert(pool, "another");

    String json =
        "[\"it's\",\"\\\"so\\\"\",\"back\\\\slash\",\"line\\n"
            + "and\\ttab\",\"Ü 日本 \\ud83e\\uddf5\",\"\",\"'); DROP TABLE t\"]";

    assertEquals(texts, by.query(pool, BY_VALUE, json));
  }

  @ParameterizedTest
  @EnumSource
  void list_empty_findsNothing(By by) throws SQLException {
    SqlitePool pool = openWith("one");

    assertEquals(List.of(), by.query(pool, BY_ID, "[]"));
    assertEquals(List.of("one"), by.query(pool, BY_ID.replace(" IN", " NOT IN"), "[]"));
  }

  @ParameterizedTest
  @EnumSource
  void list_withNull_isNullAsInSql(By by) throws SQLException {
    SqlitePool pool = openWith("one", "two");

    assertEquals(List.of("one"), by.query(pool, BY_ID, "[1,null]"));
    assertEquals(List.of("two"), by.query(pool, BY_ID.replace(" IN", " NOT IN"), "[1]"));
    assertEquals(List.of(), by.query(pool, BY_ID.replace(" IN", " NOT IN"), "[1,null]"));
  }

  @ParameterizedTest
  @EnumSource
  void list_withNumbersAsStrings_isComparedAsTheColumnWants(By by) throws SQLException {
    SqlitePool pool = openWith(1, "1");

    assertEquals(2, by.query(pool, BY_ID, "[\"1\",\"2\"]").size(), "an INTEGER column");
    assertEquals(List.of("1"), by.query(pool, BY_VALUE, "[\"1\"]"), "one without a type");
  }

  @ParameterizedTest
  @EnumSource
  void list_ofBytesAsHexadecimalText_findsItsRows(By by) throws SQLException {
    SqlitePool pool = openWith(new byte[] {0, (byte) 0xff}, "another");

    String sql = "SELECT id FROM t WHERE v IN (SELECT unhex(value) FROM json_each(?))";

    assertEquals("[1]", by.query(pool, sql, "[\"00ff\"]").toString());
  }

  @ParameterizedTest
  @EnumSource
  void list_thatIsNoJson_isAnError(By by) throws SQLException {
    SqlitePool pool = openWith("one");

    SQLException failure =
        Expect.sql(
            SQLSyntaxErrorException.class, "42000", () -> by.query(pool, BY_VALUE, "[\"it's"));

    Expect.mentions(failure, "malformed JSON");
  }

  @ParameterizedTest
  @EnumSource
  void list_ofHundredThousand_findsAll(By by) throws SQLException {
    SqlitePool pool = openWith();
    pool.useWriter(
        lease ->
            lease.update(
                "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 200000)"
                    + " INSERT INTO t(id, v) SELECT n, n FROM c"));
    String even =
        LongStream.rangeClosed(1, 100_000)
            .mapToObj(n -> Long.toString(2 * n))
            .collect(Collectors.joining(",", "[", "]"));

    List<@Nullable Object> found = by.query(pool, BY_ID, even);

    assertEquals(100_000, found.size());
    assertEquals("2", String.valueOf(found.getFirst()));
    assertEquals("200000", String.valueOf(found.getLast()));
  }

  @ParameterizedTest
  @EnumSource
  void lists_ofManyLengths_areOneStatement(By by) throws SQLException {
    SqlitePool pool = openWith("one", "two");
    by.query(pool, BY_ID, "[1]");
    PoolStats before = pool.stats();

    for (int length = 0; length < 50; length++) {
      String json =
          LongStream.range(0, length)
              .mapToObj(Long::toString)
              .collect(Collectors.joining(",", "[", "]"));
      by.query(pool, BY_ID, json);
    }

    assertEquals(before.statementCacheMisses(), pool.stats().statementCacheMisses());
    assertEquals(before.statementCacheHits() + 50, pool.stats().statementCacheHits());
  }

  @Test
  void plan_ofIn_looksEachValueUp() throws SQLException {
    SqlitePool pool = openWith("one");
    try (ReadLease lease = pool.acquireReader()) {
      List<@Nullable String> plan =
          lease.query("EXPLAIN QUERY PLAN " + BY_ID, row -> row.getString("detail"), "[1]");

      assertTrue(
          plan.contains("SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"), () -> plan.toString());
    }
  }

  @Test
  void update_ofAList_changesThose() throws SQLException {
    SqlitePool pool = openWith("one", "two", "three");

    long changed =
        pool.write(
            lease ->
                lease.update(
                    "DELETE FROM t WHERE id IN (SELECT value FROM json_each(?))", "[1,2]"));

    assertEquals(2, changed);
    assertEquals(List.of("three"), values(pool));
  }
}
