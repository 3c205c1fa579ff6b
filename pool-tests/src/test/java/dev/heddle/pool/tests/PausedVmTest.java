package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole process stands still for longer than writer.max-time, as with a laptop that is closed
 * or a virtual machine that is moved. That was not its holders' fault.
 */
@Tag("slow")
@Timeout(120)
class PausedVmTest {

  /** How long a lease may be held. */
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private static final Duration LONGER_LIMIT = Duration.ofSeconds(8);

  @TempDir Path folder;

  /** What the child says, from the moment on that it holds its leases and is paused. */
  private List<String> saidAfterAPause(Scene scene) throws Exception {
    try (ChildJvm child = ChildJvm.start(Child.class, scene, folder).killedWhenItHangs()) {
      assertEquals(List.of("holds"), child.said(1));
      signal("-STOP", child);
      Thread.sleep(scene.pause);
      signal("-CONT", child);
      return child.said();
    }
  }

  private static void signal(String signal, ChildJvm child) throws Exception {
    int code;
    try {
      code = new ProcessBuilder("kill", signal, "" + child.pid()).start().waitFor();
    } catch (IOException e) {
      code = -1;
    }
    int answered = code;
    // Only a signal stops a whole VM from outside. Every Debian has kill, so CI never skips this.
    assumeTrue(answered == 0, () -> "kill " + signal + " does not work here: " + answered);
  }

  @Test
  void holders_vmStoodStillForLongerThanTheLimit_canWriteAndCommit() throws Exception {
    assertEquals(
        List.of("woken", "idle: committed", "in a statement: committed"),
        saidAfterAPause(Scene.GO_ON));
  }

  /** One that is acquired after the pause tells how long the limit is, without a clock. */
  @Test
  void holders_vmStoodStill_haveTheirWholeLimitAgainAndNoMore() throws Exception {
    assertEquals(
        List.of("woken", "new holder: revoked", "same limit: revoked", "longer: committed"),
        saidAfterAPause(Scene.STAY_IDLE));
  }

  /** What the child does after the pause. */
  enum Scene {
    GO_ON(Duration.ofSeconds(5)),
    STAY_IDLE(Duration.ofSeconds(10));

    /** Longer than each of its limits. */
    final Duration pause;

    Scene(Duration pause) {
      this.pause = pause;
    }
  }

  /** The process that is paused. */
  static final class Child {

    private final Path folder;
    private final Gate gate = new Gate();

    private Child(Path folder) {
      this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
      Child child = new Child(Path.of(arguments[1]));
      switch (Scene.valueOf(arguments[0])) {
        case GO_ON -> child.goOn();
        case STAY_IDLE -> child.stayIdle();
      }
    }

    private SqlitePool open(String name, Duration limit) throws SQLException {
      SqlitePool pool =
          SqlitePool.open(
              PoolConfig.builder(folder.resolve(name))
                  .readers(1)
                  .writerMaxTime(limit)
                  .onConnect(gate.functions())
                  .build());
      pool.useWriter(lease -> lease.update("CREATE TABLE t(v)"));
      return pool;
    }

    private static WriteLease writing(SqlitePool pool) throws SQLException {
      WriteLease lease = pool.acquireWriter();
      lease.update("INSERT INTO t VALUES ('before')");
      return lease;
    }

    private static String writeAndCommit(WriteLease lease) {
      try {
        lease.update("INSERT INTO t VALUES ('after')");
        lease.commit();
        return "committed";
      } catch (SQLException e) {
        return e.getSQLState() + " " + e.getMessage();
      }
    }

    /**
     * Says that it holds what it holds, and returns when time has made a leap, and whoever watches
     * over the limits has had a moment to see it: a small part of each limit.
     */
    private static void awaitPause() {
      ChildJvm.say("holds");
      long[] last = {System.nanoTime()};
      Await.until(
          "a pause",
          () -> {
            long now = System.nanoTime();
            boolean leap = now - last[0] > Scene.GO_ON.pause.toNanos() / 2;
            last[0] = now;
            return leap;
          });
      Await.until("a moment", () -> System.nanoTime() - last[0] > LIMIT.toNanos() / 10);
      ChildJvm.say("woken");
    }

    private void goOn() throws SQLException {
      try (SqlitePool idle = open("idle.db", LIMIT);
          SqlitePool running = open("running.db", LIMIT)) {
        Background<String> inStatement = Background.start("in a statement", () -> hold(running));
        gate.awaitReached();
        try (WriteLease lease = writing(idle)) {
          awaitPause();
          ChildJvm.say("idle: " + writeAndCommit(lease));
        }
        gate.open();
        ChildJvm.say("in a statement: " + inStatement.result());
      }
    }

    private static String hold(SqlitePool pool) throws SQLException {
      try (WriteLease lease = pool.acquireWriter()) {
        lease.update("INSERT INTO t VALUES (gate())");
        return writeAndCommit(lease);
      }
    }

    private void stayIdle() throws SQLException {
      try (SqlitePool one = open("one.db", LIMIT);
          SqlitePool two = open("two.db", LONGER_LIMIT);
          SqlitePool three = open("three.db", LIMIT);
          WriteLease longer = writing(two);
          WriteLease _ = writing(one)) {
        awaitPause();
        try (WriteLease _ = writing(three)) {
          awaitRevoked(three);
          ChildJvm.say("new holder: revoked");
        }
        awaitRevoked(one);
        ChildJvm.say("same limit: revoked");
        ChildJvm.say("longer: " + writeAndCommit(longer));
      }
    }

    private static void awaitRevoked(SqlitePool pool) {
      Await.until("it is revoked", () -> pool.stats().writer().revoked() == 1);
    }
  }
}
