package dev.heddle.bench.field;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderingTest {

  private static Map<String, Map<String, List<Double>>> run(List<Double> one, List<Double> other) {
    return Map.of("shape", Map.of("one", one, "other", other));
  }

  @Test
  void compare_sameOrderInBoth_isConfirmed() {
    Ordering ordering =
        Ordering.compare(
            run(List.of(3.0, 4.0), List.of(1.0, 2.0)), run(List.of(30.0), List.of(20.0)));
    assertEquals(new Ordering(1, 0, List.of()), ordering);
  }

  @Test
  void compare_spreadsThatOverlapInOneRun_areTooClose() {
    Ordering ordering =
        Ordering.compare(
            run(List.of(1.0, 3.0), List.of(2.0, 4.0)), run(List.of(1.0), List.of(2.0)));
    assertEquals(new Ordering(0, 1, List.of()), ordering);
  }

  @Test
  void compare_otherWayRound_namesThePair() {
    Ordering ordering =
        Ordering.compare(run(List.of(1.0), List.of(2.0)), run(List.of(2.0), List.of(1.0)));
    assertEquals(1, ordering.turned().size());
    assertEquals(0, ordering.confirmed());
  }

  @Test
  void compare_contenderOfOneRunOnly_countsForNothing() {
    Ordering ordering =
        Ordering.compare(
            Map.of("shape", Map.of("one", List.of(1.0))), run(List.of(1.0), List.of(2.0)));
    assertEquals(new Ordering(0, 0, List.of()), ordering);
  }

  @Test
  void compare_emptyFiguresInOneRun_areTooClose() {
    Ordering ordering =
        Ordering.compare(run(List.of(), List.of(2.0)), run(List.of(1.0), List.of(2.0)));
    assertEquals(new Ordering(0, 1, List.of()), ordering);
  }
}
