package dev.heddle.pool.internal.lease;

import dev.heddle.pool.internal.lane.Group;
import dev.heddle.pool.internal.lane.Turnover;
import dev.heddle.pool.internal.sqlite.Session;
import java.sql.SQLException;
import java.util.function.UnaryOperator;

/**
 * What the writer lane does between two units: ends the one, and lets the next one into the
 * transaction or commits it.
 *
 * @param replacement gives another session in the place of one on which something was left, or that
 *     is broken
 */
public record WriterTurnover(Group<SQLException> group, UnaryOperator<Session> replacement)
    implements Turnover<Session> {

  @Override
  public Session clean(Session session) {
    if (!session.isTouched()) {
      return session;
    }
    try {
      session.clear();
    } finally {
      group.undo();
    }
    if (session.isStained() || session.isBroken()) {
      settle(session).run();
      return replacement.apply(session);
    }
    if (!group.hasCompany()) {
      session.recycle();
    }
    return session;
  }

  @Override
  public boolean mayGoOn(Session session) {
    return group.mayGoOn();
  }

  /** The commit itself may have broken it. */
  @Override
  public Session renew(Session session) {
    return session.isBroken() ? replacement.apply(session) : session;
  }

  @Override
  public Runnable settle(Session session) {
    Runnable afterwards = group.settle();
    session.forget();
    return afterwards;
  }
}
