package dev.heddle.bench.soak;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.sql.SQLException;

/** Compares what a program has left with what it had acknowledged. */
final class Audit {

  private Audit() {}

  /** Opens the file, which takes up what a killed program has left of its WAL. */
  static void run(SoakPlan plan, History history) throws IOException {
    Ledger ledger = Ledger.open(plan.ledger());
    try (SqlitePool pool = SqlitePool.open(PoolConfig.builder(plan.file()).readers(1).build())) {
      Upkeep.requireSound(pool.maintenance().integrityCheck());
      pool.useReader(lease -> compare(lease, ledger));
    } catch (SQLException | Steps.WrongData e) {
      history.problem("after a life: " + e);
    }
  }

  private static void compare(ReadLease lease, Ledger ledger) throws SQLException {
    Steps.requireNoGhosts(lease);
    for (int i = 0; i < Steps.WORKERS; i++) {
      int worker = i;
      Steps.check(lease, worker);
      long head = Steps.head(lease, worker);
      Steps.require(
          ledger.acknowledged(worker) <= head && head <= ledger.tried(worker),
          () ->
              "worker %d is at step %d, has tried %d and was told that %d is committed"
                  .formatted(worker, head, ledger.tried(worker), ledger.acknowledged(worker)));
    }
  }
}
