package dev.heddle.bench.field;

import dev.heddle.bench.Plan;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which shapes, and who takes part in them.
 *
 * @param shapes in the order of the catalogue
 * @param allowed those who may take part
 */
record Lineup(List<Shape> shapes, Set<Entrant> allowed) {

  /**
   * What a command line asks for.
   *
   * @throws IllegalArgumentException if it names what there is not
   */
  static Lineup of(Plan plan) {
    boolean quick = plan.parts().contains(Plan.QUICK);
    Set<String> patterns = plan.field().shapes();
    List<Shape> shapes =
        Shapes.ALL.stream()
            .filter(
                shape ->
                    patterns.isEmpty()
                        ? !quick || Shapes.QUICK.contains(shape.name())
                        : patterns.stream().anyMatch(pattern -> matches(pattern, shape.name())))
            .toList();
    if (shapes.isEmpty()) {
      throw new IllegalArgumentException("no shape is called " + patterns);
    }
    return new Lineup(shapes, allowed(plan.field().contenders(), quick));
  }

  private static Set<Entrant> allowed(Set<String> keys, boolean quick) {
    if (!keys.isEmpty()) {
      return keys.stream().map(Entrant::of).collect(Collectors.toSet());
    }
    return quick ? Shapes.QUICK_ENTRANTS : Set.of(Entrant.values());
  }

  /** With {@code *} for any part of a name, and nothing else that is special. */
  static boolean matches(String pattern, String name) {
    String[] parts = pattern.split("\\*", -1);
    int at = parts[0].length();
    if (!name.startsWith(parts[0]) || parts.length == 1) {
      return name.equals(pattern);
    }
    for (int i = 1; i < parts.length - 1; i++) {
      int found = name.indexOf(parts[i], at);
      if (found < 0) {
        return false;
      }
      at = found + parts[i].length();
    }
    String last = parts[parts.length - 1];
    return name.length() - last.length() >= at && name.endsWith(last);
  }

  /** Those who take part in a shape. */
  List<Entrant> entrants(Shape shape) {
    return shape.entrants().stream().filter(allowed::contains).toList();
  }

  /** Those who take part in any of them. */
  Set<Entrant> entrants() {
    return shapes.stream()
        .flatMap(shape -> entrants(shape).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
