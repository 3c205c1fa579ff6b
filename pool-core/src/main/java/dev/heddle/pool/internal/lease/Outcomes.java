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
   * @throws SQLException if not: made by each thread for itself, with a stack of its own
   */
  static void check(Outcome outcome) throws SQLException {
    switch (outcome.kind()) {
      case COMMITTED -> {}
      case FAILED -> throw Errors.again(cause(outcome));
      case TAKEN_DOWN -> throw Errors.takenDown(cause(outcome));
    }
  }

  private static Throwable cause(Outcome outcome) {
    return Objects.requireNonNull(outcome.cause());
  }
}
