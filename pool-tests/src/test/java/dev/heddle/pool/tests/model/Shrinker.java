package dev.heddle.pool.tests.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Makes a list that fails shorter, for as long as it still fails: leaves out halves, quarters, and
 * so on down to single items, until none can be left out; then makes each item simpler (delta
 * debugging, after Zeller and Hildebrandt).
 */
final class Shrinker<T> {

  private final Predicate<List<T>> fails;

  Shrinker(Predicate<List<T>> fails) {
    this.fails = fails;
  }

  List<T> shrink(List<T> failing, UnaryOperator<T> simpler) {
    return simplify(shorten(failing), simpler);
  }

  private List<T> shorten(List<T> failing) {
    List<T> shortest = failing;
    for (int chunk = Math.max(1, failing.size() / 2); ; chunk = Math.max(1, chunk / 2)) {
      List<T> shorter = withoutChunks(shortest, chunk);
      if (chunk == 1 && shorter.size() == shortest.size()) {
        return shorter;
      }
      shortest = shorter;
    }
  }

  /** From the end: what comes late is seldom the cause. */
  private List<T> withoutChunks(List<T> failing, int chunk) {
    List<T> rest = failing;
    for (int from = failing.size() - chunk; from > -chunk; from -= chunk) {
      List<T> fewer = new ArrayList<>(rest);
      fewer.subList(Math.max(0, from), from + chunk).clear();
      if (fails.test(fewer)) {
        rest = fewer;
      }
    }
    return rest;
  }

  private List<T> simplify(List<T> failing, UnaryOperator<T> simpler) {
    List<T> simplest = failing;
    for (int i = 0; i < failing.size(); i++) {
      List<T> next = new ArrayList<>(simplest);
      next.set(i, simpler.apply(simplest.get(i)));
      if (!next.equals(simplest) && fails.test(next)) {
        simplest = next;
      }
    }
    return simplest;
  }
}
