package dev.heddle.pool.internal.sqlite;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/**
 * The exceptions that users see: JDBC's classes and SQLStates for what the driver throws as one
 * class without a state. The table is in {@code docs/errors.md}; result codes are those of <a
 * href="https://sqlite.org/rescode.html">sqlite.org/rescode.html</a>.
 */
public final class Errors {

  public static final String NO_CONNECTION = "08003";
  public static final String CANT_CONNECT = "08001";
  public static final String OUTCOME_UNKNOWN = "08007";
  public static final String CANCELLED = "57014";
  public static final String CARDINALITY = "21000";
  public static final String INVALID_PARAMETER = "22023";
  public static final String OUT_OF_RANGE = "22003";
  public static final String NO_TIME = "22007";
  public static final String NOT_CONVERTIBLE = "22018";
  public static final String NO_COLUMN = "07009";
  public static final String NO_ROW = "24000";
  public static final String UNSUPPORTED = "0A000";
  public static final String REFUSED = "25001";
  public static final String READ_ONLY = "25006";
  public static final String FILE_EXISTS = "58P02";
  public static final String NO_SAVEPOINT = "3B001";
  public static final String SYNTAX = "42000";
  public static final String ROLLED_BACK = "40000";

  private static final String GENERAL = "HY000";
  private static final String CONSTRAINT = "23000";
  private static final String DUPLICATE = "23505";
  private static final String SERIALIZATION = "40001";
  private static final String DISK_FULL = "53100";
  private static final String OUT_OF_MEMORY = "53200";
  private static final String LIMIT = "54000";
  static final String IO_ERROR = "58030";
  private static final String CORRUPTED = "XX001";
  private static final String INTERNAL = "XX000";

  static final int GENERIC = 1;
  static final int BUSY = 5;
  private static final int IOERR = 10;

  private static final int READONLY = 8;
  private static final int NOMEM = 7;
  private static final int INTERRUPT = 9;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANTOPEN = 14;
  private static final int PROTOCOL = 15;
  private static final int TOOBIG = 18;
  private static final int CONSTRAINT_FAILED = 19;
  private static final int MISMATCH = 20;
  private static final int NOTADB = 26;
  private static final int BUSY_SNAPSHOT = 517;
  private static final int IOERR_SHMSIZE = 4874;
  private static final int CONSTRAINT_PRIMARYKEY = 1555;
  private static final int CONSTRAINT_UNIQUE = 2067;
  private static final int CONSTRAINT_ROWID = 2579;

  /** Enough to recognize a statement by, in a message. */
  private static final int SHOWN = 120;

  private Errors() {}

  /**
   * What users get for what the driver threw.
   *
   * @param e from the driver; anything else is given back as it is
   * @param sql what was running
   */
  public static SQLException translate(SQLException e, @Nullable String sql) {
    if (e instanceof BatchUpdateException batch && e.getCause() instanceof SQLiteException cause) {
      return batch(batch, cause);
    }
    if (e instanceof BatchUpdateException batch && e.getSQLState() == null) {
      return new BatchUpdateException(
          e.getMessage(), GENERAL, e.getErrorCode(), batch.getLargeUpdateCounts(), e);
    }
    if (e instanceof SQLiteException) {
      int code = code(e);
      String message = e.getMessage() + (sql == null ? "" : ", in: " + shorten(sql));
      return byCode(message, code, e);
    }
    return e.getClass() == SQLException.class && e.getSQLState() == null && sql != null
        ? new SQLException(e.getMessage() + ", in: " + shorten(sql), GENERAL, e.getErrorCode(), e)
        : e;
  }

  /** A batch says what it had done before; its class stays, with the state of the cause. */
  private static SQLException batch(BatchUpdateException e, SQLException cause) {
    SQLException translated = translate(cause, null);
    return new BatchUpdateException(
        e.getMessage(),
        translated.getSQLState(),
        translated.getErrorCode(),
        e.getLargeUpdateCounts(),
        translated);
  }

