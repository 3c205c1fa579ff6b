package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jspecify.annotations.Nullable;

/**
 * Plays races with Lincheck, each on at most so many schedules, or as many as the property {@code
 * heddle.schedules} says. The lambdas must be of the test class.
 */
record Schedules(int most) {

  private static final int TRIES = 5;

  /** The race ends well on every schedule. */
  void assertEndsWell(Runnable race) {
    LincheckAssertionError found = find(race);
    if (found != null) {
      throw found;
    }
  }

  /** The race, which has a bug planted, ends on at least one schedule in this way. */
  void assertFinds(String symptom, Runnable brokenRace) {
    LincheckAssertionError found = find(brokenRace);
    String report = found == null ? "nothing found" : String.valueOf(found.getMessage());
    assertTrue(report.contains(symptom), report);
  }

  private @Nullable LincheckAssertionError find(Runnable race) {
    for (int tries = 1; ; tries++) {
      try {
        Lincheck.runConcurrentTest(Integer.getInteger("heddle.schedules", most), race);
        return null;
      } catch (LincheckAssertionError found) {
        // By its clock, it takes a computer that stands still for a test that hangs.
        if (tries == TRIES || hasInterleaving(found)) {
          return found;
        }
      } catch (IndexOutOfBoundsException | IllegalStateException e) {
        // Lincheck found it, and now and then stumbles when it writes its report: its issue 1012,
        // and "GPMC trace is expected" where the race hangs. What the race throws never comes bare.
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private static boolean hasInterleaving(LincheckAssertionError found) {
    return String.valueOf(found.getMessage()).contains("interleaving");
  }
}
