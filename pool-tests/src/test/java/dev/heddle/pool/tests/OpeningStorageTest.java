package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permissions, read-only and full disks. */
@EnabledOnOs(OS.LINUX)
class OpeningStorageTest extends PoolFixture {

  @ParameterizedTest
  @CsvSource({"owner,rw-------", "group,rw-rw----"})
  void open_newFile_hasThePermissionsAskedForAsHasItsWal(String option, String permissions)
      throws SQLException, IOException {
    SqlitePool pool = open(config -> config.filePermissions(option));
    insert(pool, 1);

    for (String suffix : List.of("", "-wal", "-shm")) {
      Path path = Path.of(file() + suffix);
      assertEquals(
          permissions, PosixFilePermissions.toString(Files.getPosixFilePermissions(path)), suffix);
    }
  }

  @Test
  void open_nothingGiven_isForTheOwnerOnly() throws SQLException, IOException {
    open();

    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
  }

  @Test
  void open_umask_isAsOtherFilesAre() throws SQLException, IOException {
    Path other = Files.createFile(folder.resolve("other"));

    open(config -> config.filePermissions("umask"));

    assertEquals(Files.getPosixFilePermissions(other), Files.getPosixFilePermissions(file()));
  }

  @Test
  void open_existingFile_keepsItsPermissions() throws SQLException, IOException {
    Database.create(file(), "CREATE TABLE a(x)");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

    open();

    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
  }

  @Test
  void open_fileThatMayNotBeWritten_saysSo() throws SQLException, IOException {
    Database.create(file(), "CREATE TABLE a(x)");
    try (var immutable = Root.immutable(file())) {
      SQLException failure =
          Expect.sql(
              SQLNonTransientConnectionException.class, "08001", () -> SqlitePool.open(file()));

      Expect.mentions(failure, immutable.path().toString(), "permission");
      assertTrue(OpenFiles.under(folder).isEmpty());
    }
  }

  @Test
  void open_folderThatMayNotBeWritten_saysSo() throws IOException {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    try (var immutable = Root.immutable(closed)) {
      Path path = immutable.path().resolve("a.db");
      SQLException failure =
          Expect.sql(
              SQLNonTransientConnectionException.class, "08001", () -> SqlitePool.open(path));

      Expect.mentions(failure, path.toString());
      assertTrue(OpenFiles.under(folder).isEmpty());
    }
  }

  @Test
  void open_readOnlyFileSystem_saysSo() throws SQLException, IOException {
    Path mounted = Files.createDirectory(folder.resolve("ro"));
    try (Root.Mount mount = Root.tmpfs(mounted, "1m")) {
      Path path = mounted.resolve("a.db");
      Database.create(path, "CREATE TABLE a(x)");
      mount.makeReadOnly();

      SQLException failure =
          Expect.sql(
              SQLNonTransientConnectionException.class, "08001", () -> SqlitePool.open(path));

      Expect.mentions(failure, path.toString(), "permission");
      assertTrue(OpenFiles.under(folder).isEmpty());
    }
  }

  @Test
  void open_fullDisk_saysSoAndLeavesNothing() throws IOException {
    Path mounted = Files.createDirectory(folder.resolve("full"));
    try (Root.Mount mount = Root.tmpfs(mounted, "64k")) {
      fill(mount.folder().resolve("filler"));
      Path path = mounted.resolve("a.db");

      SQLException failure = assertThrows(SQLException.class, () -> SqlitePool.open(path));

      Expect.mentions(failure, path.toString());
      assertTrue(OpenFiles.under(folder).isEmpty());
      try (var files = Files.list(mounted)) {
        assertEquals(List.of(mounted.resolve("filler")), files.toList());
      }
    }
  }

  /** A pool on a disk of 1 MB; with the larger cache, only the commit meets the end of it. */
  private static SqlitePool open(Path mounted, String pageCache) throws SQLException {
    PoolConfig.Builder config = PoolConfig.builder(mounted.resolve("a.db")).readers(1);
    SqlitePool pool = SqlitePool.open(config.set("page-cache", pageCache).build());
    pool.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY, v)"));
    return pool;
  }

  @ParameterizedTest
  @CsvSource({"1MiB", "64MiB"})
  void write_fullDisk_failsAndKeepsWhatWasCommitted(String pageCache)
      throws SQLException, IOException {
    Path mounted = Files.createDirectory(folder.resolve("full"));
    try (var _ = Root.tmpfs(mounted, "1m")) {
      try (SqlitePool pool = open(mounted, pageCache)) {
        insert(pool, "before");

        SQLException failure =
            assertThrows(SQLException.class, () -> pool.useWriter(OpeningStorageTest::fill));

        assertEquals("53100", failure.getSQLState(), failure::toString);
        assertEquals(13, failure.getErrorCode());
        assertEquals(List.of("before"), values(pool));
        insert(pool, "after");
        assertEquals(List.of("before", "after"), values(pool));
      }
      assertTrue(OpenFiles.under(folder).isEmpty());
    }
  }

  @Test
  void write_fullDiskSwallowed_isNotCommittedInParts() throws SQLException, IOException {
    Path mounted = Files.createDirectory(folder.resolve("full"));
    try (var _ = Root.tmpfs(mounted, "1m");
        SqlitePool pool = open(mounted, "1MiB")) {
      try (WriteLease lease = pool.acquireWriter()) {
        lease.update("INSERT INTO t(v) VALUES ('first')");
        SQLException full = assertThrows(SQLException.class, () -> fill(lease));
        assertEquals("53100", full.getSQLState(), full::toString);

        Expect.lost(() -> lease.update("INSERT INTO t(v) VALUES ('afterwards')"));
        Expect.lost(lease::commit);
      }
      assertEquals(List.of(), values(pool));
    }
  }

  /** One-row inserts until there is no more room. */
  private static void fill(WriteLease lease) throws SQLException {
    for (int i = 0; i < 100; i++) {
      lease.update("INSERT INTO t(v) VALUES (?)", new byte[100_000]);
    }
  }

  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] block = new byte[512];
      while (true) {
        out.write(block);
      }
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      assertTrue(Files.size(file) > 0, e::toString);
    }
  }
}
