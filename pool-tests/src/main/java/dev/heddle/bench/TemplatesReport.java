package dev.heddle.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;

/** Calls of JdbcTemplate: the table, and what it should show. */
final class TemplatesReport {

  private static final int CONNECTIONS = 5;
  private static final String RATE = "unitsPerSecond";
  private static final String HEDDLE = "Heddle, 4 readers and the writer";
  private static final String HIKARI = "HikariCP(5)";
  private static final String HIKARI_CARRIERS = "HikariCP(5), as many carriers";
  private static final String HIKARI_ONE = "HikariCP(1)";

  private final Plan plan;
  private final Forks forks;
  private final Report report;
  private final PrintStream out;
  private final Samples samples = new Samples();

  TemplatesReport(Plan plan, Forks forks, Report report) {
    this.plan = plan;
    this.forks = forks;
    this.report = report;
    this.out = report.out;
  }

  void run() throws IOException, SQLException, InterruptedException {
    for (int round = 0; round < plan.rounds(); round++) {
      for (String synchronous : plan.synchronous()) {
        take(HEDDLE, Templates.HEDDLE, synchronous, CONNECTIONS);
        take(HIKARI, Templates.HIKARI, synchronous, CONNECTIONS);
        take(HIKARI_CARRIERS, Templates.HIKARI, synchronous, CONNECTIONS, moreCarriers());
        take(HIKARI_ONE, Templates.HIKARI, synchronous, 1);
      }
    }
    print();
    report.save("templates", samples);
  }

  /** What Heddle makes of the scheduler with as many connections. */
  private static String moreCarriers() {
    int carriers = Runtime.getRuntime().availableProcessors() + CONNECTIONS;
    return "-Djdk.virtualThreadScheduler.parallelism=" + carriers;
  }

  private void take(
      String contender, String how, String synchronous, int connections, String... jvm)
      throws IOException, SQLException, InterruptedException {
    Path file = Database.create(report.folder, "templates.db");
    samples.add(
        name(contender, synchronous), forks.templates(how, file, synchronous, connections, jvm));
  }

  private static String name(String contender, String synchronous) {
    return contender + ", " + synchronous;
  }

  private void print() {
    out.printf(
        "8. Calls of JdbcTemplate by %,d virtual threads: 80 %% read a row, 20 %% insert one%n",
        Templates.THREADS);
    out.printf(
        "%-42s%30s%9s%9s%10s%10s%10s%8s%8s   %s%n",
        "",
        "calls/s (range)",
        "p50 ms",
        "p99 ms",
        "max ms",
        "cpu µs",
        "unserved",
        "busy",
        "errors",
        "/ H(5)");
    for (String synchronous : plan.synchronous()) {
      line(HEDDLE, synchronous);
      line(HIKARI, synchronous);
      line(HIKARI_CARRIERS, synchronous);
      line(HIKARI_ONE, synchronous);
    }
    for (String synchronous : plan.synchronous()) {
      report.bar(
          "JdbcTemplate, " + synchronous,
          samples.ratio(name(HEDDLE, synchronous), name(HIKARI, synchronous), RATE),
          true,
          3.0);
    }
  }

  private void line(String contender, String synchronous) {
    String name = name(contender, synchronous);
    out.printf(
        "%-42s%30s%9.2f%9.1f%10.0f%10.1f%10.0f%8.0f%8.0f   %.2f%n",
        name,
        samples.spread(name, RATE, "%,.0f"),
        samples.median(name, "p50Micros") / 1000,
        samples.median(name, "p99Micros") / 1000,
        samples.median(name, "maxMicros") / 1000,
        samples.median(name, "cpuMicrosPerUnit"),
        samples.median(name, "unserved"),
        samples.sum(name, "busy"),
        samples.sum(name, "errors"),
        samples.ratio(name, name(HIKARI, synchronous), RATE));
  }
}
