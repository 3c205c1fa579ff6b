package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.lane.Outcome;
import dev.heddle.pool.internal.sqlite.Errors;
import java.sql.SQLException;
import java.util.Objects;

/** What users get for the outcome of a commit. */
final class Outcomes {

  private Outcomes() {}

  /**
   * Returns if the unit is committed.
   *
   * @throws SQLException if not
   */
  static void check(Outcome outcome) throws SQLException {
    if (outcome.kind() != Outcome.Kind.COMMITTED) {
      throw exception(outcome);
    }
  }

  /** Why it is not committed: made by each thread for itself, with a stack of its own. */
  static SQLException exception(Outcome outcome) {
    Throwable cause = Objects.requireNonNull(outcome.cause());
    return switch (outcome.kind()) {
      case COMMITTED -> throw new IllegalArgumentException("committed");
      case FAILED -> Errors.again(cause);
      case TAKEN_DOWN -> Errors.takenDown(cause);
      case REFUSED -> Errors.refusedTogether(cause);
    };
  }
}
