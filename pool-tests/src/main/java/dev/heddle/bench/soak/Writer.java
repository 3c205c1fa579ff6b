package dev.heddle.bench.soak;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;

/** Takes one step after the other, each in another way of writing. */
final class Writer {

  private static final LeaseOptions ALONE = LeaseOptions.DEFAULTS.withCommitAlone(true);
  private static final LeaseOptions READ_BACK = LeaseOptions.DEFAULTS.withSnapshotAfterCommit(true);

  private final SqlitePool pool;
  private final Ledger ledger;
  private final int worker;

  /** The last step that is committed; 08007 may leave it open whether that is the last one. */
  private long last;

  private boolean unknown = true;

  /** What is not to be kept ends so. */
  private static final class Undone extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  Writer(SqlitePool pool, Ledger ledger, int worker) {
    this.pool = pool;
    this.ledger = ledger;
    this.worker = worker;
  }

  void step(SplittableRandom random) throws SQLException {
    if (unknown) {
      done(pool.read(lease -> Steps.head(lease, worker)));
      unknown = false;
    }
    long next = last + 1;
    ledger.tries(worker, next);
    try {
      write(random.nextInt(20), next);
    } catch (SQLException e) {
      unknown = "08007".equals(e.getSQLState());
      throw e;
    } catch (Steps.WrongData e) {
      unknown = true;
      throw e;
    }
  }

  private void write(int way, long next) throws SQLException {
    switch (way) {
      case 0 -> readBack(next);
      case 1, 2 -> alone(next);
      case 3, 4, 5 -> byLease(next);
      case 6, 7 -> inPart(next);
      case 8, 9, 10, 11 -> byJdbc(next);
      default -> share(next);
    }
  }

  private void done(long step) {
    last = step;
    ledger.acknowledges(worker, step);
  }

  private void share(long next) throws SQLException {
    pool.useWriter(lease -> Steps.take(lease, worker, next));
    done(next);
  }

  private void alone(long next) throws SQLException {
    pool.useWriter(ALONE, lease -> Steps.take(lease, worker, next));
    done(next);
  }

  private void byLease(long next) throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      Steps.take(lease, worker, next);
      lease.commit();
      done(next);
    }
  }

  /** With a part that is undone. */
  private void inPart(long next) throws SQLException {
    pool.useWriter(
        lease -> {
          try {
            lease.nested(part -> haunt(part, next));
          } catch (Undone e) {
            Steps.take(lease, worker, next);
          }
        });
    done(next);
  }

  private static Void haunt(WriteLease lease, long step) throws SQLException {
    Steps.haunt(lease, step);
    throw new Undone();
  }

  private void readBack(long next) throws SQLException {
    try (WriteLease lease = pool.acquireWriter(READ_BACK)) {
      Steps.take(lease, worker, next);
      try (ReadLease committed = lease.commitAndRead()) {
        done(next);
        long head = Steps.head(committed, worker);
        Steps.require(head == next, () -> "worker " + worker + " reads back " + head);
      }
    }
  }

  private void byJdbc(long next) throws SQLException {
    try (Connection connection = pool.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      Steps.requireOne(worker, next, run(connection, Steps.ADVANCE, next, worker, next - 1));
      run(connection, Steps.INSERT_TEXT, worker, next, Steps.text(worker, next));
      insertParts(connection, next);
      for (String delete : List.of(Steps.DELETE_TEXT, Steps.DELETE_PARTS)) {
        run(connection, delete, worker, next - Steps.KEPT);
      }
      connection.commit();
      done(next);
    }
  }

  private void insertParts(Connection connection, long next) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(Steps.INSERT_PART)) {
      for (int part = 0; part < Steps.PARTS; part++) {
        bind(insert, worker, next, part, Steps.part(worker, next, part));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static int run(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      return statement.executeUpdate();
    }
  }

  private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
  }
}
