package dev.heddle.bench;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * Threads that each change one row of a large table, anywhere in it, and commit it, over and over,
 * while others read: what checkpoints cost writers. Each unit makes a page of its own dirty, so the
 * WAL grows as fast as it can, and a checkpoint writes all over the file. A JVM of its own for each
 * number of readers.
 */
final class RandomUpdates {

  /** So many readers has the pool, however many are at work. */
  static final int CONNECTIONS = 4;

  private static final String UPDATE = "UPDATE wide SET name = ? WHERE id = ?";
  private static final String NAME = "x".repeat(Database.WIDE_BYTES);

  /** A few pages. */
  private static final String QUERY = "SELECT sum(length(name)) FROM wide WHERE id BETWEEN ? AND ?";

  private static final int RANGE = 100;
  private static final Measurement.Warming WARMING = new Measurement.Warming(2, 20_000, 6);

  private final Measurement measurement = new Measurement();
  private final Crowd writers = new Crowd(measurement, false);
  private final Crowd readers = new Crowd(measurement, true);

  private RandomUpdates() {}

  /**
   * Measures.
   *
   * @param args file, value of {@code synchronous}, threads that write, threads that read, seconds
   */
  public static void main(String[] args) throws Exception {
    new RandomUpdates()
        .run(
            Path.of(args[0]),
            args[1],
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]),
            Integer.parseInt(args[4]));
  }

  private void run(Path file, String synchronous, int writing, int reading, int seconds)
      throws SQLException, InterruptedException {
    Figures figures = new Figures();
    WalSize wal = WalSize.watch(file);
    try (SqlitePool pool = Contenders.heddle(file, CONNECTIONS, synchronous)) {
      ReadBack.requireSynchronous(ReadBack.ofWriter(pool), synchronous);
      SharedCommits shared = new SharedCommits(pool);
      writers.start(Thread.ofVirtual().factory(), writing, random -> update(pool, random));
      readers.start(Thread.ofVirtual().factory(), reading, random -> read(pool, random));
      measurement.run(WARMING, seconds, shared);
      writers.join();
      readers.join();
      shared.addTo(figures);
    }
    wal.stop();
    figures.units(measurement, writers).put("walPeakMiB", wal.peakMiB());
    figures.put("maxMillis", writers.recorded().max() / 1e6);
    figures.put("p999Micros", writers.recorded().percentile(0.999) / 1e3);
    figures.put("readsPerSecond", measurement.perSecond(readers.recorded().total()));
    figures.put("readMaxMicros", readers.recorded().max() / 1e3);
    figures.put("readErrors", readers.errors());
    figures.print();
  }

  /** One row changed and committed; how long that took, from asking for the writer. */
  static long update(SqlitePool pool, long random) throws SQLException {
    long start = System.nanoTime();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update(UPDATE, NAME, 1 + Math.floorMod(random, Database.WIDE_ROWS));
      lease.commit();
    }
    return System.nanoTime() - start;
  }

  private static long read(SqlitePool pool, long random) throws SQLException {
    long start = System.nanoTime();
    int from = 1 + Math.floorMod(random, Database.WIDE_ROWS);
    pool.useReader(lease -> lease.query(QUERY, from, from + RANGE));
    return System.nanoTime() - start;
  }
}
