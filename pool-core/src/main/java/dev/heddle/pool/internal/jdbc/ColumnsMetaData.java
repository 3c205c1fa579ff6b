package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Columns;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the columns of a result: their names, what the schema declares, and what a row
 * holds.
 */
final class ColumnsMetaData implements ResultSetMetaData, Unwrapping {

  /** A row of the result, if there is one at hand. */
  @FunctionalInterface
  interface Sample {
    @Nullable Object @Nullable [] row() throws SQLException;
  }

  /** In a declared type: {@code (10)}, {@code (10, 2)}. */
  private static final Pattern SIZE =
      Pattern.compile("\\(\\s*(\\d{1,9})\\s*(?:,\\s*(\\d{1,9})\\s*)?\\)");

  private static final Set<Integer> SIGNED =
      Set.of(
          Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.REAL,
          Types.FLOAT,
          Types.DOUBLE,
          Types.DECIMAL,
          Types.NUMERIC);

  private final Columns columns;
  private final Sample sample;

  ColumnsMetaData(Columns columns, Sample sample) {
    this.columns = columns;
    this.sample = sample;
  }

  private int index(int column) throws SQLException {
    if (column < 1 || column > columns.size()) {
      throw Failures.noColumn(
          "No column " + column + "; columns count from 1 to " + columns.size());
    }
    return column - 1;
  }

  private @Nullable Object value(int column) throws SQLException {
    int index = index(column);
    @Nullable Object[] row = sample.row();
    return row == null ? null : row[index];
  }

  @Override
  public int getColumnCount() {
    return columns.size();
  }

  @Override
  public String getColumnLabel(int column) throws SQLException {
    return columns.names().get(index(column));
  }

  @Override
  public String getColumnName(int column) throws SQLException {
    return getColumnLabel(column);
  }

  @Override
  public String getTableName(int column) throws SQLException {
    String table = columns.declared(index(column)).table();
    return table == null ? "" : table;
  }

  @Override
  public String getSchemaName(int column) throws SQLException {
    index(column);
    return "";
  }

  @Override
  public String getCatalogName(int column) throws SQLException {
    index(column);
    return "";
  }

  private @Nullable String declared(int column) throws SQLException {
    return columns.declared(index(column)).type();
  }

  @Override
  public int getColumnType(int column) throws SQLException {
    return ColumnTypes.type(declared(column), value(column));
  }

  @Override
  public String getColumnTypeName(int column) throws SQLException {
    return ColumnTypes.name(declared(column), value(column));
  }

  /** What {@code getObject} gives. */
  @Override
  public String getColumnClassName(int column) throws SQLException {
    Object value = value(column);
    return (value == null ? Object.class : Reading.toObject(value).getClass()).getName();
  }

  @Override
  public int getPrecision(int column) throws SQLException {
    return size(column, 1);
  }

  @Override
  public int getScale(int column) throws SQLException {
    return size(column, 2);
  }

  private int size(int column, int group) throws SQLException {
    String type = declared(column);
    Matcher matcher = SIZE.matcher(type == null ? "" : type);
    return matcher.find() && matcher.group(group) != null
        ? Integer.parseInt(matcher.group(group))
        : 0;
  }

  /** SQLite keeps no type to its size. */
  @Override
  public int getColumnDisplaySize(int column) throws SQLException {
    index(column);
    return Integer.MAX_VALUE;
  }

  @Override
  public boolean isSigned(int column) throws SQLException {
    return SIGNED.contains(getColumnType(column));
  }

  @Override
  public int isNullable(int column) throws SQLException {
    index(column);
    return columnNullableUnknown;
  }

  @Override
  public boolean isAutoIncrement(int column) throws SQLException {
    index(column);
    return false;
  }

  @Override
  public boolean isCaseSensitive(int column) throws SQLException {
    index(column);
    return true;
  }

  @Override
  public boolean isCurrency(int column) throws SQLException {
    index(column);
    return false;
  }

  @Override
  public boolean isSearchable(int column) throws SQLException {
    index(column);
    return true;
  }

  @Override
  public boolean isReadOnly(int column) throws SQLException {
    index(column);
    return true;
  }

  @Override
  public boolean isWritable(int column) throws SQLException {
    return !isReadOnly(column);
  }

  @Override
  public boolean isDefinitelyWritable(int column) throws SQLException {
    return isWritable(column);
  }
}
