package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting for a lane. */
class AcquireTest extends PoolFixture {

  private static final LeaseOptions BRIEF =
      LeaseOptions.DEFAULTS.withWaitAtMost(Duration.ofMillis(20));

  @Test
  void writer_manyWait_getItInTheOrderTheyCame() throws SQLException {
    SqlitePool pool = open(config -> config.acquireTimeout(Duration.ofSeconds(60)));
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    List<Background<?>> waiters = new ArrayList<>();
    try (WriteLease lease = pool.acquireWriter()) {
      for (int i = 0; i < 20; i++) {
        int number = i;
        waiters.add(
            start("w" + i, () -> pool.write(l -> order.add(number) && insert(l, number) > 0)));
        int expected = i + 1;
        Await.until("it waits", () -> pool.stats().writer().waiting() == expected);
      }
      assertEquals(List.of(), order);
      lease.rollback();
    }
    waiters.forEach(Background::result);

    assertEquals(20, order.size());
    for (int i = 0; i < 20; i++) {
      assertEquals(i, order.get(i));
      assertEquals((long) i, values(pool).get(i));
    }
  }

  private static long insert(WriteLease lease, Object value) throws SQLException {
    return lease.insert("INSERT INTO t(v) VALUES (?)", value);
  }

  @Test
  void readers_allHeld_theFirstToComeBackGoesToTheFirstWaiter() throws SQLException {
    SqlitePool pool = open();
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    ReadLease one = pool.acquireReader();
    ReadLease two = pool.acquireSnapshot();
    Background<?> first = start("first", () -> pool.read(l -> order.add("first")));
    Await.until("the first waits", () -> pool.stats().readers().waiting() == 1);
    Background<?> second = start("second", () -> pool.read(l -> order.add("second")));
    Await.until("the second waits", () -> pool.stats().readers().waiting() == 2);

    two.close();
    first.result();
    second.result();
    one.close();

    assertEquals(List.of("first", "second"), order);
  }

