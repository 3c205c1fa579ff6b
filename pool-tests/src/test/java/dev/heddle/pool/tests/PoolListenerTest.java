package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.CommitListener;
import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolListener;
import dev.heddle.pool.PoolListener.Lease;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a listener is told, and that nobody waits for it. */
class PoolListenerTest extends PoolFixture {

  private static final LeaseOptions LABEL = LeaseOptions.DEFAULTS.withLabel("import");

  /** Notes all that it is told. */
  private static class Notes implements PoolListener {

    final List<Object> told = new CopyOnWriteArrayList<>();

    @Override
    public void leaseEnded(Lease lease) {
      told.add(lease);
    }

    @Override
    public void leaseRefused(Refused refused) {
      told.add(refused);
    }

    @Override
    public void committed(Commit commit) {
      told.add(commit);
    }

    @Override
    public void checkpointed(Checkpoint checkpoint) {
      told.add(checkpoint);
    }

    @Override
    public void slowStatement(SlowStatement statement) {
      told.add(statement);
    }

    @Override
    public void leaseInTrouble(Trouble trouble) {
      told.add(trouble);
    }

    @Override
    public void poolClosed() {
      told.add("closed");
    }

    <E> List<E> all(Class<E> type) {
      return told.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <E> E awaitOne(Class<E> type) {
      Await.until("it is told of a " + type.getSimpleName(), () -> !all(type).isEmpty());
      return all(type).getFirst();
    }
  }

  private Notes listen(SqlitePool pool) {
    Notes notes = new Notes();
    pool.listen(notes);
    return notes;
  }

  // What it is told

  @Test
  void leaseEnded_readerCloses_isToldBeforeCloseReturns() throws SQLException {
    SqlitePool pool = open();
    Notes notes = listen(pool);

    long before = System.nanoTime();
    pool.useReader(LABEL, PoolFixture::count);
    long most = System.nanoTime() - before;

    PoolListener.Lease lease = notes.all(PoolListener.Lease.class).getFirst();
    assertEquals(1, notes.told.size());
    assertEquals(PoolListener.Lane.READER, lease.lane());
    assertEquals("import", lease.label());
    assertEquals(0, lease.waitedNanos());
    assertTrue(lease.heldNanos() > 0 && lease.heldNanos() <= most, lease::toString);
    assertFalse(lease.revoked());
  }

  @Test
  void leaseEnded_writerHadToWait_saysForHowLong() throws SQLException {
    SqlitePool pool = open();
    Notes notes = listen(pool);
    Background<?> waiter;
    long asked;
    long most;
    try (WriteLease lease = pool.acquireWriter()) {
      lease.rollback();
    }
    WriteLease holder = pool.acquireWriter(LABEL);
    try (holder) {
      asked = System.nanoTime();
      waiter = start("waiter", () -> insert(pool, 1));
      Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
    }
    waiter.result();
    most = System.nanoTime() - asked;

    List<PoolListener.Lease> leases = notes.all(PoolListener.Lease.class);
    assertEquals(3, leases.size());
    PoolListener.Lease last = leases.getLast();
    assertEquals(PoolListener.Lane.WRITER, last.lane());
    assertNull(last.label());
    assertTrue(last.waitedNanos() > 0 && last.waitedNanos() < most, last::toString);
  }

  @Test
  void leaseEnded_leaseIsRevoked_saysSo() throws SQLException {
    SqlitePool pool = open();
    Notes notes = listen(pool);
    try (WriteLease lease = pool.acquireWriter(LABEL.withHoldAtMost(Duration.ofMillis(50)))) {
      assertTrue(notes.awaitOne(PoolListener.Lease.class).revoked());
      assertTrue(lease.toString().contains("ended"), lease::toString);
    }
    PoolListener.Trouble trouble = notes.awaitOne(PoolListener.Trouble.class);
    assertEquals(PoolListener.Trouble.Kind.REVOKED, trouble.kind());
    assertEquals(PoolListener.Lane.WRITER, trouble.lane());
    assertEquals("import", trouble.label());
    assertNull(trouble.sql());
    assertTrue(trouble.report().contains("is revoked"), trouble::report);
    assertEquals(1, notes.all(PoolListener.Lease.class).size());
  }

