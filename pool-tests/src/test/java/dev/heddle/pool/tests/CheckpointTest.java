package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** The WAL does not grow for ever. */
class CheckpointTest extends PoolFixture {

  private static final long MIB = 1 << 20;

  /** A commit of about half a MiB. */
  private static void write(SqlitePool pool) throws SQLException {
    pool.useWriter(lease -> lease.update("UPDATE big SET v = randomblob(500000) WHERE id = 1"));
  }

  private SqlitePool openWithBigRow() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease ->
            lease.script(
                "CREATE TABLE big(id INTEGER PRIMARY KEY, v); INSERT INTO big VALUES (1, NULL)"));
    return pool;
  }

  private long walBytes() throws IOException {
    return Files.size(Path.of(file() + "-wal"));
  }

  @Test
  void wal_manyCommits_isMovedIntoTheDatabase() throws SQLException, IOException {
    SqlitePool pool = openWithBigRow();
    for (int i = 0; i < 150; i++) {
      write(pool);
    }
    assertTrue(walBytes() < 40 * MIB, "WAL of " + walBytes() / MIB + " MiB after 75 MiB");
  }

  @Test
  void wal_aReaderHeldItBack_isUsedAnewAfterwards() throws SQLException, IOException {
    SqlitePool pool = openWithBigRow();
    try (ReadLease snapshot = pool.acquireSnapshot()) {
      snapshot.query("SELECT count(*) FROM big");
      for (int i = 0; i < 60; i++) {
        write(pool);
      }
    }
    long held = walBytes();
    for (int i = 0; i < 100; i++) {
      write(pool);
    }
    assertTrue(walBytes() < held + 20 * MIB, held + " bytes, then " + walBytes());
  }
}
