package dev.heddle.pool.internal.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

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
 * @param roots the root pages of what it may write to in the database itself, not in a TEMP or
 *     attached one: tables and indexes, also by triggers and foreign key actions
 * @param virtualTables the addresses of the virtual tables that it may write to, as EXPLAIN gives
 *     them
 * @param bulk whether several such statements may be one
 */
record Program(
    boolean setsRowid,
    boolean direct,
    boolean virtual,
    boolean mayRollBackAll,
    boolean defersForeignKeys,
    Set<Long> roots,
    Set<String> virtualTables,
    Bulk bulk) {

  /** Of a statement that changes nothing. */
  static final Program HARMLESS =
      new Program(false, true, false, false, false, Set.of(), Set.of(), Bulk.IMPOSSIBLE);

  /** OPFLAG_LASTROWID in SQLite's sqliteInt.h. */
  private static final int LAST_ROWID_FLAG = 0x20;

  /** OE_Rollback in SQLite's sqliteInt.h. */
  private static final int ROLLBACK = 1;

  /** The number of the database itself; TEMP has 1, and attached ones those above. */
  private static final int MAIN = 0;

  /** OPFLAG_P2ISREG in SQLite's sqliteInt.h: the page is known only while the program runs. */
  private static final int REGISTER_FLAG = 0x10;

  Program {
    roots = Set.copyOf(roots);
    virtualTables = Set.copyOf(virtualTables);
  }

  /** Reads what EXPLAIN gives. */
  static Program read(ResultSet explained) throws SQLException {
    boolean setsRowid = false;
    boolean direct = true;
    boolean virtual = false;
    boolean mayRollBackAll = false;
    boolean defers = false;
    Set<Long> roots = new HashSet<>();
    Set<String> virtualTables = new HashSet<>();
    Bulk.Reader bulk = new Bulk.Reader();
    // The programs of triggers follow the main one, each counting its addresses from 0 again.
    boolean main = true;
    for (long address = 0; explained.next(); address++) {
      main &= explained.getLong("addr") == address;
      long p1 = explained.getLong("p1");
      long p2 = explained.getLong("p2");
      String opcode = explained.getString("opcode");
      bulk.read(opcode, explained);
      switch (opcode) {
        case "Insert" -> setsRowid |= main && (explained.getLong("p5") & LAST_ROWID_FLAG) != 0;
        case "VUpdate" -> {
          setsRowid |= main && p1 != 0;
          direct = false;
          virtual |= main;
          mayRollBackAll |= explained.getLong("p5") == ROLLBACK;
          virtualTables.add(explained.getString("p4"));
        }
        case "OpenWrite" -> {
          if (explained.getLong("p3") == MAIN && (explained.getLong("p5") & REGISTER_FLAG) == 0) {
            roots.add(p2);
          }
        }
        case "Clear" -> { // a DELETE without WHERE opens nothing
          if (p2 == MAIN) {
            roots.add(p1);
          }
        }
        case "Program" -> direct = false;
        case "Halt", "HaltIfNull" -> mayRollBackAll |= p1 != 0 && p2 == ROLLBACK;
        case "FkCounter" -> defers |= p1 == 1;
        default -> {}
      }
    }
    return new Program(
        setsRowid, direct, virtual, mayRollBackAll, defers, roots, virtualTables, bulk.done());
  }
}
