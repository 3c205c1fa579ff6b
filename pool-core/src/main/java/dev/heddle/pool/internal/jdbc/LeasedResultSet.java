package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Columns;
import dev.heddle.pool.internal.sqlite.Values;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.util.Calendar;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A result set over {@link Rows}: forward only, read only. The values of the row it is on are in
 * memory, and reading them asks nobody; each step, and each other method, asks the rows whether
 * they may still be read.
 */
abstract class LeasedResultSet extends ByLabel implements Unwrapping {

  /** What is to be done when a result set was closed. */
  @FunctionalInterface
  interface Completion {
    void closed() throws SQLException;
  }

  private static final MethodHandle NEW =
      Completed.constructor(
          MethodHandles.lookup(),
          LeasedResultSet.class,
          Rows.class,
          Statement.class,
          Completion.class);

  private final Rows rows;
  private final Columns columns;
  private final @Nullable Statement statement;
  private final Completion completion;

  /** Null before the first row, behind the last one, and when closed. */
  private @Nullable Object @Nullable [] row;

  private int number;
  private boolean ended;
  private boolean wasNull;
  private int fetchSize;
  private boolean closed;

  LeasedResultSet(Rows rows, @Nullable Statement statement, Completion completion) {
    this.rows = rows;
    this.columns = rows.columns();
    this.statement = statement;
    this.completion = completion;
  }

  /**
   * A result set.
   *
   * @param statement whose it is, null for one that belongs to no statement of the user's
   * @param completion called once, after the rows were closed
   */
  static ResultSet of(Rows rows, @Nullable Statement statement, Completion completion) {
    try {
      return (LeasedResultSet) NEW.invokeExact(rows, statement, completion);
    } catch (Throwable e) {
      throw Completed.rethrown(e);
    }
  }

  // The cursor

  private void requireOpen() throws SQLException {
    if (closed) {
      throw Failures.closed("The result set");
    }
    rows.requireOpen();
  }

