package dev.heddle.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a heartbeat notices of slow queries and of another process' lock: two tables. */
final class HeartbeatReport {

  /** So that the figures do not depend on how many cores there are. */
  private static final int CARRIERS = 2;

  /** Without a pause; as many as there are carriers, at most. */
  private static final List<Integer> COMPUTING = List.of(0, 1, CARRIERS);

  private static final String WORST = "worstMillis";
  private static final String COMMITTED = "committed";
  private static final String HEDDLE = "Heddle(4)";
  private static final String HEDDLE_OFF = "Heddle(4) carriers=off";
  private static final String HIKARI = "HikariCP(4)";
  private static final String HIKARI_ONE = "HikariCP(1)";
  private static final String MORE_CARRIERS = "HikariCP(4), as many carriers";
  private static final String NOBODY = "no pool, no query";

  /** Every other thread's wait for a carrier is shorter than this, or users notice. */
  private static final double WANTED_MILLIS = 50;

  private static final Map<String, String> QUERYING = new LinkedHashMap<>();
  private static final Map<String, String> WRITING = new LinkedHashMap<>();

  static {
    QUERYING.put(HEDDLE, SlowQueries.HEDDLE);
    QUERYING.put(HEDDLE_OFF, SlowQueries.HEDDLE_OFF);
    QUERYING.put(HIKARI, SlowQueries.HIKARI);
    QUERYING.put(MORE_CARRIERS, SlowQueries.HIKARI);
    QUERYING.put(NOBODY, SlowQueries.NOBODY);
    WRITING.put(HEDDLE, LockedFile.HEDDLE);
    WRITING.put(HEDDLE_OFF, LockedFile.HEDDLE_OFF);
    WRITING.put(HIKARI, LockedFile.HIKARI);
    WRITING.put(HIKARI_ONE, LockedFile.HIKARI_ONE);
  }

  private final Plan plan;
  private final Forks forks;
  private final Report report;
  private final PrintStream out;
  private final Samples querying = new Samples();
  private final Samples writing = new Samples();

  HeartbeatReport(Plan plan, Forks forks, Report report) {
    this.plan = plan;
    this.forks = forks;
    this.report = report;
    this.out = report.out;
  }

  void run() throws IOException, SQLException, InterruptedException {
    long steps = SlowQueries.calibrate();
    for (int round = 0; round < plan.rounds(); round++) {
      query(steps);
      write();
    }
    printQuerying(steps);
    report.save("heartbeat-queries", querying);
    printWriting();
    report.save("heartbeat-lock", writing);
  }

  private void query(long steps) throws IOException, InterruptedException {
    for (int computing : COMPUTING) {
      for (Map.Entry<String, String> contender : QUERYING.entrySet()) {
        String name = contender.getKey();
        querying.add(
            name(name, computing),
            forks.slowQueries(contender.getValue(), computing, steps, carriers(name)));
      }
    }
  }

  private void write() throws IOException, SQLException, InterruptedException {
    for (Map.Entry<String, String> contender : WRITING.entrySet()) {
      String name = contender.getKey();
      Path file = Database.createEmpty(report.folder, "locked.db");
      writing.add(name, forks.lockedFile(contender.getValue(), file, carriers(name)));
    }
  }

  /** For the one contender, what Heddle makes of the scheduler. */
  private static String carriers(String contender) {
    int carriers = CARRIERS + (contender.equals(MORE_CARRIERS) ? SlowQueries.CONNECTIONS + 1 : 0);
    return "-Djdk.virtualThreadScheduler.parallelism=" + carriers;
  }

  private static String name(String contender, int computing) {
    return contender + ", computing: " + computing;
  }

  private void printQuerying(long steps) {
    out.printf(
        "6a. A virtual thread that sleeps 1 ms, while %d others run queries of %d ms (count to"
            + " %,d), and more compute for %d s; %d carriers%n",
        SlowQueries.QUERIES, SlowQueries.QUERY_MILLIS, steps, plan.seconds(), CARRIERS);
    head("queries s");
    for (int computing : COMPUTING) {
      for (String contender : QUERYING.keySet()) {
        String name = name(contender, computing);
        out.printf(
            "%s%12s%n",
            line(querying, name),
            contender.equals(NOBODY)
                ? "-"
                : "%.1f".formatted(querying.median(name, "queriesMillis") / 1000));
      }
    }
    out.println(
        "platform: the worst gap of a platform thread that does the same, which is the machine's"
            + " doing. queries: until the last one was done. computing: virtual threads that"
            + " compute without a pause; the last line of each block shows what they do without any"
            + " pool.");
    for (int computing : COMPUTING) {
      report.bar(
          "worst gap, ms, computing: " + computing,
          querying.median(name(HEDDLE, computing), WORST),
          false,
          WANTED_MILLIS);
      report.bar(
          "worst gap / HikariCP(4), computing: " + computing,
          querying.ratio(name(HEDDLE, computing), name(HIKARI, computing), WORST),
          false,
          0.1);
    }
  }

  private void printWriting() {
    out.printf(
        "6b. The same, while %d others each write a row, and another process has the write lock for"
            + " %d s; busy time-out %d s%n",
        LockedFile.WRITERS, LockedFile.LOCKED.toSeconds(), LockedFile.BUSY_TIMEOUT.toSeconds());
    head("all s");
    for (String contender : WRITING.keySet()) {
      out.printf(
          "%s%12.2f   rows %.0f of %d, time-outs %.0f, other errors %.0f%n",
          line(writing, contender),
          writing.median(contender, "allMillis") / 1000,
          writing.sum(contender, COMMITTED),
          LockedFile.WRITERS * plan.rounds(),
          writing.sum(contender, "timeouts"),
          writing.sum(contender, "errors"));
    }
    out.println("all: until the last thread was done. rows, time-outs, errors: of all rounds.");
    report.bar("worst gap, ms", writing.median(HEDDLE, WORST), false, WANTED_MILLIS);
    report.bar(
        "rows committed",
        writing.sum(HEDDLE, COMMITTED),
        true,
        (double) LockedFile.WRITERS * plan.rounds());
  }

  private void head(String last) {
    out.printf(
        "%-46s%32s%10s%10s%10s%24s%12s%n",
        "", "worst gap ms, median (range)", "p99 ms", "p99.9 ms", "beats/s", "platform ms", last);
  }

  private static String line(Samples samples, String name) {
    return "%-46s%32s%10.1f%10.1f%10.0f%24s"
        .formatted(
            name,
            samples.spread(name, WORST, "%,.1f"),
            samples.median(name, "p99Millis"),
            samples.median(name, "p999Millis"),
            samples.median(name, "beatsPerSecond"),
            samples.spread(name, "platformWorstMillis", "%,.1f"));
  }
}
