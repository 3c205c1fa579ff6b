package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.Maintenance.BackupOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups: what is in them, and that nothing else is ever left. */
class BackupTest extends PoolFixture {

  private static final long MIB = 1 << 20;

  /** So slow that a backup of {@link #openLarge} takes minutes. */
  private static final BackupOptions SLOWLY = BackupOptions.DEFAULTS.withBytesPerSecond(100_000);

  private Path target() {
    return folder.resolve("backup.db");
  }

  /** With a table of some ten MiB besides. */
  private SqlitePool openLarge() throws SQLException {
    return openLarge(config -> config);
  }

  private SqlitePool openLarge(UnaryOperator<PoolConfig.Builder> change) throws SQLException {
    SqlitePool pool = open(change);
    pool.useWriter(lease -> lease.update("CREATE TABLE large(id INTEGER PRIMARY KEY, v)"));
    pool.useWriter(
        lease ->
            lease.update(
                "INSERT INTO large(v) WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1"
                    + " FROM c WHERE n < 10) SELECT randomblob(?) FROM c",
                MIB));
    return pool;
  }

  /** A backup that copies, and takes minutes. */
  private Background<@Nullable Void> startSlowly(SqlitePool pool) {
    CountDownLatch copying = new CountDownLatch(1);
    Background<@Nullable Void> backup =
        start(
            "backup",
            () -> {
              BackupOptions options = SLOWLY.withProgress((pages, total) -> copying.countDown());
              pool.maintenance().backup(target(), options);
              return null;
            });
    Await.latch("pages are copied", copying);
    return backup;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).filter(this::isOfBackup).toList();
    }
  }

  private List<Path> openFilesOfBackup() {
    return OpenFiles.under(folder).stream()
        .filter(file -> isOfBackup(file.getFileName().toString()))
        .toList();
  }

  private boolean isOfBackup(String name) {
    return !name.startsWith("test.db");
  }

  // What is in it

  @Test
  void backup_whileThePoolIsOpen_holdsWhatIsCommitted() throws SQLException {
    SqlitePool pool = open();
    insert(pool, "before");
    pool.maintenance().backup(target());
    insert(pool, "after");
    assertEquals("before", Database.ask(target(), "SELECT group_concat(v) FROM t"));
    assertEquals("ok", Database.ask(target(), "PRAGMA integrity_check"));
  }

  @Test
  void backup_ofWorkThatIsNotCommitted_lacksIt() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.insert("INSERT INTO t(v) VALUES ('open')");
      start(
              "backup",
              () -> {
                pool.maintenance().backup(target());
                return null;
              })
          .result();
      lease.commit();
    }
    assertEquals("0", Database.ask(target(), "SELECT count(*) FROM t"));
  }

  @Test
  void backup_commitsMeanwhile_holdsNoneOfThemAndIsNotBegunAgain() throws SQLException {
    SqlitePool pool = openLarge();
    List<Long> copied = new ArrayList<>();
    BackupOptions options =
        BackupOptions.DEFAULTS
            .withBytesPerSecond(100 * MIB)
            .withProgress(
                (pages, total) -> {
                  copied.add(pages);
                  insertUnchecked(pool);
                });
    pool.maintenance().backup(target(), options);
    assertEquals(copied.stream().sorted().toList(), copied);
    assertTrue(copied.size() > 1, () -> "told of " + copied);
    assertEquals("0", Database.ask(target(), "SELECT count(*) FROM t"));
    assertEquals(copied.size(), values(pool).size());
  }

  private static void insertUnchecked(SqlitePool pool) {
    try {
      insert(pool, 1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void backup_ofAFileWithPropertiesOfItsOwn_hasThem() throws SQLException {
    Database.create(
        file(),
        "PRAGMA page_size = 8192",
        "PRAGMA auto_vacuum = INCREMENTAL",
        "PRAGMA encoding = 'UTF-16be'",
        "PRAGMA application_id = 77",
        "PRAGMA user_version = 5",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
    SqlitePool pool = open();
    insert(pool, "ünï☃");
    pool.maintenance().backup(target());
    try (Database backup = Database.connect(target())) {
      assertEquals("8192", backup.ask("PRAGMA page_size"));
      assertEquals("2", backup.ask("PRAGMA auto_vacuum"));
      assertEquals("UTF-16be", backup.ask("PRAGMA encoding"));
      assertEquals("77", backup.ask("PRAGMA application_id"));
      assertEquals("5", backup.ask("PRAGMA user_version"));
      assertEquals("ünï☃", backup.ask("SELECT v FROM t"));
    }
  }

  @Test
  void backup_openedByAPool_isAsAnyDatabase() throws SQLException, IOException {
    SqlitePool pool = open();
    insert(pool, 1);
    pool.maintenance().backup(target());
    assertEquals(List.of("backup.db"), files());
    try (SqlitePool copy = SqlitePool.open(target())) {
      insert(copy, 2);
      assertEquals(List.of(1L, 2L), values(copy));
    }
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void backup_ofAnEmptyDatabase_isOne() throws SQLException {
    SqlitePool pool = opened(SqlitePool.open(file()));
    pool.maintenance().backup(target());
    assertEquals("0", Database.ask(target(), "SELECT count(*) FROM sqlite_schema"));
  }

  @Test
  void backup_schemaNeedsWhatOnConnectBrings_worksWithoutIt() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease -> lease.update("CREATE TABLE checked(v CHECK (reached() = 1))")); // of the fixture
    pool.maintenance().backup(target());
    assertEquals("0", Database.ask(target(), "SELECT count(*) FROM t"));
  }

  // Its file

  @ParameterizedTest
  @ValueSource(
      strings = {"a b.db", "per%20cent.db", "hash#.db", "quote'.db", "ünï☃.db", "semi;&=.db"})
  void backup_toAnyFileName_isThere(String name) throws SQLException, IOException {
    requireBackupTo(name);
  }

  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no file can have such a name there")
  @ParameterizedTest
  @ValueSource(
      strings = {"what?mode=memory.db", "file:x.db", "a\"b.db", "back\\slash.db", ":memory:"})
  void backup_toAFileNameThatSqliteWouldTakeForSomethingElse_isThere(String name)
      throws SQLException, IOException {
    requireBackupTo(name);
  }

  private void requireBackupTo(String name) throws SQLException, IOException {
    SqlitePool pool = open();
    insert(pool, 1);
    pool.maintenance().backup(folder.resolve(name));
    assertEquals(List.of(name), files());
    assertEquals("1", Database.ask(folder.resolve(name), "SELECT count(*) FROM t"));
  }

  @EnabledOnOs({OS.LINUX, OS.MAC})
  @ParameterizedTest
  @CsvSource({"owner, rw-------", "group, rw-rw----"})
  void backup_filePermissions_areThoseOfThePool(String option, String expected)
      throws SQLException, IOException {
    SqlitePool pool = openLarge(config -> config.filePermissions(option));
    Background<@Nullable Void> slow = startSlowly(pool);
    String ofThePart = permissions(folder.resolve("backup.db.part"));
    slow.thread().interrupt();
    Expect.interrupted(slow.failure(SQLException.class));
    assertEquals(expected, ofThePart);
    pool.maintenance().backup(target());
    assertEquals(expected, permissions(target()));
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void backup_targetExists_isRefusedAndLeavesIt() throws SQLException, IOException {
    SqlitePool pool = open();
    Files.writeString(target(), "precious");
    SQLException failure =
        Expect.sql(
            SQLNonTransientException.class, "58P02", () -> pool.maintenance().backup(target()));
    Expect.mentions(failure, "backup.db", "exists");
    assertEquals("precious", Files.readString(target()));
    assertEquals(List.of("backup.db"), files());
  }

  @Test
  void backup_targetComesToBeMeanwhile_isNotOverwritten() throws SQLException, IOException {
    SqlitePool pool = openLarge();
    BackupOptions options =
        BackupOptions.DEFAULTS
            .withBytesPerSecond(50 * MIB)
            .withProgress((pages, total) -> writeUnchecked(target()));
    Expect.sql(
        SQLNonTransientException.class,
        "58P02",
        () -> pool.maintenance().backup(target(), options));
    assertEquals("precious", Files.readString(target()));
    assertEquals(List.of("backup.db"), files());
  }

  private static void writeUnchecked(Path file) {
    try {
      Files.writeString(file, "precious");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-wal", "-journal"})
  void backup_aForeignLogLiesThere_isRefusedSinceItWouldBeTakenForTheBackups(String suffix)
      throws SQLException, IOException {
    SqlitePool pool = open();
    Path left = folder.resolve("backup.db" + suffix);
    Files.writeString(left, "of another database");
    SQLException failure =
        Expect.sql(
            SQLNonTransientException.class, "58P02", () -> pool.maintenance().backup(target()));
    Expect.mentions(failure, "backup.db" + suffix);
    assertEquals(List.of(left.getFileName().toString()), files());
  }

  @Test
  void backup_aPartOfABackupThatCrashedLiesThere_isReplaced() throws SQLException, IOException {
    SqlitePool pool = open();
    Files.writeString(folder.resolve("backup.db.part"), "half of it");
    Files.writeString(folder.resolve("backup.db.part-journal"), "its journal");
    pool.maintenance().backup(target());
    assertEquals("ok", Database.ask(target(), "PRAGMA integrity_check"));
    assertEquals(List.of("backup.db"), files());
  }

  @Test
  void backup_toAFolderThatIsNotThere_saysSo() throws SQLException {
    SqlitePool pool = open();
    SQLException failure =
        Expect.sql(
            SQLNonTransientException.class,
            "58030",
            () -> pool.maintenance().backup(folder.resolve("nowhere").resolve("backup.db")));
    Expect.mentions(failure, "nowhere", "no such folder");
  }

  @Test
  void backup_diskIsFull_failsAndLeavesNothing() throws SQLException, IOException {
    SqlitePool pool = openLarge();
    Path mounted = Files.createDirectory(folder.resolve("full"));
    try (var _ = Root.tmpfs(mounted, "1m")) {
      Expect.sql(
          SQLNonTransientException.class,
          "53100",
          () -> pool.maintenance().backup(mounted.resolve("backup.db")));
      try (Stream<Path> left = Files.list(mounted)) {
        assertEquals(List.of(), left.toList());
      }
    }
    insert(pool, "the pool is not affected");
  }

  @Test
  void backup_twoToTheSameFile_secondIsRefused() throws SQLException, IOException {
    SqlitePool pool = openLarge();
    Background<@Nullable Void> first = startSlowly(pool);
    SQLException failure =
        Expect.sql(
            SQLNonTransientException.class, "58P02", () -> pool.maintenance().backup(target()));
    Expect.mentions(failure, "in the making");
    first.thread().interrupt();
    Expect.interrupted(first.failure(SQLException.class));
    assertEquals(List.of(), files());
    pool.maintenance().backup(target()); // nothing of the first is in its way
    assertEquals(List.of("backup.db"), files());
  }

  // How it ends early

  @Test
  void backup_interrupted_endsSoonAndLeavesNothing() throws SQLException, IOException {
    SqlitePool pool = openLarge();
    Background<@Nullable Void> backup = startSlowly(pool);
    backup.thread().interrupt();
    Expect.interrupted(backup.failure(SQLException.class));
    assertTrue(backup.interruptedAtEnd());
    assertEquals(List.of(), files());
    assertEquals(List.of(), openFilesOfBackup());
    insert(pool, "the writer's lock is free");
  }

  @Test
  void backup_interruptedWhileSomebodyWrites_leavesNothingAtOnce()
      throws SQLException, IOException {
    SqlitePool pool = openLarge();
    Background<@Nullable Void> backup = startSlowly(pool);
    try (WriteLease lease = pool.acquireWriter()) {
      lease.insert("INSERT INTO t(v) VALUES (1)"); // has the lock that it takes to end the copying
      backup.thread().interrupt();
      Expect.interrupted(backup.failure(SQLException.class));
      assertEquals(List.of(), files());
      lease.commit();
    }
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void backup_interruptedOfAFileThatCanOnlyBeRead_leavesNothing() throws SQLException, IOException {
    SqlitePool pool = openLarge();
    try (var _ = Root.immutable(file())) { // so that nobody can have its write lock
      Background<@Nullable Void> backup = startSlowly(pool);
      backup.thread().interrupt();
      Expect.interrupted(backup.failure(SQLException.class));
      assertEquals(List.of(), files());
      assertEquals(List.of(), openFilesOfBackup());
    }
  }

  @Test
  void backup_threadIsInterruptedBefore_doesNotBegin() throws SQLException, IOException {
    SqlitePool pool = open();
    Background<@Nullable Void> backup =
        start(
            "backup",
            () -> {
              Thread.currentThread().interrupt();
              pool.maintenance().backup(target());
              return null;
            });
    Expect.interrupted(backup.failure(SQLException.class));
    assertEquals(List.of(), files());
  }

  @Test
  void backup_poolIsClosed_endsWith08003AndLeavesNothing() throws SQLException, IOException {
    SqlitePool pool = openLarge();
    Background<@Nullable Void> backup = startSlowly(pool);
    pool.close();
    SQLException failure = backup.failure(SQLNonTransientConnectionException.class);
    assertEquals("08003", failure.getSQLState());
    assertEquals(List.of(), files());
    assertEquals(List.of(), OpenFiles.under(folder));
  }

  @Test
  void backup_afterClose_isRefused() throws SQLException, IOException {
    SqlitePool pool = open();
    pool.close();
    Expect.over(() -> pool.maintenance().backup(target()));
    assertEquals(List.of(), files());
  }

  @Test
  void backup_progressThrows_endsAndThrowsThat() throws SQLException, IOException {
    SqlitePool pool = openLarge();
    IllegalStateException own = new IllegalStateException("the user's");
    BackupOptions options =
        SLOWLY.withProgress(
            (pages, total) -> {
              throw own;
            });
    assertSame(
        own,
        assertThrows(
            IllegalStateException.class, () -> pool.maintenance().backup(target(), options)));
    assertEquals(List.of(), files());
  }

  @Test
  void backup_byAHolderOfTheWriter_isRefused() throws SQLException, IOException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter(LeaseOptions.DEFAULTS.withLabel("the holder"))) {
      SQLException failure = Expect.refused(() -> pool.maintenance().backup(target()));
      Expect.mentions(failure, "not committed", "the holder");
      lease.rollback();
    }
    assertEquals(List.of(), files());
  }

  // Telling how far it is

  @Test
  void progress_isToldOnTheCallingThreadUpToAllOfIt() throws SQLException {
    SqlitePool pool = openLarge();
    List<Long> left = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    BackupOptions options =
        BackupOptions.DEFAULTS.withProgress(
            (pages, total) -> {
              left.add(total - pages);
              threads.add(Thread.currentThread());
            });
    pool.maintenance().backup(target(), options);
    assertEquals(0, left.getLast());
    assertEquals(1, left.stream().filter(pages -> pages == 0).count());
    assertEquals(List.of(Thread.currentThread()), threads.stream().distinct().toList());
  }

  @Test
  void throttle_bytesPerSecond_isKept() throws SQLException, IOException {
    SqlitePool pool = openLarge();
    long start = System.nanoTime();
    pool.maintenance().backup(target(), BackupOptions.DEFAULTS.withBytesPerSecond(20 * MIB));
    double seconds = (System.nanoTime() - start) / 1e9;
    long bytes = Files.size(target());
    assertTrue(bytes / seconds < 22 * MIB, () -> bytes + " bytes in " + seconds + " s");
  }

  @Test
  void options_negativeThrottle_isRefused() {
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class, () -> BackupOptions.DEFAULTS.withBytesPerSecond(-1));
    Expect.mentions(failure, "bytesPerSecond", "-1");
  }

  @Test
  void backup_byAVirtualThread_takesNoCarrier() throws SQLException {
    SqlitePool pool = openLarge();
    Background<@Nullable Void> backup = startSlowly(pool);
    Await.parked(backup.thread());
    assertFalse(backup.isDone());
    backup.thread().interrupt();
    Expect.interrupted(backup.failure(SQLException.class));
  }
}
