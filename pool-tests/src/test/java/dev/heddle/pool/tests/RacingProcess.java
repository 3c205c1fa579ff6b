package dev.heddle.pool.tests;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.SQLException;

/** A process that opens a pool when it is told to, at the same moment as others, and uses it. */
final class RacingProcess {

  /** Said before it waits for a line. */
  static final String READY = "ready";

  /** Said when it has written and read. */
  static final String DONE = "done";

  /** How it ends: at once, as others still open the file, or when its input has ended. */
  enum Stay {
    SHORT,
    LONG
  }

  private RacingProcess() {}

  /**
   * Runs it.
   *
   * @param arguments file, the number that it writes, how it ends
   */
  public static void main(String[] arguments) throws Exception {
    PoolConfig config = PoolConfig.builder(Path.of(arguments[0])).readers(1).build();
    ChildJvm.say(READY);
    System.in.read();
    try (SqlitePool pool = SqlitePool.open(config)) {
      ChildJvm.say(use(pool, Integer.parseInt(arguments[1])));
      if (Stay.valueOf(arguments[2]) == Stay.LONG) {
        System.in.readAllBytes();
      }
    } catch (SQLException e) {
      ChildJvm.say(e.getSQLState() + "/" + e.getErrorCode() + " " + e.getMessage());
    }
  }

  private static String use(SqlitePool pool, int number) throws SQLException {
    pool.useWriter(
        lease -> lease.update("CREATE TABLE IF NOT EXISTS raced(number INTEGER PRIMARY KEY)"));
    pool.useWriter(lease -> lease.update("INSERT INTO raced VALUES (?)", number));
    return pool.<Boolean, SQLException>read(
            lease ->
                lease
                    .queryOne("SELECT 1 FROM raced WHERE number = ?", row -> 1, number)
                    .isPresent())
        ? DONE
        : "its own row is missing";
  }
}
