package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.ConnectionValues;
import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What the executions of a statement changed. Made before the first, and told of the end of each:
 * SQLite counts the rows of a statement with RETURNING at its end.
 */
final class Changes {

  private final Session session;
  private final boolean counts;
  private final boolean inserts;

  /** Before the statement, if a conflict may keep it from inserting anything. */
  private final @Nullable Long rowidBefore;

  private long rows;
  private boolean any;

  /** The statement is about to run. */
  Changes(Session session, Prepared statement) throws SQLException {
    this.session = session;
    this.counts = statement.text().changesRows();
    this.inserts = statement.text().inserts() && statement.setsLastInsertRowid();
    this.rowidBefore =
        inserts && statement.text().conflictClause() ? session.lastInsertRowid() : null;
  }

  /** An execution has ended; the rows that it changed. */
  long ended() throws SQLException {
    rows = counts ? session.changes() : 0;
    any |= rows > 0;
    return rows;
  }

  /** All that have ended; null if the statement is none that changes rows. */
  ConnectionValues.@Nullable Change change() throws SQLException {
    return counts ? new ConnectionValues.Change(any && inserts ? rowid() : null, rows) : null;
  }

  private @Nullable Long rowid() throws SQLException {
    Long rowid = session.lastInsertRowid();
    return rowid.equals(rowidBefore) ? null : rowid;
  }
}
