package dev.heddle.pool;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result, read by 1-based index or by column name.
 *
 * <p>Names are compared without regard to case. A name that several columns carry is refused: give
 * the columns aliases, or read by index.
 *
 * <p>Values are converted where nothing is lost, and refused otherwise: {@code getLong} of the text
 * {@code '12'} is 12, of {@code '12 apples'} an error, never SQLite's silent 12. The types that
 * {@link #get(int, Class)} knows are also those that may be bound as parameters:
 *
 * <table class="striped">
 * <caption>Java types and how SQLite stores them</caption>
 * <thead><tr><th>Java</th><th>bound as</th><th>read from</th></tr></thead>
 * <tbody>
 * <tr><td>{@code Long Integer Short Byte}</td><td>INTEGER</td><td>INTEGER, REAL and TEXT of a whole number in range</td></tr>
 * <tr><td>{@code Boolean}</td><td>INTEGER 0 or 1</td><td>INTEGER: 0 is false, 1 is true; TEXT {@code true}, {@code false}</td></tr>
 * <tr><td>{@code Double Float}</td><td>REAL</td><td>REAL, INTEGER, TEXT of a number</td></tr>
 * <tr><td>{@code BigDecimal BigInteger}</td><td>TEXT</td><td>TEXT, INTEGER, REAL</td></tr>
 * <tr><td>{@code String}, {@code enum}, {@code UUID}</td><td>TEXT</td><td>TEXT ({@code String}: any but BLOB)</td></tr>
 * <tr><td>{@code Instant}</td><td>TEXT, ISO 8601 in UTC with nine digits of a second: texts sort as times do</td><td>TEXT as bound or as {@code CURRENT_TIMESTAMP} writes it; INTEGER as milliseconds since 1970</td></tr>
 * <tr><td>{@code LocalDate LocalTime LocalDateTime}</td><td>TEXT, ISO 8601</td><td>TEXT</td></tr>
 * <tr><td>{@code OffsetDateTime ZonedDateTime}</td><td>TEXT, ISO 8601 with the offset, and the region behind it</td><td>TEXT</td></tr>
 * <tr><td>{@code byte[]}</td><td>BLOB</td><td>BLOB, TEXT (its UTF-8 bytes)</td></tr>
 * </tbody>
 * </table>
 *
 * <p>The methods throw only unchecked exceptions, so that they work in streams: {@link
 * IndexOutOfBoundsException} for an index that is not there, {@link IllegalArgumentException} for a
 * name that is not there or ambiguous and for a value that does not fit the type, {@link
 * NullPointerException} for a primitive getter on NULL, {@link IllegalStateException} for a row
 * used after its time, or whose lease has ended or been revoked, or whose thread was interrupted:
 * if the mapper lets that one through, the query throws the {@code SQLException} that says so.
 *
 * <p>A row from {@link ReadLease#query(String, Object...)} is detached: it is immutable, outlives
 * its lease, and is safe to share. A row handed to a mapper or to {@link ReadLease#forEach} is a
 * view of the cursor: it is valid during that call only, for the thread that makes it. {@code
 * toString} names the columns, and never their values, which do not belong into a log.
 */
public interface Row {

  /**
   * The names of the columns, in order.
   *
   * @return an immutable list
   */
  List<String> columns();

  /**
   * Tells whether a value is NULL.
   *
   * @param column the column, from 1
   * @return true if it is NULL
   */
  boolean isNull(int column);

  /**
   * Tells whether a value is NULL.
   *
   * @param column the column's name
   * @return true if it is NULL
   */
  boolean isNull(String column);

  /**
   * A value as a {@code long}.
   *
   * @param column the column, from 1
   * @return the value
   */
  long getLong(int column);

  /**
   * A value as a {@code long}.
   *
   * @param column the column's name
   * @return the value
   */
  long getLong(String column);

  /**
   * A value as an {@code int}.
   *
   * @param column the column, from 1
   * @return the value
   */
  int getInt(int column);

  /**
   * A value as an {@code int}.
   *
   * @param column the column's name
   * @return the value
   */
  int getInt(String column);

  /**
   * A value as a {@code double}.
   *
   * @param column the column, from 1
   * @return the value
   */
  double getDouble(int column);

  /**
   * A value as a {@code double}.
   *
   * @param column the column's name
   * @return the value
   */
  double getDouble(String column);

  /**
   * A value as a {@code boolean}.
   *
   * @param column the column, from 1
   * @return the value
   */
  boolean getBoolean(int column);

  /**
   * A value as a {@code boolean}.
   *
   * @param column the column's name
   * @return the value
   */
  boolean getBoolean(String column);

  /**
   * A value as text.
   *
   * @param column the column, from 1
   * @return the value, {@code null} for NULL
   */
  @Nullable String getString(int column);

  /**
   * A value as text.
   *
   * @param column the column's name
   * @return the value, {@code null} for NULL
   */
  @Nullable String getString(String column);

  /**
   * A value as bytes.
   *
   * @param column the column, from 1
   * @return a copy of the value, {@code null} for NULL
   */
  byte @Nullable [] getBytes(int column);

  /**
   * A value as bytes.
   *
   * @param column the column's name
   * @return a copy of the value, {@code null} for NULL
   */
  byte @Nullable [] getBytes(String column);

  /**
   * A value as one of the types in the table above.
   *
   * @param column the column, from 1
   * @param type the type wanted; {@code Object.class} for the value as SQLite stores it
   * @param <T> the type wanted
   * @return the value, {@code null} for NULL
   */
  <T> @Nullable T get(int column, Class<T> type);

  /**
   * A value as one of the types in the table above.
   *
   * @param column the column's name
   * @param type the type wanted; {@code Object.class} for the value as SQLite stores it
   * @param <T> the type wanted
   * @return the value, {@code null} for NULL
   */
  <T> @Nullable T get(String column, Class<T> type);

  /**
   * The row as a map from column name to value ({@code Long}, {@code Double}, {@code String},
   * {@code byte[]} or {@code null}), in the order of the columns.
   *
   * @return a new map that may be changed
   */
  Map<String, @Nullable Object> toMap();

  /**
   * The row as a record: each component takes the column of its name, where {@code createdAt} also
   * finds {@code created_at}. Columns without a component are left out.
   *
   * @param type the record's class; in a named module its package must be open to {@code
   *     dev.heddle.pool}
   * @param <R> the record
   * @return a new record
   */
  <R extends Record> R to(Class<R> type);
}
