package dev.heddle.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.metrics.PoolMetrics;
import io.agroal.api.AgroalDataSource;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;
import org.vibur.dbcp.ViburDBCPDataSource;

/** Acquire and release by one thread, with a connection always free. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AcquireBench {

  static final int READERS = 4;

  /** Nobody waits for a lock here. */
  private static final Duration PATIENCE = Duration.ZERO;

  /** The file to open, for the forked JVM. */
  static final String FILE = "heddle.bench.file";

  static Path file() {
    return Path.of(System.getProperty(FILE));
  }

  /** Heddle, and its face for JDBC. */
  @State(Scope.Benchmark)
  public static class Heddle {
    SqlitePool pool;
    DataSource jdbc;

    @Setup
    public void open() throws SQLException {
      pool = Contenders.heddle(file(), READERS, true);
      jdbc = pool.dataSource();
    }

    @TearDown
    public void close() {
      pool.close();
    }
  }

  /** Heddle whose leases are measured. */
  @State(Scope.Benchmark)
  public static class HeddleWithMetrics {
    SqlitePool pool;

    @Setup
    public void open() throws SQLException {
      pool = Contenders.heddle(file(), READERS, true);
      new PoolMetrics(pool).bindTo(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    }

    @TearDown
    public void close() {
      pool.close();
    }
  }

  /** Heddle that keeps the stack of each acquisition. */
  @State(Scope.Benchmark)
  public static class HeddleWithStacks {
    SqlitePool pool;

    @Setup
    public void open() throws SQLException {
      pool = Contenders.heddleWithStacks(file(), READERS);
    }

    @TearDown
    public void close() {
      pool.close();
    }
  }

  /** HikariCP with as many connections as Heddle has readers. */
  @State(Scope.Benchmark)
  public static class Hikari {
    HikariDataSource pool;

    @Setup
    public void open() {
      pool = Contenders.hikari(file(), READERS);
    }

    @TearDown
    public void close() {
      pool.close();
    }
  }

  /** HikariCP with one connection: what its users do for writing. */
  @State(Scope.Benchmark)
  public static class HikariOne {
    HikariDataSource pool;

    @Setup
    public void open() {
      pool = Contenders.hikari(file(), 1);
    }

    @TearDown
    public void close() {
      pool.close();
    }
  }

  /** Agroal with as many. */
  @State(Scope.Benchmark)
  public static class Agroal {
    AgroalDataSource pool;

    @Setup
    public void open() throws SQLException {
      pool = OtherPools.agroal(file(), READERS, Contenders.driverProperties("NORMAL", PATIENCE));
    }

    @TearDown
    public void close() {
      pool.close();
    }
  }

  /** Vibur with as many. */
  @State(Scope.Benchmark)
  public static class Vibur {
    ViburDBCPDataSource pool;

    @Setup
    public void open() {
      pool = OtherPools.vibur(file(), READERS, Contenders.driverProperties("NORMAL", PATIENCE));
    }

    @TearDown
    public void close() {
      pool.close();
    }
  }

  @Benchmark
  public void heddleReader(Heddle heddle, Blackhole hole) throws SQLException {
    try (ReadLease lease = heddle.pool.acquireReader()) {
      hole.consume(lease);
    }
  }

  @Benchmark
  public void heddleReaderWithMetrics(HeddleWithMetrics heddle, Blackhole hole)
      throws SQLException {
    try (ReadLease lease = heddle.pool.acquireReader()) {
      hole.consume(lease);
    }
  }

  @Benchmark
  public void heddleReaderWithStack(HeddleWithStacks heddle, Blackhole hole) throws SQLException {
    try (ReadLease lease = heddle.pool.acquireReader()) {
      hole.consume(lease);
    }
  }

  @Benchmark
  public void heddleWriter(Heddle heddle, Blackhole hole) throws SQLException {
    try (WriteLease lease = heddle.pool.acquireWriter()) {
      hole.consume(lease);
    }
  }

  @Benchmark
  public long heddleJdbcRead(Heddle heddle) throws SQLException {
    return read(heddle.jdbc);
  }

  @Benchmark
  public long hikariJdbcRead(Hikari hikari) throws SQLException {
    return read(hikari.pool);
  }

  /** What a framework does for each query, around the smallest one that reads the file. */
  private static long read(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT count(*) FROM sqlite_schema WHERE rowid = ?")) {
      statement.setLong(1, 1);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  @Benchmark
  public void hikari(Hikari hikari, Blackhole hole) throws SQLException {
    try (Connection connection = hikari.pool.getConnection()) {
      hole.consume(connection);
    }
  }

  @Benchmark
  public void agroal(Agroal agroal, Blackhole hole) throws SQLException {
    try (Connection connection = agroal.pool.getConnection()) {
      hole.consume(connection);
    }
  }

  @Benchmark
  public void vibur(Vibur vibur, Blackhole hole) throws SQLException {
    try (Connection connection = vibur.pool.getConnection()) {
      hole.consume(connection);
    }
  }

  @Benchmark
  public void hikariOne(HikariOne hikari, Blackhole hole) throws SQLException {
    try (Connection connection = hikari.pool.getConnection()) {
      hole.consume(connection);
    }
  }
}
