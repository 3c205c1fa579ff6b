package dev.heddle.examples;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.Row;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** A list of tasks that any number of threads may change at once. */
public final class TaskTracker {

  /** A task that is still to be done. */
  public record Task(long id, String title) {}

  private final LeasePool pool;

  public TaskTracker(LeasePool pool) throws SQLException {
    this.pool = pool;
    pool.useWriter(
        lease ->
            lease.script(
                """
                CREATE TABLE IF NOT EXISTS tasks(
                  id     INTEGER PRIMARY KEY,
                  title  TEXT NOT NULL,
                  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done')));
                CREATE INDEX IF NOT EXISTS tasks_by_status ON tasks(status);
                """));
  }

  public long add(String title) throws SQLException {
    return pool.write(lease -> lease.insert("INSERT INTO tasks(title) VALUES (?)", title));
  }

  /** True for one caller only, however many try at once. */
  public boolean complete(long id) throws SQLException {
    String sql = "UPDATE tasks SET status = 'done' WHERE id = ? AND status = 'pending'";
    return pool.write(lease -> lease.update(sql, id) == 1);
  }

  public List<Task> pending() throws SQLException {
    String sql = "SELECT id, title FROM tasks WHERE status = 'pending' ORDER BY id";
    return pool.read(lease -> lease.query(sql, row -> row.to(Task.class)));
  }

  /** How many tasks there are of each status. */
  public Map<String, Long> summary() throws SQLException {
    String sql = "SELECT status, count(*) AS tasks FROM tasks GROUP BY status";
    List<Row> rows = pool.read(lease -> lease.query(sql));
    return rows.stream()
        .collect(Collectors.toMap(row -> row.getString("status"), row -> row.getLong("tasks")));
  }

  public static void main(String[] args) throws Exception {
    Path database = Path.of(args.length == 0 ? "tasks.db" : args[0]);
    try (SqlitePool pool = SqlitePool.open(database);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      TaskTracker tracker = new TaskTracker(pool);

      List<Callable<Long>> adding =
          List.of(
              () -> tracker.add("Write the design"),
              () -> tracker.add("Review it"),
              () -> tracker.add("Build it"),
              () -> tracker.add("Ship it"));
      for (var added : threads.invokeAll(adding)) {
        IO.println("Added " + added.get());
      }

      List<Task> pending = tracker.pending();
      List<Callable<Boolean>> completing =
          List.of(
              () -> tracker.complete(pending.get(0).id()),
              () -> tracker.complete(pending.get(1).id()));
      for (var completed : threads.invokeAll(completing)) {
        IO.println("Completed: " + completed.get());
      }

      tracker.pending().forEach(task -> IO.println("Pending: " + task.title()));
      IO.println("Summary: " + tracker.summary());
    }
  }
}
