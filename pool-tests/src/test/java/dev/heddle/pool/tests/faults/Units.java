package dev.heddle.pool.tests.faults;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.tests.Await;
import dev.heddle.pool.tests.Background;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Units of a {@link Ledger}. */
final class Units {

  private Units() {}

  static void commit(SqlitePool pool, long id) throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      Ledger.insert(lease, id);
      lease.commit();
    }
  }

  /**
   * Units that share a commit: the others wait for the writer while the first has it. Of a pool
   * that is patient with them (group.max-age).
   */
  static void commitTogether(SqlitePool pool, Ledger ledger, long first, long... others) {
    List<Background<?>> waiting = new ArrayList<>();
    ledger.unit(
        first,
        () -> {
          try (WriteLease lease = pool.acquireWriter()) {
            for (long id : others) {
              waiting.add(Background.start("unit " + id, () -> run(pool, ledger, id)));
              Await.until("it waits", () -> pool.stats().writer().waiting() == waiting.size());
            }
            Ledger.insert(lease, first);
            lease.commit();
          }
        });
    waiting.forEach(Background::result);
  }

  private static @Nullable Void run(SqlitePool pool, Ledger ledger, long id) {
    ledger.unit(id, () -> commit(pool, id));
    return null;
  }
}
