package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.CommitListener.Commit;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.Codes;

/**
 * Which table a {@link Program} means: it knows tables by their root pages, and virtual tables,
 * which have none, by their addresses in memory. Both change with the schema only. Looked up when
 * first asked for, as nobody may ever want to know.
 */
final class TableNames {

  private static final long ROOT_OF_SCHEMA = 1;

  /** SQLite's own tables: statistics, and the last rowids of AUTOINCREMENT. */
  private static final String INTERNAL = "sqlite_";

  private final SQLiteConnection connection;
  private @Nullable Map<Long, String> byRoot;
  private @Nullable Map<String, String> byAddress;

  TableNames(SQLiteConnection connection) {
    this.connection = connection;
  }

  /** The schema may be another one. */
  void forget() {
    byRoot = null;
    byAddress = null;
  }

  /** Adds the names of the tables whose rows a program may change. */
  void add(Program program, Set<String> names) throws SQLException {
    for (long root : program.roots()) {
      addKnown(byRoot().get(root), names); // an index has no name: its table is written as well
    }
    for (String address : program.virtualTables()) {
      addKnown(byAddress().get(address), names);
    }
  }

  private static void addKnown(@Nullable String name, Set<String> names) {
    if (name != null) {
      names.add(name);
    }
  }

  private Map<Long, String> byRoot() throws SQLException {
    Map<Long, String> known = byRoot;
    if (known == null) {
      known = roots();
      byRoot = known;
    }
    return known;
  }

  private Map<Long, String> roots() throws SQLException {
    Set<String> shadows = named("shadow");
    Map<Long, String> roots = new HashMap<>();
    roots.put(ROOT_OF_SCHEMA, Commit.SCHEMA);
    try (Statement statement = connection.createStatement();
        ResultSet table =
            statement.executeQuery(
                "SELECT rootpage, name FROM main.sqlite_schema WHERE type = 'table'")) {
      while (table.next()) {
        String name = table.getString(2);
        if (!name.startsWith(INTERNAL)) {
          roots.put(table.getLong(1), shadows.contains(name) ? owner(name) : name);
        }
      }
    }
    return roots;
  }

  /** SQLite names a shadow table so: the virtual table's name, an underscore, and a word. */
  private static String owner(String shadow) {
    return shadow.substring(0, shadow.lastIndexOf('_'));
  }

  private Map<String, String> byAddress() throws SQLException {
    Map<String, String> known = byAddress;
    if (known == null) {
      known = new HashMap<>();
      for (String name : named("virtual")) {
        for (String address : addresses(name)) {
          known.put(address, name);
        }
      }
      byAddress = known;
    }
    return known;
  }

  /** None if it can only be read. */
  private Set<String> addresses(String virtualTable) throws SQLException {
    String delete = "EXPLAIN DELETE FROM main.\"" + virtualTable.replace("\"", "\"\"") + '"';
    try (PreparedStatement explain = connection.prepareStatement(delete);
        ResultSet program = explain.executeQuery()) {
      return Program.read(program).virtualTables();
    } catch (SQLException e) {
      if (Errors.code(e) == Codes.SQLITE_ERROR) {
        return Set.of();
      }
      throw e;
    }
  }

  /** The tables of one of the kinds that SQLite tells apart. */
  private Set<String> named(String kind) throws SQLException {
    Set<String> names = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet table = statement.executeQuery("PRAGMA main.table_list")) {
      while (table.next()) {
        if (kind.equals(table.getString("type"))) {
          names.add(table.getString("name"));
        }
      }
    }
    return names;
  }
}
