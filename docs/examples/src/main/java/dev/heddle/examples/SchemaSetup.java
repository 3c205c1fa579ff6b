package dev.heddle.examples;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * Brings the schema up to date when a program starts.
 *
 * <p>{@code PRAGMA user_version} is kept in the file, and says how many of the steps have been
 * taken. It is read and set in the transaction that takes the missing ones. So a start that fails
 * half-way leaves nothing behind, and when two processes start at once, the second waits for the
 * first and then finds nothing left to do.
 */
public final class SchemaSetup {

  private final List<String> steps;

  /** Later versions of a program append steps; what was released is never changed. */
  public SchemaSetup(String... steps) {
    this.steps = List.of(steps);
  }

  /** Gives how many steps were taken now. */
  public int apply(LeasePool pool) throws SQLException {
    return pool.write(
        lease -> {
          int taken = version(lease);
          if (taken > steps.size()) {
            throw new IllegalStateException(
                "the database has version %d, this program knows %d: it is older than its data"
                    .formatted(taken, steps.size()));
          }
          for (String step : steps.subList(taken, steps.size())) {
            lease.script(step);
          }
          lease.update("PRAGMA user_version = " + steps.size());
          return steps.size() - taken;
        });
  }

  private static int version(WriteLease lease) throws SQLException {
    return lease.queryOne("PRAGMA user_version", row -> row.getInt(1)).orElseThrow();
  }

  public static void main(String[] args) throws SQLException {
    Path database = Path.of(args.length == 0 ? "users.db" : args[0]);
    try (SqlitePool pool = SqlitePool.open(database)) {
      IO.println("Steps taken: " + Users.schema().apply(pool));
    }
  }
}
