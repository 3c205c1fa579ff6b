package dev.heddle.bench;

import dev.heddle.bench.ObservedReads.Observer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What it costs to be looked at: reads a second with an observer, divided by those without, in
 * short slices that take turns in one JVM. What else goes on on the machine hits neighbours alike.
 */
final class ObservationReport {

  /** Of the throughput of point reads. */
  private static final double WANTED = 0.97;

  private static final int SLICES_PER_ROUND = 20;
  private static final Duration SLICE = Duration.ofMillis(400);
  private static final String READS = "readsPerSecond";
  private static final String RATIO = "ofNobodys";

  private final Plan plan;
  private final Report report;
  private final PrintStream out;
  private final Samples samples = new Samples();

  ObservationReport(Plan plan, Report report) {
    this.plan = plan;
    this.report = report;
    this.out = report.out;
  }

  void run() throws SQLException, IOException, InterruptedException, ParseException {
    Path file = Database.create(report.folder, "observed.db");
    try (ObservedReads reads = new ObservedReads(file, plan.threads(), plan.readers())) {
      takeTurns(reads);
    }
    print();
  }

  private void takeTurns(ObservedReads reads)
      throws InterruptedException, IOException, ParseException {
    for (Observer observer : Observer.values()) {
      reads.perSecond(observer, SLICE.multipliedBy(3)); // compiles all of it
    }
    List<Observer> order = new ArrayList<>(List.of(Observer.values()));
    order.remove(Observer.NOBODY);
    for (int slice = 0; slice < plan.rounds() * SLICES_PER_ROUND; slice++) {
      for (Observer observer : order) {
        compare(reads, observer, slice % 2 == 0);
      }
      Collections.rotate(order, 1);
    }
  }

  /** Whoever comes second finds the processor warm: in turn. */
  private void compare(ObservedReads reads, Observer observer, boolean nobodyFirst)
      throws IOException, InterruptedException, ParseException {
    double first = reads.perSecond(nobodyFirst ? Observer.NOBODY : observer, SLICE);
    double second = reads.perSecond(nobodyFirst ? observer : Observer.NOBODY, SLICE);
    double observed = nobodyFirst ? second : first;
    double alone = nobodyFirst ? first : second;
    samples.add(Observer.NOBODY.toString(), READS, alone);
    samples.add(observer.toString(), READS, observed);
    samples.add(observer.toString(), RATIO, observed / alone);
  }

  private void print() throws IOException {
    out.printf(
        "11. Point reads of %d virtual threads through %d readers, while somebody looks on%n",
        plan.threads(), plan.readers());
    out.printf("%-36s%16s   %s%n", "", "reads/s, median", "of nobody's: median (least–most)");
    for (Observer observer : Observer.values()) {
      String name = observer.toString();
      out.printf(
          "%-36s%16.0f   %s%n",
          name,
          samples.median(name, READS),
          observer == Observer.NOBODY ? "" : samples.spread(name, RATIO, "%.3f"));
    }
    for (Observer observer : List.of(Observer.METRICS, Observer.RECORDING)) {
      String name = observer.toString();
      report.bar(name, samples.median(name, RATIO), true, WANTED);
    }
    report.save("observe", samples);
  }
}