  @Test
  void leaseInTrouble_statementRuns_namesItsSql() throws SQLException {
    SqlitePool pool = open(config -> config.leakReportAfter(Duration.ofMillis(50)));
    Notes notes = listen(pool);
    Background<?> holder =
        start("holder", () -> pool.write(lease -> lease.query("SELECT gate(), ?", "secret")));

    PoolListener.Trouble trouble = notes.awaitOne(PoolListener.Trouble.class);
    gate().open();
    holder.result();

    assertEquals(PoolListener.Trouble.Kind.LASTING, trouble.kind());
    assertEquals("SELECT gate(), ?", trouble.sql());
    assertFalse(trouble.toString().contains("secret"), trouble::toString);
  }

  @Test
  void leaseRefused_waitIsTooLong_isToldWithTheWait() throws SQLException {
    SqlitePool pool = open();
    Notes notes = listen(pool);
    Duration wait = Duration.ofMillis(20);
    try (WriteLease lease = pool.acquireWriter()) {
      start("late", () -> pool.acquireWriter(LABEL.withWaitAtMost(wait)))
          .failure(SQLException.class);
      lease.rollback();
    }
    PoolListener.Refused refused = notes.awaitOne(PoolListener.Refused.class);
    assertEquals(PoolListener.Lane.WRITER, refused.lane());
    assertEquals("import", refused.label());
    assertEquals(PoolListener.Refused.Reason.TIMED_OUT, refused.reason());
    assertTrue(refused.waitedNanos() >= wait.toNanos(), refused::toString);
  }

  @ParameterizedTest
  @EnumSource(names = {"INTERRUPTED", "QUEUE_FULL", "OWN_LEASE"})
  void leaseRefused_forAnotherReason_saysWhy(PoolListener.Refused.Reason reason)
      throws SQLException {
    SqlitePool pool = open(config -> config.queueLimit(0));
    Notes notes = listen(pool);
    try (WriteLease _ = pool.acquireWriter()) {
      switch (reason) {
        case INTERRUPTED ->
            start(
                    "interrupted",
                    () -> {
                      Thread.currentThread().interrupt();
                      return pool.acquireWriter();
                    })
                .failure(SQLException.class);
        case QUEUE_FULL -> start("another", () -> pool.acquireWriter()).failure(SQLException.class);
        default -> assertThrows(SQLException.class, pool::acquireWriter);
      }
    }
    assertEquals(reason, notes.awaitOne(PoolListener.Refused.class).reason());
  }

  @Test
  void leaseRefused_poolIsClosed_isToldOfThoseWhoWait() throws SQLException {
    SqlitePool pool = open(config -> config.closeTimeout(Duration.ofMillis(50)));
    Notes notes = listen(pool);
    Background<?> waiter;
    try (WriteLease lease = pool.acquireWriter()) {
      waiter = start("waiter", pool::acquireWriter);
      Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
      start("closer", Executors.callable(pool::close)).result();
      assertFalse(lease.toString().isEmpty());
    }
    waiter.failure(SQLException.class);
    assertThrows(SQLException.class, pool::acquireWriter);

    List<PoolListener.Refused> refused = notes.all(PoolListener.Refused.class);
    assertEquals(1, refused.size());
    assertEquals(PoolListener.Refused.Reason.CLOSED, refused.getFirst().reason());
    assertEquals("closed", notes.told.getLast());
  }

  @Test
  void committed_oneUnit_isToldOnceWithItsTime() throws SQLException {
    SqlitePool pool = open();
    Notes notes = listen(pool);

    insert(pool, 1);

    PoolListener.Commit commit = notes.awaitOne(PoolListener.Commit.class);
    assertEquals(1, commit.units());
    assertEquals(0, commit.waitedNanos());
    assertTrue(commit.nanos() > 0, commit::toString);
    assertTrue(commit.succeeded());
    pool.close();
    assertEquals(1, notes.all(PoolListener.Commit.class).size());
  }

