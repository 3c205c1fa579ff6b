package dev.heddle.pool.internal.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.sqlite.Columns;
import java.io.IOException;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cursor, labels, NULL and closing; conversions have tests of their own. */
class LeasedResultSetTest {

  private final ResultSet two =
      Results.of(List.of("id", "Name"), new Object[] {1L, "one"}, new Object[] {2L, "two"});

  private static void assertState(String state, Executable call) {
    assertEquals(state, assertThrows(SQLException.class, call).getSQLState());
  }

  @Test
  void next_overTwoRows_isOnEachOnce() throws SQLException {
    assertTrue(two.next());
    assertEquals("one", two.getString(2));
    assertTrue(two.next());
    assertEquals("two", two.getString(2));
    assertFalse(two.next());
    assertFalse(two.next());
  }

  @Test
  void position_overTwoRows_isTold() throws SQLException {
    assertEquals("before 0", position(two));
    two.next();
    assertEquals("first 1", position(two));
    two.next();
    assertEquals("last 2", position(two));
    two.next();
    assertEquals("after 0", position(two));
  }

  @Test
  void position_withoutRows_isNeitherBeforeNorAfter() throws SQLException {
    ResultSet none = Results.of(List.of("id"));
    assertEquals("0", position(none));
    assertFalse(none.next());
    assertEquals("0", position(none));
  }

  @Test
  void position_ofTheOnlyRow_isFirstAndLast() throws SQLException {
    assertEquals("first last 1", position(Results.on(1L)));
  }

  private static String position(ResultSet result) throws SQLException {
    return (result.isBeforeFirst() ? "before " : "")
        + (result.isFirst() ? "first " : "")
        + (result.isLast() ? "last " : "")
        + (result.isAfterLast() ? "after " : "")
        + result.getRow();
  }

