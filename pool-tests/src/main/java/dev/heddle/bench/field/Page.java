package dev.heddle.bench.field;

import dev.heddle.bench.Plan;
import dev.heddle.bench.Report;
import java.util.ArrayList;
import java.util.List;

/** The page of a run: how it was measured, what came out, and what was promised. */
final class Page {

  private static final String INTRODUCTION =
      """
      # Benchmarks

      Written by `mvn -Pbench -Dbench.args=full`; do not edit. `mvn -Pbench` is the quick form of it.
      Raw values of every round: [field.json](field.json).
      """;

  private static final String METHOD =
      """
      ## How it was measured

      Each measurement is a JVM of its own (512 MiB of heap), on a fresh copy of one file. In each round the contenders
      take their turns in a shape of load, one after the other, so other work on the machine hits
      all of them alike. Tables show medians over the rounds, and of rates the least and the most; a
      ratio is the median of the ratios of each round. Every contender checks what it reads, and
      after one-row commits the rows are counted.

      - Between two operations a virtual thread yields, as it would when it has answered a request.
        With 1,000 waiters per connection, whoever has the connection yields before it gives it
        back: nobody would ever wait for one that is held for nanoseconds.
      - *p50, p99, p99.9, max*: of an operation, from asking for a connection until all is done.
        *wait p99*: of the part of it until the connection was there.
      - *longest wait*: of any thread, from the end of one operation until it has a connection for
        the next, so waiting for a carrier is part of it; one that waits when the measurement
        ends has waited until then.
      - *most/least served*: how many operations the luckiest thread did for one of the unluckiest.
      - *CPU, bytes*: what the whole JVM used and allocated for each operation, its compiler
        and the workers' own doing included; of a batch, also emptying the table before it.
      - Workers are started by a platform thread, as servers do it, if nothing else is said. Those that
        it starts or wakes may wait long, or for ever, for carriers that are busy with threads that
        yield to each other: that is Java's scheduler, not the pool, and it is chance who is struck. To
        tell the two apart, some shapes are *started by a virtual thread*; all those beside threads
        that compute are.
      - *others' bursts*: how often one of the 300 virtual threads that compute for 100 µs and
        yield had its turn. Rates beside them can be compared as far as these are alike.
      - Heddle by leases; pools by a prepared statement for each operation, as programs and
        frameworks do it, the statements kept where the pool offers that; a connection per thread and
        C with every statement kept by hand. A one-row insert through a pool commits by itself,
        two updates are a transaction that begins with the write lock.
      """;

  private static final String MEANING =
      """
      ## What to make of it

      - The plain driver with a connection for each thread, and C, show how much of the machine a
        pool leaves to the program. They are no choice for thousands of threads.
      - A pool that never makes a thread wait is not fair for that: where virtual threads
        outnumber carriers, they wait for a carrier instead, which no pool's statistics show. That
        is why the longest wait counts from when a thread could go on.
      - Reads gain from kept statements, from readers with carriers of their own, and from a queue in
        which each waiter is woken once. Commits gain from being shared: the more writers
        wait, the more of them each sync of the disk serves.
      - Where one thread is alone there is nothing to share, and no queue: there Heddle can at best
        be as quick as the driver, plus a lease.
      """;

  private final Plan plan;
  private final Results results;
  private final Tables tables;

  Page(Plan plan, Results results) {
    this.plan = plan;
    this.results = results;
    this.tables = new Tables(results);
  }

  /** Of all shapes. */
  String tables() {
    StringBuilder text = new StringBuilder();
    for (Shape shape : results.shapes()) {
      if (!results.of(shape).values().isEmpty()) {
        text.append("### ").append(shape.name()).append("\n\n");
        text.append(sentence(shape)).append("\n\n");
        text.append(tables.shape(shape)).append('\n');
      }
    }
    return text.toString();
  }

  private static String sentence(Shape shape) {
    String title = shape.title();
    return Character.toUpperCase(title.charAt(0)) + title.substring(1) + ".";
  }

  /** What was promised, and whether it holds. */
  String bars() {
    Table table = new Table(List.of("bar", "measured", "wanted", "so it is"));
    for (Bar bar : Bars.of(results)) {
      table.add(
          List.of(
              bar.name(),
              Report.orDash("%.2f", bar.value()),
              (bar.atLeast() ? "at least " : "at most ") + Report.orDash("%.2f", bar.wanted()),
              bar.met() ? "met" : "NOT MET"));
    }
    return table.toString();
  }

  @Override
  public String toString() {
    return INTRODUCTION
        + "\n![Heddle's rate as a multiple of HikariCP's]("
        + Charts.OVERVIEW
        + ")\n"
        + "\n![Point reads]("
        + Charts.READS
        + ")\n"
        + "\n![Longest wait]("
        + Charts.WAITS
        + ")\n"
        + "\n![Commits]("
        + Charts.COMMITS
        + ")\n\n"
        + METHOD
        + "\n## What it was measured with\n\n"
        + "Rounds: "
        + plan.rounds()
        + ", of "
        + plan.seconds()
        + " s for each contender and shape.\n\n"
        + machine()
        + "\nPragmas, read back from every connection (statements kept: "
        + kept()
        + "):\n\n"
        + tables.pragmas()
        + missing()
        + "\n## Shapes\n\n"
        + tables()
        + "## What is promised\n\n"
        + bars()
        + "\n"
        + MEANING;
  }

  private String kept() {
    List<String> all = new ArrayList<>();
    for (Entrant entrant : Entrant.values()) {
      all.add(entrant.label(Shape.CONNECTIONS) + " " + entrant.statements);
    }
    return String.join(", ", all);
  }

  private String machine() {
    Table table = new Table(List.of("", ""));
    results.machine.forEach((name, fact) -> table.add(List.of(name, fact)));
    return table.toString();
  }

  private String missing() {
    if (results.missing.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("\nNot measured:\n\n");
    results.missing.forEach(what -> text.append("- ").append(what).append('\n'));
    return text.toString();
  }
}
