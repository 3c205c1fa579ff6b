package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransactionRollbackException;
import org.junit.jupiter.api.Test;

/** What units are told that failed together with others. */
class SharedErrorsTest {

  private final SQLException cause =
      new SQLIntegrityConstraintViolationException("the other's id is taken", "23000", 1555);

  private static void assertSays(SQLException failure, String... words) {
    String message = String.valueOf(failure.getMessage());
    for (String word : words) {
      assertTrue(message.contains(word), () -> "'" + word + "' is missing in: " + message);
    }
  }

  @Test
  void takenDown_saysWhoseFaultAndWhatToDo() {
    SQLException failure = Errors.takenDown(cause);
    assertInstanceOf(SQLTransactionRollbackException.class, failure);
    assertEquals("40001", failure.getSQLState());
    assertSame(cause, failure.getCause());
    assertSays(failure, "Rolled back", "no fault of its own", "Do it again", "pool.write(…)");
    assertSays(failure, "the other's id is taken");
  }

  @Test
  void refusedTogether_saysThatNobodyKnowsWhoseFaultAndWhatToDo() {
    SQLException failure = Errors.refusedTogether(cause);
    assertInstanceOf(SQLTransactionRollbackException.class, failure);
    assertEquals("40001", failure.getSQLState());
    assertSame(cause, failure.getCause());
    assertSays(failure, "does not say which", "withCommitAlone(true)", "pool.write(…)");
    assertSays(failure, "the other's id is taken");
  }

  @Test
  void again_ofAnSqlException_isTheSameWithAStackOfItsOwn() {
    SQLException failure = Errors.again(cause);
    assertInstanceOf(SQLIntegrityConstraintViolationException.class, failure);
    assertEquals("23000", failure.getSQLState());
    assertEquals(1555, failure.getErrorCode());
    assertSame(cause, failure.getCause());
    assertEquals(cause.getMessage(), failure.getMessage());
  }

  @Test
  void again_ofAnythingElse_saysThatTheOutcomeIsUnknown() {
    SQLException failure = Errors.again(new StackOverflowError("deep"));
    assertInstanceOf(SQLNonTransientConnectionException.class, failure);
    assertEquals("08007", failure.getSQLState());
    assertSays(failure, "unknown", "Look before you repeat it", "deep");
  }
}
