package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand virtual threads wait for the pool in a JVM with a single carrier, and others run. If
 * one of them kept the carrier while it waits, not even the second would get to wait.
 */
@Timeout(90)
class UnmountedWaitTest {

  private static final int CROWD = 1_000;

  /** What the crowd waits for. */
  enum Wait {
    WRITER,
    READER,
    COMMIT,
    INSIDE,
    LOCK
  }

  @TempDir static Path folder;

  /** What the JVM with one carrier said: all waits but the last, one after the other. */
  private static final List<String> SAID = new ArrayList<>();

  private static Path file(Wait wait) {
    return folder.resolve(wait + ".db");
  }

  private static ChildJvm oneCarrier(List<Wait> waits) throws IOException {
    return ChildJvm.start(
            List.of(
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1"),
            Child.class,
            waits.stream().map(wait -> wait + "=" + file(wait)).toArray())
        .killedWhenItHangs();
  }

  @BeforeAll
  static void runAll() throws IOException {
    try (ChildJvm child = oneCarrier(List.of(Wait.WRITER, Wait.READER, Wait.COMMIT, Wait.INSIDE))) {
      SAID.addAll(child.said());
    }
  }

  private static void assertSaid(Wait wait, String... what) {
    assertEquals(
        List.of(what),
        SAID.stream()
            .filter(line -> line.startsWith(wait + ": "))
            .map(line -> line.substring(line.indexOf(' ') + 1))
            .toList(),
        () -> "said of " + wait + ", in all: " + SAID);
  }

  @Test
  void writerLane_aThousandWait_othersRun() {
    assertSaid(Wait.WRITER, "others ran", "all served");
  }

  @Test
  void readerLane_aThousandWait_othersRun() {
    assertSaid(Wait.READER, "others ran", "all served");
  }

  @Test
  void sharedCommit_aThousandWait_othersRun() {
    assertSaid(Wait.COMMIT, "others ran", "all served");
  }

  /** The control: a wait inside SQLite does keep the carrier. */
  @Test
  void sqlFunction_waits_nobodyElseRuns() {
    assertSaid(Wait.INSIDE, "0 ran", "others ran", "all served");
  }

  /** One waits for the lock itself, and the others for that one. */
  @Test
  void otherProcess_aThousandWait_othersRun() throws Exception {
    List<String> said = new ArrayList<>();
    try (ChildJvm child = oneCarrier(List.of(Wait.LOCK))) {
      assertEquals(List.of("LOCK: open"), child.said(1));
      try (Database other = Database.connect(file(Wait.LOCK)).run("BEGIN IMMEDIATE")) {
        child.tell("locked");
        said.addAll(child.said(1));
        other.run("ROLLBACK");
      }
      said.addAll(child.said());
    }
    assertEquals(List.of("LOCK: others ran", "LOCK: all served"), said);
    assertEquals("" + CROWD, Database.ask(file(Wait.LOCK), "SELECT count(*) FROM t"));
  }

  /** The JVM with one carrier. Its main thread is none of the virtual ones. */
  static final class Child {

    private final Wait wait;
    private final SqlitePool pool;
    private final Gate gate;

    private Child(Wait wait, SqlitePool pool, Gate gate) {
      this.wait = wait;
      this.pool = pool;
      this.gate = gate;
    }

    public static void main(String[] arguments) throws Exception {
      for (String argument : arguments) {
        int end = argument.indexOf('=');
        run(Wait.valueOf(argument.substring(0, end)), Path.of(argument.substring(end + 1)));
      }
    }

    private static void run(Wait wait, Path file) throws Exception {
      Gate gate = new Gate();
      PoolConfig config =
          PoolConfig.builder(file)
              .readers(2)
              .reserveCarriers(false)
              .acquireTimeout(Duration.ofMinutes(10))
              .busyTimeout(Duration.ofMinutes(10))
              .writerMaxTime(Duration.ZERO)
              .groupMaxUnits(2 * CROWD)
              .groupMaxAge(Duration.ofSeconds(10))
              .onConnect(gate.functions())
              .build();
      try (SqlitePool pool = SqlitePool.open(config)) {
        pool.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY, v)"));
        new Child(wait, pool, gate).run();
      }
    }

    private void run() throws Exception {
      List<Background<?>> crowd =
          switch (wait) {
            case WRITER -> waitForTheWriter();
            case READER -> waitForAReader();
            case COMMIT -> waitForTheCommit();
            case INSIDE -> waitInside();
            case LOCK -> waitForTheLock();
          };
      crowd.forEach(Background::result);
      say("all served");
    }

    private void say(String what) {
      ChildJvm.say(wait + ": " + what);
    }

    private static List<Background<?>> crowd(Callable<?> work) {
      List<Background<?>> crowd = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        crowd.add(Background.start("crowd-" + i, work::call));
      }
      return crowd;
    }

    private void othersRun() {
      Others.start().await();
      say("others ran");
    }

    private void awaitWaiting(int count) {
      Await.until("they wait", () -> pool.stats().writer().waiting() == count);
    }

    private long insert() throws Exception {
      return PoolFixture.insert(pool, 1);
    }

    private List<Object> read() throws Exception {
      return pool.read(lease -> lease.query("SELECT v FROM t", row -> row.getLong(1)));
    }

    private List<Background<?>> waitForTheWriter() throws Exception {
      try (WriteLease lease = pool.acquireWriter()) {
        List<Background<?>> crowd = crowd(this::insert);
        awaitWaiting(CROWD);
        Background.start("reader", this::read).result();
        othersRun();
        lease.rollback();
        return crowd;
      }
    }

    private List<Background<?>> waitForAReader() throws Exception {
      try (ReadLease _ = pool.acquireReader();
          ReadLease _ = pool.acquireReader()) {
        List<Background<?>> crowd = crowd(this::read);
        Await.until("they wait", () -> pool.stats().readers().waiting() == CROWD);
        Background.start("writer", this::insert).result();
        othersRun();
        return crowd;
      }
    }

    /** Behind them stands one more, who has the writer last and commits for all. */
    private List<Background<?>> waitForTheCommit() throws Exception {
      CountDownLatch mayCommit = new CountDownLatch(1);
      List<Background<?>> crowd;
      try (WriteLease lease = pool.acquireWriter()) {
        crowd = crowd(this::insert);
        awaitWaiting(CROWD);
        crowd.add(Background.start("last", () -> insertAndWait(mayCommit)));
        awaitWaiting(CROWD + 1);
        lease.rollback();
      }
      Await.until("all wait in commit()", () -> pool.stats().commits().waiting() == CROWD);
      Background.start("reader", this::read).result();
      othersRun();
      mayCommit.countDown();
      return crowd;
    }

    private long insertAndWait(CountDownLatch mayCommit) throws Exception {
      return pool.write(
          lease -> {
            long id = lease.insert("INSERT INTO t(v) VALUES (1)");
            Await.latch("the last may commit", mayCommit);
            return id;
          });
    }

    private List<Background<?>> waitInside() throws Exception {
      Background<?> inside =
          Background.start("inside", () -> pool.read(lease -> lease.query("SELECT gate()")));
      gate.awaitReached();
      Others others = Others.start();
      say(others.ranWithin(Duration.ofMillis(300)) + " ran");
      gate.open();
      others.await();
      say("others ran");
      return List.of(inside);
    }

    private List<Background<?>> waitForTheLock() throws Exception {
      say("open");
      System.in.read();
      List<Background<?>> crowd = crowd(this::insert);
      awaitWaiting(CROWD - 1);
      Background.start("reader", this::read).result();
      othersRun();
      return crowd;
    }
  }
}
