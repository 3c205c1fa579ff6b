package dev.heddle.pool.internal.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.sql.Blob;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes in memory, to be read. */
abstract class BytesBlob implements Blob {

  private static final MethodHandle NEW =
      Completed.constructor(MethodHandles.lookup(), BytesBlob.class, byte[].class);

  private byte @Nullable [] bytes;

  BytesBlob(byte[] bytes) {
    this.bytes = bytes;
  }

  static Blob of(byte[] bytes) {
    try {
      return (BytesBlob) NEW.invokeExact(bytes);
    } catch (Throwable e) {
      throw Completed.rethrown(e);
    }
  }

  private byte[] bytes() throws SQLException {
    byte[] current = bytes;
    if (current == null) {
      throw Failures.invalid("The Blob was freed");
    }
    return current;
  }

  @Override
  public long length() throws SQLException {
    return bytes().length;
  }

  @Override
  public byte[] getBytes(long position, int length) throws SQLException {
    byte[] all = bytes();
    int from = Failures.requireInside(position, length, all.length) - 1;
    return Arrays.copyOfRange(all, from, from + Math.min(length, all.length - from));
  }

  @Override
  public InputStream getBinaryStream() throws SQLException {
    return new ByteArrayInputStream(bytes());
  }

  @Override
  public InputStream getBinaryStream(long position, long length) throws SQLException {
    return new ByteArrayInputStream(getBytes(position, (int) Math.min(length, Integer.MAX_VALUE)));
  }

  @Override
  public void free() {
    bytes = null;
  }
}
