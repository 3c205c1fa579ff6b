package dev.heddle.bench.field;

import dev.heddle.bench.Database;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The SQL that every contender runs, and what comes of it. */
final class Rows {

  static final String READ = "SELECT id, name, balance FROM t WHERE id = ?";
  static final String RANGE = "SELECT id, name, balance FROM t WHERE id BETWEEN ? AND ?";
  static final String SCAN = "SELECT id, name, balance FROM t WHERE id <= ?";
  static final String INSERT = "INSERT INTO b(name, value) VALUES (?, ?)";
  static final String MOVE = "UPDATE t SET balance = balance + ? WHERE id = ?";

  /** Rows of a range, of a scan, and of a batch. */
  static final int RANGE_ROWS = 100;

  static final int SCAN_ROWS = 10_000;
  static final int BATCH_ROWS = 10_000;

  static final String NAME = "name of a row";

  /** What a program would make of a row. */
  record Account(long id, @Nullable String name, long balance) {}

  /** What a program would insert. */
  record Item(String name, double value) {}

  private Rows() {}

  static List<Item> items(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Item("name of row " + i, i * 0.5)).toList();
  }

  static void check(Account account, long id) {
    if (account.id() != id || account.balance() != id * 17 || account.name() == null) {
      throw new AssertionError("row " + id + " is " + account);
    }
  }

  static void checkRange(List<Account> accounts, long first) {
    if (accounts.size() != RANGE_ROWS) {
      throw new AssertionError(accounts.size() + " rows from " + first + " on");
    }
    check(accounts.getFirst(), first);
    check(accounts.getLast(), first + RANGE_ROWS - 1);
  }

  /** All columns of a row, folded into one number. */
  static long fold(long id, String name, long balance) {
    return id + name.length() + balance;
  }

  /** What all rows of a scan are folded into. */
  static void checkScan(long sum) {
    if (sum != SCANNED) {
      throw new AssertionError("the rows scanned add up to " + sum + ", not " + SCANNED);
    }
  }

  static void checkCount(long changed, long wanted) {
    if (changed != wanted) {
      throw new AssertionError("changed " + changed + " rows, not " + wanted);
    }
  }

  /** So that each row of a range exists. */
  static final long LAST_RANGE = Database.ROWS - RANGE_ROWS + 1L;

  private static final long SCANNED = scanned();

  private static long scanned() {
    long sum = 0;
    for (long id = 1; id <= SCAN_ROWS; id++) {
      sum += fold(id, "customer number " + id, id * 17);
    }
    return sum;
  }
}
