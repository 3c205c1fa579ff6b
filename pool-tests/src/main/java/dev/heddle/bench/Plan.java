package dev.heddle.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What to run, from the command line.
 *
 * @param parts which benchmarks
 * @param rounds how often the contenders take turns
 * @param seconds how long each is measured in a round
 * @param threads how many virtual threads write in "wal" and "checkpoints"
 * @param readers how many readers the pool has in "accounts"
 * @param queries how many are interrupted in "interrupts", in all rounds together
 * @param synchronous what commits wait for: values of the pragma
 * @param jvm further arguments for the JVMs that measure
 * @param against a jar or folder with an older build of the pool's classes, as one more contender
 * @param figures where to put raw results and charts, besides their usual place
 * @param field what the field has besides
 * @param soak what the soak has besides
 */
public record Plan(
    Set<String> parts,
    int rounds,
    int seconds,
    int threads,
    int readers,
    int queries,
    List<String> synchronous,
    List<String> jvm,
    @Nullable Path against,
    @Nullable Path figures,
    Field field,
    Soak soak) {

  /**
   * What the field has besides.
   *
   * @param shapes names of shapes, with {@code *} for any part of one; empty for all of the form
   * @param contenders who takes part; empty for all of the form
   * @param confirm raw results of an earlier run, whose order is to be confirmed
   */
  public record Field(Set<String> shapes, Set<String> contenders, @Nullable Path confirm) {}

  /**
   * What the soak has besides.
   *
   * @param minutes how long it takes
   * @param seed of all that is left to chance in it
   */
  public record Soak(int minutes, int seed) {}

  /** Forms of the field. */
  public static final String QUICK = "quick";

  public static final String FULL_FORM = "full";
  public static final String FIELD = "field";

  private static final Set<String> FORMS = Set.of(QUICK, FULL_FORM, FIELD);

  static final String ACQUIRE = "acquire";
  static final String COMMITS = "commits";
  static final String ACCOUNTS = "accounts";
  static final String HEARTBEAT = "heartbeat";
  static final String INTERRUPTS = "interrupts";
  static final String TEMPLATES = "templates";
  static final String WAL = "wal";
  static final String CHECKPOINTS = "checkpoints";
  static final String OBSERVE = "observe";
  static final String DASHBOARD = "dashboard";
  static final String SOAK = "soak";

  static final String FULL = "FULL";
  static final String NORMAL = "NORMAL";

  static final String USAGE =
      """
      arguments: [quick | full | field]      all contenders in the same shapes of load: default is
                                             quick; full writes docs/benchmarks; field does not
                 [shapes=read-*,batch-1]     in these: some of the shapes,
                 [contenders=heddle,hikari]  and some of the contenders;
                 [confirm=FILE]              and compares the order with an earlier field.json
                 [acquire] [commits] [accounts] [heartbeat] [interrupts] [templates] [wal]
                 [checkpoints] [observe]     further benchmarks, of one thing each
                 [dashboard]                 draws docs/grafana/heddle.png, with a real Prometheus
                 [soak]                      everything at once, with faults; fails if anything
                                             goes wrong or grows
                 [minutes=5]                 how long that takes
                 [seed=NUMBER]               of what is left to chance in it
                 [rounds=3]                  how often the contenders take turns; quick: 1
                 [seconds=2]                 how long each is measured in a round; field: 1;
                                             in "wal", how long a snapshot is held
                 [threads=256]               virtual threads in "wal", "checkpoints", "observe"
                 [readers=4]                 readers of the pool in "accounts" and "observe"
                 [queries=1000]              to be interrupted in "interrupts"
                 [synchronous=FULL,NORMAL]   in those that write
                 [jvm=ARGUMENT]              for the JVMs that measure; may be repeated
                 [against=PATH]              another build of heddle-pool-core (jar or classes)
                 [figures=FOLDER]            where to put raw results and charts, besides target
      """;

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if there is something else in it
   */
  public static Plan parse(String[] args) {
    Set<String> parts = new LinkedHashSet<>();
    List<String> jvm = new ArrayList<>();
    Map<String, String> values = new HashMap<>();
    for (String arg : args) {
      String key = arg.split("=", 2)[0];
      String value = arg.substring(arg.indexOf('=') + 1);
      switch (key) {
        case QUICK,
            FULL_FORM,
            FIELD,
            ACQUIRE,
            COMMITS,
            ACCOUNTS,
            HEARTBEAT,
            INTERRUPTS,
            TEMPLATES,
            WAL,
            CHECKPOINTS,
            OBSERVE,
            DASHBOARD,
            SOAK ->
            parts.add(arg);
        case "jvm" -> jvm.add(value);
        case "rounds",
            "seconds",
            "threads",
            "readers",
            "queries",
            "synchronous",
            "against",
            "figures",
            "shapes",
            "contenders",
            "confirm",
            "minutes",
            "seed" ->
            values.put(key, value);
        default -> throw new IllegalArgumentException("unknown argument: " + arg);
      }
    }
    if (parts.isEmpty()) {
      parts.add(QUICK);
    }
    return new Plan(
        parts,
        number(values, "rounds", parts.contains(QUICK) ? 1 : 3),
        number(values, "seconds", parts.stream().anyMatch(FORMS::contains) ? 1 : 2),
        number(values, "threads", 256),
        number(values, "readers", 4),
        number(values, "queries", 1000),
        List.of(values.getOrDefault("synchronous", FULL + "," + NORMAL).split(",")),
        List.copyOf(jvm),
        path(values.get("against")),
        path(values.get("figures")),
        new Field(
            names(values.get("shapes")),
            names(values.get("contenders")),
            path(values.get("confirm"))),
        new Soak(
            number(values, "minutes", 5),
            number(values, "seed", ThreadLocalRandom.current().nextInt(1_000_000))));
  }

  /** Whether the field is run, in any of its forms. */
  boolean hasField() {
    return parts.stream().anyMatch(FORMS::contains);
  }

  private static Set<String> names(@Nullable String value) {
    return value == null ? Set.of() : new LinkedHashSet<>(List.of(value.split(",")));
  }

  private static int number(Map<String, String> values, String key, int fallback) {
    String value = values.get(key);
    return value == null ? fallback : Integer.parseInt(value);
  }

  private static @Nullable Path path(@Nullable String value) {
    return value == null ? null : Path.of(value).toAbsolutePath();
  }
}
