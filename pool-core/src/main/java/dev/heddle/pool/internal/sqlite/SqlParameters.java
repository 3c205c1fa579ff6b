package dev.heddle.pool.internal.sqlite;

import java.util.HashSet;
import java.util.Set;

/**
 * How many parameters a statement has, as SQLite numbers them: see <a
 * href="https://sqlite.org/lang_expr.html#varparam">lang_expr</a>.
 */
final class SqlParameters {

  /** The driver's SQLITE_MAX_VARIABLE_NUMBER; SQLite says so of what is beyond it. */
  private static final int MOST = 250_000;

  private static final int TOO_LONG = 9;

  private final Set<String> names = new HashSet<>();
  private int highest;

  /** Counts a token, if it is a parameter at all. */
  void add(String token) {
    switch (token.charAt(0)) {
      case '?' -> highest = token.length() == 1 ? highest + 1 : Math.max(highest, number(token));
      case ':', '@', '$' -> highest += names.add(token) ? 1 : 0;
      default -> {}
    }
  }

  private static int number(String token) {
    int number = token.length() > TOO_LONG ? 0 : Integer.parseInt(token.substring(1));
    return number > MOST ? 0 : number;
  }

  int count() {
    return highest;
  }
}
