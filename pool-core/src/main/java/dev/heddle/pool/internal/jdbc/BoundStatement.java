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
interface BoundStatement extends PreparedStatement {

  /**
   * The values that were set.
   *
   * @throws SQLException if the statement was closed
   */
  Parameters parameters() throws SQLException;

  @Override
  default void clearParameters() throws SQLException {
    parameters().clear();
  }

  @Override
  default ParameterMetaData getParameterMetaData() throws SQLException {
    return parameters().metaData();
  }

  @Override
  default void setNull(int index, int type) throws SQLException {
    parameters().set(index, null);
  }

  @Override
  default void setNull(int index, int type, @Nullable String name) throws SQLException {
    setNull(index, type);
  }

  // Numbers, texts, bytes

  @Override
  default void setBoolean(int index, boolean value) throws SQLException {
    setInt(index, value ? 1 : 0);
  }

  @Override
  default void setByte(int index, byte value) throws SQLException {
    setInt(index, value);
  }

  @Override
  default void setShort(int index, short value) throws SQLException {
    setInt(index, value);
  }

  @Override
  default void setInt(int index, int value) throws SQLException {
    parameters().set(index, value);
  }

  @Override
  default void setLong(int index, long value) throws SQLException {
    parameters().set(index, value);
  }

  @Override
  default void setFloat(int index, float value) throws SQLException {
    setDouble(index, value);
  }

  @Override
  default void setDouble(int index, double value) throws SQLException {
    parameters().set(index, Values.toStorage(value, index));
  }

  @Override
  default void setBigDecimal(int index, @Nullable BigDecimal value) throws SQLException {
    setObject(index, value);
  }

  @Override
  default void setString(int index, @Nullable String value) throws SQLException {
    parameters().set(index, value);
  }

  @Override
  default void setNString(int index, @Nullable String value) throws SQLException {
    setString(index, value);
  }

  @Override
  default void setBytes(int index, byte @Nullable [] value) throws SQLException {
    parameters().set(index, value);
  }

  // Dates: milliseconds since 1970, as the driver stores them, to which no zone makes a difference

  @Override
  default void setDate(int index, @Nullable Date value) throws SQLException {
    setObject(index, value);
  }

  @Override
  default void setDate(int index, @Nullable Date value, @Nullable Calendar calendar)
      throws SQLException {
    setObject(index, value);
  }

  @Override
  default void setTime(int index, @Nullable Time value) throws SQLException {
    setObject(index, value);
  }

  @Override
  default void setTime(int index, @Nullable Time value, @Nullable Calendar calendar)
      throws SQLException {
    setObject(index, value);
  }

  @Override
  default void setTimestamp(int index, @Nullable Timestamp value) throws SQLException {
    setObject(index, value);
  }

  @Override
  default void setTimestamp(int index, @Nullable Timestamp value, @Nullable Calendar calendar)
      throws SQLException {
    setObject(index, value);
  }

  // Anything

  @Override
  default void setObject(int index, @Nullable Object value) throws SQLException {
    parameters().set(index, Storing.storage(index, value));
  }

  @Override
  default void setObject(int index, @Nullable Object value, int type) throws SQLException {
    parameters().set(index, Storing.storage(index, value, type));
  }

  @Override
  default void setObject(int index, @Nullable Object value, int type, int scale)
      throws SQLException {
    parameters().set(index, Storing.storage(index, value, type, scale));
  }

  @Override
  default void setObject(int index, @Nullable Object value, SQLType type) throws SQLException {
    setObject(index, value, number(type));
  }

  @Override
  default void setObject(int index, @Nullable Object value, SQLType type, int scale)
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
  default void setBinaryStream(int index, @Nullable InputStream value) throws SQLException {
    setBinaryStream(index, value, Contents.ALL);
  }

  @Override
  default void setBinaryStream(int index, @Nullable InputStream value, int length)
      throws SQLException {
    setBinaryStream(index, value, (long) length);
  }

  @Override
  default void setBinaryStream(int index, @Nullable InputStream value, long length)
      throws SQLException {
    parameters().set(index, value == null ? null : Contents.bytes(index, value, length));
  }

  @Override
  default void setAsciiStream(int index, @Nullable InputStream value) throws SQLException {
    setAsciiStream(index, value, Contents.ALL);
  }

  @Override
  default void setAsciiStream(int index, @Nullable InputStream value, int length)
      throws SQLException {
    setAsciiStream(index, value, (long) length);
  }

  @Override
  default void setAsciiStream(int index, @Nullable InputStream value, long length)
      throws SQLException {
    parameters().set(index, value == null ? null : Contents.text(index, value, length));
  }

  @Override
  default void setCharacterStream(int index, @Nullable Reader value) throws SQLException {
    setCharacterStream(index, value, Contents.ALL);
  }

  @Override
  default void setCharacterStream(int index, @Nullable Reader value, int length)
      throws SQLException {
    setCharacterStream(index, value, (long) length);
  }

  @Override
  default void setCharacterStream(int index, @Nullable Reader value, long length)
      throws SQLException {
    parameters().set(index, value == null ? null : Contents.text(index, value, length));
  }

  @Override
  default void setNCharacterStream(int index, @Nullable Reader value) throws SQLException {
    setCharacterStream(index, value);
  }

  @Override
  default void setNCharacterStream(int index, @Nullable Reader value, long length)
      throws SQLException {
    setCharacterStream(index, value, length);
  }

  @Override
  default void setBlob(int index, @Nullable InputStream value) throws SQLException {
    setBinaryStream(index, value);
  }

  @Override
  default void setBlob(int index, @Nullable InputStream value, long length) throws SQLException {
    setBinaryStream(index, value, length);
  }

  @Override
  default void setClob(int index, @Nullable Reader value) throws SQLException {
    setCharacterStream(index, value);
  }

  @Override
  default void setClob(int index, @Nullable Reader value, long length) throws SQLException {
    setCharacterStream(index, value, length);
  }

  @Override
  default void setNClob(int index, @Nullable Reader value) throws SQLException {
    setCharacterStream(index, value);
  }

  @Override
  default void setNClob(int index, @Nullable Reader value, long length) throws SQLException {
    setCharacterStream(index, value, length);
  }

  @Override
  default void setBlob(int index, @Nullable Blob value) throws SQLException {
    setObject(index, value);
  }

  @Override
  default void setClob(int index, @Nullable Clob value) throws SQLException {
    setObject(index, value);
  }

  @Override
  default void setNClob(int index, @Nullable NClob value) throws SQLException {
    setObject(index, value);
  }
}
