package dev.heddle.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one benchmark measured: for each contender and figure, the numbers from all rounds. */
public final class Samples {

  private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

  public void add(String contender, String figure, double value) {
    figures
        .computeIfAbsent(contender, c -> new LinkedHashMap<>())
        .computeIfAbsent(figure, f -> new ArrayList<>())
        .add(value);
  }

  public void add(String contender, Figures values) {
    values.forEach((figure, value) -> add(contender, figure, value));
  }

  /** Everything: for each contender and figure, the numbers from all rounds. */
  public Map<String, Map<String, List<Double>>> values() {
    return figures;
  }

  public boolean has(String contender) {
    return figures.containsKey(contender);
  }

  public double median(String contender, String figure) {
    return median(of(contender, figure));
  }

  /** The median, and the least and the most beside it. */
  public String spread(String contender, String figure, String format) {
    List<Double> sorted = of(contender, figure).stream().sorted().toList();
    return (format + " (" + format + "–" + format + ")")
        .formatted(median(sorted), sorted.getFirst(), sorted.getLast());
  }

  /** The least value that so large a share of all is not above. */
  double percentile(String contender, List<String> figures, double share) {
    List<Double> sorted =
        figures.stream().flatMap(figure -> of(contender, figure).stream()).sorted().toList();
    return sorted.isEmpty()
        ? Double.NaN
        : sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * share) - 1));
  }

  /** How many values there are. */
  int count(String contender, String figure) {
    return of(contender, figure).size();
  }

  /** The median of what each round gives for the one divided by the other. */
  public double ratio(String contender, String other, String figure) {
    return ratio(of(contender, figure), of(other, figure));
  }

  /** The median of what each round of a contender gives for a figure divided by another. */
  public double quotient(String contender, String figure, String divisor) {
    return ratio(of(contender, figure), of(contender, divisor));
  }

  private static double ratio(List<Double> over, List<Double> under) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(over.size(), under.size()); i++) {
      ratios.add(over.get(i) / under.get(i));
    }
    return median(ratios);
  }

  /** What the last round has given. */
  public double last(String contender, String figure) {
    return of(contender, figure).isEmpty() ? Double.NaN : of(contender, figure).getLast();
  }

  /** What all rounds add up to. */
  public double sum(String contender, String figure) {
    return of(contender, figure).stream().mapToDouble(Double::doubleValue).sum();
  }

  /** What all rounds of all contenders add up to. */
  double sum(String figure) {
    return figures.keySet().stream().mapToDouble(contender -> sum(contender, figure)).sum();
  }

  private List<Double> of(String contender, String figure) {
    return figures.getOrDefault(contender, Map.of()).getOrDefault(figure, List.of());
  }

  private static double median(List<Double> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /**
   * Everything, as JSON.
   *
   * @param machine what it was measured with
   */
  String toJson(Map<String, String> machine) {
    List<String> contenders = new ArrayList<>();
    List<String> facts = new ArrayList<>();
    machine.forEach((name, fact) -> facts.add("    \"" + name + "\": \"" + fact + "\""));
    contenders.add("  \"measured with\": {\n" + String.join(",\n", facts) + "\n  }");
    figures.forEach(
        (contender, values) -> {
          List<String> lines = new ArrayList<>();
          values.forEach((figure, numbers) -> lines.add("    \"" + figure + "\": " + numbers));
          contenders.add("  \"" + contender + "\": {\n" + String.join(",\n", lines) + "\n  }");
        });
    return "{\n" + String.join(",\n", contenders) + "\n}\n";
  }
}
