package dev.heddle.bench.field;

import dev.heddle.bench.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run has found out. */
final class Results {

  /** The machine, and what else there is to say about it. */
  final Map<String, String> machine;

  /** For each contender and kind of connection, the pragmas on it. */
  final Map<String, Map<String, String>> pragmas = new LinkedHashMap<>();

  /** What could not be measured, and why. */
  final List<String> missing = new ArrayList<>();

  private final Map<Shape, Samples> samples = new LinkedHashMap<>();

  Results(Map<String, String> machine) {
    this.machine = new LinkedHashMap<>(machine);
  }

  List<Shape> shapes() {
    return List.copyOf(samples.keySet());
  }

  /** Of a shape, by the contenders' labels. */
  Samples of(Shape shape) {
    return samples.computeIfAbsent(shape, s -> new Samples());
  }

  boolean has(Shape shape, Entrant entrant) {
    return samples.containsKey(shape) && of(shape).has(shape.label(entrant));
  }

  double median(Shape shape, Entrant entrant, String figure) {
    return of(shape).median(shape.label(entrant), figure);
  }

  /** The median over the rounds of what the one has divided by what the other has. */
  double ratio(Shape shape, Entrant entrant, Entrant other, String figure) {
    return of(shape).ratio(shape.label(entrant), shape.label(other), figure);
  }
}
