package dev.heddle.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to run, from the command line.
 *
 * @param parts which benchmarks
 * @param rounds how often the contenders take turns
 * @param seconds how long each is measured in a round
 * @param threads how many virtual threads read
 * @param tight whether they do so without a pause
 * @param jvm further arguments for the JVMs that measure
 * @param against a jar or folder with an older build of the pool's classes, as one more contender
 */
record Plan(
    Set<String> parts,
    int rounds,
    int seconds,
    int threads,
    boolean tight,
    List<String> jvm,
    @Nullable Path against) {

  static final String ACQUIRE = "acquire";
  static final String READS = "reads";
  static final String BATCH = "batch";

  static final String USAGE =
      """
      arguments: [acquire] [reads] [batch]   which benchmarks; default all
                 [rounds=3]                  how often the contenders take turns
                 [seconds=2]                 how long each is measured in a round
                 [threads=256]               virtual threads in "reads"
                 [tight]                     no yield between two reads
                 [jvm=ARGUMENT]              for the JVMs that measure; may be repeated
                 [against=PATH]              another build of heddle-pool-core (jar or classes)
      """;

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if there is something else in it
   */
  static Plan parse(String[] args) {
    Set<String> parts = new LinkedHashSet<>();
    int rounds = 3;
    int seconds = 2;
    int threads = 256;
    boolean tight = false;
    List<String> jvm = new ArrayList<>();
    Path against = null;
    for (String arg : args) {
      String value = arg.substring(arg.indexOf('=') + 1);
      switch (arg.split("=", 2)[0]) {
        case ACQUIRE, READS, BATCH -> parts.add(arg);
        case "rounds" -> rounds = Integer.parseInt(value);
        case "seconds" -> seconds = Integer.parseInt(value);
        case "threads" -> threads = Integer.parseInt(value);
        case "tight" -> tight = true;
        case "jvm" -> jvm.add(value);
        case "against" -> against = Path.of(value).toAbsolutePath();
        default -> throw new IllegalArgumentException("unknown argument: " + arg);
      }
    }
    if (parts.isEmpty()) {
      parts.addAll(List.of(ACQUIRE, READS, BATCH));
    }
    return new Plan(parts, rounds, seconds, threads, tight, List.copyOf(jvm), against);
  }
}
