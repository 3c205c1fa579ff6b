package dev.heddle.bench;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Ten thousand rows in one transaction, into a table and a WAL emptied before each. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class BatchBench {

  static final int ROWS = 10_000;

  private static final String INSERT = "INSERT INTO b(name, value) VALUES (?, ?)";

  /** What a program would have in hand. */
  public record Item(String name, double value) {}

  /** The rows, and a connection of its own that removes them again. */
  @State(Scope.Benchmark)
  public static class Table {
    final List<Item> items =
        IntStream.range(0, ROWS).mapToObj(i -> new Item("name of row " + i, i * 0.5)).toList();
    Connection connection;

    @Setup
    public void open() throws SQLException {
      connection = DriverManager.getConnection("jdbc:sqlite:" + AcquireBench.file());
    }

    @Setup(Level.Invocation)
    public void empty() throws SQLException {
      Database.emptyBatchTable(connection);
    }

    @TearDown
    public void close() throws SQLException {
      connection.close();
    }
  }

  /** Heddle. */
  @State(Scope.Benchmark)
  public static class Heddle {
    SqlitePool pool;

    @Setup
    public void open() throws SQLException {
      pool = Contenders.heddle(AcquireBench.file(), 1, true);
    }

    @TearDown
    public void close() {
      pool.close();
    }
  }

  /** The driver as it comes. */
  @State(Scope.Benchmark)
  public static class Driver {
    Connection connection;

    @Setup
    public void open() throws SQLException {
      connection = Contenders.driver(AcquireBench.file(), true);
      connection.setAutoCommit(false);
    }

    @TearDown
    public void close() throws SQLException {
      connection.close();
    }
  }

  /** The driver without its query for generated keys. */
  @State(Scope.Benchmark)
  public static class DriverNoKeys {
    Connection connection;

    @Setup
    public void open() throws SQLException {
      connection = Contenders.driver(AcquireBench.file(), false);
      connection.setAutoCommit(false);
    }

    @TearDown
    public void close() throws SQLException {
      connection.close();
    }
  }

  @Benchmark
  public long heddle(Table table, Heddle heddle) throws SQLException {
    try (WriteLease lease = heddle.pool.acquireWriter()) {
      long rows =
          lease.batch(
              INSERT,
              table.items.stream().map(item -> new Object[] {item.name(), item.value()}).toList());
      lease.commit();
      return rows;
    }
  }

  @Benchmark
  public long driver(Table table, Driver driver) throws SQLException {
    return batch(table, driver.connection);
  }

  @Benchmark
  public long driverNoKeys(Table table, DriverNoKeys driver) throws SQLException {
    return batch(table, driver.connection);
  }

  private static long batch(Table table, Connection connection) throws SQLException {
    long rows = 0;
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (Item item : table.items) {
        insert.setString(1, item.name());
        insert.setDouble(2, item.value());
        insert.addBatch();
      }
      for (int count : insert.executeBatch()) {
        rows += count;
      }
    }
    connection.commit();
    return rows;
  }
}
