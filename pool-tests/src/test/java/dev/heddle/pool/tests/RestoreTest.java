package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that are made of others: {@code restore-from}, and ephemeral ones of a template. */
class RestoreTest extends PoolFixture {

  private Path backup() {
    return folder.resolve("backup.db");
  }

  private Path part() {
    return folder.resolve("test.db.part");
  }

  /** A backup of a pool whose table has one value. */
  private Path makeBackup() throws SQLException {
    try (SqlitePool pool = SqlitePool.open(folder.resolve("origin.db"))) {
      pool.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY, v)"));
      insert(pool, "kept");
      pool.maintenance().backup(backup());
    }
    return backup();
  }

  private SqlitePool openRestored() throws SQLException {
    return openRestored(backup());
  }

  private SqlitePool openRestored(Path backup) throws SQLException {
    return opened(SqlitePool.open(config(backup)));
  }

  private PoolConfig config(Path backup) {
    return PoolConfig.builder(file()).readers(2).restoreFrom(backup).build();
  }

  /** Opening fails for this reason, and leaves nothing. */
  private void requireRefusal(String... words) {
    SQLException failure =
        Expect.sql(SQLNonTransientConnectionException.class, "08001", this::openRestored);
    Expect.mentions(failure, words);
    assertFalse(Files.exists(file()), "the database was made");
    assertFalse(Files.exists(part()), "a part was left");
  }

  // restore-from

  @Test
  void restore_noDatabase_isMadeOfTheBackup() throws SQLException, IOException {
    byte[] before = Files.readAllBytes(makeBackup());
    SqlitePool pool = openRestored();
    assertEquals(List.of("kept"), values(pool));
    insert(pool, "new");
    assertArrayEquals(before, Files.readAllBytes(backup()), "the backup was changed");
    assertFalse(Files.exists(part()));
  }

  @Test
  void restore_anEmptyFile_isMadeOfTheBackup() throws SQLException, IOException {
    makeBackup();
    Files.createFile(file());
    assertEquals(List.of("kept"), values(openRestored()));
  }

  @Test
  void restore_aDatabaseIsThere_isLeftAlone() throws SQLException {
    makeBackup();
    Database.create(file(), "CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
    assertEquals(List.of(), values(openRestored()));
  }

  @Test
  void restore_somethingElseIsThere_isLeftAlone() throws SQLException, IOException {
    makeBackup();
    Files.writeString(file(), "no database, but precious");
    Expect.sql(SQLNonTransientConnectionException.class, "XX001", this::openRestored);
    assertEquals("no database, but precious", Files.readString(file()));
  }

  @Test
  void restore_aDatabaseIsThere_backupIsNotNeeded() throws SQLException {
    Database.create(file(), "CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
    assertEquals(List.of(), values(openRestored(folder.resolve("nowhere.db"))));
  }

  @Test
  void restore_secondOpening_findsWhatTheFirstHasWritten() throws SQLException {
    makeBackup();
    try (SqlitePool first = SqlitePool.open(config(backup()))) {
      insert(first, "new");
    }
    assertEquals(List.of("kept", "new"), values(openRestored()));
  }

  @Test
  void restore_severalPoolsAtOnce_allHaveIt() throws SQLException {
    makeBackup();
    CountDownLatch go = new CountDownLatch(1);
    List<Background<SqlitePool>> openers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      openers.add(
          start(
              "opener " + i,
              () -> {
                Await.latch("all are there", go);
                return SqlitePool.open(config(backup()));
              }));
    }
    go.countDown();
    for (Background<SqlitePool> opener : openers) {
      try (SqlitePool pool = Objects.requireNonNull(opener.result())) {
        assertEquals(List.of("kept"), values(pool));
      }
    }
  }

  @Test
  void restore_aPartOfATryThatCrashed_isReplaced() throws SQLException, IOException {
    makeBackup();
    Files.writeString(part(), "half of it");
    assertEquals(List.of("kept"), values(openRestored()));
    assertFalse(Files.exists(part()));
  }

  @EnabledOnOs({OS.LINUX, OS.MAC})
  @Test
  void restore_filePermissions_areThoseOfThePoolWhateverTheBackupHas()
      throws SQLException, IOException {
    Files.setPosixFilePermissions(makeBackup(), PosixFilePermissions.fromString("r--r--r--"));
    openRestored();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
  }

  @Test
  void restore_noBackup_isRefused() {
    requireRefusal("backup.db", "no such file");
  }

  @Test
  void restore_noDatabaseButSomeText_isRefused() throws IOException {
    Files.writeString(backup(), "This is no database, though it is long enough for a header.");
    requireRefusal("backup.db", "not a SQLite database");
  }

  @Test
  void restore_aDamagedBackup_isRefused() throws SQLException, IOException {
    try (RandomAccessFile file = new RandomAccessFile(makeBackup().toFile(), "rw")) {
      file.seek(file.length() - 4096);
      file.write(new byte[4096]);
    }
    requireRefusal("backup.db", "damaged");
  }

  @Test
  void restore_aTruncatedBackup_isRefused() throws SQLException, IOException {
    try (RandomAccessFile file = new RandomAccessFile(makeBackup().toFile(), "rw")) {
      file.setLength(file.length() - 100);
    }
    requireRefusal("backup.db", "damaged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-wal", "-journal"})
  void restore_aLogOfTheBackupLiesThere_isRefused(String suffix) throws SQLException, IOException {
    Files.writeString(Path.of(makeBackup() + suffix), "something that belongs to it");
    requireRefusal("backup.db" + suffix);
  }

  @Test
  void restore_anEmptyLogOfTheBackupLiesThere_isNoReason() throws SQLException, IOException {
    Files.createFile(Path.of(makeBackup() + "-wal"));
    assertEquals(List.of("kept"), values(openRestored()));
  }

  @Test
  void restore_aLogOfAnotherDatabaseLiesAtTheTarget_isRefused() throws SQLException, IOException {
    makeBackup();
    Path left = Path.of(file() + "-wal");
    Files.writeString(left, "of a database that somebody has deleted");
    requireRefusal("test.db-wal", "another database");
    Files.delete(left);
  }

  @Test
  void restore_fromADatabaseThatAPoolHasOpen_isRefused() throws SQLException {
    Path source = folder.resolve("source.db");
    try (SqlitePool open = SqlitePool.open(source)) {
      open.useWriter(lease -> lease.update("CREATE TABLE t(v)"));
      requireMovedFromWal(source);
      SQLException failure =
          Expect.sql(SQLNonTransientConnectionException.class, "08001", () -> openRestored(source));
      Expect.mentions(failure, "source.db", "open", "backup");
    }
    assertFalse(Files.exists(file()));
  }

  /** So that not even a WAL tells that the file is open. */
  private static void requireMovedFromWal(Path file) throws SQLException {
    assertEquals("0", Database.ask(file, "PRAGMA wal_checkpoint(TRUNCATE)"));
  }

  @Test
  void restore_byProperty_isAsByTheBuilder() throws SQLException {
    makeBackup();
    PoolConfig config = PoolConfig.builder(file()).set("restore-from", backup().toString()).build();
    assertEquals(List.of("kept"), values(opened(SqlitePool.open(config))));
  }

  // Templates

  @Test
  void template_ephemeralPools_eachHaveACopyOfTheirOwn() throws SQLException, IOException {
    byte[] before = Files.readAllBytes(makeBackup());
    try (SqlitePool one = SqlitePool.ephemeral(backup());
        SqlitePool other = SqlitePool.ephemeral(backup())) {
      insert(one, "of one");
      assertEquals(List.of("kept", "of one"), values(one));
      assertEquals(List.of("kept"), values(other));
    }
    assertArrayEquals(before, Files.readAllBytes(backup()), "the template was changed");
  }

  @Test
  void template_ofAClosedPool_isOne() throws SQLException {
    try (SqlitePool pool = SqlitePool.open(file())) {
      pool.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY, v)"));
    }
    try (SqlitePool pool = SqlitePool.ephemeral(file())) {
      assertEquals(List.of(), values(pool));
    }
  }

  @EnabledOnOs({OS.LINUX, OS.MAC})
  @Test
  void template_readOnlyFile_givesAPoolThatWrites() throws SQLException, IOException {
    Files.setPosixFilePermissions(makeBackup(), PosixFilePermissions.fromString("r--r--r--"));
    try (SqlitePool pool = SqlitePool.ephemeral(backup())) {
      insert(pool, "new");
      assertEquals(List.of("kept", "new"), values(pool));
    }
  }

  @Test
  void template_missing_isRefused() {
    SQLException failure =
        Expect.sql(
            SQLNonTransientConnectionException.class,
            "08001",
            () -> SqlitePool.ephemeral(folder.resolve("nowhere.db")));
    Expect.mentions(failure, "nowhere.db", "no such file");
  }

  @Test
  void template_withSomethingInItsWal_isRefused() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    assertTrue(Files.exists(Path.of(file() + "-wal")));
    SQLException failure =
        Expect.sql(
            SQLNonTransientConnectionException.class, "08001", () -> SqlitePool.ephemeral(file()));
    Expect.mentions(failure, "test.db");
  }

  @Test
  void template_thatAPoolHasOpen_isRefused() throws SQLException {
    open();
    requireMovedFromWal(file());
    SQLException failure =
        Expect.sql(
            SQLNonTransientConnectionException.class, "08001", () -> SqlitePool.ephemeral(file()));
    Expect.mentions(failure, "test.db", "open");
  }
}
