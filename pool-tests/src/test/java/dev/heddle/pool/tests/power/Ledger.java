package dev.heddle.pool.tests.power;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A database whose whole content follows from one number, that of the units committed so far. So it
 * can be told of any file whether it is what some commit has left: a unit that is torn, missing
 * before one that is there, or there though it was rolled back, makes it another one.
 */
final class Ledger {

  /** What {@link #require} says of a database without tables. */
  static final long NOTHING = -1;

  /** Each unit overwrites the one that is so many before it. */
  private static final int SLOTS = 97;

  private Ledger() {}

  /**
   * Makes the tables, unless they are there.
   *
   * @return how many units there are
   */
  static long create(SqlitePool pool) throws SQLException {
    pool.useWriter(
        lease ->
            lease.script(
                """
                CREATE TABLE IF NOT EXISTS units(n);
                CREATE TABLE IF NOT EXISTS a(slot INTEGER PRIMARY KEY, n, v);
                CREATE TABLE IF NOT EXISTS b(slot INTEGER PRIMARY KEY, n, v);
                CREATE INDEX IF NOT EXISTS b_n ON b(n);
                INSERT INTO units(n) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM units);
                """));
    return pool.read(Ledger::number);
  }

  /**
   * The next unit.
   *
   * @return its number, which counts only if it is committed
   */
  static long unit(WriteLease lease) throws SQLException {
    lease.update("UPDATE units SET n = n + 1");
    long n = number(lease);
    write(lease, n);
    return n;
  }

  /** One that must not be committed. */
  static void wrongUnit(WriteLease lease) throws SQLException {
    lease.update("UPDATE units SET n = n + 1");
    lease.update("DELETE FROM a WHERE slot % 3 = 1");
    write(lease, number(lease) + 1);
  }

  private static void write(WriteLease lease, long n) throws SQLException {
    long slot = n % SLOTS;
    if (isDeletion(n)) {
      lease.update("DELETE FROM a WHERE slot = ?", slot);
      lease.update("DELETE FROM b WHERE slot = ?", slot);
    } else {
      lease.update("REPLACE INTO a(slot, n, v) VALUES (?, ?, ?)", slot, n, value(n));
      lease.update("REPLACE INTO b(slot, n, v) VALUES (?, ?, ?)", slot, n, "unit " + n);
    }
  }

  private static boolean isDeletion(long n) {
    return n % 7 == 0;
  }

  /** Some need several pages. */
  private static String value(long n) {
    return (n + "/").repeat((int) (n % 10 == 3 ? 300 + n % 2000 : n % 60));
  }

  /** Fails unless all of the file is in order, and gives the number of units. */
  static long require(SqlitePool pool) throws SQLException {
    assertEquals(List.of(), pool.maintenance().integrityCheck());
    try (ReadLease lease = pool.acquireSnapshot()) {
      if (lease.queryOne("SELECT 1 FROM sqlite_schema WHERE name = 'units'").isEmpty()) {
        assertEquals(List.of(), lease.query("SELECT name FROM sqlite_schema"));
        return NOTHING;
      }
      long n = number(lease);
      List<String> a = new ArrayList<>();
      List<String> b = new ArrayList<>();
      for (long slot = 0; slot < SLOTS; slot++) {
        long last = n - Math.floorMod(n - slot, SLOTS);
        if (last > 0 && !isDeletion(last)) {
          a.add(shown(slot, last, value(last)));
          b.add(shown(slot, last, "unit " + last));
        }
      }
      assertEquals(a, rows(lease, "a"), () -> "table a after unit " + n);
      assertEquals(b, rows(lease, "b"), () -> "table b after unit " + n);
      return n;
    }
  }

  private static long number(ReadLease lease) throws SQLException {
    return lease.queryOne("SELECT n FROM units", row -> row.getLong(1)).orElseThrow();
  }

  private static List<String> rows(ReadLease lease, String table) throws SQLException {
    return lease.query(
        "SELECT slot, n, v FROM " + table + " ORDER BY slot",
        row -> shown(row.getLong(1), row.getLong(2), row.getString(3)));
  }

  private static String shown(long slot, long n, @Nullable String value) {
    String text = String.valueOf(value);
    return "%d: %d (%d, %08x)".formatted(slot, n, text.length(), text.hashCode());
  }
}
