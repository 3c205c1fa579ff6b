package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files mode=read-only opens, and that it leaves them as they are. */
class ReadOnlyOpeningTest extends PoolFixture {

  private static final String[] WAL = {
    "PRAGMA journal_mode = WAL",
    "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
    "INSERT INTO t(v) VALUES ('kept')"
  };
  private static final String[] ROLLBACK = {
    "CREATE TABLE t(id INTEGER PRIMARY KEY, v)", "INSERT INTO t(v) VALUES ('kept')"
  };

  private static final List<@Nullable Object> KEPT = List.of("kept");

  private static PoolConfig.Builder config(Path path) {
    return PoolConfig.builder(path).readers(2).readOnly();
  }

  private SqlitePool reading(Path path) throws SQLException {
    return opened(SqlitePool.open(config(path).build()));
  }

  private static SQLException cannotOpen(Path path) {
    SQLException failure =
        Expect.sql(
            SQLNonTransientConnectionException.class,
            "08001",
            () -> SqlitePool.open(config(path).build()));
    Expect.mentions(failure, path.toString());
    return failure;
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** A file that the fixture does not look at: what is beside it stays when a reader closes. */
  private Path path() {
    return folder.resolve("read.db");
  }

  @Test
  void open_missingFile_saysSoAndCreatesNothing() throws IOException {
    Expect.mentions(cannotOpen(path()), "no such file", "mode=read-only");
    Expect.mentions(cannotOpen(folder.resolve("no").resolve("a.db")), "no such file");

    assertEquals(List.of(), files());
  }

  @Test
  void open_folder_saysSo() {
    Expect.mentions(cannotOpen(folder), "folder");
  }

  @Test
  void open_device_saysThatItIsNoFile() {
    Expect.mentions(cannotOpen(Path.of("/dev/null")), "regular file");
  }

  @Test
  void open_junk_saysThatItIsNoDatabase() throws IOException {
    Files.writeString(path(), "no database at all".repeat(100));

    SQLException failure =
        assertThrows(SQLException.class, () -> SqlitePool.open(config(path()).build()));

    assertEquals("XX001", failure.getSQLState());
    Expect.mentions(failure, path().toString(), "not a database");
    assertEquals(List.of(), OpenFiles.under(folder));
  }

  @Test
  void open_emptyFile_hasNoTables() throws SQLException, IOException {
    Files.createFile(path());

    SqlitePool pool = reading(path());

    assertEquals(List.of(), pool.read(l -> l.query("SELECT name FROM sqlite_schema")));
    pool.close();
    assertEquals(0, Files.size(path()));
  }

  @Test
  void open_walFileNobodyHasOpen_leavesItAsItWas() throws SQLException, IOException {
    Database.create(path(), WAL);
    byte[] before = Files.readAllBytes(path());

    SqlitePool pool = reading(path());
    assertEquals(KEPT, values(pool));
    pool.close();

    assertArrayEquals(before, Files.readAllBytes(path()));
    assertEquals(List.of(), OpenFiles.under(folder));
  }

  @Test
  void open_rollbackJournal_leavesItSoAndSaysWhatThatMeans() throws SQLException, IOException {
    Database.create(path(), ROLLBACK);
    byte[] before = Files.readAllBytes(path());
    try (Logs logs = Logs.captureInformation()) {
      SqlitePool pool = reading(path());

      assertEquals(KEPT, values(pool));
      assertEquals(1, logs.said("journal_mode=delete").size(), () -> logs.said("") + "");
      assertEquals(List.of(), logs.warnings());
      pool.close();
    }
    assertArrayEquals(before, Files.readAllBytes(path()));
    assertEquals(List.of(path()), files());
  }

  @Test
  void open_walFile_saysNothing() throws SQLException {
    Database.create(path(), WAL);
    try (Logs logs = Logs.captureInformation()) {
      reading(path());

      assertEquals(List.of(), logs.said("journal_mode"));
    }
  }

  @Test
  void read_rollbackJournalLockedByAWriter_waitsForIt() throws SQLException {
    Database.create(path(), ROLLBACK);
    SqlitePool pool = reading(path());
    Background<List<@Nullable Object>> reader;
    try (Database writer = Database.connect(path())) {
      writer.run("BEGIN EXCLUSIVE", "INSERT INTO t(v) VALUES ('new')");
      reader = start("reading", () -> values(pool));
      Await.parked(reader.thread());
      writer.run("COMMIT");
    }

    assertEquals(List.<@Nullable Object>of("kept", "new"), reader.result());
  }

  @Test
  void snapshot_rollbackJournal_keepsAWriterFromCommitting() throws SQLException {
    Database.create(path(), ROLLBACK);
    SqlitePool pool = reading(path());
    try (Database writer = Database.connect(path())) {
      writer.run("PRAGMA busy_timeout = 0");
      try (ReadLease snapshot = pool.acquireSnapshot()) {
        assertEquals(KEPT, values(snapshot));
        SQLException busy =
            assertThrows(SQLException.class, () -> writer.run("INSERT INTO t(v) VALUES (1)"));
        assertEquals(5, busy.getErrorCode() & 0xFF);
      }
      writer.run("INSERT INTO t(v) VALUES (1)");
    }
    assertEquals(List.<@Nullable Object>of("kept", 1L), values(pool));
  }

  @Test
  void open_lockedUntilTheTimeout_saysSo() throws SQLException {
    try (Database writer = Database.connect(path())) {
      writer.run(ROLLBACK).run("BEGIN EXCLUSIVE");

      SQLException failure =
          Expect.sql(
              SQLTransientConnectionException.class,
              "08001",
              () -> SqlitePool.open(config(path()).openTimeout(Duration.ofMillis(50)).build()));

      Expect.mentions(failure, path().toString(), "open-timeout");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "pragma.page_size,8192",
    "reader.pragma.page_size,8192",
    "pragma.auto_vacuum,FULL",
    "pragma.encoding,'''UTF-16'''",
    "pragma.default_cache_size,200",
    "pragma.no_such_pragma,1"
  })
  void open_pragmaThatTheFileDoesNotHave_isRefusedNamingTheKey(String key, String value)
      throws SQLException, IOException {
    Database.create(path(), WAL);
    byte[] before = Files.readAllBytes(path());
    PoolConfig config = config(path()).set(key, value).build();

    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> SqlitePool.open(config));

    Expect.mentions(failure, key, value);
    assertArrayEquals(before, Files.readAllBytes(path()));
    assertEquals(List.of(), OpenFiles.under(folder));
  }

