package dev.heddle.bench.soak;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** What is done for the file meanwhile, and other pools in the same JVM. */
final class Upkeep {

  private final SqlitePool pool;
  private final Path copies;

  Upkeep(SqlitePool pool, Path folder) {
    this.pool = pool;
    this.copies = folder.resolve("copies");
  }

  void join(Crew crew, Duration soak) {
    Duration backups = SoakPlan.longer(Duration.ofSeconds(10), soak.dividedBy(60));
    crew.add("optimize", Duration.ofSeconds(20), random -> pool.maintenance().optimize());
    crew.add("checkpoint", Duration.ofSeconds(10), random -> pool.maintenance().checkpoint());
    crew.add("evict", Duration.ofSeconds(7), random -> pool.maintenance().evictReaders());
    crew.add("check file", backups, random -> requireSound(pool.maintenance().quickCheck()));
    crew.add("vacuum", backups.multipliedBy(3), random -> pool.maintenance().vacuum());
    crew.add("backup", backups, random -> backUp());
    crew.add("other pool", Duration.ofSeconds(2), random -> useAnother());
    crew.add("look", Duration.ofSeconds(2), random -> look());
  }

  /** A backup is whole, and shows one commit. */
  private void backUp() throws SQLException, IOException {
    // One that was killed while it looked at a copy has left that, and its WAL.
    Folders.delete(copies);
    Path copy = Files.createDirectories(copies).resolve("copy.db");
    pool.maintenance().backup(copy);
    try (SqlitePool copied = SqlitePool.open(PoolConfig.builder(copy).readers(1).build())) {
      requireSound(copied.maintenance().quickCheck());
      copied.useReader(
          lease -> {
            for (int worker = 0; worker < Steps.WORKERS; worker++) {
              Steps.check(lease, worker);
            }
            Steps.requireNoGhosts(lease);
          });
    }
  }

  static void requireSound(List<String> problems) {
    Steps.require(problems.isEmpty(), () -> "the file is damaged: " + problems);
  }

  private static void useAnother() throws SQLException {
    try (SqlitePool other = SqlitePool.ephemeral()) {
      other.useWriter(lease -> lease.script("CREATE TABLE t(v); INSERT INTO t VALUES (1)"));
      other.read(lease -> lease.query("SELECT v FROM t"));
    }
  }

  /** A full disk is no illness, and neither is a busy pool. */
  private void look() {
    Steps.require(pool.dump().contains("soak"), () -> "the pool has lost its name");
    boolean _ = pool.isHealthy();
  }
}
