package dev.heddle.pool.tests.model;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.tests.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Units that are one step: after it, the actor has what it had before. */
final class Units {

  private static final LeaseOptions HELD_BRIEFLY =
      LeaseOptions.DEFAULTS.withHoldAtMost(Duration.ofMillis(10));

  private final SqlitePool pool;
  private final Journal journal;

  Units(SqlitePool pool, Journal journal) {
    this.pool = pool;
    this.journal = journal;
  }

  String run(Step step) throws SQLException {
    boolean isCommitted = false;
    try {
      String answer = runUnit(step);
      isCommitted = true;
      return answer;
    } finally {
      journal.ended(isCommitted);
    }
  }

  private String runUnit(Step step) throws SQLException {
    return switch (step.op()) {
      case WRITE -> pool.write(lease -> write(lease, step));
      case WRITE_FAIL -> pool.write(Units::fail);
      case JDBC_PUT -> put(step);
      case JDBC_READ -> read(step);
      case REVOKED -> revoked(step);
      default -> timedOut(step);
    };
  }

  private String write(WriteLease lease, Step step) throws SQLException {
    journal.ended(false); // it may have run before, and have been rolled back
    Sql sql = Sql.of(lease);
    sql.update("INSERT INTO t VALUES (?, ?)", step.key(), step.value());
    journal.ending(sql);
    return "ok";
  }

  private static String fail(WriteLease lease) throws SQLException {
    lease.update("DELETE FROM t");
    throw new Actor.Planned();
  }

  private String put(Step step) throws SQLException {
    try (Connection connection = pool.dataSource().getConnection()) {
      journal.put(Sql.of(connection), step);
      return "ok";
    }
  }

  private String read(Step step) throws SQLException {
    if (step.viaJdbc()) {
      try (Connection connection = pool.dataSource().getConnection()) {
        return journal.seen(connection, false, Sql.of(connection).query(journal.query()));
      }
    }
    return pool.read(lease -> journal.seen(lease, false, Sql.of(lease).query(journal.query())));
  }

  /** The pool takes the lease away between two statements. */
  private String revoked(Step step) throws SQLException {
    try (WriteLease lease = pool.acquireWriter(HELD_BRIEFLY)) {
      lease.update("INSERT OR REPLACE INTO t VALUES (?, ?)", step.key(), step.value());
      Await.until("the lease is revoked", () -> isOver(lease));
      lease.commit();
      return "ok";
    }
  }

  private static boolean isOver(ReadLease lease) {
    return lease.toString().contains("ended");
  }

  /** The pool takes the lease away in the middle of a statement. */
  private String timedOut(Step step) throws SQLException {
    try (WriteLease lease = pool.acquireWriter(HELD_BRIEFLY)) {
      lease.update(Stops.ENDLESS, step.key(), step.value());
      return "ok";
    }
  }
}
