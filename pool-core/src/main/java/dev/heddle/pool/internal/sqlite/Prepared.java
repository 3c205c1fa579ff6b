package dev.heddle.pool.internal.sqlite;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.Codes;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/**
 * A prepared statement and its cursor, in use from {@link Session#open} to {@link #close}.
 *
 * <p>Values go in and out through the driver's core ({@link DB}), past its {@code ResultSet}, which
 * reads the column names again on each execution. Those calls take the statement's raw address, so
 * they are made only between {@code open} and {@code close}, by the one call that has the session,
 * and never after the driver finalized the statement, which it does on most errors: {@link
 * #isDead}.
 */
public final class Prepared implements AutoCloseable {

  private final Session session;
  private final SqlText text;
  private final PreparedStatement statement;
  private final CoreStatement core;
  private final DB db;
  private final long address;
  private final int parameterCount;
  private final boolean givesRows;
  private @Nullable Columns columns;
  private @Nullable ManyRows manyRows;
  private long batchRow;
  private Allowance allowance = Allowance.UNLIMITED;

  /** The cursor is open. */
  private boolean onRow;

  /** {@link #fetch} has read the row that the cursor is on. */
  private boolean taken;

  private boolean inUse;
  private long use;
  private long beganNanos;
  private boolean kept;
  private boolean holdsValues;

  Prepared(Session session, SqlText text, PreparedStatement statement) throws SQLException {
    this.session = session;
    this.text = text;
    this.statement = statement;
    this.core = (CoreStatement) statement;
    this.db = core.getDatabase();
    this.address = core.pointer.safeRunLong((d, pointer) -> pointer);
    this.parameterCount = statement.getParameterMetaData().getParameterCount();
    this.givesRows = db.column_count(address) > 0;
  }

  private String describe() {
    return batchRow == 0 ? sql() : "row " + batchRow + " of the batch " + sql();
  }

  String sql() {
    return text.sql();
  }

  public SqlText text() {
    return text;
  }

  /** True if the statement gives rows, even if there happen to be none. */
  public boolean givesRows() {
    return givesRows;
  }

  /**
   * Binds and runs up to the first row. While another process has the file locked, waits for it.
   *
   * @return true if there is a row
   */
  public boolean execute(@Nullable Object[] parameters) throws SQLException {
    return execute(parameters, session.allowance());
  }

  /**
   * {@link #execute(Object[])} within an allowance, which counts until the last row was given.
   *
   * @return true if there is a row
   */
  public boolean execute(@Nullable Object[] parameters, Allowance granted) throws SQLException {
    @Nullable Object[] values = bindable(parameters);
    allowance = granted;
    session.starts(text, beganNanos, allowance);
    try {
      return executeWhenUnlocked(values);
    } finally {
      allowance.rest();
    }
  }

  private boolean executeWhenUnlocked(@Nullable Object[] values) throws SQLException {
    BusyWait wait = null;
    while (true) {
      try {
        taken = false;
        onRow = db.execute(core, values); // resets the cursor by itself if there is no row
        return onRow;
      } catch (SQLException e) {
        reset();
        if (!Errors.isBusy(Errors.code(e))) {
          throw session.failure(e, describe());
        }
        wait = wait == null ? session.busyWait() : wait;
        wait.pause(e);
      }
    }
  }

  /** The values as the driver binds them; the caller's array stays as it is. */
  private @Nullable Object[] bindable(@Nullable Object[] parameters) throws SQLException {
    if (parameters.length != parameterCount) {
      throw new SQLDataException(
          "Parameters of the statement: %d, values given: %d; in: %s"
              .formatted(parameterCount, parameters.length, Errors.shorten(describe())),
          Errors.INVALID_PARAMETER);
    }
    boolean converts = false;
    for (Object value : parameters) {
      holdsValues |= value instanceof String || value instanceof byte[];
      converts |= !Values.isStorage(value);
    }
    return converts ? Values.toStorage(parameters) : parameters;
  }

  /**
   * Runs the statement to its end, dropping rows that it gives.
   *
   * @return the rows changed by the statement itself
   */
  public long run(@Nullable Object[] parameters) throws SQLException {
    boolean more = execute(parameters);
    while (more) {
      more = next();
    }
    return text.changesRows() ? db.changes() : 0;
  }

