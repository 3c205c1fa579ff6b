package dev.heddle.bench;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ways to get at one file that are compared, all with the same settings of SQLite. */
public final class Contenders {

  private static final String SYNCHRONOUS = "synchronous";

  /** So long that nobody waits in vain for a connection. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  /** What every contender is told to set; that it did is read back before anything is measured. */
  private static final Map<String, String> PRAGMAS =
      Map.of(SYNCHRONOUS, "NORMAL", "cache_size", "-16384", "mmap_size", "0", "foreign_keys", "ON");

  static {
    // Both pools tell a lot while they open, between the lines of a table.
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(Level.WARN);
    }
  }

  private Contenders() {}

  static SqlitePool heddle(Path file, int readers, boolean reserveCarriers) throws SQLException {
    return SqlitePool.open(heddle(file, readers).reserveCarriers(reserveCarriers).build());
  }

  static SqlitePool heddleWithStacks(Path file, int readers) throws SQLException {
    return SqlitePool.open(heddle(file, readers).leakReportStacks(true).build());
  }

  /** For writing; {@code alone} gives each unit a commit of its own. */
  static SqlitePool heddleWriter(Path file, String synchronous, boolean alone) throws SQLException {
    PoolConfig.Builder config = heddle(file, 1).pragma(SYNCHRONOUS, synchronous);
    if (alone) {
      config.groupMaxUnits(1);
    }
    return SqlitePool.open(config.build());
  }

  /** For writing and reading at the same time. */
  static SqlitePool heddle(Path file, int readers, String synchronous) throws SQLException {
    return heddle(file, readers, synchronous, true);
  }

  /** The same, with carriers of its own or without. */
  public static SqlitePool heddle(
      Path file, int readers, String synchronous, boolean reserveCarriers) throws SQLException {
    return SqlitePool.open(
        heddle(file, readers)
            .pragma(SYNCHRONOUS, synchronous)
            .reserveCarriers(reserveCarriers)
            .build());
  }

  /** With a page cache of another size for each connection. */
  static SqlitePool heddle(Path file, int readers, int cacheKiB) throws SQLException {
    return SqlitePool.open(heddle(file, readers).pragma("cache_size", "-" + cacheKiB).build());
  }

  private static PoolConfig.Builder heddle(Path file, int readers) {
    PoolConfig.Builder config = PoolConfig.builder(file).readers(readers).acquireTimeout(PATIENCE);
    PRAGMAS.forEach(config::pragma);
    return config;
  }

  static HikariDataSource hikari(Path file, int connections) {
    return new HikariDataSource(hikari(file, connections, driverProperties()));
  }

  /** Connections that wait for a lock of another process, which SQLite does in native code. */
  static HikariDataSource hikari(Path file, int connections, Duration busyTimeout) {
    return hikari(file, connections, busyTimeout, PRAGMAS.getOrDefault(SYNCHRONOUS, ""));
  }

  /** The same, for writing as well. */
  public static HikariDataSource hikari(
      Path file, int connections, Duration busyTimeout, String synchronous) {
    return new HikariDataSource(
        hikari(file, connections, driverProperties(synchronous, busyTimeout)));
  }

  /** One connection, which commits when it is told to: what its users do for writing. */
  static HikariDataSource hikariWriter(Path file, String synchronous) {
    HikariConfig config = hikari(file, 1, driverProperties(synchronous));
    config.setAutoCommit(false);
    return new HikariDataSource(config);
  }

  private static HikariConfig hikari(Path file, int connections, Properties driver) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:sqlite:" + file);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(connections);
    config.setConnectionTimeout(PATIENCE.toMillis());
    config.setDataSourceProperties(driver);
    return config;
  }

  /** The driver alone; its users may know to turn the query for generated keys off. */
  static Connection driver(Path file, boolean generatedKeys) throws SQLException {
    return driver(file, generatedKeys, driverProperties());
  }

  static Connection driver(Path file, boolean generatedKeys, String synchronous)
      throws SQLException {
    return driver(file, generatedKeys, driverProperties(synchronous));
  }

  /** The same, with settings of one's own. */
  public static Connection driver(Path file, boolean generatedKeys, Properties properties)
      throws SQLException {
    properties.setProperty("jdbc.get_generated_keys", Boolean.toString(generatedKeys));
    return DriverManager.getConnection("jdbc:sqlite:" + file, properties);
  }

  /** For writers that meet inside SQLite: one waits there, and begins with the lock. */
  public static Properties driverProperties(String synchronous, Duration busyTimeout) {
    Properties properties = driverProperties(synchronous);
    properties.setProperty("busy_timeout", Long.toString(busyTimeout.toMillis()));
    properties.setProperty("transaction_mode", "IMMEDIATE");
    return properties;
  }

  private static Properties driverProperties(String synchronous) {
    Properties properties = driverProperties();
    properties.setProperty(SYNCHRONOUS, synchronous);
    return properties;
  }

  private static Properties driverProperties() {
    Properties properties = new Properties();
    properties.putAll(PRAGMAS);
    properties.setProperty("journal_mode", "WAL");
    // As in Heddle, which waits for locks outside of SQLite. Nothing here waits for one.
    properties.setProperty("busy_timeout", "0");
    return properties;
  }
}