  @Test
  void value_besideTheRows_isRefused() throws SQLException {
    assertState("24000", () -> two.getLong(1));
    two.next();
    two.next();
    two.next();
    assertState("24000", () -> two.getObject("id"));
    assertState("24000", () -> two.getObject(1, String.class));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void value_atAnIndexThatIsNotThere_isRefused(int column) throws SQLException {
    two.next();
    assertState("07009", () -> two.getLong(column));
    assertState("07009", () -> two.getObject(column));
  }

  @Test
  void rows_thatFail_failNextAndLeaveNoRow() throws SQLException {
    SQLException failure = new SQLException("while stepping", "58030");
    Rows rows = new Breaking(new Columns(List.of("v")), failure);
    ResultSet result = LeasedResultSet.of(rows, null, () -> {});
    result.next();
    assertSame(failure, assertThrows(SQLException.class, result::next));
    assertState("24000", () -> result.getString(1));
  }

  /** Gives one row, and then breaks. */
  private static final class Breaking implements Rows {
    private final Columns columns;
    private final SQLException failure;
    private boolean broken;

    Breaking(Columns columns, SQLException failure) {
      this.columns = columns;
      this.failure = failure;
    }

    @Override
    public Columns columns() {
      return columns;
    }

    @Override
    public @Nullable Object[] next() throws SQLException {
      if (broken) {
        throw failure;
      }
      broken = true;
      return new Object[] {"first"};
    }

    @Override
    public @Nullable Object[] peek() throws SQLException {
      throw failure;
    }

    @Override
    public void requireOpen() {}

    @Override
    public void close() {}

    @Override
    public boolean isClosed() {
      return false;
    }
  }

  // Labels

  @ParameterizedTest
  @CsvSource({"id,1", "ID,1", "Name,2", "name,2", "nAmE,2"})
  void findColumn_inAnyCase_isFound(String label, int column) throws SQLException {
    assertEquals(column, two.findColumn(label));
  }

  @Test
  void findColumn_ofSeveral_isTheFirst() throws SQLException {
    ResultSet result = Results.of(List.of("x", "id", "ID", "Id"), new Object[] {0L, "a", "b", "c"});
    result.next();
    for (String label : List.of("id", "ID", "Id", "iD")) {
      assertEquals(2, result.findColumn(label));
      assertEquals("a", result.getString(label));
    }
  }

  @Test
  void findColumn_ofNone_namesThoseThereAre() {
    SQLException failure = assertThrows(SQLException.class, () -> two.findColumn("nickname"));
    assertEquals("07009", failure.getSQLState());
    assertEquals("No column 'nickname'; there are [id, Name]", failure.getMessage());
  }

  @Test
  void getters_byLabel_areThoseByIndex() throws SQLException, IOException {
    ResultSet result = Results.of(List.of("other", "v"), new Object[] {"no", "1"});
    result.next();
    assertEquals("1", result.getString("v"));
    assertEquals("1", result.getNString("v"));
    assertTrue(result.getBoolean("v"));
    assertEquals(1, result.getByte("v"));
    assertEquals(1, result.getShort("v"));
    assertEquals(1, result.getInt("v"));
    assertEquals(1, result.getLong("v"));
    assertEquals(1, result.getFloat("v"));
    assertEquals(1, result.getDouble("v"));
    assertEquals("1", result.getBigDecimal("v").toString());
    assertEquals("1", result.getObject("v"));
    assertEquals(1L, result.getObject("v", Long.class));
    assertEquals("1", result.getObject("v", Map.of()));
    assertArrayEquals(new byte[] {'1'}, result.getBytes("v"));
    assertEquals(1, result.getTimestamp("v").getTime());
    assertEquals(1, result.getTimestamp("v", TimeZones.calendar("UTC")).getTime());
    assertEquals(1, result.getDate("v").getTime());
    assertEquals(1, result.getDate("v", TimeZones.calendar("UTC")).getTime());
    assertEquals(1, result.getTime("v").getTime());
    assertEquals(1, result.getTime("v", TimeZones.calendar("UTC")).getTime());
    assertEquals('1', result.getAsciiStream("v").read());
    assertEquals('1', result.getBinaryStream("v").read());
    assertEquals('1', result.getCharacterStream("v").read());
    assertEquals('1', result.getNCharacterStream("v").read());
    assertEquals(1, result.getBlob("v").length());
    assertEquals(1, result.getClob("v").length());
    assertEquals(1, result.getNClob("v").length());
  }

  // NULL

  /** Reads the first column. */
  @FunctionalInterface
  interface Getter {
    @Nullable Object get(ResultSet result) throws SQLException;
  }

  static List<Getter> objects() {
    return List.of(
        r -> r.getString(1),
        r -> r.getNString(1),
        r -> r.getBigDecimal(1),
        r -> r.getBytes(1),
        r -> r.getObject(1),
        r -> r.getObject(1, (Map<String, Class<?>>) null),
        r -> r.getDate(1),
        r -> r.getTime(1),
        r -> r.getTimestamp(1),
        r -> r.getDate(1, TimeZones.calendar("UTC")),
        r -> r.getTime(1, TimeZones.calendar("UTC")),
        r -> r.getTimestamp(1, TimeZones.calendar("UTC")),
        r -> r.getBinaryStream(1),
        r -> r.getAsciiStream(1),
        r -> r.getCharacterStream(1),
        r -> r.getNCharacterStream(1),
        r -> r.getBlob(1),
        r -> r.getClob(1),
        r -> r.getNClob(1),
        r -> r.getObject(1, Integer.class),
        r -> r.getObject(1, Boolean.class),
        r -> r.getObject(1, int.class));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void object_ofNull_isNullAndWasNull(Getter getter) throws SQLException {
    ResultSet result = Results.on(null, 1L);
    result.getLong(2);
    assertFalse(result.wasNull());
    assertNull(getter.get(result));
    assertTrue(result.wasNull());
  }

  static List<Getter> primitives() {
    return List.of(
        r -> r.getByte(1),
        r -> r.getShort(1),
        r -> r.getInt(1),
        r -> r.getLong(1),
        r -> r.getFloat(1),
        r -> r.getDouble(1),
        r -> r.getBoolean(1));
  }

  @ParameterizedTest
  @MethodSource("primitives")
  void primitive_ofNull_isZeroAndWasNull(Getter getter) throws SQLException {
    ResultSet zero = Results.on(0L);
    ResultSet none = Results.on((Object) null);
    assertEquals(getter.get(zero), getter.get(none));
    assertFalse(zero.wasNull());
    assertTrue(none.wasNull());
  }

  // Closing

  static List<Getter> others() {
    return List.of(
        ResultSet::next,
        ResultSet::wasNull,
        ResultSet::getRow,
        ResultSet::isBeforeFirst,
        ResultSet::isFirst,
        ResultSet::isLast,
        ResultSet::isAfterLast,
        ResultSet::getType,
        ResultSet::getConcurrency,
        ResultSet::getHoldability,
        ResultSet::getFetchDirection,
        ResultSet::getFetchSize,
        ResultSet::getWarnings,
        ResultSet::getStatement,
        ResultSet::getMetaData,
        r -> r.findColumn("v"),
        r -> r.getString("v"),
        r -> {
          r.setFetchSize(1);
          return 0;
        },
        r -> {
          r.setFetchDirection(ResultSet.FETCH_FORWARD);
          return 0;
        },
        r -> {
          r.clearWarnings();
          return 0;
        });
  }

  @ParameterizedTest
  @MethodSource({"objects", "primitives", "others"})
  void anything_afterClose_isRefused(Getter getter) throws SQLException {
    ResultSet result = Results.on(1L);
    result.close();
    assertState("08003", () -> getter.get(result));
  }

  @ParameterizedTest
  @MethodSource({"objects", "primitives"})
  void anything_whenTheRowsAreOverAndThereIsNone_isRefused(Getter getter) throws SQLException {
    RowList rows = new RowList(new Columns(List.of("v")), List.of());
    ResultSet result = LeasedResultSet.of(rows, null, () -> {});
    rows.close();
    assertTrue(result.isClosed());
    assertState("08003", () -> getter.get(result));
  }

  @Test
  void close_twice_completesOnce() throws SQLException {
    AtomicInteger completed = new AtomicInteger();
    RowList rows = new RowList(new Columns(List.of("v")), List.of());
    ResultSet result = LeasedResultSet.of(rows, null, completed::incrementAndGet);
    assertFalse(result.isClosed());
    result.close();
    result.close();
    assertTrue(result.isClosed());
    assertTrue(rows.isClosed());
    assertEquals(1, completed.get());
  }

  // What it is

  @Test
  void cursor_isForwardOnlyReadOnlyAndEndsWithItsTransaction() throws SQLException {
    assertEquals(ResultSet.TYPE_FORWARD_ONLY, two.getType());
    assertEquals(ResultSet.CONCUR_READ_ONLY, two.getConcurrency());
    assertEquals(ResultSet.CLOSE_CURSORS_AT_COMMIT, two.getHoldability());
    assertEquals(ResultSet.FETCH_FORWARD, two.getFetchDirection());
    assertThrows(
        SQLFeatureNotSupportedException.class,
        () -> two.setFetchDirection(ResultSet.FETCH_REVERSE));
    assertThrows(SQLFeatureNotSupportedException.class, two::first);
    assertThrows(SQLFeatureNotSupportedException.class, two::getCursorName);
    assertNull(two.getWarnings());
  }

  @Test
  void fetchSize_set_isKeptAndNegativeRefused() throws SQLException {
    two.setFetchSize(50);
    assertEquals(50, two.getFetchSize());
    assertState("22023", () -> two.setFetchSize(-1));
  }

  @Test
  void statement_given_isTold() throws SQLException {
    Statement statement = Setters.of(0);
    RowList rows = new RowList(new Columns(List.of("v")), List.of());
    assertSame(statement, LeasedResultSet.of(rows, statement, () -> {}).getStatement());
    assertNull(two.getStatement());
  }

  @Test
  void unwrap_toWhatItIs_isItselfAndToElse_isRefused() throws SQLException {
    assertSame(two, two.unwrap(ResultSet.class));
    assertTrue(two.isWrapperFor(ResultSet.class));
    assertFalse(two.isWrapperFor(Connection.class));
    assertState("25001", () -> two.unwrap(PreparedStatement.class));
  }

  @Test
  void metaData_afterTheEnd_standsStill() throws SQLException {
    ResultSetMetaData metaData = two.getMetaData();
    two.close();
    assertEquals(2, metaData.getColumnCount());
    assertEquals("Name", metaData.getColumnLabel(2));
    assertEquals("NUMERIC", metaData.getColumnTypeName(2));
  }

  // Streams and large objects

  @Test
  void streams_ofATextAndOfBytes_giveBoth() throws SQLException, IOException {
    ResultSet result = Results.on("aé", new byte[] {'a', -1});
    assertArrayEquals(
        new byte[] {'a', (byte) 0xC3, (byte) 0xA9}, result.getBinaryStream(1).readAllBytes());
    assertArrayEquals(new byte[] {'a', '?'}, result.getAsciiStream(1).readAllBytes());
    assertEquals("aé", result.getCharacterStream(1).readAllAsString());
    assertArrayEquals(new byte[] {'a', -1}, result.getBinaryStream(2).readAllBytes());
  }

  @Test
  void blob_read_givesItsParts() throws SQLException, IOException {
    Blob blob = Results.on((Object) new byte[] {1, 2, 3}).getBlob(1);
    assertEquals(3, blob.length());
    assertArrayEquals(new byte[] {1, 2, 3}, blob.getBytes(1, 3));
    assertArrayEquals(new byte[] {2, 3}, blob.getBytes(2, 99));
    assertArrayEquals(new byte[] {}, blob.getBytes(4, 1));
    assertArrayEquals(new byte[] {2}, blob.getBinaryStream(2, 1).readAllBytes());
    assertArrayEquals(new byte[] {1, 2, 3}, blob.getBinaryStream().readAllBytes());
    assertState("22023", () -> blob.getBytes(0, 1));
    assertState("22023", () -> blob.getBytes(5, 1));
    assertState("22023", () -> blob.getBytes(1, -1));
    assertState("0A000", () -> blob.setBytes(1, new byte[1]));
    blob.free();
    blob.free();
    assertState("22023", blob::length);
  }

  @Test
  void clob_read_givesItsParts() throws SQLException, IOException {
    Clob clob = Results.on("text").getClob(1);
    assertEquals(4, clob.length());
    assertEquals("text", clob.getSubString(1, 4));
    assertEquals("xt", clob.getSubString(3, 99));
    assertEquals("", clob.getSubString(5, 1));
    assertEquals("e", clob.getCharacterStream(2, 1).readAllAsString());
    assertEquals("text", clob.getCharacterStream().readAllAsString());
    assertEquals('t', clob.getAsciiStream().read());
    assertState("22023", () -> clob.getSubString(0, 1));
    assertState("0A000", () -> clob.setString(1, "x"));
    clob.free();
    assertState("22023", clob::length);
  }

  @Test
  void largeObjects_thatAreEmpty_areRead() throws SQLException {
    ResultSet result = Results.on(new byte[0], "");
    assertArrayEquals(new byte[0], result.getBlob(1).getBytes(1, 0));
    assertEquals("", result.getClob(2).getSubString(1, 0));
  }

  @Test
  void typeMap_thatIsEmpty_makesNoDifference() throws SQLException {
    ResultSet result = Results.on(1L);
    assertEquals(1, result.getObject(1, Map.of()));
    assertState("0A000", () -> result.getObject(1, Map.of("t", String.class)));
  }
}
