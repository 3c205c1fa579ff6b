package dev.heddle.bench;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Threads that each move one coin from an account to another, commit, and then read a balance, over
 * and over; a read counts when its result is there. For comparison, one thread that moves coins in
 * one transaction without end. A JVM of its own for each contender. At the end all coins must be
 * there.
 *
 * <p>Accounts are drawn as in "Quickly generating billion-record synthetic databases" (Gray et al.,
 * 1994): four draws in five fall on a fifth of the accounts, and so on within that fifth; accounts
 * in demand are neighbours.
 */
final class Accounts {

  static final long ACCOUNTS = 1_000_000;
  static final long BALANCE = 1_000;

  /** Heddle. */
  static final String HEDDLE = "heddle";

  /** The driver: one thread, one transaction, nobody reads. */
  static final String LIMIT = "limit";

  /** The same with a savepoint for each unit, and a read after it. */
  static final String LIMIT_IN_SHAPE = "limit-in-shape";

  private static final String TAKE = "UPDATE accounts SET balance = balance - 1 WHERE id = ?";
  private static final String GIVE = "UPDATE accounts SET balance = balance + 1 WHERE id = ?";
  private static final String READ = "SELECT balance FROM accounts WHERE id = ?";

  private static final double SKEW = Math.log(0.2) / Math.log(0.8);

  private static final Measurement.Warming WARMING = new Measurement.Warming(2, 100_000, 8);

  private final Path file;
  private final String synchronous;
  private final int seconds;
  private final Measurement measurement = new Measurement();
  private final Crowd writers;
  private final LongAdder reads = new LongAdder();
  private final Figures figures = new Figures();

  private Accounts(Path file, String synchronous, int seconds) {
    this.file = file;
    this.synchronous = synchronous;
    this.seconds = seconds;
    this.writers = new Crowd(measurement, false);
  }

  /**
   * Measures one contender.
   *
   * @param args contender, file, value of {@code synchronous}, writers, readers of the pool,
   *     seconds to measure
   */
  public static void main(String[] args) throws Exception {
    Accounts accounts = new Accounts(Path.of(args[1]), args[2], Integer.parseInt(args[5]));
    accounts.run(args[0], Integer.parseInt(args[3]), Integer.parseInt(args[4]));
  }

  private void run(String contender, int writing, int connections)
      throws SQLException, InterruptedException {
    switch (contender) {
      case HEDDLE -> heddle(writing, connections);
      case LIMIT -> limit(false);
      case LIMIT_IN_SHAPE -> limit(true);
      default -> throw new IllegalArgumentException(contender);
    }
    long coins = Database.number(file, "SELECT sum(balance) FROM accounts");
    if (coins != ACCOUNTS * BALANCE) {
      throw new AssertionError("there are " + coins + " coins");
    }
    long expected = contender.equals(LIMIT) ? 0 : writers.done();
    if (reads.sum() != expected) {
      throw new AssertionError(reads + " reads after " + expected + " units");
    }
    figures.units(measurement, writers).print();
  }

  private void measure(Runnable edge) throws InterruptedException {
    measurement.run(WARMING, seconds, edge);
    writers.join();
  }

  // Heddle

  private void heddle(int writing, int connections) throws SQLException, InterruptedException {
    try (SqlitePool pool = Contenders.heddle(file, connections, synchronous)) {
      ReadBack.requireSynchronous(ReadBack.ofWriter(pool), synchronous);
      SharedCommits shared = new SharedCommits(pool);
      writers.start(Thread.ofVirtual().factory(), writing, random -> moveAndRead(pool, random));
      measure(shared);
      shared.addTo(figures);
    }
  }

  /** The read is not a part of the unit's time. */
  private long moveAndRead(SqlitePool pool, long random) throws SQLException {
    long nanos = move(pool, random);
    read(pool, Long.rotateLeft(random, 21));
    reads.increment();
    return nanos;
  }

  private static long move(SqlitePool pool, long random) throws SQLException {
    long from = account(random);
    long to = otherThan(from, random);
    long start = System.nanoTime();
    pool.useWriter(lease -> move(lease, from, to));
    return System.nanoTime() - start;
  }

  private static void move(WriteLease lease, long from, long to) throws SQLException {
    requireOne(lease.update(TAKE, from));
    requireOne(lease.update(GIVE, to));
  }

  private static void read(SqlitePool pool, long random) throws SQLException {
    requireBalance(
        pool.read(lease -> lease.queryOne(READ, row -> row.getLong(1), account(random)))
            .orElseThrow());
  }

  // The driver

  private void limit(boolean inShape) throws SQLException, InterruptedException {
    try (Connection connection = Contenders.driver(file, true, synchronous);
        Connection reader = Contenders.driver(file, true, synchronous);
        PreparedStatement select = reader.prepareStatement(READ)) {
      ReadBack.requireSynchronous(ReadBack.of(connection), synchronous);
      connection.setAutoCommit(false);
      Endless endless = new Endless(connection, inShape);
      writers.start(
          Thread.ofPlatform().factory(),
          1,
          random -> inShape ? moveAndRead(endless, select, random) : endless.run(random));
      measure(() -> {});
      connection.commit();
    }
  }

  private long moveAndRead(Endless endless, PreparedStatement select, long random)
      throws SQLException {
    long nanos = endless.run(random);
    read(select, Long.rotateLeft(random, 21));
    reads.increment();
    return nanos;
  }

  /** The same units, all in one transaction. */
  private static final class Endless implements Crowd.Unit {
    private final PreparedStatement take;
    private final PreparedStatement give;
    private final @Nullable PreparedStatement savepoint;
    private final @Nullable PreparedStatement release;

    Endless(Connection connection, boolean savepoints) throws SQLException {
      this.take = connection.prepareStatement(TAKE);
      this.give = connection.prepareStatement(GIVE);
      this.savepoint = savepoints ? connection.prepareStatement("SAVEPOINT unit") : null;
      this.release = savepoints ? connection.prepareStatement("RELEASE unit") : null;
    }

    @Override
    public long run(long random) throws SQLException {
      long from = account(random);
      long to = otherThan(from, random);
      long start = System.nanoTime();
      if (savepoint != null) {
        savepoint.execute();
      }
      update(take, from);
      update(give, to);
      if (release != null) {
        release.execute();
      }
      return System.nanoTime() - start;
    }

    private static void update(PreparedStatement statement, long account) throws SQLException {
      statement.setLong(1, account);
      requireOne(statement.executeUpdate());
    }
  }

  private static void read(PreparedStatement select, long random) throws SQLException {
    select.setLong(1, account(random));
    try (ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        throw new AssertionError("no such account");
      }
      requireBalance(row.getLong(1));
    }
  }

  // Who

  private static void requireOne(long rows) {
    if (rows != 1) {
      throw new AssertionError(rows + " accounts changed");
    }
  }

  private static void requireBalance(long coins) {
    if (Math.abs(coins) > ACCOUNTS * BALANCE) {
      throw new AssertionError("a balance of " + coins);
    }
  }

  private static long account(long random) {
    double share = (random >>> 11) * 0x1.0p-53;
    long rank = (long) (ACCOUNTS * Math.pow(share, SKEW));
    return rank + 1;
  }

  private static long otherThan(long account, long random) {
    long other = account;
    for (long next = random; other == account; ) {
      next = next * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
      other = account(next);
    }
    return other;
  }
}
