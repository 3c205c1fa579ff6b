package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The files that are measured on. */
public final class Database {

  public static final int ROWS = 100_000;

  /** In the large table; some forty megabytes. */
  private static final int LARGE_ROWS = 400_000;

  /** In the wide table, and the bytes of text in each. */
  static final int WIDE_ROWS = 700_000;

  static final int WIDE_BYTES = 190;

  /** What that comes to. */
  static final int WIDE_MIB = 140;

  private static final String BATCH_TABLE =
      "CREATE TABLE b(id INTEGER PRIMARY KEY, name TEXT, value REAL)";
  private static final String TRUNCATE_WAL = "PRAGMA wal_checkpoint(TRUNCATE)";

  private Database() {}

  /** A new file with the table of point reads in it; an old one is removed. */
  public static Path create(Path folder, String name) throws IOException, SQLException {
    Path file = fresh(folder, name);
    try (Connection connection = connect(file)) {
      execute(
          connection,
          "PRAGMA journal_mode = WAL",
          "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, balance INTEGER)",
          BATCH_TABLE);
      fill(connection);
      execute(connection, TRUNCATE_WAL);
    }
    return file;
  }

  /** A new file with an empty table; an old one is removed. */
  static Path createEmpty(Path folder, String name) throws IOException, SQLException {
    Path file = fresh(folder, name);
    try (Connection connection = connect(file)) {
      execute(connection, "PRAGMA journal_mode = WAL", BATCH_TABLE, TRUNCATE_WAL);
    }
    return file;
  }

  /** A new file with accounts numbered from 1; an old one is removed. */
  static Path createAccounts(Path folder, String name) throws IOException, SQLException {
    Path file = fresh(folder, name);
    try (Connection connection = connect(file)) {
      execute(
          connection,
          "PRAGMA journal_mode = WAL",
          "CREATE TABLE accounts(id INTEGER PRIMARY KEY, balance INT)",
          """
          WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < %d)
          INSERT INTO accounts SELECT id, %d FROM n
          """
              .formatted(Accounts.ACCOUNTS, Accounts.BALANCE),
          TRUNCATE_WAL);
    }
    return file;
  }

  /** As {@link #create}, with one more table to run long queries on. */
  static Path createLarge(Path folder, String name) throws IOException, SQLException {
    Path file = create(folder, name);
    try (Connection connection = connect(file)) {
      execute(
          connection,
          "CREATE TABLE large(id INTEGER PRIMARY KEY, code INTEGER, name TEXT)",
          """
          WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < %d)
          INSERT INTO large
            SELECT id, id * 2654435761 %% 1000003,
              printf('row %%d, with a text in it that makes it as wide as many a row: %%d', id, id)
            FROM n
          """
              .formatted(LARGE_ROWS),
          TRUNCATE_WAL);
    }
    return file;
  }

  /** A new file with a table to change all over; an old one is removed. */
  static Path createWide(Path folder, String name) throws IOException, SQLException {
    Path file = fresh(folder, name);
    try (Connection connection = connect(file)) {
      execute(
          connection,
          "PRAGMA journal_mode = WAL",
          "CREATE TABLE wide(id INTEGER PRIMARY KEY, name TEXT)",
          """
          WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < %d)
          INSERT INTO wide SELECT id, substr(printf('%%%dd', id), -%d) FROM n
          """
              .formatted(WIDE_ROWS, WIDE_BYTES, WIDE_BYTES),
          TRUNCATE_WAL);
    }
    return file;
  }

  private static Path fresh(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    for (String suffix : new String[] {"", "-wal", "-shm"}) {
      Files.deleteIfExists(folder.resolve(name + suffix));
    }
    return folder.resolve(name);
  }

  private static Connection connect(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  private static void execute(Connection connection, String... commands) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }

  /** The rows of a table. */
  public static long count(Path file, String table) throws SQLException {
    return number(file, "SELECT count(*) FROM " + table);
  }

  /** The number that a query gives, on a connection of its own. */
  public static long number(Path file, String query) throws SQLException {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      return result.getLong(1);
    }
  }

  private static void fill(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?)")) {
      for (int id = 1; id <= ROWS; id++) {
        insert.setLong(1, id);
        insert.setString(2, "customer number " + id);
        insert.setLong(3, id * 17L);
        insert.addBatch();
      }
      insert.executeBatch();
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  /** Empties the table of batches, and the WAL with it. */
  public static void emptyBatchTable(Connection connection) throws SQLException {
    execute(connection, "DELETE FROM b", TRUNCATE_WAL);
  }
}
