package dev.heddle.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The check must find what it looks for. */
class AuditTest {

  private static final String A_PENDING_ONE =
      " WHERE id = (SELECT min(id) FROM tasks WHERE status = 'pending')";

  private SqlitePool pool;
  private Load load;

  @BeforeEach
  void runLoad() throws Exception {
    pool = SqlitePool.ephemeral();
    load = new Load(pool);
    PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    load.run(300, Duration.ZERO, Duration.ofSeconds(1), new Progress(silent));
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void audit_untouchedFile_passes() throws SQLException {
    assertTrue(new Audit(pool, load).passed());
    assertTrue(load.tally().commits.sum() > 0);
  }

  @Test
  void audit_acknowledgedTaskMissing_tellsSo() throws SQLException {
    pool.useWriter(lease -> lease.update("DELETE FROM tasks" + A_PENDING_ONE));
    assertEquals(
        List.of("tasks added", "sum of all ids", "threads whose own figures differ"), failed());
  }

  @Test
  void audit_taskThatNobodyWasToldOf_tellsSo() throws SQLException {
    pool.useWriter(
        lease -> lease.insert("INSERT INTO tasks(owner, title) VALUES (1000, 'a ghost')"));
    assertEquals(
        List.of("tasks added", "sum of all ids", "threads whose own figures differ"), failed());
  }

  @Test
  void audit_taskGoneToAnotherOwner_tellsSo() throws SQLException {
    pool.useWriter(lease -> lease.update("UPDATE tasks SET owner = owner + 1" + A_PENDING_ONE));
    assertEquals(List.of("threads whose own figures differ"), failed());
  }

  @Test
  void audit_completionThatNobodyWasToldOf_tellsSo() throws SQLException {
    pool.useWriter(lease -> lease.update("UPDATE tasks SET status = 'done'" + A_PENDING_ONE));
    assertEquals(
        List.of("tasks completed", "sum of completed ids", "threads whose own figures differ"),
        failed());
  }

  private List<String> failed() throws SQLException {
    return new Audit(pool, load)
        .checks().stream().filter(check -> !check.passed()).map(Audit.Check::what).toList();
  }
}
