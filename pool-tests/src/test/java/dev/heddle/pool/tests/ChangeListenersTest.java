package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.CommitListener;
import dev.heddle.pool.CommitListener.Commit;
import dev.heddle.pool.CommitListener.Subscription;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** onCommit(): how listeners are called, by whom and when, and how the listening ends. */
class ChangeListenersTest extends PoolFixture {

  /** How many commits a listener may be behind and still be told of each. */
  private static final int SINGLES = 1024;

  private final Commits commits = new Commits();
  private final CountDownLatch mayGoOn = new CountDownLatch(1);

  @AfterEach
  void letListenersEnd() {
    mayGoOn.countDown();
  }

  /** Nothing here is about disks. */
  private static PoolConfig.Builder quick(PoolConfig.Builder config) {
    return config.pragma("synchronous", "OFF");
  }

  /** Is busy with the first commit until it may go on, and then keeps what it is told. */
  private final class Busy implements CommitListener {
    final CountDownLatch called = new CountDownLatch(1);
    final Commits told = new Commits();

    @Override
    public void committed(Commit commit) {
      called.countDown();
      Await.latch("the listener may go on", mayGoOn);
      told.committed(commit);
    }

    void awaitCalled() {
      Await.latch("the listener is called", called);
    }
  }

  private static void other(SqlitePool pool) throws SQLException {
    pool.useWriter(lease -> lease.update("DELETE FROM other"));
  }

  private SqlitePool openWithOther() throws SQLException {
    SqlitePool pool = open(ChangeListenersTest::quick);
    pool.useWriter(lease -> lease.update("CREATE TABLE other(v)"));
    return pool;
  }

  // Calls

  @Test
  void listener_isToldOfACommit_findsItInTheFile() throws SQLException {
    SqlitePool pool = open();
    BlockingQueue<List<@Nullable Object>> seen = new LinkedBlockingQueue<>();
    pool.onCommit(commit -> seen.add(values(pool)));
    insert(pool, "one");
    assertEquals(List.of("one"), take(seen));
  }

