package dev.heddle.examples.demo;

import java.io.PrintStream;

/** The tables at the end. */
public final class Report {

  private static final String RULE = "-".repeat(78);

  private Report() {}

  /** Prints what was measured. */
  public static void print(Load load, PrintStream out) {
    Tally tally = load.tally();
    out.println(RULE);
    line(out, "reads per second", "%,.0f".formatted(load.readsPerSecond()));
    line(out, "commits per second", "%,.0f".formatted(load.commitsPerSecond()));
    line(out, "units that shared a commit, on average", "%,.1f".formatted(load.unitsPerCommit()));
    line(out, "time-outs", "%,d".formatted(tally.timeouts.sum()));
    line(out, "", "%12s%12s%12s".formatted("p50", "p99", "worst"));
    line(out, "wait for a reader", times(load.readerWaits()));
    line(out, "wait for the writer", times(load.writerWaits()));
    line(out, "gap of a heartbeat of 1 ms", times(load.heartbeatGaps()));
    line(out, "commits", "%,d".formatted(tally.commits.sum()));
    line(out, "rollbacks on purpose", "%,d".formatted(tally.rollbacks.sum()));
    out.println(RULE);
    Throwable failure = tally.firstFailure();
    if (failure != null) {
      out.printf("%,d threads failed; the first one:%n", tally.failures.sum());
      failure.printStackTrace(out);
    }
  }

  private static void line(PrintStream out, String what, String value) {
    out.printf("%-42s%36s%n", what, value);
  }

  private static String times(Histogram times) {
    return "%12s%12s%12s"
        .formatted(time(times.percentile(0.50)), time(times.percentile(0.99)), time(times.max()));
  }

  private static String time(long nanos) {
    return nanos < 1_000_000 ? "%.1f us".formatted(nanos / 1e3) : "%,.1f ms".formatted(nanos / 1e6);
  }

  /** Prints what was checked. */
  public static void print(Audit audit, PrintStream out) {
    out.printf("%-42s%15s%15s%n", "", "acknowledged", "in the file");
    for (Audit.Check check : audit.checks()) {
      out.printf(
          "%-42s%15s%15s  %s%n",
          check.what(), check.expected(), check.found(), check.passed() ? "ok" : "WRONG");
    }
    out.println(RULE);
  }
}
