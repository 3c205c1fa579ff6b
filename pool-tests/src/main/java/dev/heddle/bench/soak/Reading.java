package dev.heddle.bench.soak;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.sql.DataSource;

/** All ways of reading; what is read is right, or the soak has failed. */
final class Reading {

  private static final String PART_OF_ALL = "SELECT worker, step, body FROM part";
  private static final String SUM_OF_HEADS = "SELECT sum(step) FROM head";

  private final SqlitePool pool;
  private final Ledger ledger;

  Reading(SqlitePool pool, Ledger ledger) {
    this.pool = pool;
    this.ledger = ledger;
  }

  /** What was acknowledged before is there, until it is deleted. */
  void point(SplittableRandom random) throws SQLException {
    int worker = random.nextInt(Steps.WORKERS);
    long step = ledger.acknowledged(worker);
    try (ReadLease lease = pool.acquireReader()) {
      requireText(worker, step, lease.queryOne(Steps.TEXT, row -> row.getString(1), worker, step));
    }
  }

  void pointByJdbc(SplittableRandom random) throws SQLException {
    DataSource source = random.nextBoolean() ? pool.dataSource() : pool.readerDataSource();
    int worker = random.nextInt(Steps.WORKERS);
    long step = ledger.acknowledged(worker);
    try (Connection connection = source.getConnection();
        PreparedStatement query = connection.prepareStatement(Steps.TEXT)) {
      query.setInt(1, worker);
      query.setLong(2, step);
      try (ResultSet row = query.executeQuery()) {
        requireText(
            worker, step, row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty());
      }
    }
  }

  private void requireText(int worker, long step, Optional<String> found) {
    boolean deleted = ledger.tried(worker) >= step + Steps.KEPT;
    String which = "worker " + worker + ": step " + step;
    Steps.require(step == 0 || found.isPresent() || deleted, () -> which + " is lost");
    found.ifPresent(
        text ->
            Steps.require(text.equals(Steps.text(worker, step)), () -> which + " is another one"));
  }

  /** A statement sees one commit. */
  void range(SplittableRandom random) throws SQLException {
    int worker = random.nextInt(Steps.WORKERS);
    try (ReadLease lease = pool.acquireReader()) {
      List<Long> steps = lease.query(Steps.STEPS_OF_TEXTS, row -> row.getLong(1), worker);
      Steps.require(
          steps.isEmpty() || steps.equals(Steps.kept(steps.getLast())),
          () -> "worker " + worker + ": texts " + steps);
    }
  }

  /** Some statements that see one commit. */
  void check(SplittableRandom random) throws SQLException {
    pool.useReader(
        lease -> {
          Steps.check(lease, random.nextInt(Steps.WORKERS));
          Steps.requireNoGhosts(lease);
        });
  }

  /** All there is, one row after the other. */
  void stream(SplittableRandom random) throws SQLException {
    long[] rows = new long[1];
    try (ReadLease lease = pool.acquireReader()) {
      lease.forEach(
          PART_OF_ALL,
          row -> {
            rows[0]++;
            Steps.require(row.getLong(1) >= 0, () -> "a row that was rolled back is streamed");
          });
    }
    Steps.require(
        rows[0] <= (long) Steps.WORKERS * Steps.KEPT * Steps.PARTS, () -> rows[0] + " rows");
  }

  void streamByJdbc(SplittableRandom random) throws SQLException {
    try (Connection connection = pool.readerDataSource().getConnection();
        Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery(PART_OF_ALL)) {
      // Sometimes not to its end.
      for (int left = random.nextInt(20_000); left > 0 && rows.next(); left--) {
        Steps.require(rows.getBytes(3) != null, () -> "a part without a body");
      }
    }
  }

  /** A snapshot stays what it was, however long. */
  void hold(SplittableRandom random) throws SQLException, InterruptedException {
    try (ReadLease lease = pool.acquireSnapshot(LeaseOptions.DEFAULTS.withLabel("holds"))) {
      long before = sumOfHeads(lease);
      Thread.sleep(Duration.ofMillis(random.nextLong(4000)));
      long after = sumOfHeads(lease);
      Steps.require(before == after, () -> "a snapshot went from " + before + " to " + after);
    }
  }

  private static long sumOfHeads(ReadLease lease) throws SQLException {
    return lease.queryOne(SUM_OF_HEADS, row -> row.getLong(1)).orElseThrow();
  }
}
