package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while very many units commit: what it has acknowledged is there. */
@Tag("slow")
class CrashTest {

  private static final int ROUNDS = 15;
  private static final int THREADS = 200;

  @TempDir Path folder;

  @Test
  @Timeout(600)
  void units_processIsKilledAgainAndAgain_whatWasAcknowledgedIsThereAndNothingIsTorn()
      throws Exception {
    Path file = folder.resolve("crash.db");
    Random random = new Random(7);
    Set<Long> acknowledged = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      try (ChildJvm child = ChildJvm.start(Child.class, file, round)) {
        List<String> lines = new ArrayList<>(child.lines(1 + random.nextInt(4000)));
        child.kill();
        // What was on its way in the pipe was acknowledged, too; the last line may be torn.
        lines.addAll(child.rest());
        child.awaitEnd();
        for (String line : lines) {
          if (line.startsWith("<") && line.endsWith(">")) {
            acknowledged.add(Long.valueOf(line.substring(1, line.length() - 1)));
          }
        }
        assertTrue(lines.size() > 0, "the child did nothing");
      }
      assertIntact(file, acknowledged, round);
    }
  }

  private static void assertIntact(Path file, Set<Long> acknowledged, int round)
      throws SQLException {
    try (SqlitePool pool = SqlitePool.open(PoolConfig.builder(file).readers(1).build())) {
      pool.useReader(
          lease -> {
            assertEquals(
                "ok",
                lease.queryOne("PRAGMA integrity_check", row -> row.getString(1)).orElseThrow());
            Set<Long> left = new HashSet<>(lease.query("SELECT id FROM a", row -> row.getLong(1)));
            Set<Long> right = new HashSet<>(lease.query("SELECT id FROM b", row -> row.getLong(1)));
            assertEquals(left, right, "a unit is torn");
            Set<Long> missing = new HashSet<>(acknowledged);
            missing.removeAll(left);
            assertEquals(Set.of(), missing, "acknowledged and lost, in round " + round);
            assertEquals(
                List.of(), lease.query("SELECT id FROM a WHERE id < 0", row -> row.getLong(1)));
          });
    }
  }

  /** The process that is killed. */
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) throws Exception {
      SqlitePool pool =
          SqlitePool.open(
              PoolConfig.builder(Path.of(arguments[0]))
                  .readers(1)
                  .acquireTimeout(Duration.ofMinutes(5))
                  .build());
      pool.useWriter(
          lease ->
              lease.script(
                  "CREATE TABLE IF NOT EXISTS a(id INTEGER PRIMARY KEY, v);"
                      + "CREATE TABLE IF NOT EXISTS b(id INTEGER PRIMARY KEY, v)"));
      AtomicLong ids = new AtomicLong(1_000_000L * (1 + Long.parseLong(arguments[1])));
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        threads.add(Thread.startVirtualThread(() -> work(pool, ids)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }

    private static void work(SqlitePool pool, AtomicLong ids) {
      PrintStream out = System.out;
      try {
        while (true) {
          long id = ids.incrementAndGet();
          if (id % 10 == 0) {
            leave(pool, -id);
          }
          pool.useWriter(LeaseOptions.DEFAULTS, lease -> insert(lease, id));
          synchronized (Child.class) {
            out.println("<" + id + ">");
            out.flush();
          }
        }
      } catch (SQLException e) {
        e.printStackTrace();
        Runtime.getRuntime().halt(1);
      }
    }

    private static void leave(SqlitePool pool, long id) throws SQLException {
      try (WriteLease lease = pool.acquireWriter()) {
        insert(lease, id);
        lease.rollback();
      }
    }

    private static void insert(WriteLease lease, long id) throws SQLException {
      lease.update("INSERT INTO a(id, v) VALUES (?, ?)", id, "x".repeat((int) Math.abs(id % 50)));
      lease.update("INSERT INTO b(id, v) VALUES (?, ?)", id, "y".repeat((int) Math.abs(id % 300)));
    }
  }
}
