package dev.heddle.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Coins moved between accounts: the table, and the chart over the number of writers. */
final class AccountsReport {

  private static final List<Integer> WRITERS = List.of(1, 10, 50, 200, 1000);
  private static final String RATE = "unitsPerSecond";
  private static final String ERRORS = "errors";
  private static final String LIMIT = "limit: one thread, one transaction";
  private static final String LIMIT_IN_SHAPE = "limit with savepoints and reads";

  private final Plan plan;
  private final Forks forks;
  private final Report report;
  private final PrintStream out;
  private final Samples samples = new Samples();

  AccountsReport(Plan plan, Forks forks, Report report) {
    this.plan = plan;
    this.forks = forks;
    this.report = report;
    this.out = report.out;
  }

  void run() throws IOException, SQLException, InterruptedException {
    Path file = Database.createAccounts(report.folder, "accounts.db");
    for (int round = 0; round < plan.rounds(); round++) {
      round(file);
    }
    print();
    report.bar("errors, time-outs", samples.sum(ERRORS), false, 0);
    Path svg = report.folder.resolve("accounts.svg");
    chart().save(svg);
    report.publish(svg);
    report.save("accounts", samples);
  }

  private void round(Path file) throws IOException, InterruptedException {
    int readers = plan.readers();
    // Without a commit, nothing is synced.
    String any = plan.synchronous().getFirst();
    samples.add(LIMIT, forks.accounts(Accounts.LIMIT, file, any, 1, 0));
    samples.add(LIMIT_IN_SHAPE, forks.accounts(Accounts.LIMIT_IN_SHAPE, file, any, 1, readers));
    for (String synchronous : plan.synchronous()) {
      for (int writers : WRITERS) {
        samples.add(
            name(synchronous, writers),
            forks.accounts(Accounts.HEDDLE, file, synchronous, writers, readers));
      }
    }
  }

  private static String name(String synchronous, int writers) {
    return "Heddle, synchronous=" + synchronous + ", writers: " + writers;
  }

  private void print() {
    out.printf(
        "5. Units of two updates, each followed by a read; %,d accounts, %d readers%n",
        Accounts.ACCOUNTS, plan.readers());
    out.printf(
        "%-46s%32s%9s%9s%10s%9s%8s%9s%9s%n",
        "",
        "units/s (range)",
        "p50 ms",
        "p99 ms",
        "max ms",
        "units/c.",
        "errors",
        "/ limit",
        "/ same");
    for (String synchronous : plan.synchronous()) {
      for (int writers : WRITERS) {
        line(name(synchronous, writers));
      }
    }
    line(LIMIT);
    line(LIMIT_IN_SHAPE);
    out.println("units/c.: units per commit. same: the limit with savepoints and reads.");
  }

  private void line(String name) {
    out.printf(
        "%-46s%32s%9.3f%9.3f%10.1f%9s%8.0f%9.2f%9.2f%n",
        name,
        samples.spread(name, RATE, "%,.0f"),
        samples.median(name, "p50Micros") / 1000,
        samples.median(name, "p99Micros") / 1000,
        samples.median(name, "maxMicros") / 1000,
        Report.orDash("%.1f", samples.median(name, "unitsPerCommit")),
        samples.sum(name, ERRORS),
        samples.ratio(name, LIMIT, RATE),
        samples.ratio(name, LIMIT_IN_SHAPE, RATE));
  }

  private AccountsChart chart() {
    AccountsChart chart = new AccountsChart(WRITERS, samples.median(LIMIT, RATE));
    for (String synchronous : plan.synchronous()) {
      chart.rates(
          "synchronous=" + synchronous,
          WRITERS.stream().map(w -> samples.median(name(synchronous, w), RATE)).toList());
    }
    chart.level(LIMIT, 1);
    chart.level(LIMIT_IN_SHAPE, samples.ratio(LIMIT_IN_SHAPE, LIMIT, RATE));
    return chart;
  }
}
