package dev.heddle.bench.field;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Whether two runs put the contenders in the same order. Of a pair of contenders whose spreads
 * overlap, in either run, neither is before the other.
 *
 * @param confirmed pairs that are in the same order in both
 * @param close pairs that are too close to say
 * @param turned pairs that have changed places, in words
 */
record Ordering(int confirmed, int close, List<String> turned) {

  /**
   * Compares what both have measured.
   *
   * @param before for each shape and contender, the rates of all rounds
   */
  static Ordering compare(
      Map<String, Map<String, List<Double>>> before, Map<String, Map<String, List<Double>>> after) {
    int confirmed = 0;
    int close = 0;
    List<String> turned = new ArrayList<>();
    for (String shape : after.keySet()) {
      Map<String, List<Double>> then = before.getOrDefault(shape, Map.of());
      Map<String, List<Double>> now = after.getOrDefault(shape, Map.of());
      List<String> both = now.keySet().stream().filter(then::containsKey).toList();
      for (int i = 0; i < both.size(); i++) {
        for (int j = i + 1; j < both.size(); j++) {
          int first = order(then, both.get(i), both.get(j));
          int second = order(now, both.get(i), both.get(j));
          if (first == 0 || second == 0) {
            close++;
          } else if (first == second) {
            confirmed++;
          } else {
            turned.add(shape + ": " + both.get(i) + " and " + both.get(j));
          }
        }
      }
    }
    return new Ordering(confirmed, close, turned);
  }

  private static int order(Map<String, List<Double>> rates, String one, String other) {
    List<Double> of = rates.getOrDefault(one, List.of());
    List<Double> than = rates.getOrDefault(other, List.of());
    if (of.isEmpty() || than.isEmpty()) {
      return 0;
    }
    if (Collections.min(of) > Collections.max(than)) {
      return 1;
    }
    return Collections.max(of) < Collections.min(than) ? -1 : 0;
  }
}
