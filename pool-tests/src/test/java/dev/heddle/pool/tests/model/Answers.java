package dev.heddle.pool.tests.model;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;

/** Failures as answers. */
final class Answers {

  /** docs/errors.md. */
  private static final Map<String, Class<? extends SQLException>> CLASSES =
      Map.of(
          "08001", SQLTransientConnectionException.class,
          "08003", SQLNonTransientConnectionException.class,
          "23000", SQLIntegrityConstraintViolationException.class,
          "23505", SQLIntegrityConstraintViolationException.class,
          "25001", SQLNonTransientException.class,
          "40000", SQLNonTransientException.class,
          "40001", SQLTransactionRollbackException.class,
          "57014", SQLException.class); // a time-out, or an interrupt

  private Answers() {}

  /** The SQLState, if that and the class are what they should be; or else something else. */
  static String of(SQLException failure) {
    Class<? extends SQLException> type = CLASSES.get(failure.getSQLState());
    boolean isKnown =
        failure instanceof BatchUpdateException || (type != null && type.isInstance(failure));
    return isKnown ? failure.getSQLState() : "unexpected " + failure;
  }
}
