package dev.heddle.pool.tests.model;

import java.sql.SQLException;
import java.util.List;

/** What an actor's units note in the database besides, and what becomes of what is read. */
interface Journal {

  /** For units that are not written down. */
  Journal NONE = new Journal() {};

  /** What is read by a lease that reads, or a single statement. */
  default String query() {
    return Table.QUERY;
  }

  /** What a {@link Op#JDBC_PUT} does, which is a unit of one statement. */
  default void put(Sql sql, Step step) throws SQLException {
    sql.update("INSERT INTO t VALUES (?, ?)", step.key(), step.value());
  }

  /** The last thing that a unit does before it is committed. */
  default void ending(Sql sql) throws SQLException {}

  /** The lease is over; if it was not committed, nothing of its unit is to be found. */
  default void ended(boolean committed) {}

  /**
   * What a statement has read.
   *
   * @param lease what it was read on
   * @param isSnapshot whether all that is read there is to be the same
   */
  default String seen(Object lease, boolean isSnapshot, List<Integer> read) {
    return Sql.rows(read);
  }
}
