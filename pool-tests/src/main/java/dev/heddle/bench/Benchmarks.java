package dev.heddle.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.bench.dashboard.DashboardPicture;
import dev.heddle.bench.field.Field;
import dev.heddle.bench.soak.Soak;
import dev.heddle.bench.soak.SoakPlan;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The benchmarks: Heddle against HikariCP and the plain driver. The contenders take turns, each
 * time in a JVM of its own, and medians over the rounds are shown: other work on the machine hits
 * all of them alike. A ratio is the median of the ratios of each round.
 */
public final class Benchmarks {

  private static final Path FOLDER = Path.of("target", "bench").toAbsolutePath();
  private static final String TIME = "time";
  private static final String BYTES = "bytes";
  private static final String BEFORE = Report.BEFORE;

  private final Plan plan;
  private final Path file;
  private final Map<String, String> machine;
  private final Forks forks;
  private final Report report;
  private final PrintStream out;

  private Benchmarks(Plan plan, Path file, PrintStream out) throws SQLException, IOException {
    this.plan = plan;
    this.file = file;
    this.machine = Machine.describe(file);
    this.forks = new Forks(plan, file);
    this.report = new Report(plan, FOLDER, machine, out);
    this.out = out;
  }

  public static void main(String[] args) throws Exception {
    System.setProperty("jmh.ignoreLock", "true");
    Plan plan;
    try {
      plan = Plan.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(Plan.USAGE);
      System.exit(2);
      return;
    }
    new Benchmarks(plan, Database.create(FOLDER, "bench.db"), System.out).run();
  }

  private void run() throws Exception {
    machine.forEach((name, fact) -> out.printf("%-10s%s%n", name, fact));
    out.println();
    showPragmas();
    if (plan.hasField()) {
      new Field(plan, forks, report).run();
    }
    if (plan.parts().contains(Plan.ACQUIRE)) {
      acquire();
    }
    if (plan.parts().contains(Plan.COMMITS)) {
      new CommitsReport(plan, forks, report).run();
    }
    if (plan.parts().contains(Plan.ACCOUNTS)) {
      new AccountsReport(plan, forks, report).run();
    }
    if (plan.parts().contains(Plan.HEARTBEAT)) {
      new HeartbeatReport(plan, forks, report).run();
    }
    if (plan.parts().contains(Plan.INTERRUPTS)) {
      new InterruptsReport(plan, forks, report).run();
    }
    if (plan.parts().contains(Plan.TEMPLATES)) {
      new TemplatesReport(plan, forks, report).run();
    }
    if (plan.parts().contains(Plan.WAL)) {
      new HeldWalReport(plan, forks, report).run();
    }
    if (plan.parts().contains(Plan.CHECKPOINTS)) {
      new CheckpointsReport(plan, forks, report).run();
    }
    if (plan.parts().contains(Plan.OBSERVE)) {
      new ObservationReport(plan, report).run();
    }
    if (plan.parts().contains(Plan.DASHBOARD)) {
      DashboardPicture.draw(FOLDER, out);
    }
    if (plan.parts().contains(Plan.SOAK)) {
      Duration time = Duration.ofMinutes(plan.soak().minutes());
      Soak.run(new SoakPlan(time, plan.soak().seed(), FOLDER.resolve("soak")), report);
    }
    try (PrintStream json =
        new PrintStream(FOLDER.resolve("jmh.json").toFile(), StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, json).writeOut(forks.raw);
    }
    out.println("raw results: " + FOLDER);
  }

  private void showPragmas() throws SQLException {
    Map<String, Map<String, String>> read = new LinkedHashMap<>();
    try (SqlitePool pool = Contenders.heddle(file, AcquireBench.READERS, true)) {
      read.put("Heddle readers", ReadBack.of(pool, AcquireBench.READERS));
      read.put("Heddle writer", ReadBack.ofWriter(pool));
    }
    try (HikariDataSource pool = Contenders.hikari(file, AcquireBench.READERS)) {
      read.put("HikariCP", ReadBack.of(pool));
    }
    try (Connection driver = Contenders.driver(file, true)) {
      read.put("driver", ReadBack.of(driver));
    }
    out.println("Pragmas, read back from every connection");
    StringBuilder head = new StringBuilder("%-20s".formatted(""));
    read.keySet().forEach(contender -> head.append("%16s".formatted(contender)));
    out.println(head);
    for (String pragma : ReadBack.PRAGMAS) {
      StringBuilder line = new StringBuilder("%-20s".formatted(pragma));
      read.values().forEach(v -> line.append("%16s".formatted(v.getOrDefault(pragma, ""))));
      out.println(line);
    }
    out.println();
  }

