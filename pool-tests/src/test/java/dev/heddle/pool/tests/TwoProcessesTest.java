package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes write to one file through pools, and one of them is killed again and again. */
class TwoProcessesTest {

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
    WrittenUnits.requireAll(file(), all.stream().map(Running::said).toList());
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

  @AfterEach
  void endAll() {
    all.forEach(running -> running.jvm.close());
    all.forEach(running -> running.says.end());
  }
}
