package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.config.Draft;
import dev.heddle.pool.internal.config.Option;
import dev.heddle.pool.internal.config.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver's native loop: it ends when it is to, and not only when it has copied all. */
class BackupCopyTest {

  @TempDir private Path folder;

  private final AtomicInteger steps = new AtomicInteger();
  private Connection other;

  @BeforeEach
  void createDatabase() throws SQLException {
    other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.db"));
    execute("PRAGMA journal_mode = WAL");
    execute("CREATE TABLE t(v)");
    execute("INSERT INTO t VALUES (randomblob(20000000))");
  }

  @AfterEach
  void close() throws SQLException {
    other.close();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = other.createStatement()) {
      statement.execute(sql);
    }
  }

  private BackupCopy copy(BackupCopy.Watcher watcher) throws SQLException {
    Draft draft = new Draft();
    draft.set(Option.DATABASE, folder.resolve("a.db").toString(), Origin.call("test"));
    WatchedFile watched = new WatchedFile("test", folder.resolve("a.db"));
    return new BackupSource(draft.settings(), watched)
        .copyTo(folder.resolve("copy.db"), 0, watcher);
  }

  @Test
  void run_nobodyEndsIt_takesManySteps() throws SQLException {
    try (BackupCopy copy = copy((pages, total) -> steps.incrementAndGet())) {
      assertTrue(copy.run());
    }
    assertTrue(steps.get() > 10, () -> "steps: " + steps);
  }

  @Test
  void run_endedAfterAStep_takesNoOther() throws SQLException {
    AtomicReference<BackupCopy> ended = new AtomicReference<>();
    try (BackupCopy copy =
        copy(
            (pages, total) -> {
              steps.incrementAndGet();
              ended.get().end();
            })) {
      ended.set(copy);
      assertFalse(copy.run());
    }
    assertEquals(1, steps.get());
    assertFalse(Files.exists(folder.resolve("copy.db.part")));
    execute("INSERT INTO t VALUES (1)"); // the lock that it took is free again
  }

  @Test
  void run_watcherThrows_endsAndSaysWhy() throws SQLException {
    try (BackupCopy copy =
        copy(
            (pages, total) -> {
              steps.incrementAndGet();
              throw new IllegalStateException("of the watcher");
            })) {
      SQLException failure = assertThrows(SQLException.class, copy::run);
      assertTrue(String.valueOf(failure.getMessage()).contains("of the watcher"));
    }
    assertEquals(1, steps.get());
    assertFalse(Files.exists(folder.resolve("copy.db.part")));
  }
}
