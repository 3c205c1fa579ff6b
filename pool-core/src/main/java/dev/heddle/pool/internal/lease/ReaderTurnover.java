package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.lane.Turnover;
import dev.heddle.pool.internal.sqlite.Session;
import java.util.function.UnaryOperator;

/**
 * What the reader lane does between two leases: ends the snapshot and what was left open.
 *
 * @param replacement gives another session in the place of one that is broken
 */
public record ReaderTurnover(UnaryOperator<Session> replacement) implements Turnover<Session> {

  @Override
  public Session clean(Session session) {
    if (session.isTouched()) {
      session.recycle();
    }
    return session.isBroken() || session.isOld() ? replacement.apply(session) : session;
  }
}
