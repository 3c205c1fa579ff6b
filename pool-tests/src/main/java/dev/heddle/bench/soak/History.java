package dev.heddle.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What all programs of a soak have told, one after the other. */
final class History {

  /** There is no use in more of them. */
  private static final int MOST_PROBLEMS = 100;

  static final String KILL = "kill";

  private final long start = System.nanoTime();
  private final List<Sample> samples = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * A program at a moment.
   *
   * @param second of the soak
   * @param life how many programs there were before
   */
  record Sample(double second, int life, Map<String, Double> values) {

    /** Not a number if it was not told. */
    double of(String what) {
      return values.getOrDefault(what, Double.NaN);
    }
  }

  /** Something that is worth a line in a chart. */
  record Mark(double second, String what) {}

  private double now() {
    return (System.nanoTime() - start) / 1e9;
  }

  synchronized void sample(int life, Map<String, Double> values) {
    samples.add(new Sample(now(), life, values));
  }

  synchronized void mark(String what) {
    marks.add(new Mark(now(), what));
  }

  /** Something that must not be. */
  synchronized void problem(String what) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add("at %.0f s: %s".formatted(now(), what));
    }
  }

  synchronized List<Sample> samples() {
    return List.copyOf(samples);
  }

  synchronized List<Mark> marks() {
    return List.copyOf(marks);
  }

  synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  /** When programs were killed. */
  List<Double> kills() {
    return marks().stream().filter(mark -> mark.what().equals(KILL)).map(Mark::second).toList();
  }

  /** How many programs have told anything. */
  long lives() {
    return samples().stream().mapToInt(Sample::life).distinct().count();
  }

  synchronized boolean hasBegun(int life) {
    return !samples.isEmpty() && samples.getLast().life() == life;
  }

  /** The samples of the program that was not killed. */
  List<Sample> lastLife() {
    List<Sample> all = samples();
    return all.stream().filter(sample -> sample.life() == all.getLast().life()).toList();
  }

  /** What was counted in all lives together, until shortly before the end of each. */
  Map<String, Double> totals() {
    Map<Integer, Map<String, Double>> latest = new TreeMap<>();
    samples().forEach(sample -> latest.put(sample.life(), sample.values()));
    Map<String, Double> totals = new TreeMap<>();
    for (Map<String, Double> values : latest.values()) {
      values.forEach((what, value) -> totals.merge(what, value, Double::sum));
    }
    totals.keySet().removeIf(Sampler::isGauge);
    return totals;
  }
}