  /**
   * A batch failed in its middle. That its time was up is told as it is, as JDBC wants it.
   *
   * @param e why
   * @param counts the rows that its statements changed before
   * @param number which one failed, from 1
   */
  public static SQLException batchFailed(SQLException e, long[] counts, int number) {
    if (e instanceof SQLTimeoutException) {
      return e;
    }
    BatchUpdateException failure =
        new BatchUpdateException(
            "Statement " + number + " of the batch: " + e.getMessage(),
            e.getSQLState(),
            e.getErrorCode(),
            counts,
            e);
    failure.setNextException(e);
    return failure;
  }

  /** A batch failed, and all of it was rolled back. */
  public static BatchUpdateException batchUndone(BatchUpdateException e, int size) {
    long[] counts = new long[size];
    Arrays.fill(counts, Statement.EXECUTE_FAILED);
    BatchUpdateException failure =
        new BatchUpdateException(
            e.getMessage() + "; it was one transaction, and is rolled back",
            e.getSQLState(),
            e.getErrorCode(),
            counts,
            e.getCause());
    failure.setNextException(e.getNextException());
    return failure;
  }

  private static SQLException byCode(String message, int code, SQLException e) {
    return switch (code & 0xFF) {
      case BUSY ->
          code == BUSY_SNAPSHOT
              ? new SQLTransactionRollbackException(message, SERIALIZATION, code, e)
              : new SQLTransientConnectionException(message, CANT_CONNECT, code, e);
      case CONSTRAINT_FAILED ->
          new SQLIntegrityConstraintViolationException(message, stateOfConstraint(code), code, e);
      case GENERIC -> new SQLSyntaxErrorException(message, SYNTAX, code, e);
      case READONLY -> new SQLNonTransientException(message, READ_ONLY, code, e);
      case INTERRUPT -> new SQLNonTransientException(message, CANCELLED, code, e);
      case CANTOPEN -> new SQLNonTransientConnectionException(message, CANT_CONNECT, code, e);
      default -> new SQLNonTransientException(message, stateOf(code), code, e);
    };
  }

  /** Frameworks tell a key that is there already from the rest: 23505 is what they look for. */
  private static String stateOfConstraint(int code) {
    return switch (code) {
      case CONSTRAINT_PRIMARYKEY, CONSTRAINT_UNIQUE, CONSTRAINT_ROWID -> DUPLICATE;
      default -> CONSTRAINT;
    };
  }

  private static String stateOf(int code) {
    if (code == IOERR_SHMSIZE) {
      return DISK_FULL;
    }
    return switch (code & 0xFF) {
      case FULL -> DISK_FULL;
      case NOMEM -> OUT_OF_MEMORY;
      case IOERR -> IO_ERROR;
      case CORRUPT, NOTADB -> CORRUPTED;
      case TOOBIG -> LIMIT;
      case MISMATCH -> INVALID_PARAMETER;
      default -> INTERNAL;
    };
  }

  /** SQLite's extended result code, or 0 if this is not from SQLite. */
  static int code(SQLException e) {
    Throwable origin = e instanceof BatchUpdateException ? e.getCause() : e;
    return origin instanceof SQLiteException sqlite ? sqlite.getResultCode().code : 0;
  }

  /**
   * A reader's connection is read-only, and SQLite says so of a statement that writes after all.
   */
  public static boolean isRefusedByReader(SQLException e) {
    return isReadOnly(e.getErrorCode());
  }

  /** It would have had to write, and may not. */
  static boolean isReadOnly(int code) {
    return (code & 0xFF) == READONLY;
  }

  static boolean isCantOpen(int code) {
    return (code & 0xFF) == CANTOPEN;
  }

  static boolean isBusy(int code) {
    return (code & 0xFF) == BUSY && code != BUSY_SNAPSHOT;
  }

  static boolean isConstraint(SQLException e) {
    return (e.getErrorCode() & 0xFF) == CONSTRAINT_FAILED;
  }

