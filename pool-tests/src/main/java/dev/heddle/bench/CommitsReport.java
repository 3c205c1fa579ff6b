package dev.heddle.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** One-row commits: the table, and what it should show. */
final class CommitsReport {

  private static final List<Integer> THREADS = List.of(1, 64, 1000);
  private static final String RATE = "unitsPerSecond";
  private static final String ERRORS = "errors";

  private static final String HEDDLE = "Heddle";
  private static final String ALONE = "Heddle, group.max-units=1";
  private static final String HIKARI = "HikariCP(1)";
  private static final String DRIVER = "driver";
  private static final String DRIVER_NO_KEYS = "driver, no generated keys";
  private static final String LIMIT = "limit: one transaction";
  private static final String LIMIT_NO_KEYS = "limit, no generated keys";

  private final Plan plan;
  private final Forks forks;
  private final Report report;
  private final PrintStream out;

  CommitsReport(Plan plan, Forks forks, Report report) {
    this.plan = plan;
    this.forks = forks;
    this.report = report;
    this.out = report.out;
  }

  void run() throws IOException, SQLException, InterruptedException {
    for (String synchronous : plan.synchronous()) {
      Samples samples = new Samples();
      for (int round = 0; round < plan.rounds(); round++) {
        round(samples, synchronous);
      }
      print(samples, synchronous);
      bars(samples, synchronous);
      report.save("commits-" + synchronous, samples);
    }
  }

  private void round(Samples samples, String synchronous)
      throws IOException, SQLException, InterruptedException {
    // What is compared is measured one after the other.
    for (int threads : THREADS) {
      take(samples, HEDDLE, Commits.HEDDLE, synchronous, threads);
      if (plan.against() != null) {
        add(samples, HEDDLE + Report.BEFORE, Commits.HEDDLE, synchronous, threads, true);
      }
      if (threads == 1) {
        take(samples, DRIVER, Commits.DRIVER, synchronous, 1);
        take(samples, DRIVER_NO_KEYS, Commits.DRIVER_NO_KEYS, synchronous, 1);
      }
      take(samples, HIKARI, Commits.HIKARI, synchronous, threads);
      take(samples, ALONE, Commits.ALONE, synchronous, threads);
    }
    take(samples, LIMIT, Commits.LIMIT, synchronous, 1);
    take(samples, LIMIT_NO_KEYS, Commits.LIMIT_NO_KEYS, synchronous, 1);
  }

  private void take(Samples samples, String contender, String how, String synchronous, int threads)
      throws IOException, SQLException, InterruptedException {
    add(samples, contender, how, synchronous, threads, false);
  }

  private void add(
      Samples samples,
      String contender,
      String how,
      String synchronous,
      int threads,
      boolean before)
      throws IOException, SQLException, InterruptedException {
    Path file = Database.createEmpty(report.folder, "commits.db");
    Figures figures = forks.commits(how, file, synchronous, threads, before);
    samples.add(name(contender, threads), figures);
  }

  private static String name(String contender, int threads) {
    return contender + ", threads: " + threads;
  }

  private void print(Samples samples, String synchronous) {
    out.printf("4. Units of one inserted row, each committed, synchronous=%s%n", synchronous);
    out.printf(
        "%-42s%32s%9s%8s%9s%9s%10s%9s%8s%9s   %s%n",
        "",
        "units/s (range)",
        "cpu µs",
        "bytes",
        "p50 ms",
        "p99 ms",
        "max ms",
        "units/c.",
        "errors",
        "unserved",
        "/ HikariCP");
    for (int threads : THREADS) {
      for (String contender : List.of(HEDDLE, HEDDLE + Report.BEFORE, ALONE, HIKARI)) {
        line(samples, contender, threads);
      }
    }
    for (String contender : List.of(DRIVER, DRIVER_NO_KEYS, LIMIT, LIMIT_NO_KEYS)) {
      line(samples, contender, 1);
    }
    out.println(
        "p50, p99, max: from asking for a connection until the commit has returned."
            + " units/c.: units per commit. unserved: threads without a single unit.");
  }

  private void line(Samples samples, String contender, int threads) {
    String name = name(contender, threads);
    if (samples.has(name)) {
      out.printf(
          "%-42s%32s%9.1f%8.0f%9.3f%9.3f%10.1f%9s%8.0f%9.0f   %.2f%n",
          name,
          samples.spread(name, RATE, "%,.0f"),
          samples.median(name, "cpuMicrosPerUnit"),
          samples.median(name, "bytesPerUnit"),
          samples.median(name, "p50Micros") / 1000,
          samples.median(name, "p99Micros") / 1000,
          samples.median(name, "maxMicros") / 1000,
          Report.orDash("%.1f", samples.median(name, "unitsPerCommit")),
          samples.sum(name, ERRORS),
          samples.median(name, "unserved"),
          samples.ratio(name, name(HIKARI, threads), RATE));
    }
  }

  private void bars(Samples samples, String synchronous) {
    boolean full = synchronous.equals(Plan.FULL);
    atLeast(samples, HEDDLE, 64, HIKARI, 64, full ? 12 : 4);
    atLeast(samples, HEDDLE, 1000, HIKARI, 1000, full ? 15 : 4);
    if (full) {
      for (int threads : List.of(64, 1000)) {
        report.bar(
            "p99, threads: " + threads + ", / HikariCP(1)",
            samples.ratio(name(HEDDLE, threads), name(HIKARI, threads), "p99Micros"),
            false,
            0.1);
      }
    }
    atLeast(samples, HEDDLE, 1000, LIMIT, 1, 0.5);
    atLeast(samples, HEDDLE, 1000, LIMIT_NO_KEYS, 1, 0.3);
    for (String driver : List.of(DRIVER, DRIVER_NO_KEYS)) {
      atLeast(samples, HEDDLE, 1, driver, 1, 0.95);
      report.bar(
          "p50, threads: 1, " + driver + " / Heddle",
          samples.ratio(name(driver, 1), name(HEDDLE, 1), "p50Micros"),
          true,
          0.95);
    }
    report.bar("errors, time-outs", samples.sum(ERRORS), false, 0);
    for (int threads : THREADS) {
      report.compareWithBefore(
          samples, name(HEDDLE, threads), name(HEDDLE + Report.BEFORE, threads), RATE);
    }
  }

  private void atLeast(
      Samples samples,
      String contender,
      int threads,
      String other,
      int otherThreads,
      double wanted) {
    double ratio = samples.ratio(name(contender, threads), name(other, otherThreads), RATE);
    report.bar("rate, threads: " + threads + ", / " + other, ratio, true, wanted);
  }
}
