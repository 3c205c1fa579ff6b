package dev.heddle.pool.tests.containers;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.ChildJvm;
import java.nio.file.Path;
import java.sql.SQLException;

/** Writes some rows, has them sorted on disk, and ends; or says why it can't. */
public final class OneJob {

  /** The last thing that is said, if all went well. */
  static final String DONE = "done";

  /** 20 MB, more than a connection's part of the page cache. */
  private static final String ROWS =
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO t(v) SELECT randomblob(1000) FROM n
      """;

  private OneJob() {}

  /** Runs it on a file. */
  public static void main(String[] arguments) {
    try (SqlitePool pool = SqlitePool.open(Path.of(arguments[0]))) {
      pool.useWriter(
          lease -> {
            lease.script("CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
            lease.update(ROWS);
          });
      pool.useReader(lease -> lease.forEach("SELECT v FROM t ORDER BY v", row -> {}));
      ChildJvm.say(DONE);
    } catch (SQLException e) {
      ChildJvm.say(e.getSQLState() + " " + String.valueOf(e.getMessage()).replace('\n', ' '));
    }
  }
}