  @ParameterizedTest
  @CsvSource({
    "pragma.page_size,4096",
    "pragma.encoding,'''UTF-8'''",
    "pragma.auto_vacuum,NONE",
    "writer.pragma.page_size,8192",
    "pragma.temp_store,MEMORY"
  })
  void open_pragmaThatChangesNothing_isTaken(String key, String value) throws SQLException {
    Database.create(path(), WAL);

    SqlitePool pool = opened(SqlitePool.open(config(path()).set(key, value).build()));

    assertEquals(KEPT, values(pool));
  }

  /** A transaction that outgrew its cache was cut short: the file has half of it. */
  @Test
  void open_hotJournal_saysThatSomebodyWhoMayWriteHasToRollItBack()
      throws SQLException, IOException {
    Path torn = folder.resolve("torn.db");
    try (Database writer = Database.connect(path())) {
      writer
          .run(ROLLBACK)
          .run(
              "PRAGMA cache_size = 1",
              "BEGIN",
              "UPDATE t SET v = 'torn'",
              "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 300)"
                  + " INSERT INTO t(v) SELECT randomblob(1000) FROM c");
      Files.copy(path(), torn);
      Files.copy(Path.of(path() + "-journal"), Path.of(torn + "-journal"));
    }

    Expect.mentions(cannotOpen(torn), "may write");

    assertEquals(List.of(), OpenFiles.under(folder));
    assertEquals("kept", Database.ask(torn, "SELECT group_concat(v) FROM t"));
    assertEquals(KEPT, values(reading(torn)));
  }

