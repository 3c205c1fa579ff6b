package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Somebody deletes, renames or replaces the database file under the pool: what is committed from
 * then on goes to a file that nobody finds any more.
 */
@Timeout(90)
class FileGoneTest {

  private static final String CREATE = "CREATE TABLE t(id INTEGER PRIMARY KEY, v)";

  /** What becomes of the file. */
  enum Fate {
    DELETED {
      @Override
      void of(Path file) throws IOException {
        Files.delete(file);
      }
    },
    RENAMED {
      @Override
      void of(Path file) throws IOException {
        Files.move(file, file.resolveSibling("elsewhere.db"));
      }
    },
    REPLACED {
      @Override
      void of(Path file) throws IOException, SQLException {
        Path other = file.resolveSibling("other.db");
        Database.create(other, CREATE, "INSERT INTO t(v) VALUES ('of the other')");
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      }
    };

    abstract void of(Path file) throws IOException, SQLException;
  }

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("gone.db");
  }

  private SqlitePool open() throws SQLException {
    SqlitePool pool = SqlitePool.open(PoolConfig.builder(file()).readers(1).build());
    pool.useWriter(lease -> lease.update(CREATE));
    PoolFixture.insert(pool, "before");
    return pool;
  }

  private void requireRefused(SqlitePool pool) {
    SQLException failure =
        Expect.sql(SQLException.class, "08001", () -> PoolFixture.insert(pool, "lost"));
    Expect.mentions(failure, file().toString());
  }

  @Test
  void isHealthy_nothingHappened_saysSoEachTime() throws SQLException {
    try (Logs logs = Logs.capture();
        SqlitePool pool = open()) {
      assertTrue(pool.isHealthy());
      PoolFixture.insert(pool, "between");
      assertTrue(pool.isHealthy());
      assertEquals(List.of(), logs.warnings());
    }
  }

  @ParameterizedTest
  @EnumSource(Fate.class)
  void isHealthy_fileIsGone_isNotAndSaysWhyOnce(Fate fate) throws Exception {
    try (Logs logs = Logs.capture();
        SqlitePool pool = open()) {
      fate.of(file());

      assertFalse(pool.isHealthy());
      assertFalse(pool.isHealthy());

      assertEquals(1, logs.warnings(file().toString()).size(), () -> logs.warnings() + "");
      requireRefused(pool);
    }
  }

  @ParameterizedTest
  @EnumSource(Fate.class)
  void write_fileIsGoneAndNobodyAsks_isRefusedSoonAfterwards(Fate fate) throws Exception {
    try (Logs logs = Logs.capture();
        SqlitePool pool = open()) {
      fate.of(file());

      Await.until("a commit is refused", () -> isRefused(pool));

      requireRefused(pool);
      Await.until("it is logged", () -> !logs.warnings(file().toString()).isEmpty());
      assertFalse(pool.isHealthy());
      assertEquals(1, logs.warnings(file().toString()).size(), () -> logs.warnings() + "");
    }
  }

  /** Some commits may still take place: nobody looks each time. */
  private static boolean isRefused(SqlitePool pool) {
    try {
      PoolFixture.insert(pool, "may be lost");
      return false;
    } catch (SQLException e) {
      assertEquals("08001", e.getSQLState(), e::toString);
      return true;
    }
  }

  /** A unit that has begun before the file went. */
  @Test
  void commit_fileWentMeanwhile_nextOneIsRefused() throws Exception {
    try (SqlitePool pool = open()) {
      try (var lease = pool.acquireWriter()) {
        lease.update("INSERT INTO t(v) VALUES (1)");
        Files.delete(file());
        assertFalse(pool.isHealthy());
        lease.rollback();
      }
      requireRefused(pool);
    }
  }

  @Test
  void close_fileWasReplaced_leavesTheOtherAsItWas() throws Exception {
    byte[] other;
    try (SqlitePool pool = open()) {
      Fate.REPLACED.of(file());
      other = Files.readAllBytes(file());
      PoolFixture.insert(pool, "into the file that is gone");
    }
    assertArrayEquals(other, Files.readAllBytes(file()));
  }

  /** SQLite would take the WAL that is there for one of the other file. */
  @Test
  void write_fileWasReplaced_leavesTheOtherAsItWas() throws Exception {
    try (SqlitePool pool = open()) {
      Fate.REPLACED.of(file());
      byte[] other = Files.readAllBytes(file());
      assertFalse(pool.isHealthy());
      for (int i = 0; i < 3; i++) {
        requireRefused(pool);
      }
      try (Connection sticky = pool.dataSource().getConnection();
          Statement statement = sticky.createStatement()) {
        statement.execute("PRAGMA cache_size = 77"); // its connection is to be replaced
      } catch (SQLException e) {
        assertEquals("08001", e.getSQLState(), e::toString);
      }
      Expect.sql(
          SQLException.class, "08001", () -> pool.maintenance().backup(folder.resolve("copy.db")));
      assertArrayEquals(other, Files.readAllBytes(file()));
    }
  }

  @Test
  void write_fileIsBack_isDoneAgain() throws Exception {
    try (SqlitePool pool = open()) {
      Fate.RENAMED.of(file());
      assertFalse(pool.isHealthy());
      requireRefused(pool);

      Files.move(file().resolveSibling("elsewhere.db"), file());

      PoolFixture.insert(pool, "after");
      assertTrue(pool.isHealthy());
      assertEquals(List.of("before", "after"), PoolFixture.values(pool));
    }
  }

  @Test
  void open_afterTheFileWasDeleted_beginsAnew() throws Exception {
    try (SqlitePool pool = open()) {
      Fate.DELETED.of(file());
      assertFalse(pool.isHealthy());
    }
    Files.deleteIfExists(Path.of(file() + "-wal"));
    Files.deleteIfExists(Path.of(file() + "-shm"));
    try (SqlitePool pool = open()) {
      assertTrue(pool.isHealthy());
      assertEquals(List.of("before"), PoolFixture.values(pool));
    }
  }
}
