package dev.heddle.bench.field;

import static dev.heddle.bench.field.Crew.Kind.FRESH;
import static dev.heddle.bench.field.Crew.Kind.PLATFORM;
import static dev.heddle.bench.field.Crew.threads;
import static dev.heddle.bench.field.Entrant.AGROAL;
import static dev.heddle.bench.field.Entrant.C;
import static dev.heddle.bench.field.Entrant.DRIVER;
import static dev.heddle.bench.field.Entrant.DRIVER_KEYS;
import static dev.heddle.bench.field.Entrant.HEDDLE_OFF;
import static dev.heddle.bench.field.Entrant.HIKARI;
import static dev.heddle.bench.field.Entrant.HIKARI_CARRIERS;
import static dev.heddle.bench.field.Entrant.HIKARI_ONE;
import static dev.heddle.bench.field.Entrant.HIKARI_SPLIT;
import static dev.heddle.bench.field.Entrant.PYTHON;
import static dev.heddle.bench.field.Entrant.VIBUR;
import static dev.heddle.bench.field.Shape.steady;
import static dev.heddle.bench.field.Task.BATCH;
import static dev.heddle.bench.field.Task.HOLD;
import static dev.heddle.bench.field.Task.INSERT;
import static dev.heddle.bench.field.Task.MIXED;
import static dev.heddle.bench.field.Task.RANGE;
import static dev.heddle.bench.field.Task.READ;
import static dev.heddle.bench.field.Task.SCAN;
import static dev.heddle.bench.field.Task.TRANSFER;

import dev.heddle.bench.field.Shape.Course;
import java.util.List;
import java.util.Set;

/** The catalogue: Heddle and the reference take part in all, who else is said. */
final class Shapes {

  static final List<Shape> ALL =
      List.of(
          // Acquire and release
          steady("acquire-reader-platform", HOLD, threads(1).as(PLATFORM))
              .course(Course.ALONE_READER)
              .and(AGROAL, VIBUR),
          steady("acquire-reader-virtual", HOLD, threads(1))
              .course(Course.ALONE_READER)
              .and(AGROAL, VIBUR),
          steady("acquire-writer-platform", HOLD, threads(1).as(PLATFORM))
              .course(Course.ALONE_WRITER)
              .connections(1),
          steady("acquire-writer-virtual", HOLD, threads(1))
              .course(Course.ALONE_WRITER)
              .connections(1),
          steady("waiters-2", HOLD, threads(3)).connections(1),
          steady("waiters-40", HOLD, threads(41)).connections(1).and(AGROAL, VIBUR),
          steady("waiters-1000", HOLD, threads(1001)).connections(1).and(AGROAL, VIBUR),
          // Reads
          steady("read-1", READ, threads(1).as(PLATFORM)).and(DRIVER, C),
          steady("read-16", READ, threads(16)).and(HIKARI_ONE, DRIVER, C),
          steady("read-256", READ, threads(256))
              .and(HEDDLE_OFF, HIKARI_CARRIERS, HIKARI_ONE, HIKARI_SPLIT, AGROAL, VIBUR, DRIVER, C),
          steady("read-10000", READ, threads(10_000)).and(AGROAL, VIBUR),
          steady("read-256-inside", READ, threads(256).inside()),
          steady("read-10000-inside", READ, threads(10_000).inside()),
          steady("read-256-platform", READ, threads(256).as(PLATFORM)).and(AGROAL, VIBUR),
          steady("read-256-fresh", READ, threads(256).as(FRESH)).and(AGROAL, VIBUR),
          steady("read-256-burning", READ, threads(256).burning()),
          steady("range-1", RANGE, threads(1).as(PLATFORM)).and(DRIVER, C),
          steady("range-256", RANGE, threads(256)).and(DRIVER, C),
          steady("range-256-burning", RANGE, threads(256).burning()),
          steady("scan-1", SCAN, threads(1).as(PLATFORM)).and(DRIVER, C),
          steady("scan-16-burning", SCAN, threads(16).burning()),
          // Writes
          steady("commit-full-1", INSERT, threads(1).as(PLATFORM)).full().and(DRIVER, C),
          steady("commit-full-64", INSERT, threads(64)).full().and(HIKARI, AGROAL),
          steady("commit-full-1000", INSERT, threads(1000)).full(),
          steady("commit-normal-1", INSERT, threads(1).as(PLATFORM)).and(DRIVER, DRIVER_KEYS, C),
          steady("commit-normal-64", INSERT, threads(64)).and(HIKARI, AGROAL),
          steady("commit-normal-1000", INSERT, threads(1000)),
          steady("commit-normal-64-burning", INSERT, threads(64).burning()),
          steady("transfer-full-64", TRANSFER, threads(64)).full(),
          steady("transfer-normal-64", TRANSFER, threads(64)),
          steady("batch-1", BATCH, threads(1).as(PLATFORM)).and(DRIVER, DRIVER_KEYS, C, PYTHON),
          // Both
          steady("mixed-full-256", MIXED, threads(256))
              .full()
              .and(HIKARI, HIKARI_SPLIT)
              .comparedWith(HIKARI_SPLIT),
          steady("mixed-normal-256", MIXED, threads(256))
              .and(HIKARI, HIKARI_SPLIT, AGROAL)
              .comparedWith(HIKARI_SPLIT),
          steady("mixed-normal-256-burning", MIXED, threads(256).burning())
              .and(HIKARI_SPLIT)
              .comparedWith(HIKARI_SPLIT),
          // What others notice
          steady("heartbeat", READ, threads(1)).course(Course.HEARTBEAT).and(AGROAL, VIBUR),
          steady("spike-50", READ, threads(50)).course(Course.SPIKE),
          steady("spike-5000", READ, threads(5000)).course(Course.SPIKE).and(AGROAL, VIBUR));

  /** Those that carry the most of what is promised, and who plays them in the quick form. */
  static final Set<String> QUICK =
      Set.of(
          "acquire-reader-virtual",
          "waiters-1000",
          "read-16",
          "read-256",
          "read-10000",
          "read-256-burning",
          "scan-1",
          "commit-full-64",
          "commit-full-1000",
          "commit-normal-64",
          "batch-1",
          "heartbeat");

  static final Set<Entrant> QUICK_ENTRANTS = Set.of(Entrant.HEDDLE, HIKARI, HIKARI_ONE, DRIVER);

  private Shapes() {}

  static Shape named(String name) {
    return ALL.stream()
        .filter(shape -> shape.name().equals(name))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("no shape " + name));
  }
}
