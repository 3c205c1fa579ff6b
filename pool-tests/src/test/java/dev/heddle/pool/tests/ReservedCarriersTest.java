package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.ConnectionSetup;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Carriers of many pools, of pools that do not open, and of a JVM that has a single one. */
class ReservedCarriersTest extends PoolFixture {

  private static final int READERS = 3;
  private static final int CONNECTIONS = READERS + 1;

  private static VirtualThreadSchedulerMXBean scheduler() {
    return Objects.requireNonNull(
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class));
  }

  private static int parallelism() {
    return scheduler().getParallelism();
  }

  private SqlitePool openNumber(int number) throws SQLException {
    return opened(SqlitePool.open(config(number).build()));
  }

  private PoolConfig.Builder config(int number) {
    return PoolConfig.builder(folder.resolve("pool-" + number + ".db")).readers(READERS);
  }

  // Counting

  @Test
  void open_severalPoolsAtOnce_eachReservesAndTakesBackItsOwn() throws SQLException {
    int before = parallelism();
    List<Background<SqlitePool>> opening = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int number = i;
      opening.add(start("opens-" + i, () -> openNumber(number)));
    }
    List<SqlitePool> pools = opening.stream().map(ReservedCarriersTest::resultOf).toList();
    assertEquals(before + 6 * CONNECTIONS, parallelism());

    List<Background<?>> closing = new ArrayList<>();
    for (SqlitePool pool : pools.subList(0, 4)) {
      closing.add(start("closes", () -> closed(pool)));
    }
    closing.forEach(Background::result);

    assertEquals(before + 2 * CONNECTIONS, parallelism());
    pools.forEach(SqlitePool::close);
    assertEquals(before, parallelism());
  }

  private static SqlitePool resultOf(Background<SqlitePool> opening) {
    return Objects.requireNonNull(opening.result());
  }

  private static int closed(SqlitePool pool) {
    pool.close();
    return 0;
  }

  @Test
  void close_fromManyThreadsAtOnce_takesTheCarriersBackOnce() throws SQLException {
    int before = parallelism();
    SqlitePool other = openNumber(1);
    SqlitePool pool = openNumber(2);
    List<Background<?>> closers = new ArrayList<>();
    try (ReadLease _ = pool.acquireReader()) {
      for (int i = 0; i < 8; i++) {
        Background<?> closer = start("closer-" + i, () -> closed(pool));
        Await.parked(closer.thread());
        closers.add(closer);
      }
      assertEquals(before + 2 * CONNECTIONS, parallelism());
    }
    closers.forEach(Background::result);
    pool.close();

    assertEquals(before + CONNECTIONS, parallelism());
    other.close();
    assertEquals(before, parallelism());
  }

  @Test
  void ephemeral_openedAndClosedTwice_leavesTheParallelism() throws SQLException {
    int before = parallelism();
    for (int i = 0; i < 2; i++) {
      SqlitePool pool = SqlitePool.ephemeral();
      assertEquals(before + pool.stats().readers().connections() + 1, parallelism());
      pool.close();
      assertEquals(before, parallelism());
      pool.close();
      assertEquals(before, parallelism());
    }
  }

  @Test
  void open_failsBesideAnOpenPool_leavesTheParallelism() throws IOException, SQLException {
    SqlitePool open = openNumber(1);
    int before = parallelism();
    Path text = Files.writeString(folder.resolve("text.db"), "This is no database.".repeat(100));

    assertThrows(SQLException.class, () -> SqlitePool.open(text));
    PoolConfig pragma = config(2).readerPragma("no_such_pragma", "1").build();
    assertThrows(IllegalArgumentException.class, () -> SqlitePool.open(pragma));

    assertEquals(before, parallelism());
    insertInto(open);
  }

  private static void insertInto(SqlitePool pool) throws SQLException {
    pool.useWriter(lease -> lease.script("CREATE TABLE t(v); INSERT INTO t VALUES (1)"));
  }

  @Test
  void open_setupThrowsOnTheLastConnection_leavesTheParallelism() {
    int before = parallelism();
    for (Exception failure : List.of(new SQLException("no"), new IllegalStateException("no"))) {
      PoolConfig config = config(1).onConnect(failingOnTheLast(failure)).build();

      Exception thrown = assertThrows(Exception.class, () -> SqlitePool.open(config));

      assertSame(failure, thrown instanceof SQLException ? root(thrown) : thrown);
      assertEquals(before, parallelism());
    }
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    for (Throwable cause = root; cause != null; cause = cause.getCause()) {
      root = cause;
    }
    return root;
  }

  private static ConnectionSetup failingOnTheLast(Exception failure) {
    AtomicInteger connections = new AtomicInteger();
    return (Connection connection) -> {
      if (connections.incrementAndGet() == CONNECTIONS) {
        switch (failure) {
          case SQLException e -> throw e;
          case RuntimeException e -> throw e;
          default -> throw new AssertionError(failure);
        }
      }
    };
  }

  /** The number belongs to the whole JVM: what others do to it meanwhile stays. */
  @Test
  void parallelism_changedByTheProgramWhileAPoolIsOpen_staysChanged() throws SQLException {
    int before = parallelism();
    SqlitePool pool = openNumber(1);
    try {
      scheduler().setParallelism(parallelism() + 5);
      pool.close();
      assertEquals(before + 5, parallelism());
    } finally {
      scheduler().setParallelism(before);
    }
  }

  // A JVM with one carrier

  private ChildJvm oneCarrier(Scene scene) throws IOException {
    return ChildJvm.start(
            List.of("-Djdk.virtualThreadScheduler.parallelism=1"), Child.class, scene, folder)
        .killedWhenItHangs();
  }

  private void assertSaid(Scene scene, String... lines) throws Exception {
    try (ChildJvm child = oneCarrier(scene)) {
      assertEquals(List.of(lines), child.said());
      assertEquals(0, child.awaitEnd());
    }
  }

  @Test
  void queries_onEveryConnectionOfEveryPool_leaveTheOneCarrierToOthers() throws Exception {
    assertSaid(Scene.RESERVE, "others ran", "others ran", "others ran", "done");
  }

  /** The control: what the test above would see if no carriers were reserved. */
  @Test
  void query_carriersOff_takesTheOneCarrierFromAll() throws Exception {
    assertSaid(Scene.OFF, "0 ran", "others ran", "done");
  }

  /** Nor is its connection closed, until that call ends. */
  @Test
  @Tag("slow") // close() gives the call two seconds to notice
  void close_aCallInsideSqliteDoesNotEnd_leavesTheOneCarrierToOthers() throws Exception {
    assertSaid(Scene.STUCK, "others ran", "closed", "100 ran", "done");
  }

  /** What the JVM with one carrier does. */
  enum Scene {
    RESERVE,
    OFF,
    STUCK
  }

  /** The JVM with one carrier. Its main thread is none of the virtual ones. */
  static final class Child {

    private final Path folder;
    private final List<Background<?>> held = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();

    private Child(Path folder) {
      this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
      Child child = new Child(Path.of(arguments[1]));
      switch (Scene.valueOf(arguments[0])) {
        case RESERVE -> child.reserve();
        case OFF -> child.off();
        case STUCK -> child.stuck();
      }
      child.gates.forEach(Gate::open);
      ChildJvm.say("done");
    }

    private SqlitePool open(String name, Gate gate, boolean reserve) throws SQLException {
      PoolConfig config =
          PoolConfig.builder(folder.resolve(name))
              .readers(READERS)
              .reserveCarriers(reserve)
              .closeTimeout(Duration.ZERO)
              .onConnect(gate.functions())
              .build();
      SqlitePool pool = SqlitePool.open(config);
      pool.useWriter(lease -> lease.update("CREATE TABLE t(v)"));
      return pool;
    }

    private Gate gate() {
      Gate gate = new Gate();
      gates.add(gate);
      return gate;
    }

    private void hold(String name, Callable<?> work) {
      held.add(Background.start(name, work::call));
    }

    /** Every connection inside of SQLite at once. */
    private void holdAll(SqlitePool pool) {
      for (int i = 0; i < READERS; i++) {
        hold("reader-" + i, () -> pool.read(lease -> lease.query("SELECT gate()")));
      }
      hold("writer", () -> pool.write(lease -> lease.update("INSERT INTO t VALUES (gate())")));
    }

    private static void othersRun() {
      Others.start().await();
      ChildJvm.say("others ran");
    }

    private void reserve() throws SQLException {
      Gate first = gate();
      Gate second = gate();
      try (SqlitePool one = open("one.db", first, true)) {
        try (SqlitePool two = open("two.db", second, true)) {
          holdAll(one);
          first.awaitReached(CONNECTIONS);
          othersRun();
          holdAll(two);
          second.awaitReached(CONNECTIONS);
          othersRun();
          second.open();
          held.subList(CONNECTIONS, 2 * CONNECTIONS).forEach(Background::result);
        }
        othersRun();
        first.open();
        held.forEach(Background::result);
      }
    }

    private void off() throws Exception {
      Gate gate = gate();
      try (SqlitePool pool = open("off.db", gate, false)) {
        hold("reader", () -> pool.read(lease -> lease.query("SELECT gate()")));
        gate.awaitReached(1);
        Others others = Others.start();
        ChildJvm.say(others.ranWithin(Duration.ofMillis(300)) + " ran");
        gate.open();
        others.await();
        ChildJvm.say("others ran");
        held.forEach(Background::result);
      }
    }

    private void stuck() throws Exception {
      Gate gate = gate();
      try (SqlitePool pool = open("stuck.db", gate, true)) {
        hold("reader", () -> pool.read(lease -> lease.query("SELECT gate()")));
        gate.awaitReached(1);
        othersRun();
      }
      ChildJvm.say("closed");
      // Not as long as the call inside SQLite waits: that would free its carrier.
      ChildJvm.say(Others.start().ranWithin(Duration.ofSeconds(10)) + " ran");
      gate.open();
      held.forEach(Background::end);
      Await.until("its carrier is given back", () -> parallelism() == 1);
    }
  }
}
