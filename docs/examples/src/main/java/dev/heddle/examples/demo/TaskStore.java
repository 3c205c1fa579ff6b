package dev.heddle.examples.demo;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.util.List;

/**
 * The tasks of many owners, and how many each has: every unit changes both tables. It notes how
 * long each lease was waited for.
 */
final class TaskStore {

  /** What an owner has. */
  record Summary(long added, long done) {
    static final Summary NONE = new Summary(0, 0);
  }

  private static final int PAGE = 10;

  private final LeasePool pool;
  final Histogram readerWaits = new Histogram();
  final Histogram writerWaits = new Histogram();

  TaskStore(LeasePool pool) throws SQLException {
    this.pool = pool;
    pool.useWriter(
        lease ->
            lease.script(
                """
                CREATE TABLE tasks(
                  id     INTEGER PRIMARY KEY,
                  owner  INTEGER NOT NULL,
                  title  TEXT NOT NULL,
                  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done')));
                CREATE INDEX tasks_by_owner ON tasks(owner, status);
                CREATE INDEX tasks_pending ON tasks(id) WHERE status = 'pending';
                CREATE TABLE owners(
                  owner INTEGER PRIMARY KEY, added INTEGER NOT NULL, done INTEGER NOT NULL);
                """));
  }

  /** Gives the id of the new task; if it is not to be kept, the unit is rolled back. */
  long add(int owner, boolean keep) throws SQLException {
    try (WriteLease lease = writer()) {
      long id =
          lease.insert(
              "INSERT INTO tasks(owner, title) VALUES (?, ?)", owner, "a task of owner " + owner);
      lease.update(
          """
          INSERT INTO owners(owner, added, done) VALUES (?, 1, 0)
          ON CONFLICT(owner) DO UPDATE SET added = added + 1\
          """,
          owner);
      end(lease, keep);
      return id;
    }
  }

  void complete(int owner, long id, boolean keep) throws SQLException {
    try (WriteLease lease = writer()) {
      long tasks =
          lease.update("UPDATE tasks SET status = 'done' WHERE id = ? AND status = 'pending'", id);
      if (tasks != 1) {
        lease.rollback();
        throw new IllegalStateException("task " + id + " was added, and is not pending");
      }
      lease.update("UPDATE owners SET done = done + 1 WHERE owner = ?", owner);
      end(lease, keep);
    }
  }

  private static void end(WriteLease lease, boolean keep) throws SQLException {
    if (keep) {
      lease.commit();
    } else {
      lease.rollback();
    }
  }

  /** A page of tasks that are to be done, after a certain one. */
  List<Row> pendingAfter(long id) throws SQLException {
    try (ReadLease lease = reader()) {
      return lease.query(
          "SELECT id, title FROM tasks WHERE status = 'pending' AND id > ? ORDER BY id LIMIT ?",
          id,
          PAGE);
    }
  }

  Summary summary(int owner) throws SQLException {
    try (ReadLease lease = reader()) {
      return summary(lease, owner);
    }
  }

  /** Whether, in one snapshot, an owner's summary agrees with the owner's tasks. */
  boolean agrees(int owner) throws SQLException {
    long start = System.nanoTime();
    try (ReadLease lease = pool.acquireSnapshot()) {
      readerWaits.record(System.nanoTime() - start);
      Summary counted =
          lease
              .queryOne(
                  """
                  SELECT count(*) AS added, count(*) FILTER (WHERE status = 'done') AS done
                  FROM tasks WHERE owner = ?\
                  """,
                  row -> row.to(Summary.class),
                  owner)
              .orElseThrow();
      return counted.equals(summary(lease, owner));
    }
  }

  private static Summary summary(ReadLease lease, int owner) throws SQLException {
    return lease
        .queryOne(
            "SELECT added, done FROM owners WHERE owner = ?", row -> row.to(Summary.class), owner)
        .orElse(Summary.NONE);
  }

  private ReadLease reader() throws SQLException {
    long start = System.nanoTime();
    ReadLease lease = pool.acquireReader();
    readerWaits.record(System.nanoTime() - start);
    return lease;
  }

  private WriteLease writer() throws SQLException {
    long start = System.nanoTime();
    WriteLease lease = pool.acquireWriter();
    writerWaits.record(System.nanoTime() - start);
    return lease;
  }
}
