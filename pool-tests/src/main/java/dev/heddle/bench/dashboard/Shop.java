package dev.heddle.bench.dashboard;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * A program with a pool: customers look at goods and order some, on virtual threads. It counts
 * itself what it does, to be compared with what is told of it elsewhere.
 */
public final class Shop implements AutoCloseable {

  private static final int READERS = 2;
  private static final int LOOKING = 100;
  private static final int ORDERING = 200;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final String SCHEMA =
      """
      CREATE TABLE goods(id INTEGER PRIMARY KEY, name TEXT);
      CREATE TABLE orders(id INTEGER PRIMARY KEY, goods INTEGER, note TEXT);
      CREATE TABLE totals(amount INTEGER);
      INSERT INTO totals VALUES (42);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
        INSERT INTO goods(name) SELECT 'number ' || i FROM n;
      """;

  private static final String SEARCH = "SELECT id FROM goods WHERE name LIKE ?";
  private static final String ORDER = "INSERT INTO orders(goods, note) VALUES (?, ?)";

  private static final LeaseOptions REPORT = LeaseOptions.DEFAULTS.withLabel("nightly report");

  /** It lacks its end. */
  private static final String ENDLESS =
      "UPDATE totals SET amount = (WITH RECURSIVE day(n) AS"
          + " (SELECT 1 UNION ALL SELECT n + 1 FROM day) SELECT sum(n) FROM day)";

  /** What a thread has counted. */
  private static final class Tally {
    private final List<Long> waits = new ArrayList<>();
    private long commits;
    private long timeouts;
  }

  private interface Visit {
    void run(Tally tally) throws SQLException;
  }

  private final SqlitePool pool;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<Tally>> looking = new ArrayList<>();
  private final List<Future<Tally>> ordering = new ArrayList<>();
  private volatile boolean closing;

  private Shop(SqlitePool pool) {
    this.pool = pool;
  }

  /** A shop with a new database; nobody is in it yet. */
  public static Shop at(Path database) throws SQLException {
    SqlitePool pool =
        SqlitePool.open(
            PoolConfig.builder(database)
                .name("shop")
                .readers(READERS)
                .acquireTimeout(Duration.ofSeconds(2))
                .leakReportAfter(Duration.ofSeconds(1))
                .walCheckpointPages(500)
                .build());
    pool.useWriter(lease -> lease.script(SCHEMA));
    return new Shop(pool);
  }

  /** Its pool. */
  public SqlitePool pool() {
    return pool;
  }

  /** Lets the customers in. */
  public void open() {
    for (int i = 0; i < LOOKING; i++) {
      looking.add(threads.submit(customer(this::look)));
    }
    for (int i = 0; i < ORDERING; i++) {
      ordering.add(threads.submit(customer(this::order)));
    }
  }

  /** Comes again and again, until the shop closes. */
  private Callable<Tally> customer(Visit visit) {
    return () -> {
      Tally tally = new Tally();
      while (!closing) {
        try {
          visit.run(tally);
        } catch (SQLTransientConnectionException e) {
          tally.timeouts++;
        } catch (SQLTransactionRollbackException e) {
          // Shared its transaction with the report, which was undone: comes again.
        }
        Thread.sleep(PAUSE);
      }
      return tally;
    };
  }

  private void look(Tally tally) throws SQLException {
    long begin = System.nanoTime();
    try (ReadLease lease = pool.acquireReader()) {
      tally.waits.add(System.nanoTime() - begin);
      lease.query(SEARCH, "%" + anyGoods());
    }
  }

  private void order(Tally tally) throws SQLException {
    long begin = System.nanoTime();
    try (WriteLease lease = pool.acquireWriter()) {
      tally.waits.add(System.nanoTime() - begin);
      lease.update(ORDER, anyGoods(), "as soon as possible");
      lease.commit();
      tally.commits++;
    }
  }

  private static int anyGoods() {
    return ThreadLocalRandom.current().nextInt(1, 10_000);
  }

  /** The incident: a report without end keeps the writer, until it is revoked. */
  public void getStuck(Duration time) throws SQLException {
    try {
      pool.write(REPORT.withHoldAtMost(time), lease -> lease.update(ENDLESS));
    } catch (SQLTimeoutException e) {
      return;
    }
    throw new IllegalStateException("a query without end has come to one");
  }

  /** Shows the customers out. The pool stays open. */
  public void empty() {
    closing = true;
    threads.close();
  }

  /** How long customers had waited for a reader, each time, in seconds. */
  public double[] readerWaits() {
    return waits(looking);
  }

  /** How long customers had waited for the writer. */
  public double[] writerWaits() {
    return waits(ordering);
  }

  private static double[] waits(List<Future<Tally>> customers) {
    return customers.stream()
        .flatMap(customer -> customer.resultNow().waits.stream())
        .mapToDouble(nanos -> nanos / 1e9)
        .sorted()
        .toArray();
  }

  /** How many orders were committed. */
  public long orders() {
    return sum(tally -> tally.commits);
  }

  /** How often somebody waited in vain. */
  public long timeouts() {
    return sum(tally -> tally.timeouts);
  }

  private long sum(ToLongFunction<Tally> count) {
    return Stream.concat(looking.stream(), ordering.stream())
        .mapToLong(customer -> count.applyAsLong(customer.resultNow()))
        .sum();
  }

  @Override
  public void close() {
    empty();
    pool.close();
  }
}