  private static <T> T take(BlockingQueue<T> queue) {
    try {
      T taken = queue.poll(Await.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
      if (taken == null) {
        throw new AssertionError("nothing came");
      }
      return taken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void listener_writesItself_isToldOfThatToo() throws SQLException {
    SqlitePool pool = openWithOther();
    pool.onCommit(
        commit -> {
          if (commit.mayHaveChanged("t")) {
            other(pool);
          }
          commits.committed(commit);
        });
    insert(pool, 1);
    commits.assertNext("t");
    commits.assertNext("other");
  }

  @Test
  void listener_isCalled_onAVirtualThreadOfThePool() throws SQLException {
    SqlitePool pool = open();
    BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    pool.onCommit(commit -> threads.add(Thread.currentThread()));
    insert(pool, 1);
    Thread thread = take(threads);
    assertTrue(thread.isVirtual());
    assertEquals("heddle-commits", thread.getName());
    Await.until("it goes when all is told", () -> !thread.isAlive());
  }

  @Test
  void manyThreadsCommit_listenerIsCalledInOrderOneAtATime() throws SQLException {
    int writers = 20;
    int each = 25;
    SqlitePool pool = open(ChangeListenersTest::quick);
    pool.useWriter(
        lease -> {
          for (int i = 0; i < writers; i++) {
            lease.update("CREATE TABLE t" + i + "(v)");
          }
        });
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    pool.onCommit(
        commit -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          commits.committed(commit);
          inside.decrementAndGet();
        });
    long before = pool.stats().commits().transactions();
    List<Background<?>> threads = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      String sql = "INSERT INTO t" + i + " VALUES (1)";
      threads.add(
          start(
              "writer " + i,
              () -> {
                for (int j = 0; j < each; j++) {
                  pool.useWriter(lease -> lease.update(sql));
                }
                return null;
              }));
    }
    threads.forEach(Background::result);
    long transactions = pool.stats().commits().transactions() - before;
    for (long told = 0; told < transactions; ) {
      told += commits.next().commits();
    }
    assertTrue(commits.isEmpty());
    assertEquals(1, most.get());
  }

  @Test
  void commits_oneAfterTheOther_areToldInTheirOrder() throws SQLException {
    SqlitePool pool = openWithOther();
    pool.onCommit(commits);
    String expected = "";
    String told = "";
    for (int i = 0; i < 100; i++) {
      boolean one = Integer.bitCount(i) % 2 == 0;
      if (one) {
        insert(pool, i);
      } else {
        other(pool);
      }
      expected += one ? "t" : "o";
    }
    for (int i = 0; i < 100; i++) {
      told += commits.next().mayHaveChanged("t") ? "t" : "o";
    }
    assertEquals(expected, told);
  }

  @Test
  void listener_throws_isLoggedAndToldOfTheNext() throws SQLException {
    SqlitePool pool = open();
    List<Throwable> failures =
        List.of(new Exception("checked"), new IllegalStateException("not"), new Error("error"));
    AtomicInteger calls = new AtomicInteger();
    pool.onCommit(
        commit -> {
          int call = calls.getAndIncrement();
          commits.committed(commit);
          switch (call < failures.size() ? failures.get(call) : null) {
            case Exception e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
          }
        });
    try (Logs logs = Logs.capture()) {
      for (int i = 0; i <= failures.size(); i++) {
        insert(pool, i);
        commits.assertNext("t");
      }
      Await.until("all are logged", () -> logs.warnings().size() == failures.size());
      for (Throwable failure : failures) {
        assertEquals(
            1,
            logs.traces("is told of the next").stream()
                .filter(trace -> trace.contains(String.valueOf(failure.getMessage())))
                .count());
      }
    }
  }

  @Test
  void listener_leavesItsThreadInterrupted_nextCallIsNot() throws SQLException {
    SqlitePool pool = open(ChangeListenersTest::quick);
    BlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
    Busy first = new Busy();
    pool.onCommit(
        commit -> {
          first.committed(commit); // so that the same thread is called again
          interrupted.add(Thread.currentThread().isInterrupted());
          Thread.currentThread().interrupt();
        });
    insert(pool, 1);
    first.awaitCalled();
    insert(pool, 2);
    mayGoOn.countDown();
    assertFalse(take(interrupted));
    assertFalse(take(interrupted));
  }

  // Slow ones

  @Test
  void listener_isSlow_delaysNeitherCommitsNorOtherListeners() throws SQLException {
    SqlitePool pool = open(ChangeListenersTest::quick);
    Busy busy = new Busy();
    pool.onCommit(busy);
    pool.onCommit(commits);
    for (int i = 0; i < 10; i++) {
      insert(pool, i);
      commits.assertNext("t");
    }
    busy.awaitCalled();
    assertTrue(busy.told.isEmpty());
    mayGoOn.countDown();
    for (int i = 0; i < 10; i++) {
      busy.told.assertNext("t");
    }
  }

  @Test
  void listener_isFarBehind_isToldOfTheLaterCommitsTogether() throws SQLException {
    SqlitePool pool = openWithOther();
    Busy busy = new Busy();
    pool.onCommit(busy);
    insert(pool, "the first");
    busy.awaitCalled();
    for (int i = 0; i < SINGLES; i++) {
      insert(pool, i);
    }
    insert(pool, "late");
    other(pool);
    insert(pool, "later");
    mayGoOn.countDown();
    for (int i = 0; i <= SINGLES; i++) {
      busy.told.assertNext("t");
    }
    assertEquals(new Commit(Set.of("t", "other"), 3), busy.told.next());
    other(pool);
    busy.told.assertNext("other");
  }

  // The end

  @Test
  void subscription_closed_isToldOfNothingMore() throws SQLException {
    SqlitePool pool = openWithOther();
    Subscription subscription = pool.onCommit(commits);
    Busy busy = new Busy();
    Subscription behind = pool.onCommit(busy);
    insert(pool, 1);
    commits.assertNext("t");
    busy.awaitCalled();
    other(pool);
    commits.assertNext("other");
    subscription.close();
    subscription.close();
    behind.close();
    mayGoOn.countDown();
    busy.told.assertNext("t");

    Commits last = new Commits();
    pool.onCommit(last);
    insert(pool, 2);
    last.assertNext("t");
    assertTrue(commits.isEmpty());
    assertTrue(busy.told.isEmpty());
  }

  @Test
  void subscription_closedByTheListener_isToldOfNothingMore() throws SQLException {
    SqlitePool pool = openWithOther();
    AtomicReference<@Nullable Subscription> own = new AtomicReference<>();
    Busy once = new Busy();
    own.set(
        pool.onCommit(
            commit -> {
              once.committed(commit);
              Subscription subscription = own.get();
              if (subscription != null) {
                subscription.close();
              }
            }));
    insert(pool, 1);
    once.awaitCalled();
    other(pool);
    mayGoOn.countDown();
    once.told.assertNext("t");
    pool.close(); // waits for listeners
    assertTrue(once.told.isEmpty());
  }

  @Test
  void pool_closed_tellsWhatIsStillToBeTold() throws SQLException {
    SqlitePool pool = openWithOther();
    Busy busy = new Busy();
    pool.onCommit(busy);
    insert(pool, 1);
    busy.awaitCalled();
    other(pool);
    insert(pool, 2);
    Background<?> closer =
        start(
            "closer",
            () -> {
              pool.close();
              return null;
            });
    Await.parked(closer.thread());
    mayGoOn.countDown();
    closer.result();
    for (String table : List.of("t", "other", "t")) {
      assertFalse(busy.told.isEmpty(), "was told before close() returned");
      busy.told.assertNext(table);
    }
  }

  @Test
  void pool_closedWhileAListenerIsBusy_waitsNoLongerThanCloseTimeout() throws SQLException {
    SqlitePool pool = open(config -> quick(config).closeTimeout(Duration.ofMillis(50)));
    Busy busy = new Busy();
    pool.onCommit(busy);
    insert(pool, 1);
    busy.awaitCalled();
    insert(pool, 2);
    try (Logs logs = Logs.capture()) {
      pool.close();
      assertTrue(busy.told.isEmpty());
      assertEquals(1, logs.warnings("commit listeners were still busy").size());
    }
    mayGoOn.countDown();
    busy.told.assertNext("t");
    busy.told.assertNext("t");
  }

  @Test
  void pool_closedByAListener_isClosed() throws SQLException {
    SqlitePool pool = open(config -> config.closeTimeout(Duration.ofMinutes(1)));
    CountDownLatch closed = new CountDownLatch(1);
    pool.onCommit(
        commit -> {
          pool.close();
          closed.countDown();
        });
    insert(pool, 1);
    Await.latch("close() returns in the listener", closed);
    Expect.over(pool::acquireReader);
  }

  @Test
  void onCommit_withoutAListener_isRefused() throws SQLException {
    SqlitePool pool = open();
    assertThrows(NullPointerException.class, () -> pool.onCommit(nothing()));
  }

  @SuppressWarnings("NullAway")
  private static CommitListener nothing() {
    return null;
  }

  @Test
  void onCommit_poolIsClosed_isToldOfNothing() throws SQLException {
    SqlitePool pool = open();
    pool.close();
    try (Subscription subscription = pool.onCommit(commits)) {
      assertTrue(commits.isEmpty());
      assertFalse(subscription.toString().isEmpty());
    }
  }
}
