package dev.heddle.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A snapshot that is held under a steady load: the table, and what it should show. */
final class HeldWalReport {

  /** Writers should not notice that somebody reads for long. */
  private static final double WANTED_MILLIS = 100;

  private static final double WANTED_SHORT_MILLIS = 1000;

  private static final Map<String, String> HOLDERS = new LinkedHashMap<>();

  static {
    HOLDERS.put("nobody", HeldWal.NOBODY);
    HOLDERS.put("a lease", HeldWal.LEASE);
    HOLDERS.put("another process", HeldWal.PROCESS);
  }

  private static final List<String> STAGES = List.of("Before", "During", "After");

  private final Plan plan;
  private final Forks forks;
  private final Report report;
  private final PrintStream out;
  private final Samples samples = new Samples();
  private final Map<String, Figures> first = new LinkedHashMap<>();

  HeldWalReport(Plan plan, Forks forks, Report report) {
    this.plan = plan;
    this.forks = forks;
    this.report = report;
    this.out = report.out;
  }

  void run() throws IOException, SQLException, InterruptedException {
    for (String synchronous : plan.synchronous()) {
      for (int round = 0; round < plan.rounds(); round++) {
        for (String holder : HOLDERS.keySet()) {
          take(holder, synchronous, false);
          if (plan.against() != null) {
            take(holder, synchronous, true);
          }
        }
      }
    }
    print();
    bars();
    report.save("wal", samples);
  }

  private void take(String holder, String synchronous, boolean before)
      throws IOException, SQLException, InterruptedException {
    Path file = Database.createWide(report.folder, "wal.db");
    String how = HOLDERS.getOrDefault(holder, holder);
    Figures figures = forks.heldWal(how, file, synchronous, before);
    String name = name(holder, synchronous, before);
    samples.add(name, figures);
    first.putIfAbsent(name, figures);
  }

  private static String name(String holder, String synchronous, boolean before) {
    return holder + ", " + synchronous + (before ? Report.BEFORE : "");
  }

  private void print() {
    out.printf(
        "9. %d threads change rows all over %d MiB; somebody holds a snapshot for %d s%n",
        plan.threads(), Database.WIDE_MIB, plan.seconds());
    out.printf(
        "%-36s%30s%42s%10s%10s%12s%9s%8s%n",
        "",
        "units/s before/during/after",
        "longest wait ms before/during/after",
        "peak MiB",
        "left MiB",
        "short ms",
        "reports",
        "errors");
    first.keySet().forEach(this::line);
    first.forEach(this::series);
    out.println(
        "longest wait: from asking for the writer until the commit has returned. left: length of"
            + " the WAL when the snapshot ended. short: from then until it was "
            + HeldWal.LIMIT / (1 << 20)
            + " MiB or less; - if it was not, while it was measured. reports: what the pool logged"
            + " about its upkeep.");
  }

  private void line(String name) {
    out.printf(
        "%-36s%30s%42s%10.0f%10.0f%12s%9.0f%8.0f%n",
        name,
        stages(name, "rate", "%,.0f"),
        stages(name, "longestMillis", "%.1f"),
        samples.median(name, "peakMiB"),
        samples.median(name, "leftMiB"),
        Report.orDash("%.0f", samples.median(name, "shortMillis")),
        samples.median(name, "reports"),
        samples.sum(name, "errors"));
  }

  private String stages(String name, String figure, String format) {
    return STAGES.stream()
        .map(stage -> format.formatted(samples.median(name, figure + stage)))
        .collect(Collectors.joining(" / "));
  }

  /** How the WAL grew and shrank in the first round. */
  private void series(String name, Figures figures) {
    StringBuilder line = new StringBuilder("WAL MiB, every " + HeldWal.TICK.toMillis() + " ms, ");
    line.append(name);
    for (String stage : STAGES) {
      line.append(stage.equals("Before") ? ":" : " |");
      figures.forEach(
          (key, value) ->
              line.append(key.equals("walMiB" + stage) ? " %.0f".formatted(value) : ""));
    }
    out.println(line);
  }

  private void bars() {
    for (String synchronous : plan.synchronous()) {
      for (String holder : HOLDERS.keySet()) {
        String name = name(holder, synchronous, false);
        for (String stage : STAGES) {
          report.bar(
              "longest wait, ms, " + stage.toLowerCase(Locale.ROOT) + ": " + name,
              samples.median(name, "longestMillis" + stage),
              false,
              WANTED_MILLIS);
        }
        report.bar(
            "WAL short again, ms: " + name,
            samples.median(name, "shortMillis"),
            false,
            WANTED_SHORT_MILLIS);
      }
    }
    report.bar("errors, time-outs", samples.sum("errors"), false, 0);
  }
}
