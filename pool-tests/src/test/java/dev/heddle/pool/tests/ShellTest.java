package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Somebody works on the file with SQLite's command line while the pool is in use. */
class ShellTest extends PoolFixture {

  private static final String INSERT = "INSERT INTO t(v) VALUES ('shell');";
  private static final int WRITERS = 8;
  private static final int ROUNDS = 20;
  private static final long PAUSE_NANOS = 50_000_000;

  /**
   * Threads that write again and again; each failure fails the test at the end. They pause, as
   * requests do: SQLite gives a lock to whoever tries at the right moment, and a shell that tries
   * ten times a second would hardly ever find it free.
   */
  private final class Load implements AutoCloseable {
    private final AtomicLong committed = new AtomicLong();
    private final CountDownLatch underWay = new CountDownLatch(100);
    private final List<Background<?>> threads = new ArrayList<>();
    private volatile boolean over;

    Load(SqlitePool pool) {
      for (int i = 0; i < WRITERS; i++) {
        threads.add(start("writer", () -> write(pool)));
      }
      Await.latch("the pool writes", underWay);
    }

    private Void write(SqlitePool pool) throws SQLException {
      while (!over) {
        insert(pool, "pool");
        committed.incrementAndGet();
        underWay.countDown();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      return null;
    }

    @Override
    public void close() {
      over = true;
      threads.forEach(Background::result);
    }
  }

  private void assertRows(SqlitePool pool, long expected) throws SQLException {
    assertEquals(expected, pool.<Long, SQLException>read(PoolFixture::count));
    assertEquals("ok", Database.ask(file(), "PRAGMA integrity_check"));
  }

  @Test
  void writes_shellWritesMeanwhile_allAreKept() throws Exception {
    SqlitePool pool = open();
    Load load = new Load(pool);
    try (load;
        Shell shell = Shell.open(file())) {
      for (int i = 0; i < ROUNDS; i++) {
        shell.run(INSERT);
      }
    }
    assertRows(pool, load.committed.get() + ROUNDS);
  }

  @Test
  void write_shellHasTheLock_waitsInJavaAndOthersGoOn() throws Exception {
    SqlitePool pool = open(config -> config.busyTimeout(Duration.ofSeconds(15)));
    List<Background<?>> waiting = new ArrayList<>();
    try (Shell shell = Shell.open(file())) {
      shell.run("BEGIN IMMEDIATE;", INSERT);
      for (int i = 0; i < WRITERS; i++) {
        waiting.add(start("waiting", () -> insert(pool, "pool")));
      }
      for (Background<?> writer : waiting) {
        Await.parked(writer.thread());
      }
      Others.start().await();
      assertEquals(List.of(), values(pool), "a reader's rows meanwhile");
      shell.run("COMMIT;");
      waiting.forEach(Background::result);
    }
    assertRows(pool, WRITERS + 1);
  }

  @Test
  void write_shellHasTheLockForTooLong_saysSo() throws Exception {
    SqlitePool pool = open(config -> config.busyTimeout(Duration.ofMillis(50)));
    try (Shell shell = Shell.open(file())) {
      shell.run("BEGIN IMMEDIATE;");
      SQLException failure =
          Expect.sql(SQLTransientConnectionException.class, "08001", () -> insert(pool, "refused"));
      Expect.mentions(failure, "another process", "busy-timeout");
      shell.run("ROLLBACK;");
      insert(pool, "again");
    }
    assertRows(pool, 1);
  }

  @Test
  void backup_byTheShellUnderLoad_isWhole() throws Exception {
    copyUnderLoad(copy -> ".backup '" + copy + "'");
  }

  @Test
  void vacuumInto_byTheShellUnderLoad_isWhole() throws Exception {
    copyUnderLoad(copy -> "VACUUM INTO '" + copy + "';");
  }

  /** How the shell makes a copy. */
  private interface Copying {
    String command(Path copy);
  }

  private void copyUnderLoad(Copying copying) throws Exception {
    SqlitePool pool = open();
    Path copy = folder.resolve("copy.db");
    Load load = new Load(pool);
    long before;
    try (load;
        Shell shell = Shell.open(file())) {
      before = load.committed.get();
      shell.run(copying.command(copy));
    }
    assertRows(pool, load.committed.get());
    assertEquals("ok", Database.ask(copy, "PRAGMA integrity_check"));
    assertEquals(
        "1",
        Database.ask(
            copy,
            "SELECT count(*) BETWEEN %d AND %d FROM t".formatted(before, load.committed.get())));
  }

  @Test
  void snapshot_ofTheShell_staysWhileThePoolCommits() throws Exception {
    SqlitePool pool = open();
    insert(pool, 0);
    try (Shell shell = Shell.open(file())) {
      shell.run("BEGIN;", "SELECT count(*) FROM t;");
      for (int i = 1; i <= 500; i++) {
        insert(pool, i);
      }
      assertEquals(List.of("1"), shell.run("SELECT count(*) FROM t;"));
      assertRows(pool, 501);
      assertEquals(List.of("501"), shell.run("COMMIT;", "SELECT count(*) FROM t;"));
    }
  }

  @Test
  void checkpoint_byTheShellUnderLoad_losesNothing() throws Exception {
    SqlitePool pool = open();
    Load load = new Load(pool);
    try (load;
        Shell shell = Shell.open(file())) {
      for (int i = 0; i < ROUNDS; i++) {
        List<String> answer = shell.run("PRAGMA wal_checkpoint(TRUNCATE);");
        assertEquals(1, answer.size(), () -> "busy, pages, pages moved: " + answer);
      }
    }
    assertRows(pool, load.committed.get());
  }

  @Test
  void schema_changedByTheShellUnderLoad_isSeen() throws Exception {
    SqlitePool pool = open();
    Load load = new Load(pool);
    try (load;
        Shell shell = Shell.open(file())) {
      shell.run("ALTER TABLE t ADD COLUMN w DEFAULT 7;", "CREATE INDEX t_v ON t(v);");
      assertEquals(
          7L,
          pool.<Long, SQLException>read(
              lease ->
                  lease
                      .queryOne("SELECT * FROM t LIMIT 1", row -> row.getLong("w"))
                      .orElseThrow()));
    }
    assertRows(pool, load.committed.get());
  }

  @Test
  void table_droppedByTheShell_isReportedAndComesBack() throws Exception {
    SqlitePool pool = open();
    insert(pool, 1);
    assertFalse(values(pool).isEmpty());
    try (Shell shell = Shell.open(file())) {
      shell.run("DROP TABLE t;");
      Expect.sql(SQLSyntaxErrorException.class, "42000", () -> insert(pool, 2));
      Expect.sql(SQLSyntaxErrorException.class, "42000", () -> values(pool));
      shell.run("CREATE TABLE t(id INTEGER PRIMARY KEY, v);");
    }
    insert(pool, 3);
    assertEquals(List.of(3L), values(pool));
  }

  /** With the write lock, and rows that were never committed. */
  @Test
  void write_shellIsKilledWithTheLock_goesOn() throws Exception {
    SqlitePool pool = open(config -> config.busyTimeout(Duration.ofSeconds(15)));
    Background<Long> waiting;
    try (Shell shell = Shell.open(file())) {
      shell.run("BEGIN IMMEDIATE;", INSERT);
      waiting = start("waiting", () -> insert(pool, "pool"));
      Await.parked(waiting.thread());
    }
    waiting.result();
    assertEquals(List.of("pool"), values(pool));
  }
}
