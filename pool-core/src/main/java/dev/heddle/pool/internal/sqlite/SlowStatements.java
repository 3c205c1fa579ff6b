package dev.heddle.pool.internal.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements of one session that took long. Confined as the session. */
final class SlowStatements {

  /** Of one lease; the others are told of without a plan. */
  private static final int MOST_PLANS = 16;

  private record Slow(SqlText text, long nanos, @Nullable String lease) {}

  private final SlowLog log;
  private final Role role;
  private final QueryPlan plans;
  private final StopSignal stopSignal;

  /** Those whose plan is to be asked for. */
  private final List<Slow> unplanned = new ArrayList<>();

  SlowStatements(SlowLog log, Role role, QueryPlan plans, StopSignal stopSignal) {
    this.log = log;
    this.role = role;
    this.plans = plans;
    this.stopSignal = stopSignal;
  }

  /** The time at which a statement begins; 0 if nobody wants to know. */
  long begin() {
    return log.begin();
  }

  /**
   * A use of the statement has ended. It may have worked: nothing that happens here undoes that.
   */
  void ended(Prepared statement) {
    try {
      look(statement);
    } catch (Throwable noMemory) {
      // then it is not told
    }
  }

  private void look(Prepared statement) {
    long nanos = log.slowNanos(statement.beganNanos());
    if (nanos == 0) {
      return;
    }
    Slow slow = new Slow(statement.text(), nanos, stopSignal.lease());
    if (log.wantsPlans() && unplanned.size() < MOST_PLANS) {
      unplanned.add(slow);
    } else {
      tell(slow, null);
    }
  }

  /**
   * When the lease is over. Not before: EXPLAIN sets {@code changes()} to 0, and a program may ask
   * for that at any time after its statement.
   */
  void tellWithPlans() {
    try {
      unplanned.forEach(slow -> tell(slow, plan(slow.text)));
    } catch (Throwable noMemory) {
      // then they are not told
    }
    unplanned.clear();
  }

  private void tell(Slow slow, @Nullable String plan) {
    log.tell(role, slow.lease, slow.text.sql(), slow.nanos, plan);
  }

  /** What SQLite says of how it runs a statement; nothing is to fail for it. */
  private String plan(SqlText text) {
    if (!text.changesRows() && !text.selects()) {
      return "no plan: it neither reads nor changes rows"; // and may act behind EXPLAIN, too
    }
    stopSignal.hold();
    try {
      return plans.of(text.statement());
    } catch (SQLException | RuntimeException e) {
      return "no plan: " + e.getMessage();
    } finally {
      stopSignal.resume();
    }
  }
}
