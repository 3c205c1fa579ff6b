package dev.heddle.pool.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.Action;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.WriteLease;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * What units were told of their end, to be held against what is in the file. Each unit puts its
 * number into two tables; one whose number is negative is not to be kept.
 */
final class Ledger {

  static final String TABLES =
      "CREATE TABLE IF NOT EXISTS a(id INTEGER PRIMARY KEY, v);"
          + "CREATE TABLE IF NOT EXISTS b(id INTEGER PRIMARY KEY, v)";

  /** What a unit was told; nothing yet, if it has none. */
  enum Fate {
    KEPT,
    GONE,
    UNKNOWN
  }

  /** Something that may fail. */
  @FunctionalInterface
  interface Attempt {
    void run() throws Exception;
  }

  /**
   * What a caller may be told of a call that the system failed (docs/errors.md): I/O error, disk
   * full, out of memory, no connection or lock, unknown outcome, taken down with others. And
   * corrupt, since that is what SQLite makes of EIO when it reads (SQLITE_IOERR_CORRUPTFS).
   */
  private static final Set<String> HONEST =
      Set.of("58030", "53100", "53200", "08001", "08007", "40000", "40001", "XX001");

  private static final String OUTCOME_UNKNOWN = "08007";

  private final Map<Long, Fate> fates = new ConcurrentHashMap<>();
  private final Map<String, Integer> states = new ConcurrentHashMap<>();
  private final Collection<String> surprises = new ConcurrentLinkedQueue<>();
  private final BiConsumer<Long, Fate> told;

  /** Hears of each unit when it has been told, before it does anything else. */
  Ledger(BiConsumer<Long, Fate> told) {
    this.told = told;
  }

  Ledger() {
    this((id, fate) -> {});
  }

  static void insert(WriteLease lease, long id) throws SQLException {
    lease.update("INSERT INTO a(id, v) VALUES (?, ?)", id, "x".repeat((int) Math.abs(id % 50)));
    lease.update("INSERT INTO b(id, v) VALUES (?, zeroblob(?))", id, 1000 + id % 5 * 1000);
  }

  /** Runs a unit to its end, whatever that is. */
  void unit(long id, Attempt unit) {
    tell(id, fate(unit));
  }

  void tell(long id, Fate fate) {
    fates.put(id, fate);
    told.accept(id, fate);
  }

  /** As {@link #tell}, from the line that another process wrote of it. */
  void read(String line) {
    String[] words = line.split(" ", 2);
    tell(Long.parseLong(words[1]), Fate.valueOf(words[0]));
  }

  /** Runs a call; true if it worked. It must not fail in a way that it should not. */
  boolean call(Attempt call) {
    return fate(call) == Fate.KEPT;
  }

  private Fate fate(Attempt attempt) {
    try {
      attempt.run();
      return Fate.KEPT;
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      states.merge(state, 1, Integer::sum);
      if (!HONEST.contains(state) && !isBlindToTables(e)) {
        surprised(e);
      }
      return OUTCOME_UNKNOWN.equals(state) ? Fate.UNKNOWN : Fate.GONE;
    } catch (Throwable t) {
      surprised(t);
      return Fate.UNKNOWN;
    }
  }

  /**
   * SQLite knows no table that was created since it read the schema, if it can't read it now: that
   * is how schemaIsValid, in prepare.c, gives up.
   */
  private static boolean isBlindToTables(SQLException e) {
    return String.valueOf(e.getMessage()).contains("no such table");
  }

  private void surprised(Throwable t) {
    StringWriter text = new StringWriter();
    t.printStackTrace(new PrintWriter(text));
    surprises.add(text.toString());
  }

  /** What should not have been told to anybody. */
  Collection<String> surprises() {
    return surprises;
  }

  /** How often each SQLState was told. */
  Map<String, Integer> states() {
    return states;
  }

  /** Everybody of whom that was said so far. */
  Set<Long> all(Fate fate) {
    return fates.entrySet().stream()
        .filter(entry -> entry.getValue() == fate)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /**
   * A look at the file, at any time from now on: it shows everything of which that was said until
   * now, nothing that was said to be gone by then, and no unit by half.
   */
  Action<ReadLease, SQLException> check() {
    Set<Long> kept = all(Fate.KEPT);
    return lease -> {
      Set<Long> left = new HashSet<>();
      Set<Long> right = new HashSet<>();
      lease.<RuntimeException>forEach(
          "SELECT 0, id FROM a UNION ALL SELECT 1, id FROM b",
          row -> (row.getLong(1) == 0 ? left : right).add(row.getLong(2)));
      assertEquals(left, right, "a unit is torn");
      assertEquals(Set.of(), without(kept, left), "acknowledged and lost");
      left.removeIf(id -> id > 0 && fates.get(id) != Fate.GONE);
      assertEquals(Set.of(), left, "rolled back, and there");
    };
  }

  @Override
  public String toString() {
    return fates.toString();
  }

  private static Set<Long> without(Set<Long> some, Set<Long> others) {
    Set<Long> rest = new HashSet<>(some);
    rest.removeAll(others);
    return rest;
  }
}
