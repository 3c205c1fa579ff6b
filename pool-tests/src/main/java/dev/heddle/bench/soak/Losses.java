package dev.heddle.bench.soak;

import dev.heddle.pool.SqlitePool;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SplittableRandom;

/** Leases that the program loses. They come back when they are garbage, or their time is up. */
final class Losses {

  private final SqlitePool pool;
  private final Crew crew;

  /** What is taken and never given back. */
  @FunctionalInterface
  private interface Loss {
    void run() throws SQLException;
  }

  /** Ends a thread. */
  private static final class OnPurpose extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  Losses(SqlitePool pool, Crew crew) {
    this.pool = pool;
    this.crew = crew;
  }

  /** One of them, and a collection of garbage. */
  void step(SplittableRandom random) throws InterruptedException {
    long step = random.nextLong();
    switch (random.nextInt(4)) {
      case 0 -> lose("reader forgotten", () -> pool.acquireSnapshot().query("SELECT 1"));
      case 1 -> lose("rows forgotten", this::forgetRows);
      case 2 -> lose("writer forgotten", () -> forgetWriter(step));
      default -> lose("thread died", () -> die(step));
    }
    System.gc();
  }

  /** On a thread of its own: one that holds the writer may not ask for it again. */
  private void lose(String fault, Loss loss) throws InterruptedException {
    crew.count("fault." + fault);
    Thread thread = Thread.ofPlatform().name(fault).unstarted(() -> run(loss));
    thread.setUncaughtExceptionHandler((t, e) -> reportUnlessOnPurpose(e));
    thread.start();
    thread.join();
  }

  private void run(Loss loss) {
    long begun = System.nanoTime();
    try {
      loss.run();
    } catch (SQLException e) {
      if (!Mischief.ENDED.contains(e.getSQLState())) {
        crew.failed(Thread.currentThread().getName(), e, begun);
      }
    }
  }

  private static void reportUnlessOnPurpose(Throwable failure) {
    if (!(failure instanceof OnPurpose)) {
      Said.unexpected("lose", failure);
    }
  }

  private void forgetRows() throws SQLException {
    ResultSet rows =
        pool.dataSource().getConnection().createStatement().executeQuery("SELECT * FROM part");
    rows.next();
  }

  private void forgetWriter(long step) throws SQLException {
    Steps.haunt(pool.acquireWriter(Mischief.SHORT), step);
  }

  private void die(long step) throws SQLException {
    forgetWriter(step);
    throw new OnPurpose();
  }
}
