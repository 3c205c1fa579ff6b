package dev.heddle.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to run, from the command line.
 *
 * @param parts which benchmarks
 * @param rounds how often the contenders take turns
 * @param seconds how long each is measured in a round
 * @param threads how many virtual threads read, or write in "wal" and "checkpoints"
 * @param readers how many readers the pool has in "accounts"
 * @param queries how many are interrupted in "interrupts", in all rounds together
 * @param synchronous what commits wait for: values of the pragma
 * @param tight whether they do so without a pause
 * @param jvm further arguments for the JVMs that measure
 * @param against a jar or folder with an older build of the pool's classes, as one more contender
 * @param figures where to put raw results and charts, besides their usual place
 */
record Plan(
    Set<String> parts,
    int rounds,
    int seconds,
    int threads,
    int readers,
    int queries,
    List<String> synchronous,
    boolean tight,
    List<String> jvm,
    @Nullable Path against,
    @Nullable Path figures) {

  static final String ACQUIRE = "acquire";
  static final String READS = "reads";
  static final String BATCH = "batch";
  static final String COMMITS = "commits";
  static final String ACCOUNTS = "accounts";
  static final String HEARTBEAT = "heartbeat";
  static final String INTERRUPTS = "interrupts";
  static final String TEMPLATES = "templates";
  static final String WAL = "wal";
  static final String CHECKPOINTS = "checkpoints";

  private static final List<String> ALL =
      List.of(
          ACQUIRE,
          READS,
          BATCH,
          COMMITS,
          ACCOUNTS,
          HEARTBEAT,
          INTERRUPTS,
          TEMPLATES,
          WAL,
          CHECKPOINTS);

  static final String FULL = "FULL";
  static final String NORMAL = "NORMAL";

  static final String USAGE =
      """
      arguments: [acquire] [reads] [batch] [commits] [accounts] [heartbeat] [interrupts]
                 [templates] [wal] [checkpoints]
                                             which benchmarks; default all
                 [rounds=3]                  how often the contenders take turns
                 [seconds=2]                 how long each is measured in a round;
                                             in "wal", how long a snapshot is held
                 [threads=256]               virtual threads in "reads", "wal" and "checkpoints"
                 [readers=4]                 readers of the pool in "accounts"
                 [queries=1000]              to be interrupted in "interrupts"
                 [synchronous=FULL,NORMAL]   in those that write
                 [tight]                     no yield between two reads
                 [jvm=ARGUMENT]              for the JVMs that measure; may be repeated
                 [against=PATH]              another build of heddle-pool-core (jar or classes)
                 [figures=FOLDER]            where to put raw results and charts, besides target
      """;

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if there is something else in it
   */
  static Plan parse(String[] args) {
    Set<String> parts = new LinkedHashSet<>();
    List<String> jvm = new ArrayList<>();
    Map<String, String> values = new HashMap<>();
    for (String arg : args) {
      String key = arg.split("=", 2)[0];
      String value = arg.substring(arg.indexOf('=') + 1);
      switch (key) {
        case ACQUIRE,
            READS,
            BATCH,
            COMMITS,
            ACCOUNTS,
            HEARTBEAT,
            INTERRUPTS,
            TEMPLATES,
            WAL,
            CHECKPOINTS ->
            parts.add(arg);
        case "jvm" -> jvm.add(value);
        case "rounds",
            "seconds",
            "threads",
            "readers",
            "queries",
            "synchronous",
            "tight",
            "against",
            "figures" ->
            values.put(key, value);
        default -> throw new IllegalArgumentException("unknown argument: " + arg);
      }
    }
    if (parts.isEmpty()) {
      parts.addAll(ALL);
    }
    return new Plan(
        parts,
        number(values, "rounds", 3),
        number(values, "seconds", 2),
        number(values, "threads", 256),
        number(values, "readers", 4),
        number(values, "queries", 1000),
        List.of(values.getOrDefault("synchronous", FULL + "," + NORMAL).split(",")),
        values.containsKey("tight"),
        List.copyOf(jvm),
        path(values.get("against")),
        path(values.get("figures")));
  }

  private static int number(Map<String, String> values, String key, int fallback) {
    String value = values.get(key);
    return value == null ? fallback : Integer.parseInt(value);
  }

  private static @Nullable Path path(@Nullable String value) {
    return value == null ? null : Path.of(value).toAbsolutePath();
  }
}
