package dev.heddle.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.ThreadFactory;

/**
 * Threads that each insert one row and commit it, over and over, for a fixed time; and, for
 * comparison, one thread that inserts them in one transaction without end. A JVM of its own for
 * each contender, and an empty table. A unit is timed from asking for a connection until the commit
 * has returned. At the end there must be as many rows as units.
 */
final class Commits {

  /** Heddle as it comes. */
  static final String HEDDLE = "heddle";

  /** Heddle with a commit for each unit. */
  static final String ALONE = "heddle-alone";

  /** HikariCP with one connection. */
  static final String HIKARI = "hikari";

  /** The driver, each insert committing by itself. */
  static final String DRIVER = "driver";

  static final String DRIVER_NO_KEYS = "driver-no-keys";

  /** The driver, one platform thread, one transaction. */
  static final String LIMIT = "limit";

  static final String LIMIT_NO_KEYS = "limit-no-keys";

  private static final String INSERT = "INSERT INTO b(name, value) VALUES (?, ?)";
  private static final String NAME = "name of a row";

  private static final Measurement.Warming WARMING = new Measurement.Warming(2, 20_000, 6);

  private final Path file;
  private final String synchronous;
  private final int threads;
  private final int seconds;
  private final Measurement measurement = new Measurement();
  private final Crowd crowd;
  private final Figures figures = new Figures();

  private Commits(Path file, String synchronous, int threads, int seconds) {
    this.file = file;
    this.synchronous = synchronous;
    this.threads = threads;
    this.seconds = seconds;
    this.crowd = new Crowd(measurement, false);
  }

  /**
   * Measures one contender.
   *
   * @param args contender, file, value of {@code synchronous}, threads, seconds to measure
   */
  public static void main(String[] args) throws Exception {
    Commits commits =
        new Commits(
            Path.of(args[1]), args[2], Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    commits.run(args[0]);
  }

  private void run(String contender) throws SQLException, InterruptedException {
    switch (contender) {
      case HEDDLE, ALONE -> heddle(contender.equals(ALONE));
      case HIKARI -> hikari();
      case DRIVER, DRIVER_NO_KEYS -> driver(contender.equals(DRIVER));
      case LIMIT, LIMIT_NO_KEYS -> limit(contender.equals(LIMIT));
      default -> throw new IllegalArgumentException(contender);
    }
    long rows = Database.count(file, "b");
    if (rows != crowd.done()) {
      throw new AssertionError(crowd.done() + " units committed, but " + rows + " rows");
    }
    figures.units(measurement, crowd).print();
  }

  private void heddle(boolean alone) throws SQLException, InterruptedException {
    try (SqlitePool pool = Contenders.heddleWriter(file, synchronous, alone)) {
      ReadBack.requireSynchronous(ReadBack.ofWriter(pool), synchronous);
      SharedCommits shared = new SharedCommits(pool);
      measure(Thread.ofVirtual().factory(), random -> insert(pool, random), shared);
      shared.addTo(figures);
    }
  }

  private static long insert(SqlitePool pool, long random) throws SQLException {
    long start = System.nanoTime();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update(INSERT, NAME, (double) random);
      lease.commit();
    }
    return System.nanoTime() - start;
  }

  private void hikari() throws SQLException, InterruptedException {
    try (HikariDataSource pool = Contenders.hikariWriter(file, synchronous)) {
      ReadBack.requireSynchronous(ReadBack.of(pool), synchronous);
      measure(Thread.ofVirtual().factory(), random -> insert(pool, random), () -> {});
      figures.put("unitsPerCommit", 1);
    }
  }

  private static long insert(HikariDataSource pool, long random) throws SQLException {
    long start = System.nanoTime();
    try (Connection connection = pool.getConnection()) {
      try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
        insert(insert, random);
      }
      connection.commit();
    }
    return System.nanoTime() - start;
  }

  private void driver(boolean keys) throws SQLException, InterruptedException {
    try (Connection connection = Contenders.driver(file, keys, synchronous);
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      ReadBack.requireSynchronous(ReadBack.of(connection), synchronous);
      measure(Thread.ofVirtual().factory(), random -> timed(insert, random), () -> {});
      figures.put("unitsPerCommit", 1);
    }
  }

  private void limit(boolean keys) throws SQLException, InterruptedException {
    try (Connection connection = Contenders.driver(file, keys, synchronous);
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      ReadBack.requireSynchronous(ReadBack.of(connection), synchronous);
      connection.setAutoCommit(false);
      measure(Thread.ofPlatform().factory(), random -> timed(insert, random), () -> {});
      connection.commit();
    }
  }

  private static long timed(PreparedStatement insert, long random) throws SQLException {
    long start = System.nanoTime();
    insert(insert, random);
    return System.nanoTime() - start;
  }

  private static void insert(PreparedStatement insert, long random) throws SQLException {
    insert.setString(1, NAME);
    insert.setDouble(2, (double) random);
    insert.executeUpdate();
  }

  private void measure(ThreadFactory factory, Crowd.Unit unit, Runnable edge)
      throws InterruptedException {
    crowd.start(factory, threads, unit);
    measurement.run(WARMING, seconds, edge);
    crowd.join();
  }
}
