package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk fails in the middle of a commit, as far as SQLite can see: a process that must not write
 * beyond a place in any file. What it did then is certainly gone, or it was told that nobody knows.
 */
@Tag("slow")
class IoErrorTest {

  @TempDir Path folder;

  @BeforeEach
  void canLimitFiles() {
    // The limit is the fault that these tests inject; elsewhere than on Linux nothing sets it for a
    // process that runs. It is a part of every Debian, so CI never skips them.
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/prlimit")), "needs prlimit, of Linux' util-linux");
  }

  private List<String> run(String scene) throws Exception {
    try (ChildJvm child = ChildJvm.start(Child.class, folder.resolve(scene + ".db"), scene)) {
      List<String> said = child.rest();
      assertEquals(0, child.awaitEnd(), () -> "the child ended badly: " + said);
      return said;
    }
  }

  private List<String> rows(String scene) throws SQLException {
    Path file = folder.resolve(scene + ".db");
    assertEquals("ok", Database.ask(file, "PRAGMA integrity_check"));
    try (SqlitePool pool = SqlitePool.open(PoolConfig.builder(file).readers(1).build())) {
      return pool.read(
          lease ->
              lease.query("SELECT k FROM t ORDER BY id", row -> String.valueOf(row.getString(1))));
    }
  }

  @Test
  void commit_framesDoNotFitButThoseOfASmallCommitDo_saysThatNothingIsKept() throws Exception {
    assertEquals(List.of("warm-up", "58030", "afterwards"), run("alone"));
    assertEquals(List.of("warm-up", "afterwards"), rows("alone"));
  }

  @Test
  void commit_diskFails_theWriterIsReplacedBeforeAnybodyElseHasIt() throws Exception {
    assertEquals(List.of("warm-up", "58030", "connections 3", "afterwards"), run("replaced"));
  }

  @Test
  void commit_ofAGroupWhoseFramesDoNotFit_tellsEachThatNothingIsKept() throws Exception {
    assertEquals(List.of("warm-up", "58030", "58030", "58030", "afterwards"), run("group"));
    assertEquals(List.of("warm-up", "afterwards"), rows("group"));
  }

  @Test
  void commit_notEvenASmallOneFits_saysThatTheOutcomeIsUnknown() throws Exception {
    assertEquals(List.of("warm-up", "08007", "afterwards"), run("unknown"));
    assertEquals(List.of("warm-up", "afterwards"), rows("unknown"));
  }

  @Test
  void commit_ofAGroupAndNotEvenASmallOneFits_tellsEachThatTheOutcomeIsUnknown() throws Exception {
    assertEquals(List.of("warm-up", "08007", "08007", "08007", "afterwards"), run("unknown-group"));
    assertEquals(List.of("warm-up", "afterwards"), rows("unknown-group"));
  }

  @Test
  void write_outcomeIsUnknown_isNotRunAgain() throws Exception {
    assertEquals(List.of("warm-up", "08007", "runs 1", "afterwards"), run("write"));
    assertEquals(List.of("warm-up", "afterwards"), rows("write"));
  }

  @Test
  void commit_processIsKilledAfterItWasToldThatNothingIsKept_nothingIs() throws Exception {
    assertEquals(List.of("warm-up", "58030"), run("killed"));
    assertEquals(List.of("warm-up"), rows("killed"));
  }

  /** The process whose files are limited. */
  static final class Child {

    private static final String INSERT = "INSERT INTO t(k, v) VALUES (?, zeroblob(?))";

    /** More than a hundred pages. */
    private static final int BIG = 500_000;

    private final Path file;
    private final SqlitePool pool;
    private int connections;

    private Child(Path file) throws SQLException {
      this.file = file;
      this.pool =
          SqlitePool.open(
              PoolConfig.builder(file)
                  .readers(1)
                  .groupMaxAge(Duration.ofSeconds(10))
                  .acquireTimeout(Duration.ofMinutes(1))
                  .onConnect(connection -> connections++)
                  .build());
      pool.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY, k, v)"));
      pool.useWriter(lease -> lease.update(INSERT, "warm-up", 10));
      say("warm-up");
    }

    private static void say(String line) {
      System.out.println(line);
      System.out.flush();
    }

    public static void main(String[] arguments) throws Exception {
      Child child = new Child(Path.of(arguments[0]));
      switch (arguments[1]) {
        case "alone" -> child.alone(child.roomForSmallCommits());
        case "replaced" -> {
          child.alone(child.roomForSmallCommits());
          say("connections " + child.connections);
        }
        case "group" -> child.group(child.roomForSmallCommits());
        case "unknown" -> child.alone(child.noRoom());
        case "unknown-group" -> child.group(child.noRoom());
        case "write" -> child.write(child.noRoom());
        case "killed" -> {
          child.alone(child.roomForSmallCommits(), false);
          Runtime.getRuntime().halt(0);
        }
        default -> throw new IllegalArgumentException(arguments[1]);
      }
      child.limit("unlimited");
      child.pool.useWriter(lease -> lease.update(INSERT, "afterwards", BIG));
      child.pool.close();
      say("afterwards");
    }

    /** Some pages behind the end of the WAL. */
    private String roomForSmallCommits() throws Exception {
      return Long.toString(Files.size(Path.of(file + "-wal")) + 10 * 4120);
    }

    /** Nowhere, in any file. */
    private String noRoom() {
      return "512";
    }

    private void limit(String bytes) throws Exception {
      Process prlimit =
          new ProcessBuilder(
                  "/usr/bin/prlimit",
                  "--pid",
                  Long.toString(ProcessHandle.current().pid()),
                  "--fsize=" + bytes + ":unlimited")
              .redirectErrorStream(true)
              .start();
      String said = prlimit.inputReader().readLine();
      if (prlimit.waitFor() != 0) {
        throw new IllegalStateException("prlimit failed: " + said);
      }
    }

    private void alone(String limit) throws Exception {
      alone(limit, true);
    }

    private void alone(String limit, boolean again) throws Exception {
      WriteLease lease = pool.acquireWriter();
      lease.update(INSERT, "no", BIG);
      limit(limit);
      say(stateOf(lease::commit));
      if (again) {
        limit("unlimited");
      }
    }

    private void write(String limit) throws Exception {
      int[] runs = new int[1];
      say(
          stateOf(
              () ->
                  pool.useWriter(
                      lease -> {
                        runs[0]++;
                        lease.update(INSERT, "no", BIG);
                        limitUnchecked(limit);
                      })));
      say("runs " + runs[0]);
    }

    private void limitUnchecked(String limit) {
      try {
        limit(limit);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private void group(String limit) throws Exception {
      List<Unit> units = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int waiting = i;
        units.add(Unit.start("unit " + i, pool, LeaseOptions.DEFAULTS));
        if (i == 0) {
          units.getFirst().awaitHolds();
        } else {
          Await.until("it waits", () -> pool.stats().writer().waiting() == waiting);
        }
      }
      for (int i = 0; i < 3; i++) {
        units.get(i).awaitHolds().update(INSERT, "no", BIG / 3);
        if (i == 2) {
          limit(limit);
        }
        units.get(i).startCommit();
      }
      for (Unit unit : units) {
        say(stateOf(unit::awaitCommitted));
        unit.leave();
      }
    }

    /** Does something that may fail. */
    @FunctionalInterface
    private interface Attempt {
      void run() throws SQLException;
    }

    private static String stateOf(Attempt attempt) {
      try {
        attempt.run();
        return "done";
      } catch (SQLException e) {
        return String.valueOf(e.getSQLState());
      }
    }
  }
}
