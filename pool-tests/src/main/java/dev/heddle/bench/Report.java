package dev.heddle.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the tables of all benchmarks have in common. */
final class Report {

  /** After the name of a contender: another build of the same. */
  static final String BEFORE = " (against)";

  /** Where files and raw results go. */
  final Path folder;

  final PrintStream out;
  private final Plan plan;

  Report(Plan plan, Path folder, PrintStream out) {
    this.plan = plan;
    this.folder = folder;
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
  static String orDash(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }

  /** Keeps the raw figures. */
  void save(String name, Samples samples) throws IOException {
    Files.writeString(folder.resolve(name + ".json"), samples.toJson());
    out.println();
  }
}
