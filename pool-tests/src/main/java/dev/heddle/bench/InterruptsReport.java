package dev.heddle.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Interrupted queries: the table, and what it should show. */
final class InterruptsReport {

  private static final String HEDDLE = "Heddle(4)";
  private static final String SMALL_CACHE = "Heddle(4), small cache";
  private static final String HIKARI = "HikariCP(4), nothing else";

  /** Whatever is a query. */
  private static final String ALL = "all";

  private static final double WANTED_MILLIS = 50;

  /** It shows only that nothing happens. */
  private static final int HIKARI_QUERIES = 20;

  private final Plan plan;
  private final Forks forks;
  private final Report report;
  private final PrintStream out;
  private final Samples samples = new Samples();

  InterruptsReport(Plan plan, Forks forks, Report report) {
    this.plan = plan;
    this.forks = forks;
    this.report = report;
    this.out = report.out;
  }

  void run() throws IOException, SQLException, InterruptedException {
    Path file = Database.createLarge(report.folder, "interrupts.db");
    int queries = Math.ceilDiv(plan.queries(), plan.rounds());
    for (int round = 0; round < plan.rounds(); round++) {
      add(HEDDLE, forks.interrupts(Interrupts.HEDDLE, file, queries, round));
      add(SMALL_CACHE, forks.interrupts(Interrupts.HEDDLE_SMALL_CACHE, file, queries, round));
    }
    add(HIKARI, forks.interrupts(Interrupts.HIKARI, file, HIKARI_QUERIES, 0));
    print();
    bars(HEDDLE);
    bars(SMALL_CACHE);
    report.save("interrupts", samples);
  }

  private void add(String contender, Figures figures) {
    samples.add(contender, figures);
    Samples round = new Samples();
    round.add(contender, figures);
    for (LongQuery kind : LongQuery.values()) {
      addP99(round, contender, kind.key, List.of(Interrupter.millis(kind)));
    }
    addP99(round, contender, ALL, everyKind());
  }

  /** One figure for each round, as there may be other work on the machine in one of them. */
  private void addP99(Samples round, String contender, String kind, List<String> figures) {
    samples.add(contender, p99(kind), round.percentile(contender, figures, 0.99));
  }

  private static String p99(String kind) {
    return kind + "P99Millis";
  }

  private void print() {
    out.printf(
        "7. Queries interrupted at a random moment, %d at a time; %d other virtual threads read and"
            + " commit%n",
        Interrupts.AT_ONCE, Interrupts.OTHERS);
    out.printf(
        "%-46s%10s%12s%32s%12s%n", "", "queries", "p50 ms", "p99 ms of a round (range)", "max ms");
    for (String contender : List.of(HEDDLE, SMALL_CACHE, HIKARI)) {
      for (LongQuery kind : LongQuery.values()) {
        line(contender, kind.key, List.of(Interrupter.millis(kind)));
      }
      line(contender, ALL, everyKind());
    }
    out.printf(
        "ms: from the interrupt until the thread's own code goes on. With HikariCP no interrupt"
            + " ends a query: what went on for %d s was cancelled from outside. loop: no query, but"
            + " Java that looks for the interrupt all the time; not among all. small cache: %,d KiB"
            + " for a connection.%n",
        Interrupts.PATIENCE.toSeconds(), Interrupts.SMALL_CACHE_KIB);
    for (String contender : List.of(HEDDLE, SMALL_CACHE)) {
      out.printf(
          "%s: %.0f of these ended by themselves before they noticed; the others did %,.0f reads"
              + " and as many commits a second%n",
          contender,
          samples.sum(contender, "unharmed"),
          samples.median(contender, "unitsPerSecond"));
    }
  }

  private void line(String contender, String kind, List<String> figures) {
    out.printf(
        "%-46s%10d%12.1f%32s%12.1f%n",
        contender + ", " + kind,
        figures.stream().mapToInt(figure -> samples.count(contender, figure)).sum(),
        samples.percentile(contender, figures, 0.5),
        samples.spread(contender, p99(kind), "%,.1f"),
        samples.percentile(contender, figures, 1));
  }

  private static List<String> everyKind() {
    return LongQuery.QUERIES.stream().map(Interrupter::millis).toList();
  }

  private void bars(String contender) {
    for (LongQuery kind : LongQuery.QUERIES) {
      report.bar(
          contender + ", p99 ms, " + kind.key,
          samples.median(contender, p99(kind.key)),
          false,
          WANTED_MILLIS);
    }
    none(contender, "other exceptions", "wrong");
    none(contender, "interrupt flags lost", "unflagged");
    none(contender, "slots lost", "slotsLost");
    none(contender, "connections that do not work", "connectionsDead");
    none(contender, "carriers left after close", "carriersLeft");
    none(contender, "errors of the others", "errors");
  }

  private void none(String contender, String what, String figure) {
    report.bar(contender + ", " + what, Math.abs(samples.sum(contender, figure)), false, 0);
  }
}
