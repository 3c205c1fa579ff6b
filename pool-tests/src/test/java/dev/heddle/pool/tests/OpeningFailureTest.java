package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ConnectionSetup;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpeningFailureTest extends PoolFixture {

  private PoolConfig.Builder config() {
    return PoolConfig.builder(file()).readers(2);
  }

  private void requireNothingLeft() throws IOException {
    assertTrue(OpenFiles.under(folder).isEmpty(), () -> "open: " + OpenFiles.under(folder));
    try (var files = Files.list(folder)) {
      assertEquals(0, files.count(), "files");
    }
  }

  private static SQLException cannotOpen(Path path) {
    SQLException failure =
        Expect.sql(SQLNonTransientConnectionException.class, "08001", () -> SqlitePool.open(path));
    Expect.mentions(failure, path.toString());
    return failure;
  }

  @ParameterizedTest
  @CsvSource({
    "pragma.no_such_pragma,1",
    "reader.pragma.no_such_pragma,1",
    "writer.pragma.no_such_pragma,1",
    "pragma.synchronous,SOMETIMES",
    "reader.pragma.synchronous,SOMETIMES",
    "pragma.page_size,1000",
    "pragma.encoding,'''UTF-7'''",
    "reader.pragma.mmap_size,lots",
    "pragma.table_xinfo_,1"
  })
  void open_pragmaThatIsNotTaken_failsNamingTheKeyAndLeavesNothing(String key, String value)
      throws IOException {
    PoolConfig config = config().set(key, value).build();

    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> SqlitePool.open(config));

    Expect.mentions(failure, key, value);
    requireNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "wal,pragma.no_such_pragma,1",
    "wal,reader.pragma.no_such_pragma,1",
    "wal,pragma.page_size,8192",
    "wal,pragma.encoding,'''UTF-16'''",
    "wal,pragma.auto_vacuum,FULL",
    "delete,pragma.no_such_pragma,1",
    "delete,reader.pragma.no_such_pragma,1",
    "delete,pragma.page_size,8192",
    "delete,pragma.auto_vacuum,FULL"
  })
  void open_pragmaThatIsNotTaken_leavesAnExistingFileAsItWas(
      String journalMode, String key, String value) throws SQLException, IOException {
    Database.create(
        file(),
        "PRAGMA journal_mode = " + journalMode,
        "CREATE TABLE a(x, y)",
        "CREATE INDEX i ON a(x)",
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000)"
            + " INSERT INTO a SELECT n % 7, n FROM c");
    byte[] before = Files.readAllBytes(file());
    PoolConfig config = config().set(key, value).build();

    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> SqlitePool.open(config));

    Expect.mentions(failure, key);
    assertTrue(OpenFiles.under(folder).isEmpty());
    assertArrayEquals(before, Files.readAllBytes(file()));
    assertFalse(Files.exists(Path.of(file() + "-wal")));
  }

  @Test
  void open_onConnectThrows_failsWithItAndLeavesNothing() throws IOException {
    SQLException problem = new SQLException("no such extension");
    PoolConfig config = config().onConnect(failing(problem)).build();

    SQLException failure = assertThrows(SQLException.class, () -> SqlitePool.open(config));

    Expect.mentions(failure, "no such extension");
    requireNothingLeft();
  }

  @Test
  void open_onConnectThrowsUnchecked_failsWithItAndLeavesNothing() throws IOException {
    IllegalStateException problem = new IllegalStateException("broken setup");
    ConnectionSetup setup =
        connection -> {
          throw problem;
        };
    PoolConfig config = config().onConnect(setup).build();

    assertSame(problem, assertThrows(IllegalStateException.class, () -> SqlitePool.open(config)));

    requireNothingLeft();
  }

  @Test
  void open_onConnectThrowsForTheLastReader_closesTheOthers() throws IOException {
    int[] calls = {0};
    PoolConfig config =
        config()
            .onConnect(
                connection -> {
                  if (++calls[0] == 3) {
                    throw new SQLException("third");
                  }
                })
            .build();

    assertThrows(SQLException.class, () -> SqlitePool.open(config));

    requireNothingLeft();
  }

  private static ConnectionSetup failing(SQLException problem) {
    return connection -> {
      throw problem;
    };
  }

  @Test
  void open_onConnectLeavesATransaction_fails() throws IOException {
    PoolConfig config = config().onConnect(connection -> connection.setAutoCommit(false)).build();

    SQLException failure = assertThrows(SQLException.class, () -> SqlitePool.open(config));

    Expect.mentions(failure, "onConnect", "transaction");
    requireNothingLeft();
  }

  @Test
  void open_nativeLibraryCantBeUnpacked_saysWhereAndLeavesNothing() throws Exception {
    Path nowhere = folder.resolve("nowhere");
    try (ChildJvm child =
        ChildJvm.start(List.of("-Dorg.sqlite.tmpdir=" + nowhere), Opener.class, file())) {
      List<String> said = child.killedWhenItHangs().said();
      assertEquals("08001", said.getFirst());
      assertTrue(said.getLast().contains("native library"), said::toString);
      assertTrue(said.getLast().contains(nowhere.toString()), said::toString);
    }
    requireNothingLeft();
  }

  /** Opens a pool, and says why that was not possible. */
  static final class Opener {

    private Opener() {}

    public static void main(String[] arguments) {
      try (SqlitePool pool = SqlitePool.open(Path.of(arguments[0]))) {
        ChildJvm.say("opened " + pool);
      } catch (SQLException e) {
        ChildJvm.say(e.getSQLState());
        ChildJvm.say(String.valueOf(e.getMessage()));
      }
    }
  }

  @Test
  void open_missingFolder_saysSo() throws IOException {
    Path missing = folder.resolve("no").resolve("where.db");

    Expect.mentions(cannotOpen(missing), "no folder");
    requireNothingLeft();
  }

  @Test
  void open_folderInPlaceOfAFile_saysSo() throws IOException {
    Path path = Files.createDirectory(folder.resolve("data"));

    Expect.mentions(cannotOpen(path), "folder");
    assertTrue(Files.isDirectory(path));
    assertTrue(OpenFiles.under(folder).isEmpty());
  }

  @Test
  void open_fileInPlaceOfAFolder_saysSo() throws IOException {
    Path path = Files.createFile(folder.resolve("file"));

    Expect.mentions(cannotOpen(path.resolve("a.db")), "folder");
  }

  @Test
  void open_device_saysThatItIsNoFile() {
    Expect.mentions(cannotOpen(Path.of("/dev/null")), "regular file");
  }

  @Test
  void open_junk_saysThatItIsNoDatabaseAndLeavesItUntouched() throws IOException {
    byte[] junk = new byte[5000];
    new Random(42).nextBytes(junk);
    Files.write(file(), junk);

    SQLException failure = assertThrows(SQLException.class, () -> SqlitePool.open(file()));

    assertEquals("XX001", failure.getSQLState());
    assertEquals(26, failure.getErrorCode());
    Expect.mentions(failure, file().toString(), "not a database");
    assertArrayEquals(junk, Files.readAllBytes(file()));
    assertTrue(OpenFiles.under(folder).isEmpty());
    Files.delete(file());
    requireNothingLeft();
  }

  @Test
  void open_afterAFailure_works() throws SQLException {
    PoolConfig bad = config().pragma("no_such_pragma", "1").build();
    assertThrows(IllegalArgumentException.class, () -> SqlitePool.open(bad));

    SqlitePool pool = open();

    insert(pool, "fine");
  }
}
