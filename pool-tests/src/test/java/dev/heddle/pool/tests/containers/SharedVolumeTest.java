package dev.heddle.pool.tests.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.tests.WritingProcess;
import dev.heddle.pool.tests.WrittenUnits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two containers write to a file on one volume; each has its own processes, which see no other. */
class SharedVolumeTest extends ContainerFixture {

  private static final Duration LIFE = Duration.ofSeconds(3);

  @Test
  void units_otherContainerIsKilledAgainAndAgain_nothingAcknowledgedIsLostAndNobodyFails()
      throws Exception {
    List<List<String>> said = new ArrayList<>();
    try (Contained survivor = start(1)) {
      for (int round = 0; round < ROUNDS; round++) {
        try (Contained victim = start(2 + round)) {
          Thread.sleep(LIFE);
          victim.kill();
          said.add(victim.said());
        }
      }
      survivor.stop();
      said.add(survivor.said());
    }
    assertEquals(WritingProcess.CLOSED, said.getLast().getLast(), "the survivor's end");
    int units = WrittenUnits.requireAll(file(), said);
    System.out.println(units + " units by " + said.size() + " containers");
  }

  private Contained start(int number) throws Exception {
    return container().start(EndedBySignal.class, Contained.FILE, number);
  }
}
