package dev.heddle.pool.tests.power;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Changes that no sync has brought to the disk for certain, in the order in which they came. */
final class Unsynced<C> {

  private final Deque<C> changes = new ArrayDeque<>();

  /** A sync that has begun, and how many changes there had been by then. */
  private final Map<Long, Long> syncs = new HashMap<>();

  private long added;

  void add(C change) {
    changes.add(change);
    added++;
  }

  void syncBegins(long sync) {
    syncs.put(sync, added);
  }

  /** Takes out what is certain now: what came before that sync had begun. */
  List<C> syncEnds(long sync) {
    long before = Objects.requireNonNull(syncs.remove(sync));
    List<C> certain = new ArrayList<>();
    while (added - changes.size() < before) {
      certain.add(changes.remove());
    }
    return certain;
  }

  Collection<C> changes() {
    return changes;
  }
}
