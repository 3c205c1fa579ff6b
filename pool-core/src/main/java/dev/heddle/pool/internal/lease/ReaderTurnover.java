package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.lane.Turnover;
import dev.heddle.pool.internal.sqlite.Session;

/** What the reader lane does between two leases: ends the snapshot and what was left open. */
public final class ReaderTurnover implements Turnover<Session> {

  @Override
  public Session clean(Session session) {
    if (session.isTouched()) {
      session.recycle();
    }
    return session;
  }
}
