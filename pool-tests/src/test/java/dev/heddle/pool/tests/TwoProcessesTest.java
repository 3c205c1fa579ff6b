package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes write to one file through pools, and one of them is killed again and again. */
class TwoProcessesTest {

  /** The one thing that a user may be told: that it took longer than was to be waited. */
  private static final String WAITED = "busy-timeout";

  @TempDir Path folder;

  private final List<Running> all = new ArrayList<>();

  /** A process, and what it says, which is read all the time: else it would stand still. */
  private static final class Running {
    private final ChildJvm jvm;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Background<List<String>> says;

    Running(ChildJvm jvm) {
      this.jvm = jvm;
      this.says = Background.start("reads what a process says", this::read);
    }

    private List<String> read() throws IOException {
      List<String> said = new ArrayList<>(jvm.said(1));
      begun.countDown();
      said.addAll(jvm.said());
      return said;
    }

    List<String> said() {
      return Objects.requireNonNull(says.result());
    }
  }

  @Test
  @Timeout(90)
  void units_otherProcessIsKilledTwice_nothingAcknowledgedIsLostAndNobodyFails() throws Exception {
    killAgainAndAgain(2, Duration.ofSeconds(2));
  }

  @Test
  @Tag("slow")
  @Timeout(240)
  void units_otherProcessIsKilledForAMinute_nothingAcknowledgedIsLostAndNobodyFails()
      throws Exception {
    killAgainAndAgain(12, Duration.ofSeconds(4));
  }

  /** A life begins with the first commit: before that there would be nothing to lose. */
  private void killAgainAndAgain(int rounds, Duration life) throws Exception {
    Running survivor = start(1);
    for (int round = 0; round < rounds; round++) {
      Running victim = start(2 + round);
      Thread.sleep(life);
      victim.jvm.kill();
      victim.jvm.awaitEnd();
    }
    survivor.jvm.tell("end");
    assertEquals(WritingProcess.CLOSED, survivor.said().getLast(), "the survivor's end");
    assertOutcome();
  }

  private Running start(int number) throws IOException {
    Running running = new Running(ChildJvm.start(WritingProcess.class, file(), number));
    all.add(running);
    Await.latch("something is said", running.begun);
    return running;
  }

  private Path file() {
    return folder.resolve("two.db");
  }

  private void assertOutcome() throws SQLException {
    Set<Long> acknowledged = new HashSet<>();
    List<String> failures = new ArrayList<>();
    for (Running running : all) {
      int before = acknowledged.size();
      for (String line : running.said()) {
        WritingProcess.committed(line).ifPresent(acknowledged::add);
        if (line.startsWith(WritingProcess.FAILED)) {
          failures.add(line);
        }
      }
      assertTrue(acknowledged.size() > before, "a process that committed nothing");
    }
    assertEquals(
        List.of(), failures.stream().filter(failure -> !failure.contains(WAITED)).toList());
    assertIntact(acknowledged);
  }

  private void assertIntact(Set<Long> acknowledged) throws SQLException {
    try (SqlitePool pool = SqlitePool.open(PoolConfig.builder(file()).readers(1).build())) {
      pool.useReader(
          lease -> {
            assertEquals(
                "ok",
                lease.queryOne("PRAGMA integrity_check", row -> row.getString(1)).orElseThrow());
            Set<Long> left = new HashSet<>(lease.query("SELECT id FROM a", row -> row.getLong(1)));
            Set<Long> right = new HashSet<>(lease.query("SELECT id FROM b", row -> row.getLong(1)));
            assertEquals(left, right, "a unit is torn");
            Set<Long> missing = new HashSet<>(acknowledged);
            missing.removeAll(left);
            assertEquals(Set.of(), missing, "acknowledged and lost");
            assertEquals(
                List.of(), left.stream().filter(id -> id < 0).toList(), "kept, and not wanted");
          });
    }
  }

  @AfterEach
  void endAll() {
    all.forEach(running -> running.jvm.close());
    all.forEach(running -> running.says.end());
  }
}