  /**
   * Runs the statement once for each row of a batch, to its end, or does what comes to the same.
   *
   * @param rows the parameters, a row at a time; behind the last one here, the batch ends
   * @param from the first of them
   * @param to behind the last of them
   * @param shift what to add to a row's index for its number in the batch, less one
   * @param direct what {@link #changesOnlyDirectly} said, or false
   * @return the rows changed by the statement itself
   */
  public long runAll(
      @Nullable Object[] @Nullable [] rows, int from, int to, long shift, boolean direct)
      throws SQLException {
    // The driver's monitor, which each native call takes: once taken, it is cheap to take again.
    synchronized (db) {
      long total = direct ? db.total_changes() : 0;
      long changes = 0;
      try {
        int next = from;
        while (next < to) {
          batchRow = next + shift + 1;
          int many = batchRow == 1 ? 0 : insertMany(rows, next, to, batchRow, null);
          if (many == 0) {
            execute(requireRow(rows[next]));
            changes += direct || !text.changesRows() ? 0 : db.changes();
          }
          changes += many;
          next += Math.max(many, 1);
        }
      } finally {
        batchRow = 0;
      }
      return direct ? db.total_changes() - total : changes;
    }
  }

  /**
   * Inserts the next rows of a batch in one go, each of them one row, if it may and nobody can
   * tell. For the first row of a batch it should not be asked: that has the time of the BEGIN on
   * it. The last one it leaves: that is what changes() tells of.
   *
   * @param rows the parameters; behind the last one, the batch ends
   * @param from the next row
   * @param to behind the last row that may be inserted
   * @param number that of the next row in the batch, for messages
   * @param granted how long it may take; null if each row has its own time
   * @return how many; 0 if at least the next is to be executed by itself
   */
  public int insertMany(
      @Nullable Object[] @Nullable [] rows,
      int from,
      int to,
      long number,
      @Nullable Allowance granted)
      throws SQLException {
    if (manyRows == null) {
      manyRows = new ManyRows(session, text, parameterCount);
    }
    return manyRows.insert(rows, from, Math.min(to, rows.length - 1), number, granted);
  }

  private @Nullable Object[] requireRow(@Nullable Object @Nullable [] row) {
    if (row == null) {
      throw new NullPointerException(
          "the parameters of row " + batchRow + " of the batch are null");
    }
    return row;
  }

  /**
   * True if the connection's total of changes counts nothing but those of the statement itself: it
   * changes rows, and without triggers, foreign key actions or virtual tables.
   */
  public boolean changesOnlyDirectly() throws SQLException {
    return text.changesRows() && session.program(text).direct();
  }

  /**
   * Whether running it sets last_insert_rowid(): true for an insert into a table with rowids, false
   * for one into a WITHOUT ROWID table or a view.
   */
  public boolean setsLastInsertRowid() throws SQLException {
    return session.program(text).setsRowid();
  }

  /** Whether it changes a virtual table, of which RETURNING does not know the rowids. */
  public boolean isVirtual() throws SQLException {
    return session.program(text).virtual();
  }

  /** Goes on to the next row; false if there is none, and then the cursor is reset. */
  public boolean next() throws SQLException {
    session.starts(text, beganNanos, allowance);
    int code = step();
    if (code == Codes.SQLITE_ROW) {
      return true;
    }
    if (code == Codes.SQLITE_DONE) {
      reset();
      return false;
    }
    try {
      db.throwex(code);
      throw new AssertionError("throwex returned");
    } catch (SQLException e) {
      reset();
      throw session.failure(e, describe());
    }
  }

  /**
   * Reads rows, as far as there are any, until it is enough; steps no further than it reads.
   *
   * @param most how many, at most
   * @param size stops behind the row with which they have become as large as this, in bytes
   * @return false if those were the last, and then the cursor is reset
   */
  public boolean fetch(Collection<@Nullable Object[]> into, long most, long size)
      throws SQLException {
    long bytes = 0;
    for (long rows = 0; rows < most && bytes < size; rows++) {
      if (taken && !next()) {
        return false;
      }
      @Nullable Object[] row = new @Nullable Object[db.column_count(address)];
      for (int i = 0; i < row.length; i++) {
        row[i] = value(i);
        bytes += size(row[i]);
      }
      into.add(row);
      taken = true;
    }
    return true;
  }

