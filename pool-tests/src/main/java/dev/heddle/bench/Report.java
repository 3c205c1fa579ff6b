package dev.heddle.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;

/** What the tables of all benchmarks have in common. */
public final class Report {

  /** After the name of a contender: another build of the same. */
  public static final String BEFORE = " (against)";

  /** Where files and raw results go. */
  public final Path folder;

  public final PrintStream out;
  private final Plan plan;

  /** What everything is measured with. */
  public final Map<String, String> machine;

  Report(Plan plan, Path folder, Map<String, String> machine, PrintStream out) {
    this.plan = plan;
    this.folder = folder;
    this.machine = machine;
    this.out = out;
  }

  /** Says whether a figure is as it should be. */
  void bar(String name, double ratio, boolean atLeast, double wanted) {
    boolean met = atLeast ? ratio >= wanted : ratio <= wanted;
    out.printf(
        "bar: %-48s %.2f, wanted %s %.2f: %s%n",
        name, ratio, atLeast ? "at least" : "at most", wanted, met ? "met" : "NOT MET");
  }

  /** Compares with the other build, if there is one. */
  void compareWithBefore(Samples samples, String contender, String figure) {
    compareWithBefore(samples, contender, contender + BEFORE, figure);
  }

  /** Compares with the other build, if there is one. */
  void compareWithBefore(Samples samples, String contender, String before, String figure) {
    if (samples.has(before)) {
      out.printf(
          "against: %s, %s: %.3f times that of %s%n",
          contender, figure, samples.ratio(contender, before, figure), plan.against());
    }
  }

  /** A figure that not every contender has. */
  public static String orDash(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }

  /** Keeps the raw figures. */
  void save(String name, Samples samples) throws IOException {
    publish(Files.writeString(folder.resolve(name + ".json"), samples.toJson(machine)));
    out.println();
  }

  /** Copies a file to where figures are wanted, if they are. */
  public void publish(Path file) throws IOException {
    Path figures = plan.figures();
    if (figures != null) {
      Files.createDirectories(figures);
      Files.copy(file, figures.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
