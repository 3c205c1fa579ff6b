package dev.heddle.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Many long-lived virtual threads that each read one row, over and over, for a fixed time. A JVM of
 * its own for each contender.
 *
 * <p>Between two reads a thread yields, as it would when it answers a request and waits for the
 * next one. Without that ("tight") a virtual thread that never has to wait for a connection keeps
 * its carrier for ever, and most of the threads are never served at all.
 */
final class PointReads {

  private static final String SELECT = "SELECT name, balance FROM t WHERE id = ?";

  /** What a program would make of a row. */
  private record Account(@Nullable String name, long balance) {}

  private static final Measurement.Warming WARMING = new Measurement.Warming(3, 400_000, 20);

  private PointReads() {}

  /**
   * Measures one contender.
   *
   * @param args heddle, heddle-off or hikari; connections; file; threads; seconds to measure; yield
   *     or tight
   */
  public static void main(String[] args) throws Exception {
    int connections = Integer.parseInt(args[1]);
    Path file = Path.of(args[2]);
    int threads = Integer.parseInt(args[3]);
    int seconds = Integer.parseInt(args[4]);
    boolean yields = args[5].equals("yield");
    if (args[0].equals("hikari")) {
      try (HikariDataSource pool = Contenders.hikari(file, connections)) {
        measure(random -> read(pool, id(random)), threads, seconds, yields);
      }
    } else {
      boolean reserve = args[0].equals("heddle");
      try (SqlitePool pool = Contenders.heddle(file, connections, reserve)) {
        measure(random -> read(pool, id(random)), threads, seconds, yields);
      }
    }
  }

  private static long id(long random) {
    return Long.remainderUnsigned(random, Database.ROWS) + 1;
  }

  private static long read(SqlitePool pool, long id) throws SQLException {
    long start = System.nanoTime();
    try (ReadLease lease = pool.acquireReader()) {
      long waited = System.nanoTime() - start;
      Account account =
          lease
              .queryOne(SELECT, row -> new Account(row.getString(1), row.getLong(2)), id)
              .orElseThrow();
      check(account, id);
      return waited;
    }
  }

  private static long read(HikariDataSource pool, long id) throws SQLException {
    long start = System.nanoTime();
    try (Connection connection = pool.getConnection()) {
      long waited = System.nanoTime() - start;
      try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
        statement.setLong(1, id);
        try (ResultSet row = statement.executeQuery()) {
          if (!row.next()) {
            throw new AssertionError("no row " + id);
          }
          check(new Account(row.getString(1), row.getLong(2)), id);
        }
      }
      return waited;
    }
  }

  private static void check(Account account, long id) {
    if (account.balance() != id * 17 || account.name() == null) {
      throw new AssertionError("row " + id + " is " + account);
    }
  }

  private static void measure(Crowd.Unit read, int threads, int seconds, boolean yields)
      throws InterruptedException {
    Measurement measurement = new Measurement();
    Crowd readers = new Crowd(measurement, yields);
    readers.start(Thread.ofVirtual().factory(), threads, read);
    measurement.run(WARMING, seconds, () -> {});
    readers.join();
    if (readers.firstFailure() != null) {
      throw new AssertionError("a reader failed", readers.firstFailure());
    }
    print(measurement, readers);
  }

  private static void print(Measurement measurement, Crowd readers) {
    Histogram waits = readers.recorded();
    long reads = waits.total();
    new Figures()
        .put("readsPerSecond", measurement.perSecond(reads))
        .put("kReadsPerSecond", measurement.perSecond(reads) / 1000)
        .put("cpuMicrosPerRead", measurement.cpuMicrosPer(reads))
        .put("bytesPerRead", measurement.bytesPer(reads))
        .put("waitP50Micros", waits.percentile(0.5) / 1e3)
        .put("waitP99Micros", waits.percentile(0.99) / 1e3)
        .put("waitMaxMicros", waits.max() / 1e3)
        .put("unserved", readers.unserved())
        .put("leastServed", readers.leastServed())
        .put("mostServed", readers.mostServed())
        .print();
  }
}
