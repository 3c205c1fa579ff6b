package dev.heddle.examples;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * A pool tuned by a properties file, which the surroundings may override: {@code
 * -Dheddle.readers=16}, or {@code HEDDLE_READERS=16} in the environment.
 */
public final class Tuning {

  private Tuning() {}

  public static void main(String[] args) throws IOException, SQLException {
    PoolConfig config = PoolConfig.load(Path.of(args.length == 0 ? "heddle.properties" : args[0]));
    IO.println(config); // every option, and which of them are defaults

    try (SqlitePool pool = SqlitePool.open(config)) {
      IO.println("readers: " + pool.stats().readers().connections());
      try (ReadLease lease = pool.acquireReader()) {
        IO.println("temp_store of a reader: " + setting(lease, "temp_store"));
      }
      try (WriteLease lease = pool.acquireWriter()) {
        IO.println("synchronous of the writer: " + setting(lease, "synchronous"));
        lease.rollback();
      }
    }
  }

  private static long setting(ReadLease lease, String pragma) throws SQLException {
    return lease.queryOne("PRAGMA " + pragma, row -> row.getLong(1)).orElseThrow();
  }
}
