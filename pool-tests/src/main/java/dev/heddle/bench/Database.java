package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** The files that are measured on. */
final class Database {

  static final int ROWS = 100_000;

  private Database() {}

  /** A new file with the table of point reads in it; an old one is removed. */
  static Path create(Path folder, String name) throws IOException, SQLException {
    Files.createDirectories(folder);
    for (String suffix : new String[] {"", "-wal", "-shm"}) {
      Files.deleteIfExists(folder.resolve(name + suffix));
    }
    Path file = folder.resolve(name);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, balance INTEGER)");
        statement.execute("CREATE TABLE b(id INTEGER PRIMARY KEY, name TEXT, value REAL)");
      }
      fill(connection);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      }
    }
    return file;
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
  static void emptyBatchTable(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM b");
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }
}