  // Where nothing can be created

  @Test
  @EnabledOnOs(OS.LINUX)
  void open_readOnlyMountRollbackJournal_reads() throws SQLException, IOException {
    try (Mounted mounted = new Mounted()) {
      Database.create(mounted.inside(), ROLLBACK);

      try (SqlitePool pool = SqlitePool.open(config(mounted.outside()).build())) {
        assertEquals(KEPT, values(pool));
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void open_readOnlyMountWalNobodyHasOpen_saysWhatToDo() throws SQLException, IOException {
    try (Mounted mounted = new Mounted()) {
      Database.create(mounted.inside(), WAL);

      SQLException failure = cannotOpen(mounted.outside());

      Expect.mentions(failure, "-wal", "-shm", "journal_mode = DELETE");
      assertEquals(14, failure.getErrorCode() & 0xFF);
      assertEquals(List.of(), OpenFiles.under(folder));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void open_folderThatMayNotBeWrittenAndNoShm_saysWhatToDo() throws SQLException, IOException {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Path path = closed.resolve("a.db");
    Database.create(path, WAL);
    try (var _ = Root.immutable(closed)) {
      Expect.mentions(cannotOpen(path), "-shm", "journal_mode = DELETE");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void read_readOnlyMountAndAPoolThatWritesOnTheOtherSide_seesItsCommits()
      throws SQLException, IOException {
    try (Mounted mounted = new Mounted()) {
      Database.create(mounted.inside(), WAL);
      try (SqlitePool writing = SqlitePool.open(mounted.inside());
          SqlitePool reading = SqlitePool.open(config(mounted.outside()).build())) {
        insert(writing, 1);
        assertEquals(List.<@Nullable Object>of("kept", 1L), values(reading));
        insert(writing, 2);
        assertEquals(List.<@Nullable Object>of("kept", 1L, 2L), values(reading));
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void read_readOnlyMountAndAnotherJvmIsKilled_goesOnWithWhatWasCommitted() throws Exception {
    try (Mounted mounted = new Mounted()) {
      Database.create(mounted.inside(), WAL);
      try (ChildJvm child = ChildJvm.start(Writer.class, mounted.inside()).killedWhenItHangs()) {
        assertEquals(List.of("1"), child.said(1));
        try (SqlitePool reading = SqlitePool.open(config(mounted.outside()).build())) {
          assertEquals(List.<@Nullable Object>of("kept", 1L), values(reading));
          child.tell("go on");
          assertEquals(List.of("2"), child.said(1));
          assertEquals(List.<@Nullable Object>of("kept", 1L, 2L), values(reading));

          child.kill();
          child.awaitEnd();

          assertEquals(List.<@Nullable Object>of("kept", 1L, 2L), values(reading));
        }
        try (SqlitePool reading = SqlitePool.open(config(mounted.outside()).build())) {
          assertEquals(List.<@Nullable Object>of("kept", 1L, 2L), values(reading));
        }
      }
    }
  }

  /** Another JVM: inserts a row for each line that it is told, and one before. */
  public static final class Writer {

    private Writer() {}

    public static void main(String[] arguments) throws SQLException, IOException {
      SqlitePool pool = SqlitePool.open(Path.of(arguments[0]));
      for (int i = 1; ; i++) {
        insert(pool, i);
        ChildJvm.say(i + "");
        if (System.in.read() < 0) {
          return;
        }
        System.in.skipNBytes(System.in.available());
      }
    }
  }

  /** A folder that can be written, and is mounted read-only in another place. */
  private final class Mounted implements AutoCloseable {

    private final Path writable = Files.createDirectory(folder.resolve("writable"));
    private final Path readOnly = Files.createDirectory(folder.resolve("read-only"));
    private final Root.Mount mount = Root.readOnly(writable, readOnly);

    Mounted() throws IOException {}

    Path inside() {
      return writable.resolve("a.db");
    }

    Path outside() {
      return readOnly.resolve("a.db");
    }

    @Override
    public void close() throws IOException {
      mount.close();
    }
  }
}
