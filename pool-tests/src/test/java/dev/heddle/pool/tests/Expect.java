package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** Failures as the API promises them. */
final class Expect {

  private Expect() {}

  static <X extends SQLException> X sql(Class<X> type, String state, Executable call) {
    X failure = assertThrows(type, call);
    assertEquals(state, failure.getSQLState(), () -> "SQLState of " + failure);
    return failure;
  }

  /** The lease or the pool is over. */
  static SQLException over(Executable call) {
    return sql(SQLNonTransientConnectionException.class, "08003", call);
  }

  /** A lease does not run this. */
  static SQLException refused(Executable call) {
    return sql(SQLNonTransientException.class, "25001", call);
  }

  /** A reader does not write. */
  static SQLException readOnly(Executable call) {
    return sql(SQLNonTransientException.class, "25006", call);
  }

  /** SQLite has rolled everything back, and the lease knows. */
  static SQLException lost(Executable call) {
    SQLException failure = sql(SQLNonTransientException.class, "40000", call);
    mentions(failure, "rolled back");
    return failure;
  }

  static void interrupted(SQLException failure) {
    assertEquals("57014", failure.getSQLState(), () -> "SQLState of " + failure);
    assertTrue(
        failure.getCause() instanceof InterruptedException, () -> "cause of " + failure.getCause());
  }

  static void mentions(@Nullable Throwable failure, String... words) {
    assertTrue(failure != null, "no failure");
    String message = String.valueOf(failure.getMessage());
    for (String word : words) {
      assertTrue(message.contains(word), () -> "'" + word + "' is missing in: " + message);
    }
  }
}
