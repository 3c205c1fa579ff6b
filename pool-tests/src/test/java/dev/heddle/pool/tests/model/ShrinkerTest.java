package dev.heddle.pool.tests.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

  private static List<Integer> shrink(Predicate<List<Integer>> fails) {
    List<Integer> hundred = IntStream.rangeClosed(1, 100).boxed().toList();
    return new Shrinker<>(fails).shrink(hundred, item -> 0);
  }

  @Test
  void list_failsForTwoItemsFarApart_onlyTheseAreLeft() {
    assertEquals(List.of(7, 91), shrink(list -> list.contains(7) && list.contains(91)));
  }

  @Test
  void list_failsForItsLength_itemsAreSimplified() {
    assertEquals(List.of(0, 0, 0), shrink(list -> list.size() >= 3));
  }

  @Test
  void list_failsForTheOrderOfItems_theyStayInOrder() {
    assertEquals(
        List.of(20, 30), shrink(list -> list.indexOf(30) > list.indexOf(20) && list.contains(20)));
  }

  @Test
  void list_failsWhateverIsInIt_nothingIsLeft() {
    assertEquals(List.of(), shrink(list -> true));
  }
}
