package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;

/**
 * What a test needs of the machine. Without it the test is skipped, unless the environment variable
 * HEDDLE_REQUIRE (names with commas between them) says that it must be there, as {@code .ci/run}
 * does of all that it installs: then it fails, since nobody reads what was skipped.
 */
public final class Required {

  private static final List<String> NAMES =
      List.of(System.getenv().getOrDefault("HEDDLE_REQUIRE", "").split(","));

  private Required() {}

  /**
   * Skips the test if something is missing.
   *
   * @param name how HEDDLE_REQUIRE calls it
   * @param why what the test needs, and where it is to be had
   */
  public static void orSkip(String name, boolean present, String why) {
    if (NAMES.contains(name)) {
      assertTrue(present, () -> "HEDDLE_REQUIRE names " + name + ", which is not there: " + why);
    }
    assumeTrue(present, why);
  }
}
