package dev.heddle.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gaps of a heartbeat while virtual threads run slow queries, and others compute without a
 * pause. A JVM of its own for each contender.
 */
public final class SlowQueries {

  /** Heddle as it comes. */
  static final String HEDDLE = "heddle";

  /** Heddle with the carriers that there are. */
  static final String HEDDLE_OFF = "heddle-off";

  static final String HIKARI = "hikari";

  /** No pool and no queries: what the threads that compute do to the heartbeat by themselves. */
  static final String NOBODY = "nobody";

  static final int CONNECTIONS = 4;
  public static final int QUERIES = 8;

  /** How long a query takes with a core to itself. */
  public static final int QUERY_MILLIS = 500;

  /** Counts as far as it is told to. */
  public static final String COUNT =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
          + " SELECT count(*) FROM n";

  private static final long WARMING_NANOS = 1_000_000_000;

  /** A pool's way to count. */
  private interface Query {
    long count(long steps) throws SQLException;
  }

  private final Path file;
  private final int computing;
  private final long steps;
  private final long nanos;
  private final Figures figures = new Figures();
  private volatile @Nullable Throwable failure;

  /** So that what is computed is used. */
  private volatile long computed;

  private SlowQueries(Path file, int computing, long steps, int seconds) {
    this.file = file;
    this.computing = computing;
    this.steps = steps;
    this.nanos = seconds * 1_000_000_000L;
  }

  /**
   * Measures one contender.
   *
   * @param args contender, file, threads that compute, how far a query counts, seconds to compute
   */
  public static void main(String[] args) throws Exception {
    SlowQueries queries =
        new SlowQueries(
            Path.of(args[1]),
            Integer.parseInt(args[2]),
            Long.parseLong(args[3]),
            Integer.parseInt(args[4]));
    queries.run(args[0]);
  }

  /** How far to count in {@link #QUERY_MILLIS}. */
  public static long calibrate() throws SQLException {
    long sample = 1_000_000;
    long least = Long.MAX_VALUE;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      for (int i = 0; i < 5; i++) {
        long start = System.nanoTime();
        count(connection, sample);
        least = Math.min(least, System.nanoTime() - start);
      }
    }
    return sample * QUERY_MILLIS * 1_000_000 / least;
  }

  private void run(String contender) throws SQLException, InterruptedException {
    switch (contender) {
      case HEDDLE, HEDDLE_OFF -> heddle(contender.equals(HEDDLE));
      case HIKARI -> hikari();
      case NOBODY -> measure(null);
      default -> throw new IllegalArgumentException(contender);
    }
    if (failure != null) {
      throw new AssertionError("a thread failed", failure);
    }
    figures.print();
  }

  private void heddle(boolean reserve) throws SQLException, InterruptedException {
    try (SqlitePool pool = Contenders.heddle(file, CONNECTIONS, reserve)) {
      measure(
          steps ->
              pool.read(lease -> lease.queryOne(COUNT, row -> row.getLong(1), steps))
                  .orElseThrow());
    }
  }

  private void hikari() throws SQLException, InterruptedException {
    try (HikariDataSource pool = Contenders.hikari(file, CONNECTIONS)) {
      measure(
          steps -> {
            try (Connection connection = pool.getConnection()) {
              return count(connection, steps);
            }
          });
    }
  }

  private static long count(Connection connection, long steps) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
      statement.setLong(1, steps);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  private void measure(@Nullable Query query) throws InterruptedException {
    warm(query);
    Heartbeat heartbeat = Heartbeat.start();
    long start = System.nanoTime();
    // Those that compute come first: in a busy program they are there when the queries come.
    List<Thread> threads = compute(start + nanos);
    List<Thread> queries = query == null ? List.of() : start(query, steps);
    if (computing == 0 && queries.isEmpty()) {
      Thread.sleep(nanos / 1_000_000);
    }
    join(queries);
    figures.put("queriesMillis", (System.nanoTime() - start) / 1e6);
    join(threads);
    heartbeat.stop(figures);
  }

  /** Until everything has been loaded and compiled, on every connection. */
  private void warm(@Nullable Query query) throws InterruptedException {
    long start = System.nanoTime();
    Heartbeat heartbeat = Heartbeat.start();
    while (System.nanoTime() - start < WARMING_NANOS) {
      List<Thread> threads = compute(System.nanoTime() + WARMING_NANOS / 100);
      join(query == null ? List.of() : start(query, steps / 100));
      join(threads);
      Thread.sleep(1);
    }
    heartbeat.stop(new Figures());
  }

  private List<Thread> start(Query query, long steps) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      threads.add(Thread.ofVirtual().start(() -> count(query, steps)));
    }
    return threads;
  }

  private void count(Query query, long steps) {
    try {
      long counted = query.count(steps);
      if (counted != steps) {
        throw new AssertionError("counted to " + counted);
      }
    } catch (Throwable t) {
      failure = t;
    }
  }

  private List<Thread> compute(long untilNanos) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < computing; i++) {
      threads.add(Thread.ofVirtual().start(() -> computed = computeUntil(untilNanos)));
    }
    return threads;
  }

  /** Without anything that would give up the carrier. */
  private static long computeUntil(long untilNanos) {
    long x = 1;
    while (System.nanoTime() - untilNanos < 0) {
      for (int i = 0; i < 10_000; i++) {
        x = x * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
      }
    }
    return x;
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
