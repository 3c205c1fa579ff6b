package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Values;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/** The setters of a prepared statement: each puts one value into its {@link Parameters}. */
abstract class BoundStatement extends LeasedStatement implements PreparedStatement {

  BoundStatement(LeasedConnection connection) {
    super(connection);
  }

  /**
   * The values that were set.
   *
   * @throws SQLException if the statement was closed
   */
  abstract Parameters parameters() throws SQLException;

  @Override
  public void clearParameters() throws SQLException {
    parameters().clear();
  }

  @Override
  public ParameterMetaData getParameterMetaData() throws SQLException {
    return parameters().metaData();
  }

  @Override
  public void setNull(int index, int type) throws SQLException {
    parameters().set(index, null);
  }

  @Override
  public void setNull(int index, int type, @Nullable String name) throws SQLException {
    setNull(index, type);
  }

  // Numbers, texts, bytes

  @Override
  public void setBoolean(int index, boolean value) throws SQLException {
    setInt(index, value ? 1 : 0);
  }

  @Override
  public void setByte(int index, byte value) throws SQLException {
    setInt(index, value);
  }

  @Override
  public void setShort(int index, short value) throws SQLException {
    setInt(index, value);
  }

  @Override
  public void setInt(int index, int value) throws SQLException {
    parameters().set(index, value);
  }

  @Override
  public void setLong(int index, long value) throws SQLException {
    parameters().set(index, value);
  }

  @Override
  public void setFloat(int index, float value) throws SQLException {
    setDouble(index, value);
  }

  @Override
  public void setDouble(int index, double value) throws SQLException {
    parameters().set(index, Values.toStorage(value, index));
  }

  @Override
  public void setBigDecimal(int index, @Nullable BigDecimal value) throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setString(int index, @Nullable String value) throws SQLException {
    parameters().set(index, value);
  }

  @Override
  public void setNString(int index, @Nullable String value) throws SQLException {
    setString(index, value);
  }

  @Override
  public void setBytes(int index, byte @Nullable [] value) throws SQLException {
    parameters().set(index, value);
  }

  // Dates: milliseconds since 1970, as the driver stores them, to which no zone makes a difference

  @Override
  public void setDate(int index, @Nullable Date value) throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setDate(int index, @Nullable Date value, @Nullable Calendar calendar)
      throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setTime(int index, @Nullable Time value) throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setTime(int index, @Nullable Time value, @Nullable Calendar calendar)
      throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setTimestamp(int index, @Nullable Timestamp value) throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setTimestamp(int index, @Nullable Timestamp value, @Nullable Calendar calendar)
      throws SQLException {
    setObject(index, value);
  }

  // Anything

  @Override
  public void setObject(int index, @Nullable Object value) throws SQLException {
    parameters().set(index, Storing.storage(index, value));
  }

  @Override
  public void setObject(int index, @Nullable Object value, int type) throws SQLException {
    parameters().set(index, Storing.storage(index, value, type));
  }

  @Override
  public void setObject(int index, @Nullable Object value, int type, int scale)
      throws SQLException {
    parameters().set(index, Storing.storage(index, value, type, scale));
  }

  @Override
  public void setObject(int index, @Nullable Object value, SQLType type) throws SQLException {
    setObject(index, value, number(type));
  }

  @Override
  public void setObject(int index, @Nullable Object value, SQLType type, int scale)
      throws SQLException {
    setObject(index, value, number(type), scale);
  }

  private static int number(@Nullable SQLType type) throws SQLException {
    if (type == null) {
      throw Failures.invalid("The type of the parameter is null");
    }
    Integer number = type.getVendorTypeNumber();
    if (number == null) {
      throw Failures.unsupported("SQLite has no type " + type.getName());
    }
    return number;
  }

  // Streams and large objects: read to their end, or for the length given

  @Override
  public void setBinaryStream(int index, @Nullable InputStream value) throws SQLException {
    setBinaryStream(index, value, Contents.ALL);
  }

  @Override
  public void setBinaryStream(int index, @Nullable InputStream value, int length)
      throws SQLException {
    setBinaryStream(index, value, (long) length);
  }

  @Override
  public void setBinaryStream(int index, @Nullable InputStream value, long length)
      throws SQLException {
    parameters().set(index, value == null ? null : Contents.bytes(index, value, length));
  }

  @Override
  public void setAsciiStream(int index, @Nullable InputStream value) throws SQLException {
    setAsciiStream(index, value, Contents.ALL);
  }

  @Override
  public void setAsciiStream(int index, @Nullable InputStream value, int length)
      throws SQLException {
    setAsciiStream(index, value, (long) length);
  }

  @Override
  public void setAsciiStream(int index, @Nullable InputStream value, long length)
      throws SQLException {
    parameters().set(index, value == null ? null : Contents.text(index, value, length));
  }

  @Override
  public void setCharacterStream(int index, @Nullable Reader value) throws SQLException {
    setCharacterStream(index, value, Contents.ALL);
  }

  @Override
  public void setCharacterStream(int index, @Nullable Reader value, int length)
      throws SQLException {
    setCharacterStream(index, value, (long) length);
  }

  @Override
  public void setCharacterStream(int index, @Nullable Reader value, long length)
      throws SQLException {
    parameters().set(index, value == null ? null : Contents.text(index, value, length));
  }

  @Override
  public void setNCharacterStream(int index, @Nullable Reader value) throws SQLException {
    setCharacterStream(index, value);
  }

  @Override
  public void setNCharacterStream(int index, @Nullable Reader value, long length)
      throws SQLException {
    setCharacterStream(index, value, length);
  }

  @Override
  public void setBlob(int index, @Nullable InputStream value) throws SQLException {
    setBinaryStream(index, value);
  }

  @Override
  public void setBlob(int index, @Nullable InputStream value, long length) throws SQLException {
    setBinaryStream(index, value, length);
  }

  @Override
  public void setClob(int index, @Nullable Reader value) throws SQLException {
    setCharacterStream(index, value);
  }

  @Override
  public void setClob(int index, @Nullable Reader value, long length) throws SQLException {
    setCharacterStream(index, value, length);
  }

  @Override
  public void setNClob(int index, @Nullable Reader value) throws SQLException {
    setCharacterStream(index, value);
  }

  @Override
  public void setNClob(int index, @Nullable Reader value, long length) throws SQLException {
    setCharacterStream(index, value, length);
  }

  @Override
  public void setBlob(int index, @Nullable Blob value) throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setClob(int index, @Nullable Clob value) throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setNClob(int index, @Nullable NClob value) throws SQLException {
    setObject(index, value);
  }
}
