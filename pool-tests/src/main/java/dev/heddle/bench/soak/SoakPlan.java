package dev.heddle.bench.soak;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What is soaked, and for how long.
 *
 * @param time how long, all lives together
 * @param seed of all that is left to chance
 * @param folder for the database and for what is found out
 * @param program the main class of the process that is soaked
 */
public record SoakPlan(Duration time, long seed, Path folder, Class<?> program) {

  private static final Duration SHORTEST_LIFE = Duration.ofSeconds(2);
  private static final Duration FINEST = Duration.ofMillis(250);
  private static final Duration COARSEST = Duration.ofSeconds(5);

  /** The usual one. */
  public SoakPlan(Duration time, long seed, Path folder) {
    this(time, seed, folder, SoakedProgram.class);
  }

  /** The database of the program that is soaked. */
  Path file() {
    return folder.resolve("soak.db");
  }

  /** What the program has acknowledged; not in its database. */
  Path ledger() {
    return folder.resolve("ledger");
  }

  /** How long programs are started and killed, before one is left alone. */
  Duration killing() {
    return time.dividedBy(4);
  }

  /** How long the programs that are killed live on average. */
  Duration life() {
    return longer(SHORTEST_LIFE, time.dividedBy(60));
  }

  /** How often is looked at everything: five minutes are drawn by the second. */
  Duration every() {
    Duration wanted = time.dividedBy(300);
    return wanted.compareTo(COARSEST) > 0 ? COARSEST : longer(FINEST, wanted);
  }

  static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
