package dev.heddle.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Random updates of a large table: the table, and what it should show. */
final class CheckpointsReport {

  private static final List<Integer> READERS = List.of(0, RandomUpdates.CONNECTIONS);
  private static final String RATE = "unitsPerSecond";
  private static final String LONGEST = "maxMicros";

  private final Plan plan;
  private final Forks forks;
  private final Report report;
  private final PrintStream out;

  CheckpointsReport(Plan plan, Forks forks, Report report) {
    this.plan = plan;
    this.forks = forks;
    this.report = report;
    this.out = report.out;
  }

  void run() throws IOException, SQLException, InterruptedException {
    for (String synchronous : plan.synchronous()) {
      Samples samples = new Samples();
      for (int round = 0; round < plan.rounds(); round++) {
        for (int readers : READERS) {
          take(samples, synchronous, readers, false);
          if (plan.against() != null) {
            take(samples, synchronous, readers, true);
          }
        }
      }
      print(samples, synchronous);
      report.save("checkpoints-" + synchronous, samples);
    }
  }

  private void take(Samples samples, String synchronous, int readers, boolean before)
      throws IOException, SQLException, InterruptedException {
    Path file = Database.createWide(report.folder, "checkpoints.db");
    samples.add(name(readers, before), forks.randomUpdates(file, synchronous, readers, before));
  }

  private static String name(int readers, boolean before) {
    return "Heddle" + (before ? Report.BEFORE : "") + ", readers: " + readers;
  }

  private void print(Samples samples, String synchronous) {
    out.printf(
        "10. %d threads change rows all over %d MiB, others read, synchronous=%s%n",
        plan.threads(), Database.WIDE_MIB, synchronous);
    out.printf(
        "%-30s%32s%9s%9s%9s%26s%9s%9s%11s%8s%n",
        "",
        "units/s (range)",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "max ms (range)",
        "units/c.",
        "WAL MiB",
        "reads/s",
        "errors");
    for (int readers : READERS) {
      line(samples, name(readers, false));
      line(samples, name(readers, true));
    }
    out.println(
        "p50, p99, p99.9, max: from asking for the writer until the commit has returned."
            + " units/c.: units per commit. WAL: its greatest length.");
    for (int readers : READERS) {
      for (String figure : List.of(RATE, "p99Micros", LONGEST)) {
        report.compareWithBefore(samples, name(readers, false), name(readers, true), figure);
      }
    }
    report.bar("errors, time-outs", samples.sum("errors"), false, 0);
  }

  private void line(Samples samples, String name) {
    if (samples.has(name)) {
      out.printf(
          "%-30s%32s%9.2f%9.2f%9.1f%26s%9.1f%9.0f%11.0f%8.0f%n",
          name,
          samples.spread(name, RATE, "%,.0f"),
          samples.median(name, "p50Micros") / 1000,
          samples.median(name, "p99Micros") / 1000,
          samples.median(name, "p999Micros") / 1000,
          samples.spread(name, "maxMillis", "%.0f"),
          samples.median(name, "unitsPerCommit"),
          samples.median(name, "walPeakMiB"),
          samples.median(name, "readsPerSecond"),
          samples.sum(name, "errors"));
    }
  }
}
