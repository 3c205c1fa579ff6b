package dev.heddle.pool.tests.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What actors that do not wait for each other have done and seen. The last thing that a unit does
 * is to write a line into a log: its number, that of the line before, and a sum over all rows, so
 * that
 *
 * <ul>
 *   <li>the lines are one chain: each unit has seen those before it;
 *   <li>whoever reads sees a beginning of that chain, with the rows that belong to it: no unit is
 *       seen in part;
 *   <li>what a thread sees never goes back, has its own units, and is one and the same for all
 *       statements of a snapshot;
 *   <li>a unit is in the log exactly if its commit has returned.
 * </ul>
 */
final class History {

  static final String SCHEMA =
      Table.SCHEMA
          + "CREATE TABLE log(serial INTEGER PRIMARY KEY, unit INTEGER UNIQUE, after INTEGER,"
          + " total);";

  private static final String TOTAL =
      "(SELECT total(id * 100 + v) FROM (SELECT id, v FROM t UNION ALL SELECT id, v FROM child))";

  /** Each line's unit and the one before; and then 0, and whether the rows are those of the log. */
  static final String QUERY =
      "SELECT unit, after FROM (SELECT * FROM log ORDER BY serial) UNION ALL SELECT 0,"
          + " coalesce((SELECT total FROM log ORDER BY serial DESC LIMIT 1), 0) = "
          + TOTAL;

  private static final String LATEST =
      "coalesce((SELECT unit FROM log ORDER BY serial DESC LIMIT 1), 0)";

  private static final String WRITE =
      "INSERT INTO log(unit, after, total) SELECT ?, " + LATEST + ", " + TOTAL;

  private final AtomicInteger units = new AtomicInteger();
  private final Set<Integer> committed = ConcurrentHashMap.newKeySet();
  private final Queue<List<Integer>> seen = new ConcurrentLinkedQueue<>();

  /** For one actor. */
  Journal journal() {
    return new Lines();
  }

  /** At the end: what the database has now, against all that was done and seen. */
  void compare(List<Integer> rows) {
    List<Integer> chain = chain(rows);
    assertEquals(committed, Set.copyOf(chain), "units committed, and units found");
    for (List<Integer> earlier : seen) {
      assertEquals(earlier, chain.subList(0, Math.min(earlier.size(), chain.size())), "seen");
    }
  }

  /** The units in a log, which is in order. */
  private static List<Integer> chain(List<Integer> rows) {
    List<Integer> chain = new ArrayList<>();
    int latest = 0;
    for (int i = 0; i < rows.size() - 2; i += 2) {
      assertEquals(latest, rows.get(i + 1), () -> "the unit before, in " + rows);
      latest = rows.get(i);
      chain.add(latest);
    }
    assertEquals(List.of(0, 1), rows.subList(rows.size() - 2, rows.size()), "rows and log");
    return chain;
  }

  /** What one actor writes and sees. */
  private final class Lines implements Journal {

    /** What the unit has written that is not over. */
    private final List<Integer> open = new ArrayList<>();

    private int latest;
    private List<Integer> newest = List.of();
    private @Nullable Object snapshot;

    @Override
    public String query() {
      return QUERY;
    }

    @Override
    public void put(Sql sql, Step step) throws SQLException {
      ending(sql);
    }

    @Override
    public void ending(Sql sql) throws SQLException {
      int unit = units.incrementAndGet();
      sql.update(WRITE, unit);
      open.add(unit);
    }

    @Override
    public void ended(boolean isCommitted) {
      if (isCommitted && !open.isEmpty()) {
        committed.addAll(open);
        latest = open.getLast();
      }
      open.clear();
    }

    @Override
    public String seen(Object lease, boolean isSnapshot, List<Integer> read) {
      List<Integer> chain = chain(read);
      if (lease.equals(snapshot)) {
        assertEquals(newest, chain, "a snapshot that was read before");
      }
      assertTrue(chain.size() >= newest.size(), () -> chain + " was read after " + newest);
      assertTrue(latest == 0 || chain.contains(latest), () -> latest + " is missing in " + chain);
      newest = chain;
      snapshot = isSnapshot ? lease : null;
      seen.add(chain);
      return "{}";
    }
  }
}
