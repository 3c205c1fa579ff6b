package dev.heddle.pool.internal.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the program of an INSERT says about putting the rows of several such statements into one.
 *
 * @param possible nobody could tell, and it is worth it: see {@code
 *     docs/decisions/0020-batches-of-many-rows.md}
 * @param rowid the number of the parameter that gives the rowid; {@link #CHOSEN} if SQLite chooses
 *     it, {@link #UNKNOWN} if neither is seen
 */
record Bulk(boolean possible, int rowid) {

  static final int CHOSEN = 0;

  static final int UNKNOWN = -1;

  /** Of anything but an INSERT. */
  static final Bulk IMPOSSIBLE = new Bulk(false, UNKNOWN);

  /** OE_Abort in SQLite's sqliteInt.h: undoes the statement, and nothing else. */
  private static final int ABORT = 2;

  /** OPFLAG_APPEND in SQLite's sqliteInt.h: the row goes behind all others. */
  private static final int APPEND_FLAG = 0x08;

  /** Of the functions in defaults and constraints, those that say the same for all rows. */
  private static final Set<String> HARMLESS =
      Set.of("current_date(0)", "current_time(0)", "current_timestamp(0)");

  /** Reads a program, instruction by instruction. */
  static final class Reader {
    private final Map<Integer, Integer> parameters = new HashMap<>();
    private boolean inserts;
    private boolean hindered;
    private boolean appends = true;
    private int rowid = UNKNOWN;

    /** The last instruction that any jump so far goes to. */
    private int furthest;

    /** The next instruction. */
    void read(String opcode, ResultSet instruction) throws SQLException {
      int p1 = instruction.getInt("p1");
      int p2 = instruction.getInt("p2");
      switch (opcode) {
        case "Variable" -> parameters.put(p2, p1);
        case "MustBeInt" -> rowid = Math.max(rowid, parameters.getOrDefault(p1, UNKNOWN));
        case "IsNull", "Goto" -> furthest = Math.max(furthest, p2);
        case "Insert" -> {
          // Over the insert jumps what leaves a row out: ON CONFLICT IGNORE.
          hindered |= !inserts && furthest > instruction.getInt("addr");
          inserts = true;
          appends &= (instruction.getInt("p5") & APPEND_FLAG) != 0;
        }
        // A trigger, an index or a virtual table; REPLACE.
        case "Program", "IdxInsert", "VUpdate", "Delete", "IdxDelete" -> hindered = true;
        case "Function", "PureFunc" -> hindered |= !HARMLESS.contains(instruction.getString("p4"));
        // A parent, whose row could make good what a child before it has violated.
        case "FkCounter" -> hindered |= p2 < 0;
        case "Halt", "HaltIfNull" -> hindered |= p1 != 0 && p2 != ABORT;
        default -> {}
      }
    }

    Bulk done() {
      return new Bulk(inserts && !hindered, appends ? CHOSEN : rowid);
    }
  }
}