  /** A COMMIT that failed like this has written nothing that a recovery would take for a commit. */
  static boolean isPlainRefusal(SQLException e) {
    int primary = e.getErrorCode() & 0xFF;
    return primary == BUSY || primary == FULL;
  }

  /**
   * What another connection may not meet: what is in this one's memory is wrong, or missing, or it
   * is the file's fault, and then opening it tells.
   */
  static boolean breaksConnection(SQLException e) {
    if (isFullForWalIndex(e)) {
      return false;
    }
    return switch (e.getErrorCode() & 0xFF) {
      case IOERR, CORRUPT, NOTADB, NOMEM, CANTOPEN, PROTOCOL -> true;
      default -> false;
    };
  }

  /** The disk has no room for the memory that is shared about the WAL: the -shm file. */
  static boolean isFullForWalIndex(SQLException e) {
    return e.getErrorCode() == IOERR_SHMSIZE;
  }

  static boolean isInterrupt(int code) {
    return (code & 0xFF) == INTERRUPT;
  }

  /** A thread was interrupted; its flag must be set. */
  public static SQLException interrupted(String what) {
    return new SQLNonTransientException(
        what, CANCELLED, new InterruptedException("Thread.interrupt() was called"));
  }

  /** An error of one thread, as an exception of another one: the same, with that one's stack. */
  public static SQLException again(Throwable failure) {
    if (!(failure instanceof SQLException e)) {
      return new SQLNonTransientConnectionException(
          "It is unknown whether the commit took place. Look before you repeat it: " + failure,
          OUTCOME_UNKNOWN,
          failure);
    }
    String message = String.valueOf(e.getMessage());
    String state = e.getSQLState();
    int code = e.getErrorCode();
    return switch (e) {
      case SQLTransientConnectionException busy ->
          new SQLTransientConnectionException(message, state, code, busy);
      case SQLNonTransientConnectionException connection ->
          new SQLNonTransientConnectionException(message, state, code, connection);
      case SQLIntegrityConstraintViolationException constraint ->
          new SQLIntegrityConstraintViolationException(message, state, code, constraint);
      default -> new SQLNonTransientException(message, state, code, e);
    };
  }

  /** A unit was rolled back for the fault of another one. */
  public static SQLException takenDown(Throwable because) {
    return new SQLTransactionRollbackException(
        "Rolled back, through no fault of its own: another lease, whose commit it shared, took the"
            + " whole transaction down. Do it again; pool.write(…) does so by itself. The other's"
            + " error: "
            + because.getMessage(),
        SERIALIZATION,
        because);
  }

  /** A unit was rolled back with others, for the fault of one of them. */
  public static SQLException refusedTogether(Throwable because) {
    return new SQLTransactionRollbackException(
        "Rolled back with other leases, whose commit it shared: SQLite refused the commit for what"
            + " one of them did, and does not say which. Do it again with"
            + " LeaseOptions.withCommitAlone(true); pool.write(…) does so by itself. The error: "
            + because.getMessage(),
        SERIALIZATION,
        because);
  }

  /** A SQL text in one line; looks only at as much of it as it shows. */
  public static String shorten(String sql) {
    StringBuilder line = new StringBuilder(SHOWN + 1);
    boolean gap = false;
    for (int i = 0; i < sql.length(); i += Character.charCount(sql.codePointAt(i))) {
      int c = sql.codePointAt(i);
      if (c <= ' ' || Character.isSpaceChar(c) || Character.isISOControl(c)) {
        gap = !line.isEmpty();
      } else if (line.length() >= SHOWN) {
        return line.append('…').toString();
      } else {
        line.append(gap ? " " : "").appendCodePoint(c);
        gap = false;
      }
    }
    return line.toString();
  }

  /** Nanoseconds for people: {@code 1.5 s}, {@code 230 ms}. */
  public static String duration(long nanos) {
    return nanos >= 1_000_000_000L
        ? String.format(Locale.ROOT, "%.1f s", nanos / 1e9)
        : Math.round(nanos / 1e6) + " ms";
  }
}
