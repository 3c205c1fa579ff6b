package dev.heddle.bench;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways to get at one file that are compared, all with the same settings of SQLite. */
final class Contenders {

  /** What every contender is told to set; that it did is read back before anything is measured. */
  private static final Map<String, String> PRAGMAS =
      Map.of(
          "synchronous", "NORMAL",
          "cache_size", "-16384",
          "mmap_size", "0",
          "foreign_keys", "ON");

  /** What is read back. */
  static final List<String> READ_BACK =
      List.of(
          "journal_mode",
          "synchronous",
          "cache_size",
          "mmap_size",
          "foreign_keys",
          "busy_timeout",
          "wal_autocheckpoint",
          "temp_store",
          "page_size");

  static {
    // Both pools tell a lot while they open, between the lines of a table.
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(Level.WARN);
    }
  }

  private Contenders() {}

  static SqlitePool heddle(Path file, int readers, boolean reserveCarriers) throws SQLException {
    PoolConfig.Builder config =
        PoolConfig.builder(file)
            .readers(readers)
            .reserveCarriers(reserveCarriers)
            .acquireTimeout(Duration.ofSeconds(30));
    PRAGMAS.forEach(config::pragma);
    return SqlitePool.open(config.build());
  }

  static HikariDataSource hikari(Path file, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:sqlite:" + file);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(connections);
    config.setDataSourceProperties(driverProperties());
    return new HikariDataSource(config);
  }

  /** The driver alone; its users may know to turn the query for generated keys off. */
  static Connection driver(Path file, boolean generatedKeys) throws SQLException {
    Properties properties = driverProperties();
    properties.setProperty("jdbc.get_generated_keys", Boolean.toString(generatedKeys));
    return DriverManager.getConnection("jdbc:sqlite:" + file, properties);
  }

  private static Properties driverProperties() {
    Properties properties = new Properties();
    properties.putAll(PRAGMAS);
    properties.setProperty("journal_mode", "WAL");
    // As in Heddle, which waits for locks outside of SQLite. Nothing here waits for one.
    properties.setProperty("busy_timeout", "0");
    return properties;
  }

  /** The pragmas of every connection; what differs from one to another is shown with a slash. */
  static Map<String, String> readBack(SqlitePool pool, int readers) throws SQLException {
    List<Map<String, String>> all = new ArrayList<>();
    List<ReadLease> leases = new ArrayList<>();
    try {
      for (int i = 0; i < readers; i++) {
        leases.add(pool.acquireReader());
      }
      for (ReadLease lease : leases) {
        all.add(readBack(lease));
      }
    } finally {
      leases.forEach(ReadLease::close);
    }
    return merged(all);
  }

  /** The pragmas of the writer. */
  static Map<String, String> readBackWriter(SqlitePool pool) throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      Map<String, String> values = readBack(lease);
      lease.rollback();
      return values;
    }
  }

  private static Map<String, String> readBack(ReadLease lease) throws SQLException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pragma : READ_BACK) {
      String value =
          lease
              .queryOne("PRAGMA " + pragma, row -> String.valueOf(row.getString(1)))
              .orElse("nothing");
      values.put(pragma, value);
    }
    return values;
  }

  /** As {@link #readBack(SqlitePool, int)}. */
  static Map<String, String> readBack(HikariDataSource pool) throws SQLException {
    List<Map<String, String>> all = new ArrayList<>();
    List<Connection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
        connections.add(pool.getConnection());
      }
      for (Connection connection : connections) {
        all.add(readBack(connection));
      }
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
    return merged(all);
  }

  static Map<String, String> readBack(Connection connection) throws SQLException {
    Map<String, String> values = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement()) {
      for (String pragma : READ_BACK) {
        try (ResultSet result = statement.executeQuery("PRAGMA " + pragma)) {
          values.put(pragma, result.next() ? String.valueOf(result.getString(1)) : "nothing");
        }
      }
    }
    return values;
  }

  private static Map<String, String> merged(List<Map<String, String>> all) {
    Map<String, String> merged = new LinkedHashMap<>();
    for (String pragma : READ_BACK) {
      List<String> values =
          all.stream().map(one -> one.getOrDefault(pragma, "")).distinct().toList();
      merged.put(pragma, String.join("/", values));
    }
    return merged;
  }
}