  @Override
  public boolean next() throws SQLException {
    requireOpen();
    if (ended) {
      return false;
    }
    row = null; // also if there is an error
    row = rows.next();
    if (row == null) {
      ended = true;
    } else {
      number++;
    }
    return row != null;
  }

  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    row = null;
    try {
      rows.close();
    } finally {
      completion.closed();
    }
  }

  @Override
  public boolean isClosed() {
    return closed || rows.isClosed();
  }

  @Override
  public int getRow() throws SQLException {
    requireOpen();
    return row == null ? 0 : number;
  }

  @Override
  public boolean isBeforeFirst() throws SQLException {
    requireOpen();
    return number == 0 && !ended && rows.peek() != null;
  }

  @Override
  public boolean isFirst() throws SQLException {
    return getRow() == 1;
  }

  @Override
  public boolean isLast() throws SQLException {
    return getRow() > 0 && rows.peek() == null;
  }

  @Override
  public boolean isAfterLast() throws SQLException {
    requireOpen();
    return ended && number > 0;
  }

  @Override
  public int getType() throws SQLException {
    requireOpen();
    return TYPE_FORWARD_ONLY;
  }

  @Override
  public int getConcurrency() throws SQLException {
    requireOpen();
    return CONCUR_READ_ONLY;
  }

  @Override
  public int getHoldability() throws SQLException {
    requireOpen();
    return CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public int getFetchDirection() throws SQLException {
    requireOpen();
    return FETCH_FORWARD;
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    requireOpen();
    if (direction != FETCH_FORWARD) {
      throw Failures.unsupported("SQLite gives rows forward only");
    }
  }

  @Override
  public int getFetchSize() throws SQLException {
    requireOpen();
    return fetchSize;
  }

  /** A hint, for which there is no use: rows come one by one from the same process. */
  @Override
  public void setFetchSize(int size) throws SQLException {
    requireOpen();
    if (size < 0) {
      throw Failures.invalid("A fetch size of " + size + "; allowed is 0 or more");
    }
    fetchSize = size;
  }

  @Override
  public @Nullable SQLWarning getWarnings() throws SQLException {
    requireOpen();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    requireOpen();
  }

  @Override
  public @Nullable Statement getStatement() throws SQLException {
    requireOpen();
    return statement;
  }

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    requireOpen();
    return new ColumnsMetaData(columns, this::sample);
  }

  /** A row to tell types by: this one, or the first one before it is reached. */
  private @Nullable Object @Nullable [] sample() throws SQLException {
    return number > 0 || isClosed() ? row : rows.peek();
  }

  // Values

  @Override
  public int findColumn(String label) throws SQLException {
    if (closed) {
      throw Failures.closed("The result set");
    }
    int found = columns.first(label);
    if (found < 0) {
      throw Failures.noColumn("No column '" + label + "'; there are " + columns.names());
    }
    return found + 1;
  }

  private @Nullable Object stored(int column) throws SQLException {
    @Nullable Object[] current = row;
    if (current == null || column < 1 || column > current.length || rows.isClosed()) {
      throw unreadable(column);
    }
    Object value = current[column - 1];
    wasNull = value == null;
    return value;
  }

  private SQLException unreadable(int column) throws SQLException {
    requireOpen();
    if (row != null) {
      return Failures.noColumn(
          "No column " + column + "; columns count from 1 to " + columns.size());
    }
    return Failures.noRow(
        ended ? "The result set is behind its last row" : "Call next() before reading a row");
  }

  private <T> @Nullable T read(int column, Class<T> type) throws SQLException {
    return read(column, type, null);
  }

  @SuppressWarnings("unchecked") // the boxed class of a primitive one can't be cast to
  private <T> @Nullable T read(int column, Class<T> type, @Nullable Calendar calendar)
      throws SQLException {
    Reading.Conversion conversion = Reading.as(type);
    Object stored = stored(column);
    if (stored == null) {
      return null;
    }
    try {
      return (T) conversion.of(stored, calendar);
    } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
      String name = columns.names().get(column - 1);
      throw Failures.conversion(
          "Column '%s' holds %s that can't be read as %s"
              .formatted(name, Values.storageClass(stored), type.getSimpleName()),
          e);
    }
  }

  @Override
  public boolean wasNull() throws SQLException {
    requireOpen();
    return wasNull;
  }

  @Override
  public @Nullable Object getObject(int column) throws SQLException {
    Object stored = stored(column);
    return stored == null ? null : Reading.toObject(stored);
  }

  @Override
  public <T> @Nullable T getObject(int column, Class<T> type) throws SQLException {
    if (type == null) {
      throw Failures.invalid("getObject(column, null): it takes a class");
    }
    return read(column, type);
  }

  @Override
  public @Nullable Object getObject(int column, @Nullable Map<String, Class<?>> map)
      throws SQLException {
    if (map != null && !map.isEmpty()) {
      throw Failures.unsupported("SQLite has no types of the user's to be mapped");
    }
    return getObject(column);
  }

  @Override
  public @Nullable String getString(int column) throws SQLException {
    Object stored = stored(column);
    return stored instanceof String || stored == null ? (String) stored : Reading.toText(stored);
  }

  @Override
  public @Nullable String getNString(int column) throws SQLException {
    return getString(column);
  }

  @Override
  public long getLong(int column) throws SQLException {
    if (stored(column) instanceof Long number) {
      return number;
    }
    Long read = read(column, Long.class);
    return read == null ? 0 : read;
  }

  @Override
  public int getInt(int column) throws SQLException {
    if (stored(column) instanceof Long number && number == number.intValue()) {
      return number.intValue();
    }
    Integer read = read(column, Integer.class);
    return read == null ? 0 : read;
  }

  @Override
  public short getShort(int column) throws SQLException {
    Short read = read(column, Short.class);
    return read == null ? 0 : read;
  }

  @Override
  public byte getByte(int column) throws SQLException {
    Byte read = read(column, Byte.class);
    return read == null ? 0 : read;
  }

  @Override
  public double getDouble(int column) throws SQLException {
    if (stored(column) instanceof Double number) {
      return number;
    }
    Double read = read(column, Double.class);
    return read == null ? 0 : read;
  }

  @Override
  public float getFloat(int column) throws SQLException {
    Float read = read(column, Float.class);
    return read == null ? 0 : read;
  }

  @Override
  public boolean getBoolean(int column) throws SQLException {
    Boolean read = read(column, Boolean.class);
    return read != null && read;
  }

  @Override
  public @Nullable BigDecimal getBigDecimal(int column) throws SQLException {
    return read(column, BigDecimal.class);
  }

  @Override
  public byte @Nullable [] getBytes(int column) throws SQLException {
    return read(column, byte[].class);
  }

  @Override
  public @Nullable Date getDate(int column) throws SQLException {
    return getDate(column, null);
  }

  @Override
  public @Nullable Date getDate(int column, @Nullable Calendar calendar) throws SQLException {
    return read(column, Date.class, calendar);
  }

  @Override
  public @Nullable Time getTime(int column) throws SQLException {
    return getTime(column, null);
  }

  @Override
  public @Nullable Time getTime(int column, @Nullable Calendar calendar) throws SQLException {
    return read(column, Time.class, calendar);
  }

  @Override
  public @Nullable Timestamp getTimestamp(int column) throws SQLException {
    return getTimestamp(column, null);
  }

  @Override
  public @Nullable Timestamp getTimestamp(int column, @Nullable Calendar calendar)
      throws SQLException {
    return read(column, Timestamp.class, calendar);
  }

  @Override
  public @Nullable InputStream getBinaryStream(int column) throws SQLException {
    byte[] bytes = getBytes(column);
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  @Override
  public @Nullable InputStream getAsciiStream(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public @Nullable Reader getCharacterStream(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : new StringReader(text);
  }

  @Override
  public @Nullable Reader getNCharacterStream(int column) throws SQLException {
    return getCharacterStream(column);
  }

  @Override
  public @Nullable Blob getBlob(int column) throws SQLException {
    byte[] bytes = getBytes(column);
    return bytes == null ? null : BytesBlob.of(bytes);
  }

  @Override
  public @Nullable Clob getClob(int column) throws SQLException {
    return getNClob(column);
  }

  @Override
  public @Nullable NClob getNClob(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : TextClob.of(text);
  }
}