  @Test
  void reader_writerIsHeld_isNotHeldUp() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease writer = pool.acquireWriter()) {
      insert(writer, 1);
      start("reading", () -> values(pool)).result();
    }
  }

  @Test
  void writer_timedOut_saysWhoHoldsItAndWhatToChange() throws SQLException {
    SqlitePool pool = open(config -> config.name("orders").acquireTimeout(Duration.ofMillis(20)));
    Background<?> holder = holdWriter(pool);

    SQLTransientConnectionException failure =
        Expect.sql(SQLTransientConnectionException.class, "08001", pool::acquireWriter);

    Expect.mentions(
        failure,
        "orders",
        "writer",
        "1 connection",
        "0 idle",
        "0 threads waiting",
        "nightly",
        "holder-thread",
        "acquire-timeout");
    assertEquals(1, pool.stats().writer().timedOut());
    assertEquals(0, pool.stats().writer().waiting());
    gate().open();
    holder.result();
  }

  /** A thread that holds the writer, in a call, until the gate opens. */
  private Background<?> holdWriter(SqlitePool pool) {
    LeaseOptions nightly = LeaseOptions.DEFAULTS.withLabel("nightly");
    Background<?> holder =
        start("holder-thread", () -> pool.write(nightly, lease -> lease.query("SELECT gate()")));
    gate().awaitReached();
    return holder;
  }

  @Test
  void reader_timedOut_saysWhoHoldThemAndWhatToChange() throws SQLException {
    SqlitePool pool = open(config -> config.acquireTimeout(Duration.ofMillis(20)));
    try (var _ = pool.acquireReader(LeaseOptions.DEFAULTS.withLabel("report-one"));
        var _ = pool.acquireReader(LeaseOptions.DEFAULTS.withLabel("report-two"))) {
      Background<?> late = start("late", pool::acquireReader);

      SQLException failure = late.failure(SQLTransientConnectionException.class);

      assertEquals("08001", failure.getSQLState());
      Expect.mentions(
          failure,
          "test.db",
          "reader",
          "2 connections",
          "report-one",
          "report-two",
          "readers",
          "acquire-timeout");
    }
    assertEquals(1, pool.stats().readers().timedOut());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void acquire_zeroWait_takesWhatIsIdleOrFailsAtOnce(boolean writer) throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    try (ReadLease held =
        writer ? pool.acquireWriter(Duration.ZERO) : pool.acquireReader(Duration.ZERO)) {
      assertEquals(0, count(held));
      Background<ReadLease> other =
          start(
              "other",
              () ->
                  writer ? pool.acquireWriter(Duration.ZERO) : pool.acquireSnapshot(Duration.ZERO));

      assertEquals("08001", other.failure(SQLTransientConnectionException.class).getSQLState());
    }
  }

  @Test
  void acquire_negativeWait_isRefused() throws SQLException {
    SqlitePool pool = open();
    Duration negative = Duration.ofMillis(-1);
    assertThrows(IllegalArgumentException.class, () -> pool.acquireReader(negative));
    assertThrows(IllegalArgumentException.class, () -> pool.acquireSnapshot(negative));
    assertThrows(IllegalArgumentException.class, () -> pool.acquireWriter(negative));
  }

  @Test
  void acquire_hugeWait_isNoOverflow() throws SQLException {
    SqlitePool pool = open();
    Duration huge = Duration.ofSeconds(Long.MAX_VALUE);
    WriteLease held = pool.acquireWriter(huge);
    Background<?> waiting =
        start(
            "waiting",
            () -> {
              try (WriteLease lease = pool.acquireWriter(huge)) {
                return insert(lease, 1);
              }
            });
    Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
    held.close();
    waiting.result();
  }

  @Test
  void acquire_queueIsFull_failsAtOnceNamingTheOption() throws SQLException {
    SqlitePool pool = open(config -> config.queueLimit(1));
    Background<?> waiting;
    try (var _ = pool.acquireWriter()) {
      waiting = start("waiting", () -> insert(pool, "waiting"));
      Await.until("it waits", () -> pool.stats().writer().waiting() == 1);

      SQLException failure =
          start("turned-away", pool::acquireWriter).failure(SQLTransientConnectionException.class);

      assertEquals("08001", failure.getSQLState());
      Expect.mentions(failure, "queue-limit", "writer");
      assertEquals(1, pool.stats().writer().refused());
      assertFalse(waiting.isDone());
    }
    waiting.result();
    assertEquals(List.of("waiting"), values(pool));
  }

  @Test
  void acquire_queueLimitZero_takesWhatIsIdle() throws SQLException {
    SqlitePool pool = open(config -> config.queueLimit(0).readers(1));
    try (var _ = pool.acquireReader()) {
      Expect.mentions(
          start("other", pool::acquireReader).failure(SQLTransientConnectionException.class),
          "queue-limit");
    }
    assertEquals(List.of(), values(pool));
  }

  @Test
  void acquire_afterATimeOut_theLaneIsComplete() throws SQLException {
    SqlitePool pool = open();
    for (int i = 0; i < 50; i++) {
      try (var _ = pool.acquireWriter()) {
        start("late", () -> pool.acquireWriter(BRIEF)).failure(SQLException.class);
      }
      assertEquals(1, pool.stats().writer().idle());
    }
    insert(pool, 1);
  }

  @Test
  void dump_holdersAndWaiters_areNamed() throws SQLException {
    SqlitePool pool = open(config -> config.name("orders"));
    Background<?> holder = holdWriter(pool);
    Background<?> waiter = start("waiter-thread", () -> insert(pool, 1));
    Await.until("it waits", () -> pool.stats().writer().waiting() == 1);

    String dump = pool.dump();

    for (String word : List.of("orders", "nightly", "holder-thread", "waiter-thread", "writer")) {
      assertTrue(dump.contains(word), () -> word + " is missing in " + dump);
    }
    gate().open();
    holder.result();
    waiter.result();
  }
}
