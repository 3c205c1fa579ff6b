package dev.heddle.bench.field;

import dev.heddle.bench.Report;
import dev.heddle.bench.Samples;
import java.util.List;

/** What tables show of each contender: medians over the rounds, of the rate the spread as well. */
enum Column {
  RATE("operations/s, median (least–most)") {
    @Override
    String cell(Samples samples, String label) {
      return samples.spread(label, "perSecond", "%,.0f");
    }
  },
  NANOS("ns") {
    @Override
    String cell(Samples samples, String label) {
      return samples.spread(label, "nanos", "%.0f");
    }
  },
  P50("p50") {
    @Override
    String cell(Samples samples, String label) {
      return Tables.micros(samples.median(label, "opP50Micros"));
    }
  },
  P99("p99") {
    @Override
    String cell(Samples samples, String label) {
      return Tables.micros(samples.median(label, "opP99Micros"));
    }
  },
  P999("p99.9") {
    @Override
    String cell(Samples samples, String label) {
      return Tables.micros(samples.median(label, "opP999Micros"));
    }
  },
  MAX("max") {
    @Override
    String cell(Samples samples, String label) {
      return Tables.micros(samples.median(label, "opMaxMicros"));
    }
  },
  LAST("until the last is done, median") {
    @Override
    String cell(Samples samples, String label) {
      return P50.cell(samples, label);
    }
  },
  LAST_MAX("at worst") {
    @Override
    String cell(Samples samples, String label) {
      return MAX.cell(samples, label);
    }
  },
  WAIT_P99("wait p99") {
    @Override
    String cell(Samples samples, String label) {
      return Tables.micros(samples.median(label, "waitP99Micros"));
    }
  },
  LONGEST("longest wait") {
    @Override
    String cell(Samples samples, String label) {
      return Tables.micros(samples.median(label, "longestWaitMicros"));
    }
  },
  FAIRNESS("most/least served") {
    @Override
    String cell(Samples samples, String label) {
      double unserved = samples.median(label, "unserved");
      return unserved > 0
          ? "%.0f unserved".formatted(unserved)
          : Report.orDash("%.1f", samples.quotient(label, "mostServed", "leastServed"));
    }
  },
  CPU("CPU µs") {
    @Override
    String cell(Samples samples, String label) {
      return Report.orDash("%.1f", samples.median(label, "cpuMicros"));
    }
  },
  BYTES("bytes") {
    @Override
    String cell(Samples samples, String label) {
      return Report.orDash("%,.0f", samples.median(label, "bytes"));
    }
  },
  BURSTS("others' bursts/s") {
    @Override
    String cell(Samples samples, String label) {
      return Report.orDash("%,.0f", samples.median(label, "burstsPerSecond"));
    }
  },
  ERRORS("errors") {
    @Override
    String cell(Samples samples, String label) {
      return Report.orDash("%.0f", samples.sum(label, "errors"));
    }
  },
  GAP("worst gap ms, median (least–most)") {
    @Override
    String cell(Samples samples, String label) {
      return samples.spread(label, "worstMillis", "%,.1f");
    }
  },
  MACHINE_GAP("platform thread's ms") {
    @Override
    String cell(Samples samples, String label) {
      return Report.orDash("%.1f", samples.median(label, "platformWorstMillis"));
    }
  };

  final String title;

  Column(String title) {
    this.title = title;
  }

  /** What stands in the line of a contender. */
  abstract String cell(Samples samples, String label);

  /** Those that say something of a shape. */
  static List<Column> of(Shape shape) {
    return switch (shape.course()) {
      case ALONE_READER, ALONE_WRITER -> List.of(NANOS, BYTES);
      case HEARTBEAT -> List.of(GAP, MACHINE_GAP);
      case SPIKE -> List.of(LAST, LAST_MAX, WAIT_P99, LONGEST);
      case STEADY -> shape.crew().burners() > 0 ? burning() : steady(shape.crew().workers());
    };
  }

  private static List<Column> steady(int workers) {
    return workers == 1
        ? List.of(RATE, P50, P99, P999, MAX, CPU, BYTES, ERRORS)
        : List.of(RATE, P50, P99, P999, MAX, WAIT_P99, LONGEST, FAIRNESS, CPU, BYTES, ERRORS);
  }

  private static List<Column> burning() {
    return List.of(RATE, BURSTS, P50, P99, P999, MAX, WAIT_P99, LONGEST, FAIRNESS, ERRORS);
  }
}