  // Acquire and release

  private void acquire() throws RunnerException, IOException {
    for (boolean virtual : new boolean[] {false, true}) {
      Samples samples = new Samples();
      for (int round = 0; round < plan.rounds(); round++) {
        acquire(samples, "Heddle reader", "heddleReader", virtual, false);
        acquire(samples, "Heddle reader, stack kept", "heddleReaderWithStack", virtual, false);
        acquire(samples, "Heddle reader, metrics", "heddleReaderWithMetrics", virtual, false);
        acquire(samples, "HikariCP(4)", "hikari", virtual, false);
        acquire(samples, "Heddle writer", "heddleWriter", virtual, false);
        acquire(samples, "HikariCP(1)", "hikariOne", virtual, false);
        acquire(samples, "Heddle, a read by JDBC", "heddleJdbcRead", virtual, false);
        acquire(samples, "HikariCP(4), a read by JDBC", "hikariJdbcRead", virtual, false);
        if (plan.against() != null) {
          acquire(samples, "Heddle reader" + BEFORE, "heddleReader", virtual, true);
          acquire(samples, "Heddle writer" + BEFORE, "heddleWriter", virtual, true);
        }
      }
      String thread = virtual ? "virtual" : "platform";
      out.println("1. Acquire + release on a " + thread + " thread, nothing else going on");
      out.printf("%-28s%30s%12s   %s%n", "", "ns, median (range)", "bytes", "time / HikariCP");
      acquireLine(samples, "Heddle reader", "HikariCP(4)");
      acquireLine(samples, "Heddle reader, stack kept", "HikariCP(4)");
      acquireLine(samples, "Heddle reader, metrics", "HikariCP(4)");
      acquireLine(samples, "Heddle reader" + BEFORE, "HikariCP(4)");
      acquireLine(samples, "HikariCP(4)", "HikariCP(4)");
      acquireLine(samples, "Heddle writer", "HikariCP(1)");
      acquireLine(samples, "Heddle writer" + BEFORE, "HikariCP(1)");
      acquireLine(samples, "HikariCP(1)", "HikariCP(1)");
      acquireLine(samples, "Heddle, a read by JDBC", "HikariCP(4), a read by JDBC");
      acquireLine(samples, "HikariCP(4), a read by JDBC", "HikariCP(4), a read by JDBC");
      report.bar("reader", samples.ratio("Heddle reader", "HikariCP(4)", TIME), false, 1.0);
      report.bar("writer", samples.ratio("Heddle writer", "HikariCP(1)", TIME), false, 1.0);
      report.compareWithBefore(samples, "Heddle reader", TIME);
      report.compareWithBefore(samples, "Heddle writer", TIME);
      report.save("acquire-" + thread, samples);
    }
  }

  private void acquire(
      Samples samples, String contender, String method, boolean virtual, boolean before)
      throws RunnerException {
    take(samples, contender, forks.quick(AcquireBench.class, method, virtual, before));
  }

  private static void take(Samples samples, String contender, RunResult result) {
    samples.add(contender, TIME, result.getPrimaryResult().getStatistics().getPercentile(50));
    Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
    if (bytes != null) {
      samples.add(contender, BYTES, bytes.getScore());
    }
  }

  private void acquireLine(Samples samples, String contender, String other) {
    if (samples.has(contender)) {
      out.printf(
          "%-28s%30s%12.0f   %.2f%n",
          contender,
          samples.spread(contender, TIME, "%.0f"),
          samples.median(contender, BYTES),
          samples.ratio(contender, other, TIME));
    }
  }
}
