package dev.heddle.pool.internal.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.sqlite.Columns;
import java.sql.JDBCType;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ColumnsMetaDataTest {

  private static ResultSetMetaData of(@Nullable String type, @Nullable Object value) {
    Columns columns =
        new Columns(List.of("v")).describedBy(List.of(new Columns.Declared(type, "t")));
    return new ColumnsMetaData(columns, () -> new @Nullable Object[] {value});
  }

  static Stream<Arguments> types() {
    byte[] bytes = {1};
    return Stream.of(
        // declared, and no value at hand
        Arguments.of("INTEGER", null, "INTEGER", JDBCType.INTEGER),
        Arguments.of("int", null, "INT", JDBCType.INTEGER),
        Arguments.of("BIGINT", null, "BIGINT", JDBCType.BIGINT),
        Arguments.of("Boolean", null, "BOOLEAN", JDBCType.BOOLEAN),
        Arguments.of("VARCHAR(20)", null, "VARCHAR", JDBCType.VARCHAR),
        Arguments.of("DECIMAL (10, 2)", null, "DECIMAL", JDBCType.DECIMAL),
        Arguments.of("double precision", null, "DOUBLE PRECISION", JDBCType.DOUBLE),
        Arguments.of("TIMESTAMP", null, "TIMESTAMP", JDBCType.TIMESTAMP),
        Arguments.of("DATE", null, "DATE", JDBCType.DATE),
        Arguments.of("BLOB", null, "BLOB", JDBCType.BLOB),
        Arguments.of("geometry", null, "GEOMETRY", JDBCType.NUMERIC),
        Arguments.of("", null, "", JDBCType.NUMERIC),
        Arguments.of(null, null, "NUMERIC", JDBCType.NUMERIC),
        // a value alone
        Arguments.of(null, 1L, "INTEGER", JDBCType.INTEGER),
        Arguments.of(null, 1L << 40, "INTEGER", JDBCType.BIGINT),
        Arguments.of(null, 0.5, "FLOAT", JDBCType.FLOAT),
        Arguments.of(null, "x", "TEXT", JDBCType.VARCHAR),
        Arguments.of(null, bytes, "BLOB", JDBCType.BLOB),
        // both
        Arguments.of("BOOLEAN", 1L, "BOOLEAN", JDBCType.BOOLEAN),
        Arguments.of("INTEGER", 1L << 40, "INTEGER", JDBCType.BIGINT),
        Arguments.of("BIGINT", 1L, "BIGINT", JDBCType.BIGINT),
        Arguments.of("TIMESTAMP", 1L, "TIMESTAMP", JDBCType.TIMESTAMP),
        Arguments.of("DATETIME", "2026-11-22", "DATETIME", JDBCType.TIMESTAMP),
        Arguments.of("DECIMAL(10,2)", 0.5, "DECIMAL", JDBCType.DECIMAL),
        Arguments.of("CHAR(3)", "abc", "CHAR", JDBCType.CHAR),
        Arguments.of("BINARY", bytes, "BINARY", JDBCType.BINARY),
        // that disagree
        Arguments.of("INTEGER", "x", "INTEGER", JDBCType.VARCHAR),
        Arguments.of("VARCHAR(20)", 1L, "VARCHAR", JDBCType.INTEGER),
        Arguments.of("TIMESTAMP", 0.5, "TIMESTAMP", JDBCType.FLOAT),
        Arguments.of("geometry", bytes, "GEOMETRY", JDBCType.BLOB));
  }

  @ParameterizedTest
  @MethodSource("types")
  void type_ofDeclarationAndValue_isTheDrivers(
      @Nullable String declared, @Nullable Object value, String name, JDBCType type)
      throws SQLException {
    ResultSetMetaData metaData = of(declared, value);
    assertEquals(name, metaData.getColumnTypeName(1));
    assertEquals(type.getVendorTypeNumber(), metaData.getColumnType(1));
  }

  static Stream<Arguments> sizes() {
    return Stream.of(
        Arguments.of("DECIMAL(10,2)", 10, 2),
        Arguments.of("DECIMAL ( 10 , 2 )", 10, 2),
        Arguments.of("VARCHAR(20)", 20, 0),
        Arguments.of("VARCHAR(MAX)", 0, 0),
        Arguments.of("VARCHAR(99999999999)", 0, 0),
        Arguments.of("TEXT", 0, 0),
        Arguments.of(null, 0, 0));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void precisionAndScale_areThoseDeclared(@Nullable String declared, int precision, int scale)
      throws SQLException {
    ResultSetMetaData metaData = of(declared, null);
    assertEquals(precision, metaData.getPrecision(1));
    assertEquals(scale, metaData.getScale(1));
  }

  static Stream<Arguments> classes() {
    return Stream.of(
        Arguments.of(1L, Integer.class),
        Arguments.of(1L << 40, Long.class),
        Arguments.of(0.5, Double.class),
        Arguments.of("x", String.class),
        Arguments.of(new byte[0], byte[].class),
        Arguments.of(null, Object.class));
  }

  @ParameterizedTest
  @MethodSource("classes")
  void className_isOfWhatGetObjectGives(@Nullable Object value, Class<?> type) throws SQLException {
    assertEquals(type.getName(), of(null, value).getColumnClassName(1));
  }

  @Test
  void names_areTheColumnsAndItsTables() throws SQLException {
    ResultSetMetaData metaData = of("TEXT", null);
    assertEquals(1, metaData.getColumnCount());
    assertEquals("v", metaData.getColumnName(1));
    assertEquals("v", metaData.getColumnLabel(1));
    assertEquals("t", metaData.getTableName(1));
    assertEquals("", metaData.getSchemaName(1));
    assertEquals("", metaData.getCatalogName(1));
    assertEquals("", Results.on(1L).getMetaData().getTableName(1));
  }

  @Test
  void otherAnswers_areThoseOfAReadOnlyColumn() throws SQLException {
    ResultSetMetaData metaData = of("INTEGER", null);
    assertTrue(metaData.isSigned(1));
    assertFalse(of("TEXT", null).isSigned(1));
    assertTrue(metaData.isReadOnly(1));
    assertFalse(metaData.isWritable(1));
    assertFalse(metaData.isDefinitelyWritable(1));
    assertFalse(metaData.isAutoIncrement(1));
    assertFalse(metaData.isCurrency(1));
    assertTrue(metaData.isSearchable(1));
    assertTrue(metaData.isCaseSensitive(1));
    assertEquals(ResultSetMetaData.columnNullableUnknown, metaData.isNullable(1));
    assertEquals(Integer.MAX_VALUE, metaData.getColumnDisplaySize(1));
  }

  @Test
  void column_thatIsNotThere_isRefused() {
    ResultSetMetaData metaData = of("INTEGER", null);
    for (int column : new int[] {-1, 0, 2}) {
      SQLException failure = assertThrows(SQLException.class, () -> metaData.getColumnType(column));
      assertEquals("07009", failure.getSQLState());
      assertThrows(SQLException.class, () -> metaData.getColumnLabel(column));
      assertThrows(SQLException.class, () -> metaData.isNullable(column));
    }
  }

  @Test
  void type_ofAResultSet_followsItsRows() throws SQLException {
    ResultSet result = Results.of(List.of("v"), new Object[] {1L}, new Object[] {"x"});
    ResultSetMetaData metaData = result.getMetaData();
    assertEquals(Types.INTEGER, metaData.getColumnType(1)); // of the row that comes
    result.next();
    assertEquals(Types.INTEGER, metaData.getColumnType(1));
    result.next();
    assertEquals(Types.VARCHAR, metaData.getColumnType(1));
    result.next();
    assertEquals(Types.NUMERIC, metaData.getColumnType(1));
  }
}
