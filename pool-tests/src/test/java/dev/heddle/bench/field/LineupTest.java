package dev.heddle.bench.field;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.bench.Plan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineupTest {

  private static Lineup of(String... args) {
    return Lineup.of(Plan.parse(args));
  }

  private static List<String> names(Lineup lineup) {
    return lineup.shapes().stream().map(Shape::name).toList();
  }

  @Test
  void of_full_isTheWholeCatalogueWithEverybody() {
    Lineup lineup = of("full");
    assertEquals(Shapes.ALL, lineup.shapes());
    assertTrue(lineup.shapes().stream().allMatch(s -> lineup.entrants(s).equals(s.entrants())));
  }

  @Test
  void of_quick_isTheShapesNamedForIt() {
    assertEquals(Shapes.QUICK, new HashSet<>(names(of())));
  }

  @Test
  void of_shapesAndContendersGiven_leavesOutTheOthers() {
    Lineup lineup = of("field", "shapes=batch-1", "contenders=heddle,python");
    assertEquals(List.of("batch-1"), names(lineup));
    assertEquals(Set.of(Entrant.HEDDLE, Entrant.PYTHON), lineup.entrants());
  }

  @Test
  void of_shapeThatThereIsNot_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> of("field", "shapes=write-7"));
  }

  @Test
  void of_contenderThatThereIsNot_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> of("field", "contenders=c3p0"));
  }

  @ParameterizedTest
  @CsvSource({
    "read-256, read-256, true",
    "read-256, read-256-fresh, false",
    "read-*, read-256-fresh, true",
    "read-*, spread-1, false",
    "*-burning, read-256-burning, true",
    "*-burning, burning-1, false",
    "c*-n*-64, commit-normal-64, true",
    "c*-n*-64, commit-full-64, false",
    "aba*aba, aba, false",
    "*, anything, true"
  })
  void matches_starForAnyPart(String pattern, String name, boolean matches) {
    assertEquals(matches, Lineup.matches(pattern, name));
  }

  @Test
  void catalogue_namesAreUniqueAndEachHasItsReference() {
    Set<String> names = Shapes.ALL.stream().map(Shape::name).collect(Collectors.toSet());
    assertEquals(Shapes.ALL.size(), names.size());
    assertTrue(names.containsAll(Shapes.QUICK));
    for (Shape shape : Shapes.ALL) {
      assertTrue(shape.entrants().contains(shape.reference()), shape.name());
      assertFalse(
          shape.entrants().stream().map(shape::label).distinct().count() < shape.entrants().size(),
          shape.name() + ": two of the same name");
    }
  }
}
