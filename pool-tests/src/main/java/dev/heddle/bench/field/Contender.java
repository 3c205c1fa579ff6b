package dev.heddle.bench.field;

import java.sql.SQLException;
import java.util.Map;

/** A way to get at the database, open. */
interface Contender extends AutoCloseable {

  /** For one more worker. */
  Operations operations() throws SQLException;

  /** For each kind of its connections, the pragmas that hold on them. */
  Map<String, Map<String, String>> readBack() throws SQLException;

  @Override
  void close() throws SQLException;
}
