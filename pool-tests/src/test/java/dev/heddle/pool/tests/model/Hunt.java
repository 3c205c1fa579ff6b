package dev.heddle.pool.tests.model;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs random programs, and shrinks one that fails. */
final class Hunt {

  /** Something that runs a program, and throws if the pool does not do what it should. */
  @FunctionalInterface
  interface Run {

    /**
     * Runs it.
     *
     * @param patience how long something may take that is to happen at once
     */
    void run(Program program, Duration patience) throws SQLException;
  }

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** While shrinking, when it is known that something does not happen. */
  private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(5);

  /** What is left after so long is short enough. */
  private static final Duration SHRINK_AT_MOST = Duration.ofMinutes(2);

  private static final long SEED = Long.getLong("heddle.seed", 1);

  private final int rounds;
  private final int attempts;
  private final Run run;

  /**
   * Prepares.
   *
   * @param rounds how many programs
   * @param attempts how often a program is run to see whether it fails: more than once if that is a
   *     matter of luck
   */
  Hunt(int rounds, int attempts, Run run) {
    this.rounds = rounds;
    this.attempts = attempts;
    this.run = run;
  }

  void run() {
    for (long seed = SEED; seed < SEED + rounds; seed++) {
      Program program = Programs.random(seed);
      AssertionError failure = failure(program, PATIENCE);
      if (failure != null) {
        throw shrunk(seed, program, failure);
      }
    }
  }

  private AssertionError shrunk(long seed, Program program, AssertionError first) {
    long start = System.nanoTime();
    Shrinker<Step> shrinker =
        new Shrinker<>(
            steps ->
                System.nanoTime() - start < SHRINK_AT_MOST.toNanos()
                    && anyFailure(program.with(steps)) != null);
    Program least = program.with(shrinker.shrink(program.steps(), Step::simpler));
    AssertionError latest = anyFailure(least);
    return new AssertionError(
        """
        -Dheddle.seed=%d fails; of its %d steps, %d are left.
        %s
        What happened:
        %s
        """
            .formatted(
                seed,
                program.steps().size(),
                least.steps().size(),
                least,
                latest == null ? "this time, nothing" : latest.getMessage()),
        first);
  }

  private @Nullable AssertionError anyFailure(Program program) {
    for (int i = 0; i < attempts; i++) {
      AssertionError failure = failure(program, LITTLE_PATIENCE);
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  private @Nullable AssertionError failure(Program program, Duration patience) {
    try {
      run.run(program, patience);
      return null;
    } catch (AssertionError failure) {
      return failure;
    } catch (SQLException | RuntimeException e) {
      return new AssertionError(e.toString(), e);
    }
  }
}
