package dev.heddle.bench.field;

import dev.heddle.bench.Plan;
import dev.heddle.bench.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what a run has found out: on the console, and for the full form in the documentation. */
final class Publication {

  /** Seen from the module's folder, where Maven runs the benchmarks. */
  private static final Path DOCUMENTATION = Path.of("..", "docs", "benchmarks").toAbsolutePath();

  private final Plan plan;
  private final Report report;
  private final Results results;

  Publication(Plan plan, Report report, Results results) {
    this.plan = plan;
    this.report = report;
    this.results = results;
  }

  void publish() throws IOException, SQLException {
    Page page = new Page(plan, results);
    report.out.println();
    report.out.println(page.tables());
    report.out.println(page.bars());
    compareWithBefore();
    List<Path> files = new ArrayList<>(Charts.draw(results, report.folder));
    files.add(Files.writeString(report.folder.resolve("field.json"), Raw.of(results)));
    files.add(Files.writeString(report.folder.resolve("README.md"), page.toString()));
    confirm();
    Path target = target();
    if (target != null) {
      Files.createDirectories(target);
      for (Path file : files) {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
      report.out.println("written to " + target);
    }
  }

  private @Nullable Path target() {
    Path figures = plan.figures();
    return figures == null && plan.parts().contains(Plan.FULL_FORM) ? DOCUMENTATION : figures;
  }

  private void compareWithBefore() {
    for (Shape shape : results.shapes()) {
      String now = shape.label(Entrant.HEDDLE);
      String before = now + Report.BEFORE;
      if (results.of(shape).has(before)) {
        report.out.printf(
            "against: %-26s%s, %.3f times that of %s%n",
            shape.name(),
            shape.figure(),
            results.of(shape).ratio(now, before, shape.figure()),
            plan.against());
      }
    }
  }

  private void confirm() throws IOException, SQLException {
    Path earlier = plan.field().confirm();
    if (earlier == null) {
      return;
    }
    Ordering ordering = Ordering.compare(Raw.rates(earlier), Raw.rates(results));
    report.out.printf(
        "compared with %s, by rate: %d pairs of contenders in the same order, %d too close, %d"
            + " turned around%n",
        earlier, ordering.confirmed(), ordering.close(), ordering.turned().size());
    ordering.turned().forEach(pair -> report.out.println("turned around: " + pair));
  }
}
