package dev.heddle.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * How long a query goes on after {@code Thread.interrupt()}, while other virtual threads read and
 * commit all the time; and whether the pool is as good as before after many of them. A JVM of its
 * own for each contender.
 */
final class Interrupts {

  /** Heddle as the others are configured. */
  static final String HEDDLE = "heddle";

  /** Heddle with {@link #SMALL_CACHE_KIB} of page cache for each connection. */
  static final String HEDDLE_SMALL_CACHE = "heddle-small-cache";

  /** HikariCP, with nothing else going on. */
  static final String HIKARI = "hikari";

  static final int CONNECTIONS = 4;

  /** Other threads, each reading a row and committing one, over and over. */
  static final int OTHERS = 16;

  /** Queries that run at the same time. */
  static final int AT_ONCE = 2;

  static final int SMALL_CACHE_KIB = 2048;

  /** What interrupts do not end is ended after that. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** What must not happen is noticed after that. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final String READ = "SELECT balance FROM t WHERE id = ?";
  private static final String WRITE = "UPDATE t SET balance = balance + 1 WHERE id = ?";

  private static final Measurement.Warming WARMING = new Measurement.Warming(2, 100_000, 8);

  private final Path file;
  private final int queries;
  private final int seed;
  private final Figures figures = new Figures();

  private Interrupts(Path file, int queries, int seed) {
    this.file = file;
    this.queries = queries;
    this.seed = seed;
  }

  /**
   * Measures one contender.
   *
   * @param args contender, file, queries to interrupt, seed of the moments
   */
  public static void main(String[] args) throws Exception {
    new Interrupts(Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]))
        .run(args[0]);
  }

  private void run(String contender) throws SQLException, InterruptedException {
    int parallelism = parallelism();
    switch (contender) {
      case HEDDLE -> heddle(Contenders.heddle(file, CONNECTIONS, true));
      case HEDDLE_SMALL_CACHE -> heddle(Contenders.heddle(file, CONNECTIONS, SMALL_CACHE_KIB));
      case HIKARI -> hikari();
      default -> throw new IllegalArgumentException(contender);
    }
    figures.put("carriersLeft", parallelism() - parallelism);
    figures.print();
  }

  private static int parallelism() {
    return ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class).getParallelism();
  }

  // Heddle

  private void heddle(SqlitePool pool) throws SQLException, InterruptedException {
    try (pool) {
      Measurement measurement = new Measurement();
      Crowd others = new Crowd(measurement, true);
      others.start(Thread.ofVirtual().factory(), OTHERS, random -> readAndCommit(pool, random));
      measurement.run(
          WARMING, () -> interrupt(kind -> victim -> query(pool, kind, victim), LONG), () -> {});
      others.join();
      figures.units(measurement, others);
      check(pool);
    }
  }

  private static void query(SqlitePool pool, LongQuery kind, Victim victim) throws SQLException {
    try (ReadLease lease = pool.acquireReader()) {
      victim.starts();
      try {
        if (kind == LongQuery.LOOP) {
          loop();
        } else {
          lease.forEach(kind.sql, row -> {});
        }
      } finally {
        victim.ends();
      }
    }
  }

  private static long readAndCommit(SqlitePool pool, long random) throws SQLException {
    long id = Long.remainderUnsigned(random, Database.ROWS) + 1;
    long start = System.nanoTime();
    try (ReadLease lease = pool.acquireReader()) {
      if (lease.queryOne(READ, id).isEmpty()) {
        throw new AssertionError("no such row");
      }
    }
    pool.useWriter(lease -> lease.update(WRITE, id));
    return System.nanoTime() - start;
  }

  /** Every slot is back, and every connection reads or writes. */
  private void check(SqlitePool pool) throws SQLException {
    PoolStats stats = pool.stats();
    figures.put("slotsLost", (double) lost(stats.readers()) + lost(stats.writer()));
    List<ReadLease> leases = new ArrayList<>();
    long working = 0;
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        leases.add(pool.acquireReader());
      }
      for (ReadLease lease : leases) {
        working += lease.query(READ, 1).size();
      }
    } finally {
      leases.forEach(ReadLease::close);
    }
    working += pool.write(lease -> lease.update(WRITE, 1));
    figures.put("connectionsDead", CONNECTIONS + 1 - working);
  }

  private static int lost(PoolStats.Lane lane) {
    return lane.connections() - lane.idle();
  }

  // HikariCP

  private void hikari() throws InterruptedException {
    try (HikariDataSource pool = Contenders.hikari(file, CONNECTIONS)) {
      interrupt(kind -> victim -> query(pool, kind, victim), PATIENCE);
    }
  }

  private static void query(HikariDataSource pool, LongQuery kind, Victim victim)
      throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      victim.starts(statement::cancel);
      try {
        if (kind == LongQuery.LOOP) {
          loop();
        } else {
          readAll(statement, kind.sql);
        }
      } finally {
        victim.ends();
      }
    }
  }

  private static void readAll(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        // As in the other contender, nothing is done with it.
      }
    }
  }

  // Both

  /** Takes a carrier and a connection, like a query, and is as quick to end as can be. */
  private static void loop() throws SQLException {
    while (!Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
    throw new SQLException("interrupted", Interrupter.INTERRUPTED, new InterruptedException());
  }

  private void interrupt(Function<LongQuery, Victim.Body> bodies, Duration patience)
      throws InterruptedException {
    List<Interrupter> interrupters = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      int count = (queries + i) / AT_ONCE;
      Interrupter interrupter = new Interrupter(bodies, patience, count, (long) seed * AT_ONCE + i);
      interrupters.add(interrupter);
      threads.add(Thread.ofPlatform().start(interrupter));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    interrupters.forEach(interrupter -> interrupter.addTo(figures));
  }
}
