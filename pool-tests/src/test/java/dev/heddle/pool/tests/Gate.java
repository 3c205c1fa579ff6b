package dev.heddle.pool.tests;

import dev.heddle.pool.ConnectionSetup;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.sqlite.Function;

/**
 * Lets a test act while a statement is inside SQLite. The SQL functions: {@code gate()} says that
 * it was reached, and returns 1 when it is opened; {@code hold()} does the same whatever the
 * thread's interrupt flag says; {@code reached()} returns 1 at once.
 */
final class Gate {

  /** Runs for minutes unless it is stopped; {@link #reached} tells that it has begun. */
  static final String ENDLESS_QUERY =
      "WITH RECURSIVE c(n) AS (SELECT reached() UNION ALL SELECT n + 1 FROM c WHERE n < 3000000000)"
          + " SELECT sum(n) FROM c";

  /** An endless write into the row with id 1. */
  static final String ENDLESS_UPDATE = "UPDATE t SET v = (" + ENDLESS_QUERY + ") WHERE id = 1";

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);
  private final AtomicInteger calls = new AtomicInteger();

  /** For {@code onConnect}. */
  ConnectionSetup functions() {
    return connection -> {
      Function.create(connection, "gate", new Call(() -> Await.latch("the gate opens", opened)));
      Function.create(connection, "hold", new Call(this::passUninterruptibly));
      Function.create(connection, "reached", new Call(() -> {}));
    };
  }

  /** What the function hold() does, for Java code. */
  void hold() {
    calls.incrementAndGet();
    reached.countDown();
    passUninterruptibly();
  }

  /** The flag is kept. */
  private void passUninterruptibly() {
    boolean interrupted = Thread.interrupted();
    while (true) {
      try {
        if (!opened.await(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          throw new AssertionError("the gate was not opened");
        }
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until one of the functions was called. */
  void awaitReached() {
    Await.latch("the SQL function is called", reached);
  }

  /** Waits until so many calls have begun. */
  void awaitReached(int count) {
    Await.until(count + " calls of the SQL functions", () -> calls.get() >= count);
  }

  void open() {
    opened.countDown();
  }

  private final class Call extends Function {
    private final Runnable action;

    Call(Runnable action) {
      this.action = action;
    }

    @Override
    protected void xFunc() throws SQLException {
      calls.incrementAndGet();
      reached.countDown();
      action.run();
      result(1);
    }
  }
}
