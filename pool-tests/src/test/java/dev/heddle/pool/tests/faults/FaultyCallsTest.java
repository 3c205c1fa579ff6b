package dev.heddle.pool.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.tests.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * System calls fail at random under a load of everything that a pool does. Every call ends, and
 * honestly; nothing leaks; the pool goes on when nothing fails any more; the file holds what
 * everybody was told.
 *
 * <p>{@code -Dheddle.faultycalls.rounds=} says how many pools have to bear it, {@code
 * -Dheddle.seed=} which calls fail.
 */
@Tag("slow")
class FaultyCallsTest {

  private static final int ROUNDS = Integer.getInteger("heddle.faultycalls.rounds", 8);
  private static final long SEED = Long.getLong("heddle.seed", 1);
  private static final Duration LIMIT = Duration.ofMinutes(20);

  @TempDir(factory = InMemory.class)
  Path folder;

  @Test
  @Timeout(1300)
  void load_callsFailAtRandom_eachEndsHonestlyAndThePoolGoesOn() throws Exception {
    FaultyJvm jvm = FaultyJvm.compiled();
    try (ChildJvm child = jvm.start(FaultyLoad.class, folder, ROUNDS, SEED).killedAfter(LIMIT)) {
      List<String> said = child.said();
      assertEquals(0, child.awaitEnd(), () -> "seed " + SEED + ", the child said " + said);
      assertEquals(ROUNDS, said.size());
      said.forEach(System.out::println);
    }
  }
}
