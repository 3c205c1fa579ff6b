package dev.heddle.pool.internal.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What the program that SQLite makes of a statement tells about it, exactly where a text only
 * suggests; see <a href="https://sqlite.org/opcode.html">sqlite.org/opcode.html</a>. It holds as
 * long as the schema stays.
 *
 * @param setsRowid an insert that sets last_insert_rowid(): into a table with rowids
 * @param direct changes rows by itself only: no triggers, no foreign key actions, no virtual table
 * @param virtual changes a virtual table, such as FTS5
 * @param mayRollBackAll may roll back the whole transaction when a constraint fails: by {@code OR
 *     ROLLBACK}, {@code ON CONFLICT ROLLBACK} in the schema, or {@code RAISE(ROLLBACK)}
 * @param defersForeignKeys changes what a deferred foreign key looks at, so a COMMIT may be refused
 */
record Program(
    boolean setsRowid,
    boolean direct,
    boolean virtual,
    boolean mayRollBackAll,
    boolean defersForeignKeys) {

  /** Of a statement that changes nothing. */
  static final Program HARMLESS = new Program(false, true, false, false, false);

  /** OPFLAG_LASTROWID in SQLite's sqliteInt.h. */
  private static final int LAST_ROWID_FLAG = 0x20;

  /** OE_Rollback in SQLite's sqliteInt.h. */
  private static final int ROLLBACK = 1;

  /** Reads what EXPLAIN gives. */
  static Program read(ResultSet explained) throws SQLException {
    boolean setsRowid = false;
    boolean direct = true;
    boolean virtual = false;
    boolean mayRollBackAll = false;
    boolean defers = false;
    // The programs of triggers follow the main one, each counting its addresses from 0 again.
    boolean main = true;
    for (long address = 0; explained.next(); address++) {
      main &= explained.getLong("addr") == address;
      long p1 = explained.getLong("p1");
      long p2 = explained.getLong("p2");
      switch (explained.getString("opcode")) {
        case "Insert" -> setsRowid |= main && (explained.getLong("p5") & LAST_ROWID_FLAG) != 0;
        case "VUpdate" -> {
          setsRowid |= main && p1 != 0;
          direct = false;
          virtual |= main;
          mayRollBackAll |= explained.getLong("p5") == ROLLBACK;
        }
        case "Program" -> direct = false;
        case "Halt", "HaltIfNull" -> mayRollBackAll |= p1 != 0 && p2 == ROLLBACK;
        case "FkCounter" -> defers |= p1 == 1;
        default -> {}
      }
    }
    return new Program(setsRowid, direct, virtual, mayRollBackAll, defers);
  }
}
