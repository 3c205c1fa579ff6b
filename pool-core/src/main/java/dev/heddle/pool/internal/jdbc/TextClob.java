package dev.heddle.pool.internal.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.sql.NClob;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A text in memory, to be read. */
abstract class TextClob implements NClob {

  private static final MethodHandle NEW =
      Completed.constructor(MethodHandles.lookup(), TextClob.class, String.class);

  private @Nullable String text;

  TextClob(String text) {
    this.text = text;
  }

  static NClob of(String text) {
    try {
      return (TextClob) NEW.invokeExact(text);
    } catch (Throwable e) {
      throw Completed.rethrown(e);
    }
  }

  private String text() throws SQLException {
    String current = text;
    if (current == null) {
      throw Failures.invalid("The Clob was freed");
    }
    return current;
  }

  @Override
  public long length() throws SQLException {
    return text().length();
  }

  @Override
  public String getSubString(long position, int length) throws SQLException {
    String all = text();
    int from = Failures.requireInside(position, length, all.length()) - 1;
    return all.substring(from, from + Math.min(length, all.length() - from));
  }

  @Override
  public Reader getCharacterStream() throws SQLException {
    return new StringReader(text());
  }

  @Override
  public Reader getCharacterStream(long position, long length) throws SQLException {
    return new StringReader(getSubString(position, (int) Math.min(length, Integer.MAX_VALUE)));
  }

  @Override
  public InputStream getAsciiStream() throws SQLException {
    return new ByteArrayInputStream(text().getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void free() {
    text = null;
  }
}
