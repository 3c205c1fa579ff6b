package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Errors;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLDataException;
import java.sql.SQLException;

/** What a stream holds, for a parameter: SQLite takes a value at once. */
final class Contents {

  /** Up to the end of the stream. */
  static final long ALL = Long.MAX_VALUE;

  private Contents() {}

  /** The bytes of a stream; of the length given there must be as many. */
  static byte[] bytes(int index, InputStream stream, long length) throws SQLException {
    try {
      byte[] bytes = stream.readNBytes(limit(index, length));
      requireLength(index, bytes.length, length);
      return bytes;
    } catch (IOException e) {
      throw failed(index, e);
    }
  }

  /** UTF-8, of which ASCII is a part. */
  static String text(int index, InputStream stream, long length) throws SQLException {
    return new String(bytes(index, stream, length), StandardCharsets.UTF_8);
  }

  /** The characters of a reader; of the length given there must be as many. */
  static String text(int index, Reader reader, long length) throws SQLException {
    try {
      String text = length == ALL ? reader.readAllAsString() : read(reader, limit(index, length));
      requireLength(index, text.length(), length);
      return text;
    } catch (IOException e) {
      throw failed(index, e);
    }
  }

  private static String read(Reader reader, int length) throws IOException {
    CharBuffer buffer = CharBuffer.allocate(length);
    int read = 0;
    while (read >= 0 && buffer.hasRemaining()) {
      read = reader.read(buffer);
    }
    return buffer.flip().toString();
  }

  private static int limit(int index, long length) throws SQLException {
    if (length < 0 || (length > Integer.MAX_VALUE && length != ALL)) {
      throw Failures.invalid("A length of " + length + " for parameter " + index);
    }
    return (int) Math.min(length, Integer.MAX_VALUE);
  }

  private static void requireLength(int index, int found, long wanted) throws SQLException {
    if (wanted != ALL && found != wanted) {
      throw Failures.invalid(
          "The stream of parameter %d ended after %d of %d".formatted(index, found, wanted));
    }
  }

  private static SQLException failed(int index, IOException e) {
    return new SQLDataException(
        "The stream of parameter " + index + " can't be read", Errors.INVALID_PARAMETER, e);
  }
}
