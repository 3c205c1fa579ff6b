package dev.heddle.pool.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Await;
import dev.heddle.pool.tests.OpenFiles;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What must be true when nothing fails any more. */
final class Aftermath {

  private Aftermath() {}

  /**
   * The pool does its work again. A connection that is broken may say so once more before it is
   * replaced.
   *
   * @param id of a unit that nobody else is
   */
  static void requireUsable(SqlitePool pool, Ledger ledger, long id) throws SQLException {
    ledger.call(() -> pool.useWriter(lease -> lease.query("SELECT 1 FROM sqlite_master")));
    for (int i = 0; i < pool.stats().readers().connections(); i++) {
      ledger.call(() -> pool.useReader(lease -> lease.query("SELECT 1 FROM sqlite_master")));
    }
    pool.useWriter(lease -> lease.script(Ledger.TABLES)); // nobody may have got so far
    Units.commit(pool, id);
    ledger.tell(id, Ledger.Fate.KEPT);
    pool.useReader(ledger.check());
    assertTrue(pool.isHealthy(), "it is not healthy");
  }

  /** Nobody has anything, and nobody waits, but for upkeep, which comes and goes. */
  static void requireIdle(SqlitePool pool) {
    Await.until("nobody holds or waits: " + pool.stats(), () -> isIdle(pool.stats()));
  }

  private static boolean isIdle(PoolStats stats) {
    return Stream.of(stats.writer(), stats.readers())
        .allMatch(lane -> lane.idle() == lane.connections() && lane.waiting() == 0);
  }

  /** The file holds what everybody was told, as a new pool sees it, and is open nowhere. */
  static void requireLeft(Path file, Ledger ledger) throws SQLException {
    assertEquals(
        List.of(), OpenFiles.under(Objects.requireNonNull(file.getParent())), "open files");
    try (SqlitePool pool = SqlitePool.open(PoolConfig.builder(file).readers(1).build())) {
      assertEquals(List.of(), pool.maintenance().integrityCheck());
      pool.useWriter(lease -> lease.script(Ledger.TABLES)); // nobody may have got so far
      pool.useReader(ledger.check());
    }
  }
}