  @Test
  void committed_commitIsRefused_isToldAsFailed() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease ->
            lease.script("CREATE TABLE child(p REFERENCES t(id) DEFERRABLE INITIALLY DEFERRED)"));
    Notes notes = listen(pool);

    assertThrows(
        SQLException.class,
        () -> pool.write(lease -> lease.update("INSERT INTO child VALUES (77)")));

    assertFalse(notes.awaitOne(PoolListener.Commit.class).succeeded());
  }

  @Test
  void checkpointed_somebodyAsksForOne_isToldOfItsPages() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    Notes notes = listen(pool);

    pool.maintenance().checkpoint();

    PoolListener.Checkpoint first = notes.awaitOne(PoolListener.Checkpoint.class);
    assertTrue(first.nanos() > 0, first::toString);
    assertTrue(first.walPages() > 0, first::toString);
    assertEquals(first.walPages(), first.movedPages());
    assertFalse(first.heldBack());
  }

  @Test
  void poolClosed_poolIsClosed_comesLastAndOnce() throws SQLException {
    SqlitePool pool = open();
    Notes notes = listen(pool);
    for (int i = 0; i < 50; i++) {
      insert(pool, i);
    }

    pool.close();
    pool.close();

    assertEquals("closed", notes.told.getLast());
    assertEquals(1, notes.all(String.class).size());
    assertEquals(50, notes.all(PoolListener.Commit.class).size());
    assertEquals(50, notes.all(PoolListener.Lease.class).size());
  }

  @Test
  void poolClosed_poolWasClosedBefore_isToldAtOnce() throws SQLException {
    SqlitePool pool = open();
    pool.close();
    Notes notes = listen(pool);
    assertEquals("closed", notes.awaitOne(String.class));
  }

  @Test
  void subscriptionClose_laterEvents_areNotTold() throws SQLException {
    SqlitePool pool = open();
    Notes notes = new Notes();
    CommitListener.Subscription subscription = pool.listen(notes);
    pool.useReader(PoolFixture::count);

    subscription.close();
    insert(pool, 1);
    pool.close();

    assertEquals(1, notes.told.size(), notes.told::toString);
  }

  // What it can't do

  /** The events that come while others go on, and a way to make one. */
  enum Kind {
    LEASE,
    COMMIT
  }

  /** Stops in its first event of a kind, until it is let go. */
  private static final class Stops extends Notes {

    private final Class<?> kind;
    final CountDownLatch stopped = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);

    Stops(Class<?> kind) {
      this.kind = kind;
    }

    private void stop(Object event) {
      if (kind.isInstance(event) && stopped.getCount() > 0) {
        stopped.countDown();
        Await.latch("the test lets the listener go", go);
      }
    }

    @Override
    public void leaseEnded(Lease lease) {
      super.leaseEnded(lease);
      stop(lease);
    }

    @Override
    public void committed(Commit commit) {
      super.committed(commit);
      stop(commit);
    }
  }

  @ParameterizedTest
  @EnumSource
  void listener_hangs_keepsNobodyFromTheLanes(Kind kind) throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    Stops listener =
        new Stops(kind == Kind.LEASE ? PoolListener.Lease.class : PoolListener.Commit.class);
    pool.listen(listener);
    Background<Long> first = start("first", () -> insert(pool, 1));
    Await.latch("the listener hangs", listener.stopped);

    for (int i = 2; i <= 20; i++) {
      insert(pool, i);
      assertEquals(i, values(pool).size());
    }
    assertEquals(0, pool.stats().writer().held() + pool.stats().readers().held());

    listener.go.countDown();
    first.result();
  }

  @Test
  void listener_hangs_keepsCloseFromNothing() throws SQLException {
    SqlitePool pool =
        open(config -> config.readers(2).closeTimeout(Duration.ofMillis(50)).name("closing"));
    Stops listener = new Stops(PoolListener.Lease.class);
    pool.listen(listener);
    WriteLease writer = pool.acquireWriter();
    List<ReadLease> readers = List.of(pool.acquireReader(), pool.acquireSnapshot());
    try (Logs logs = Logs.capture()) {
      start("closer", Executors.callable(pool::close)).result();

      assertEquals(1, logs.warnings("the listener").size(), () -> "" + logs.warnings());
    }
    assertEquals(0, pool.stats().readers().held() + pool.stats().writer().held());
    listener.go.countDown();
    Await.until("the others are told", () -> listener.all(PoolListener.Lease.class).size() == 3);
    assertTrue(listener.all(PoolListener.Lease.class).stream().allMatch(Lease::revoked));
    writer.close();
    readers.forEach(ReadLease::close);
    assertEquals(3, listener.all(PoolListener.Lease.class).size());
  }

  @Test
  void listener_hangsWhenAReservedReaderIsLost_keepsNobodyFromTheWriter() throws SQLException {
    SqlitePool pool = open();
    Stops listener = new Stops(PoolListener.Lease.class);
    Background<?> user =
        start(
            "user",
            () -> {
              try (WriteLease lease = pool.acquireWriter(LABEL.withSnapshotAfterCommit(true))) {
                lease.update("INSERT INTO t(v) VALUES (1)");
                pool.listen(listener); // of the reader it is not told
                lease.rollback();
              }
              try (WriteLease lease = pool.acquireWriter(LABEL.withSnapshotAfterCommit(true))) {
                lease.update("INSERT INTO t(v) VALUES (2)");
                lease.rollback();
              }
              return null;
            });
    Await.latch("the listener hangs", listener.stopped);
    insertAside(pool, 3);
    assertEquals(List.of(3L), values(pool));
    listener.go.countDown();
    user.result();
    pool.close();
    assertEquals(4, listener.all(PoolListener.Lease.class).size());
  }

  private void insertAside(SqlitePool pool, long value) {
    start("another", () -> insert(pool, value)).result();
  }

  @Test
  void listener_isFarBehind_losesEventsAndSaysSo() throws SQLException {
    SqlitePool pool = open(config -> config.pragma("synchronous", "OFF"));
    Stops listener = new Stops(PoolListener.Commit.class);
    pool.listen(listener);
    try (Logs logs = Logs.capture()) {
      for (int i = 0; i < 1_200; i++) {
        insert(pool, i);
      }
      Await.latch("the listener hangs", listener.stopped);
      listener.go.countDown();
      pool.close();
      assertEquals(1, logs.warnings("events were dropped").size(), () -> "" + logs.warnings());
    }
    int told = listener.all(PoolListener.Commit.class).size();
    assertTrue(told >= 1_024 && told < 1_200, () -> told + " were told");
    assertEquals("closed", listener.told.getLast());
    assertEquals(1_200, listener.all(PoolListener.Lease.class).size());
  }

  @Test
  void listener_throws_harmsNobodyAndIsLoggedNowAndThen() throws SQLException {
    SqlitePool pool = open();
    Notes second = new Notes();
    pool.listen(
        new PoolListener() {
          @Override
          public void leaseEnded(Lease lease) {
            throw new AssertionError("a lease");
          }

          @Override
          public void leaseRefused(Refused refused) {
            throw new IllegalStateException("a refusal");
          }

          @Override
          public void committed(Commit commit) {
            throw new IllegalStateException("a commit");
          }
        });
    pool.listen(second);
    try (Logs logs = Logs.capture()) {
      for (int i = 1; i <= 100; i++) {
        insert(pool, i);
        assertEquals(i, values(pool).size());
      }
      try (WriteLease _ = pool.acquireWriter()) {
        assertThrows(SQLException.class, pool::acquireWriter);
      }
      Await.until("it is logged", () -> !logs.warnings("the listener").isEmpty());
      assertTrue(logs.warnings("the listener").size() < 50, () -> "" + logs.warnings());
    }
    pool.close();
    assertEquals(100, second.all(PoolListener.Commit.class).size());
    assertEquals(201, second.all(PoolListener.Lease.class).size());
    assertEquals(1, second.all(PoolListener.Refused.class).size());
  }
}
