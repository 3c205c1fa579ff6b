package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard against real SQLite: nothing that it lets through does what a lease must not do. */
class SqlGuardFuzzTest {

  /** More of them for a long run: {@code -Dheddle.guard.rounds=1000000}. */
  private static final int ROUNDS = Integer.getInteger("heddle.guard.rounds", 4_000);

  @TempDir Path folder;

  private GuardedConnection writer;

  @BeforeEach
  void open() throws SQLException {
    writer = GuardedConnection.writer(folder.resolve("guard.db"));
  }

  @AfterEach
  void close() throws SQLException {
    writer.close();
  }

  @Test
  void check_generatedTexts_letThroughNothingThatTouchesTheWriter() throws SQLException {
    writer.run("BEGIN IMMEDIATE");
    String before = writer.state();
    int passed = 0;
    int accepted = 0;
    SqlGuardTexts texts = new SqlGuardTexts(new Random(20_251_122));
    for (int i = 0; i < ROUNDS; i++) {
      String sql = texts.next();
      if (passes(sql, Role.WRITER)) {
        passed++;
        accepted += writer.tryOut(sql, i % 2 == 0) ? 1 : 0;
        assertTrue(writer.inTransaction(), () -> "the transaction ended by: " + printable(sql));
        assertEquals("null", writer.temporary(), () -> "temporary object by: " + printable(sql));
        writer.run("ROLLBACK");
        assertEquals(before, writer.state(), () -> "state changed by: " + printable(sql));
        writer.run("BEGIN IMMEDIATE");
      }
    }
    assertTrue(passed > ROUNDS / 20 && accepted > ROUNDS / 100, passed + ", " + accepted);
  }

  @Test
  void check_generatedTexts_letThroughNothingThatTouchesAReader() throws SQLException {
    try (GuardedConnection reader = GuardedConnection.reader(folder.resolve("guard.db"))) {
      String before = reader.state();
      int passed = 0;
      int accepted = 0;
      SqlGuardTexts texts = new SqlGuardTexts(new Random(42));
      for (int i = 0; i < ROUNDS; i++) {
        String sql = texts.next();
        if (passes(sql, Role.READER)) {
          passed++;
          accepted += reader.tryOut(sql, i % 2 == 0) ? 1 : 0;
          assertFalse(reader.inTransaction(), () -> "a transaction begun by: " + printable(sql));
          assertEquals(before, reader.state(), () -> "state changed by: " + printable(sql));
        }
      }
      assertTrue(passed > ROUNDS / 50 && accepted > ROUNDS / 100, passed + ", " + accepted);
    }
  }

  @Test
  void check_everyPragmaOfThisSqlite_isRefusedOrHarmless() throws SQLException {
    String all = writer.ask("SELECT group_concat(name) FROM pragma_pragma_list");
    for (String name : all.split(",", -1)) {
      for (String form : List.of("PRAGMA %s", "PRAGMA %s(1)", "PRAGMA %s=t", "PRAGMA main.%s=0")) {
        String sql = form.formatted(name);
        writer.run("BEGIN IMMEDIATE");
        String before = writer.state();
        boolean passes = passes(sql, Role.WRITER);
        if (passes) {
          writer.tryOut(sql, true);
        }
        assertTrue(writer.inTransaction(), sql);
        writer.run("ROLLBACK");
        assertEquals(before, writer.state(), sql);
      }
    }
  }

  private static boolean passes(String sql, Role role) {
    try {
      SqlGuard.check(sql, role);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static String printable(String sql) {
    StringBuilder printable = new StringBuilder();
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      boolean plain = c >= ' ' && c <= '~';
      printable.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
    return printable.toString();
  }
}