  /** Of a value, about, in bytes. */
  static int size(@Nullable Object value) {
    return switch (value) {
      case String text -> text.length();
      case byte[] blob -> blob.length;
      case null, default -> Long.BYTES;
    };
  }

  private int step() throws SQLException {
    try {
      return db.step(address);
    } finally {
      allowance.rest();
    }
  }

  /**
   * The columns of the result. SQLite prepares a statement anew when the schema changed, so a
   * {@code *} may give other columns on each execution: it is looked up each time, after the first
   * step.
   */
  public Columns columns() throws SQLException {
    Columns known = columns;
    if (known != null && !text.starred()) {
      return known;
    }
    int count = db.column_count(address);
    List<String> names = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      names.add(db.column_name(address, i));
    }
    if (known == null || !known.isNamed(names)) {
      known = new Columns(names);
      columns = known;
    }
    return known;
  }

  /**
   * {@link #columns}, with what the schema says of them: SQLite is asked when JDBC wants to know,
   * and once for the columns there are.
   */
  public Columns describedColumns() throws SQLException {
    Columns known = columns();
    if (known.isDescribed()) {
      return known;
    }
    List<Columns.Declared> declared = new ArrayList<>(known.size());
    for (int i = 0; i < known.size(); i++) {
      declared.add(
          new Columns.Declared(db.column_decltype(address, i), db.column_table_name(address, i)));
    }
    Columns described = known.describedBy(declared);
    columns = described;
    return described;
  }

  // Values of the current row; columns count from 0.

  public boolean isNull(int column) throws SQLException {
    return db.column_type(address, column) == Codes.SQLITE_NULL;
  }

  public boolean isInteger(int column) throws SQLException {
    return db.column_type(address, column) == Codes.SQLITE_INTEGER;
  }

  public long integer(int column) throws SQLException {
    return db.column_long(address, column);
  }

  /** The value as SQLite stores it: Long, Double, String, byte[] or null. */
  public @Nullable Object value(int column) throws SQLException {
    return switch (db.column_type(address, column)) {
      case Codes.SQLITE_INTEGER -> db.column_long(address, column);
      case Codes.SQLITE_FLOAT -> db.column_double(address, column);
      case Codes.SQLITE_TEXT -> text(column);
      case Codes.SQLITE_BLOB -> blob(column);
      default -> null;
    };
  }

  /**
   * The bytes and one copy are quicker than the driver's way; they are UTF-8 only in such a file.
   */
  private String text(int column) throws SQLException {
    return session.isUtf8()
        ? new String(blob(column), StandardCharsets.UTF_8)
        : db.column_text(address, column);
  }

  /** SQLite gives no address, and so the driver null, for a blob without bytes. */
  private byte[] blob(int column) throws SQLException {
    byte[] bytes = db.column_blob(address, column);
    return bytes == null ? new byte[0] : bytes;
  }

  void reset() throws SQLException {
    onRow = false;
    if (!isDead()) {
      db.reset(address);
    }
  }

  /** True if the driver has finalized it, as it does on most errors; the address is void then. */
  public boolean isDead() {
    return core.pointer.isClosed();
  }

  /** Ends the use: resets the cursor and frees bound values, and keeps or closes the statement. */
  @Override
  public void close() {
    if (inUse) {
      inUse = false;
      session.closed(this);
    }
  }

  /** What {@link #close} does to the statement itself; true if it is fit for another use. */
  boolean tidy() throws SQLException {
    if (isDead() || !kept) {
      return false;
    }
    if (onRow) {
      reset();
    }
    if (holdsValues) {
      holdsValues = false;
      db.clear_bindings(address);
    }
    if (manyRows != null) {
      manyRows.clear();
    }
    return true;
  }

  /** Begins a use of it, at that time. */
  void begin(long nowNanos) {
    beganNanos = nowNanos;
    inUse = true;
    use++;
  }

  long beganNanos() {
    return beganNanos;
  }

  /** Which use of the statement this is. */
  public long use() {
    return use;
  }

  /** Whether that use goes on. */
  public boolean isIn(long use) {
    return inUse && this.use == use;
  }

  boolean inUse() {
    return inUse;
  }

  void kept() {
    kept = true;
  }

  void evicted() {
    kept = false;
    if (!inUse) {
      session.finalizeStatement(this);
    }
  }

  void finalizeNow() throws SQLException {
    try (statement) {
      if (manyRows != null) {
        manyRows.close();
      }
    }
  }
}
