package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {

  private static Plan parse(String... args) {
    return Plan.parse(args);
  }

  @Test
  void parse_nothing_isTheQuickFormInOneRound() {
    Plan plan = parse();
    assertEquals(Set.of(Plan.QUICK), plan.parts());
    assertEquals(1, plan.rounds());
    assertTrue(plan.hasField());
  }

  @Test
  void parse_full_hasThreeRounds() {
    assertEquals(3, parse("full").rounds());
  }

  @Test
  void parse_numbersGiven_overrideThoseOfTheForm() {
    Plan plan = parse("quick", "rounds=5", "seconds=7");
    assertEquals(5, plan.rounds());
    assertEquals(7, plan.seconds());
  }

  @Test
  void parse_choicesOfTheField_areKept() {
    Plan plan = parse("field", "shapes=read-*,batch-1", "contenders=heddle", "confirm=a.json");
    assertEquals(Set.of("read-*", "batch-1"), plan.field().shapes());
    assertEquals(Set.of("heddle"), plan.field().contenders());
    assertEquals(Path.of("a.json").toAbsolutePath(), plan.field().confirm());
  }

  @Test
  void parse_partOfItsOwn_isWithoutTheField() {
    assertEquals(false, parse("commits").hasField());
  }

  @Test
  void parse_choicesOfTheSoak_areKept() {
    Plan plan = parse("soak", "minutes=60", "seed=7");
    assertEquals(new Plan.Soak(60, 7), plan.soak());
    assertEquals(false, plan.hasField());
  }

  @Test
  void parse_unknownArgument_isNamed() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> parse("readz"));
    assertTrue(String.valueOf(refused.getMessage()).contains("readz"));
  }
}
