package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.ConnectionValues;
import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What one execution of a statement changed. Made before it runs, and asked when it has ended:
 * SQLite counts the rows of a statement with RETURNING at its end.
 */
final class Changes {

  private final Session session;
  private final boolean counts;
  private final boolean inserts;

  /** Before the statement, if a conflict may keep it from inserting anything. */
  private final @Nullable Long rowidBefore;

  /** The statement is about to run. */
  Changes(Session session, Prepared statement) throws SQLException {
    this.session = session;
    this.counts = statement.text().changesRows();
    this.inserts = statement.text().inserts() && statement.setsLastInsertRowid();
    this.rowidBefore =
        inserts && statement.text().conflictClause() ? session.lastInsertRowid() : null;
  }

  /** The statement has ended; null if it is none that changes rows. */
  ConnectionValues.@Nullable Change after() throws SQLException {
    if (!counts) {
      return null;
    }
    long rows = session.changes();
    return new ConnectionValues.Change(rows > 0 && inserts ? rowid() : null, rows);
  }

  private @Nullable Long rowid() throws SQLException {
    Long rowid = session.lastInsertRowid();
    return rowid.equals(rowidBefore) ? null : rowid;
  }
}
