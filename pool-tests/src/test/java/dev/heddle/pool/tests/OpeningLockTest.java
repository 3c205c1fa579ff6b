package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Another program on the same file. */
class OpeningLockTest extends PoolFixture {

  private PoolConfig config(Duration openTimeout) {
    return PoolConfig.builder(file()).readers(1).openTimeout(openTimeout).build();
  }

  /** A file in rollback mode, locked against everybody. */
  private Database lockedFile() throws SQLException {
    return Database.connect(file())
        .run("CREATE TABLE t(id INTEGER PRIMARY KEY, v)", "BEGIN EXCLUSIVE");
  }

  /** A file in WAL mode that one connection keeps for itself. */
  private Database ownedWal() throws SQLException {
    return Database.connect(file())
        .run(
            "PRAGMA locking_mode = EXCLUSIVE",
            "PRAGMA journal_mode = WAL",
            "CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
  }

  @Test
  void open_lockedUntilTheTimeout_saysSo() throws SQLException {
    try (var _ = lockedFile()) {
      SQLException failure =
          Expect.sql(
              SQLTransientConnectionException.class,
              "08001",
              () -> SqlitePool.open(config(Duration.ofMillis(50))));

      Expect.mentions(failure, file().toString(), "open-timeout", "another process");
      assertEquals(5, failure.getErrorCode() & 0xFF);
    }
    assertEquals("0", Database.ask(file(), "SELECT count(*) FROM t"));
  }

  @Test
  void open_walKeptByAnotherUntilTheTimeout_saysSo() throws SQLException {
    try (var _ = ownedWal()) {
      SQLException failure =
          Expect.sql(
              SQLTransientConnectionException.class,
              "08001",
              () -> SqlitePool.open(config(Duration.ofMillis(50))));

      Expect.mentions(failure, "open-timeout");
    }
  }

  @Test
  void open_lockIsReleased_goesOn() throws SQLException {
    Background<SqlitePool> opening;
    try (var _ = lockedFile()) {
      opening = start("opening", () -> SqlitePool.open(config(Duration.ofSeconds(20))));
      Await.parked(opening.thread());
    }

    SqlitePool pool = opening.result();

    assertTrue(pool != null);
    opened(pool);
    insert(pool, "fine");
    assertEquals(List.of("fine"), values(pool));
  }

  @Test
  void open_interruptedWhileItWaits_failsAndKeepsTheFlag() throws SQLException {
    try (var _ = lockedFile()) {
      Background<SqlitePool> opening =
          start("opening", () -> SqlitePool.open(config(Duration.ofSeconds(20))));
      Await.parked(opening.thread());

      opening.thread().interrupt();

      SQLException failure = opening.failure(SQLException.class);
      assertEquals("57014", failure.getSQLState(), failure::toString);
      assertTrue(opening.interruptedAtEnd());
    }
  }

  @Test
  void write_anotherProgramHasTheLockUntilTheTimeout_saysSo() throws SQLException {
    SqlitePool pool = open(config -> config.busyTimeout(Duration.ofMillis(50)));
    try (Database other = Database.connect(file()).run("BEGIN IMMEDIATE");
        WriteLease lease = pool.acquireWriter()) {
      SQLException failure =
          Expect.sql(
              SQLTransientConnectionException.class,
              "08001",
              () -> lease.update("INSERT INTO t(v) VALUES (1)"));

      Expect.mentions(failure, "busy-timeout", "another process");
      assertEquals(5, failure.getErrorCode() & 0xFF);
      other.run("ROLLBACK");
      lease.update("INSERT INTO t(v) VALUES (2)");
      lease.commit();
    }
    assertEquals(List.of(2L), values(pool));
  }

  @Test
  void write_anotherProgramReleasesTheLock_goesOn() throws SQLException {
    SqlitePool pool = open();
    Background<Long> writing;
    try (var _ = Database.connect(file()).run("BEGIN IMMEDIATE")) {
      writing = start("writing", () -> insert(pool, "patient"));
      Await.parked(writing.thread());
    }

    assertEquals(1L, writing.result());
    assertEquals(List.of("patient"), values(pool));
  }

  @Test
  void write_interruptedWhileAnotherProgramHasTheLock_failsAndKeepsTheFlag() throws SQLException {
    SqlitePool pool = open();
    try (var _ = Database.connect(file()).run("BEGIN IMMEDIATE")) {
      Background<Long> writing = start("writing", () -> insert(pool, "hasty"));
      Await.parked(writing.thread());

      writing.thread().interrupt();

      Expect.interrupted(writing.failure(SQLException.class));
      assertTrue(writing.interruptedAtEnd());
    }
    assertEquals(List.of(), values(pool));
  }

  @Test
  void read_anotherProgramWrites_isNotHeldUp() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    try (Database other = Database.connect(file())) {
      other.run("BEGIN IMMEDIATE", "INSERT INTO t(v) VALUES (2)");
      assertEquals(List.of(1L), values(pool));

      other.run("COMMIT");

      assertEquals(List.of(1L, 2L), values(pool));
    }
  }

  /** Its statistics can wait; it must neither fail for that, nor alarm anybody. */
  @Test
  void open_anotherProgramWrites_opensWithoutAWarning() throws SQLException {
    open().close();
    try (Database other = Database.connect(file()).run("BEGIN IMMEDIATE");
        Logs logs = Logs.capture()) {
      SqlitePool pool = opened(SqlitePool.open(file()));
      assertEquals(List.of(), logs.warnings());
      other.run("ROLLBACK");
      assertEquals(List.of(), values(pool));
    }
  }
}
