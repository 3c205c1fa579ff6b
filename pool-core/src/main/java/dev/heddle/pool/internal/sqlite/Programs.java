package dev.heddle.pool.internal.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.sqlite.SQLiteConnection;

/**
 * The programs of the statements that a connection ran, by SQL text; the one unused longest goes
 * first. They hold as long as the schema stays, so this keeps an eye on who may change it, or take
 * a change back.
 */
final class Programs {

  /** Even without a statement cache: looking takes longer than most statements run. */
  private static final int LEAST = 32;

  private final SQLiteConnection connection;
  private final Command schemaVersion;
  private final Command loadSchema;
  private final Map<String, Program> bySql;
  private final TableNames names;

  /** What the database said of its schema when the last transaction began. */
  private long knownVersion;

  /** The open transaction may have changed the schema. */
  private boolean touched;

  Programs(SQLiteConnection connection, int statementCache) throws SQLException {
    this.connection = connection;
    this.schemaVersion = new Command(connection, "PRAGMA schema_version");
    this.loadSchema = new Command(connection, "SELECT count(*) FROM sqlite_schema WHERE 0");
    this.names = new TableNames(connection);
    int capacity = Math.max(statementCache, LEAST);
    this.bySql =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Program> eldest) {
            return size() > capacity;
          }
        };
  }

  /** A writing transaction has begun: from here on, nobody else can change the schema. */
  void begun() throws SQLException {
    long version = schemaVersion();
    if (version != knownVersion) {
      loadSchema.value(0); // EXPLAIN would not notice that what SQLite has in memory is old
      knownVersion = version;
      forget();
    }
  }

  /** The number that changes with the schema, as the database has it. */
  long schemaVersion() throws SQLException {
    return schemaVersion.value(0);
  }

  /** The transaction may change the schema now. */
  void touched() {
    touched = true;
    forget();
  }

  /** The transaction, or a part of it, may have been undone. */
  void undone() {
    if (touched) {
      forget();
    }
  }

  private void forget() {
    bySql.clear();
    names.forget();
  }

  /** The transaction has ended. */
  void ended() {
    touched = false;
  }

  /** What the program of a statement tells about it. */
  Program of(SqlText text) throws SQLException {
    if (!text.changesRows()) {
      return Program.HARMLESS; // not even looked at: a PRAGMA acts behind EXPLAIN, too
    }
    Program known = bySql.get(text.sql());
    if (known == null) {
      known = explain(text);
      bySql.put(text.sql(), known);
    }
    return known;
  }

  /**
   * Adds the tables whose rows a statement may change; to be asked before it runs, as one that
   * changes the schema makes this forget.
   */
  void addTables(SqlText text, Set<String> tables) throws SQLException {
    if (text.changesRows()) {
      names.add(of(text), tables);
    } else if (text.changesSchema()) {
      names.add(explain(text), tables); // not kept: its program is another one after it has run
    }
  }

  private Program explain(SqlText text) throws SQLException {
    // EXPLAIN must stand before the statement, not before a ;
    String statement = SqlScript.split(text.sql()).getFirst();
    try (PreparedStatement explain = connection.prepareStatement("EXPLAIN " + statement);
        ResultSet program = explain.executeQuery()) {
      return Program.read(program);
    }
  }
}
