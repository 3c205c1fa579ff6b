package dev.heddle.bench.field;

import static dev.heddle.bench.field.Entrant.DRIVER;
import static dev.heddle.bench.field.Entrant.DRIVER_KEYS;
import static dev.heddle.bench.field.Entrant.HEDDLE;
import static dev.heddle.bench.field.Entrant.HIKARI;
import static dev.heddle.bench.field.Entrant.HIKARI_ONE;
import static dev.heddle.bench.field.Entrant.PYTHON;

import java.util.ArrayList;
import java.util.List;

/** What is promised of Heddle, and what of it a run has shown. */
final class Bars {

  private static final String RATE = "perSecond";
  private static final String LONGEST = "longestWaitMicros";

  private final Results results;
  private final List<Bar> bars = new ArrayList<>();

  private Bars(Results results) {
    this.results = results;
  }

  /** All of which this run has something to say. */
  static List<Bar> of(Results results) {
    Bars bars = new Bars(results);
    bars.acquire();
    bars.reads();
    bars.burning();
    bars.many();
    bars.commits();
    return bars.bars.stream().filter(Bar::measured).toList();
  }

  private void acquire() {
    for (String thread : List.of("platform", "virtual")) {
      atMost("acquire-reader-" + thread, HIKARI, "nanos", 1, "time");
      atMost("acquire-reader-" + thread, HIKARI, "bytes", 1, "bytes");
      atMost("acquire-writer-" + thread, HIKARI, "nanos", 1, "time");
      atMost("acquire-writer-" + thread, HIKARI, "bytes", 1, "bytes");
    }
    atLeast("waiters-1000", HIKARI, 2);
    fair("waiters-1000");
  }

  private void reads() {
    atLeast("read-16", HIKARI, 1.5);
    atLeast("read-256", HIKARI, 2.5);
    atLeast("read-10000", HIKARI, 2.5);
    for (String shape : List.of("read-16", "read-256", "read-10000")) {
      atMost(shape, HIKARI, LONGEST, 0.1, "longest wait");
      fair(shape);
    }
    atLeast("read-256", DRIVER, 0.75);
  }

  private void burning() {
    Shapes.ALL.stream()
        .filter(shape -> shape.crew().burners() > 0)
        .forEach(shape -> atLeast(shape.name(), shape.reference(), 1));
  }

  private void many() {
    mostTime("scan-1", DRIVER, 0.7);
    mostTime("batch-1", DRIVER, 0.8);
    mostTime("batch-1", DRIVER_KEYS, 0.8);
    mostTime("batch-1", PYTHON, 1);
  }

  private void commits() {
    atLeast("commit-full-64", HIKARI_ONE, 12);
    atLeast("commit-full-1000", HIKARI_ONE, 15);
    atMost("commit-full-64", HIKARI_ONE, "opP99Micros", 0.1, "p99");
    atMost("commit-full-1000", HIKARI_ONE, "opP99Micros", 0.1, "p99");
    atLeast("commit-normal-64", HIKARI_ONE, 4);
    atLeast("commit-normal-1000", HIKARI_ONE, 4);
  }

  private void atLeast(String shape, Entrant other, double wanted) {
    add(shape, "rate", other, ratio(shape, other, RATE), true, wanted);
  }

  private void atMost(String shape, Entrant other, String figure, double wanted, String name) {
    add(shape, name, other, ratio(shape, other, figure), false, wanted);
  }

  /** Of one worker: its time is the other side of its rate. */
  private void mostTime(String shape, Entrant other, double wanted) {
    add(shape, "time", other, 1 / ratio(shape, other, RATE), false, wanted);
  }

  private void fair(String shape) {
    Shape of = Shapes.named(shape);
    double quotient =
        results.has(of, HEDDLE)
            ? results.of(of).quotient(of.label(HEDDLE), "mostServed", "leastServed")
            : Double.NaN;
    bars.add(new Bar(shape + ": most / least served", quotient, false, 2));
  }

  private double ratio(String shape, Entrant other, String figure) {
    Shape of = Shapes.named(shape);
    return results.has(of, HEDDLE) && results.has(of, other)
        ? results.ratio(of, HEDDLE, other, figure)
        : Double.NaN;
  }

  private void add(
      String shape, String what, Entrant other, double value, boolean atLeast, double wanted) {
    String name = shape + ": " + what + " / " + Shapes.named(shape).label(other);
    bars.add(new Bar(name, value, atLeast, wanted));
  }
}
