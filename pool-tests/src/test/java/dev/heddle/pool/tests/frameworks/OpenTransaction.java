package dev.heddle.pool.tests.frameworks;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.tests.Await;
import dev.heddle.pool.tests.Background;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Another thread that holds the writer, and has written what it has not committed. */
final class OpenTransaction implements AutoCloseable {

  private final CountDownLatch written = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final Background<?> holder;

  private OpenTransaction(LeasePool pool, String sql) {
    holder = Background.start("holder of the writer", () -> hold(pool, sql));
  }

  /** When it returns, the statement has run. */
  static OpenTransaction after(LeasePool pool, String sql) {
    OpenTransaction transaction = new OpenTransaction(pool, sql);
    Await.latch("the writer has written", transaction.written);
    return transaction;
  }

  private @Nullable Void hold(LeasePool pool, String sql) throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update(sql);
      written.countDown();
      Await.latch("the transaction may end", over);
      lease.rollback();
    }
    return null;
  }

  /** Rolls it back. */
  @Override
  public void close() {
    over.countDown();
    holder.result();
  }
}
