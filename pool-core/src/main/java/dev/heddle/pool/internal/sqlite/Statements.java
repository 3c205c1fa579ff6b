package dev.heddle.pool.internal.sqlite;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The prepared statements that one connection keeps, by SQL text; the one unused longest goes
 * first. A statement in use stays in here, marked; if it is evicted meanwhile, it is closed when
 * its use ends.
 */
final class Statements {

  private final int capacity;
  private final Map<String, Prepared> bySql = new LinkedHashMap<>(16, 0.75f, true);

  Statements(int capacity) {
    this.capacity = capacity;
  }

  /** The kept statement for this SQL, in use or not. */
  @Nullable Prepared get(String sql) {
    return bySql.get(sql);
  }

  /** The kept statement for this SQL, unless there is none or it is in use. */
  @Nullable Prepared find(String sql) {
    Prepared prepared = bySql.get(sql);
    return prepared == null || prepared.inUse() ? null : prepared;
  }

  /** Keeps a statement that was just prepared, if there is none for its SQL yet. */
  void add(Prepared prepared) {
    if (capacity == 0 || bySql.containsKey(prepared.sql())) {
      return;
    }
    if (bySql.size() == capacity) {
      Iterator<Prepared> eldest = bySql.values().iterator();
      Prepared evicted = eldest.next();
      eldest.remove();
      evicted.evicted();
    }
    bySql.put(prepared.sql(), prepared);
    prepared.kept();
  }

  void remove(Prepared prepared) {
    bySql.remove(prepared.sql(), prepared);
  }

  List<Prepared> all() {
    return new ArrayList<>(bySql.values());
  }
}
