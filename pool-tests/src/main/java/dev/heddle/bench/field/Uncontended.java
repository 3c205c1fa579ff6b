package dev.heddle.bench.field;

import dev.heddle.bench.AcquireBench;
import dev.heddle.bench.Figures;
import dev.heddle.bench.Forks;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

/** Acquire and release with nobody else there: nanoseconds, so JMH measures them. */
final class Uncontended {

  private Uncontended() {}

  static Figures run(Forks forks, Shape shape, Entrant entrant, boolean before)
      throws RunnerException {
    RunResult result =
        forks.quick(
            AcquireBench.class,
            method(shape, entrant),
            shape.crew().kind() == Crew.Kind.VIRTUAL,
            before);
    double nanos = result.getPrimaryResult().getStatistics().getPercentile(50);
    Figures figures = new Figures().put("nanos", nanos).put("perSecond", 1e9 / nanos);
    Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return bytes == null ? figures : figures.put("bytes", bytes.getScore());
  }

  private static String method(Shape shape, Entrant entrant) {
    boolean writer = shape.course() == Shape.Course.ALONE_WRITER;
    return switch (entrant) {
      case HEDDLE -> writer ? "heddleWriter" : "heddleReader";
      case HIKARI -> writer ? "hikariOne" : "hikari";
      case AGROAL -> "agroal";
      case VIBUR -> "vibur";
      default -> throw new IllegalArgumentException(entrant + " in " + shape.name());
    };
  }
}
