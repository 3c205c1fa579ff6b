package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpeningTest extends PoolFixture {

  private static @Nullable String pragma(ReadLease lease, String name) throws SQLException {
    return lease.queryOne("PRAGMA " + name).orElseThrow().getString(1);
  }

  /** A setting of the writer, then of each reader. */
  private static List<@Nullable String> settings(SqlitePool pool, String name) throws SQLException {
    List<@Nullable String> settings = new ArrayList<>();
    List<ReadLease> leases = new ArrayList<>();
    try {
      leases.add(pool.acquireWriter());
      for (int i = 0; i < pool.stats().readers().connections(); i++) {
        leases.add(pool.acquireReader());
      }
      for (ReadLease lease : leases) {
        settings.add(pragma(lease, name));
      }
    } finally {
      leases.forEach(ReadLease::close);
    }
    return settings;
  }

  @Test
  void open_newFile_isInWalMode() throws SQLException {
    SqlitePool pool = open();

    assertEquals(List.of("wal", "wal", "wal"), settings(pool, "journal_mode"));
    pool.close();
    assertEquals("wal", Database.ask(file(), "PRAGMA journal_mode"));
  }

  @Test
  void open_fileWithRollbackJournal_isTurnedIntoWal() throws SQLException {
    Database.create(file(), "CREATE TABLE old(a)", "INSERT INTO old VALUES ('kept')");

    SqlitePool pool = open();

    assertEquals("wal", settings(pool, "journal_mode").getFirst());
    assertEquals(
        "kept", pool.read(l -> l.queryOne("SELECT a FROM old").orElseThrow()).getString(1));
  }

  @ParameterizedTest
  @CsvSource({"synchronous,2", "foreign_keys,1", "mmap_size,0", "temp_store,0", "busy_timeout,0"})
  void open_nothingGiven_everyConnectionHasTheDefaults(String name, String value)
      throws SQLException {
    SqlitePool pool = open();

    assertEquals(List.of(value, value, value), settings(pool, name));
  }

  @Test
  void open_nothingGiven_readersFollowTheProcessors() throws SQLException {
    SqlitePool pool = opened(SqlitePool.open(file()));

    int expected = Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 4, 16);
    assertEquals(expected, pool.stats().readers().connections());
    assertEquals(1, pool.stats().writer().connections());
    assertEquals("test.db", pool.stats().pool());
  }

  @Test
  void open_pageCache_isDividedAmongTheConnections() throws SQLException {
    SqlitePool pool = open(config -> config.pageCache(9L << 20));

    assertEquals(List.of("-3072", "-3072", "-3072"), settings(pool, "cache_size"));
  }

  @Test
  void open_cacheSizePragma_winsOverTheDefaultPageCache() throws SQLException {
    SqlitePool pool = open(config -> config.pragma("cache_size", "-500"));

    assertEquals(List.of("-500", "-500", "-500"), settings(pool, "cache_size"));
  }

  @Test
  void open_pragmasOfReadersAndWriter_winOverThoseOfAll() throws SQLException {
    SqlitePool pool =
        open(
            config ->
                config
                    .pragma("temp_store", "FILE")
                    .pragma("synchronous", "NORMAL")
                    .readerPragma("temp_store", "MEMORY")
                    .writerPragma("synchronous", "EXTRA")
                    .writerPragma("foreign_keys", "OFF"));

    assertEquals(List.of("1", "2", "2"), settings(pool, "temp_store"));
    assertEquals(List.of("3", "1", "1"), settings(pool, "synchronous"));
    assertEquals(List.of("0", "1", "1"), settings(pool, "foreign_keys"));
  }

  @Test
  void open_pragmaWithUpperCaseNameAndQuotedValue_isTaken() throws SQLException {
    SqlitePool pool = open(config -> config.pragma("Temp_Store", "'MEMORY'"));

    assertEquals(List.of("2", "2", "2"), settings(pool, "temp_store"));
  }

  @Test
  void open_propertiesInAnyOrder_setThePageSizeBeforeWal() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("pragma.synchronous", "NORMAL");
    properties.setProperty("database", file().toString());
    properties.setProperty("pragma.page_size", "16384");
    properties.setProperty("pragma.auto_vacuum", "INCREMENTAL");

    SqlitePool pool = opened(SqlitePool.open(PoolConfig.from(properties)));

    assertEquals("16384", settings(pool, "page_size").getFirst());
    assertEquals("2", settings(pool, "auto_vacuum").getFirst());
  }

  @Test
  void open_onConnect_runsOnEveryConnectionInOrderAfterThePragmas() throws SQLException {
    List<String> calls = new ArrayList<>();
    PoolConfig config =
        PoolConfig.builder(file())
            .readers(2)
            .pragma("temp_store", "MEMORY")
            .onConnect(connection -> calls.add("first " + tempStore(connection)))
            .onConnect(connection -> calls.add("second"))
            .build();

    opened(SqlitePool.open(config));

    assertEquals(List.of("first 2", "second", "first 2", "second", "first 2", "second"), calls);
  }

  private static String tempStore(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("PRAGMA temp_store")) {
      return result.getString(1);
    }
  }

  @Test
  void open_relativePath_isRelativeToTheWorkingDirectory() throws SQLException, IOException {
    Path relative = Path.of("target", "relative-" + System.nanoTime() + ".db");
    Files.createDirectories(Path.of("target"));
    try (SqlitePool pool = SqlitePool.open(relative)) {
      pool.useWriter(lease -> lease.update("CREATE TABLE t(id)"));
    } finally {
      assertTrue(Files.deleteIfExists(relative.toAbsolutePath()));
    }
  }

  @Test
  void close_readersAndWriterWereUsed_leavesOneFile() throws SQLException, IOException {
    SqlitePool pool = open();
    insert(pool, 1);
    assertEquals(List.of(1L), values(pool));

    pool.close();

    try (var files = Files.list(folder)) {
      assertEquals(List.of(file()), files.toList());
    }
    assertEquals("1", Database.ask(file(), "SELECT count(*) FROM t"));
  }

  @Test
  void ephemeral_closed_isGone() throws SQLException {
    Path database;
    try (SqlitePool pool = SqlitePool.ephemeral()) {
      pool.useWriter(lease -> lease.script("CREATE TABLE t(v); INSERT INTO t VALUES (1)"));
      assertEquals("wal", settings(pool, "journal_mode").getFirst());
      try (ReadLease lease = pool.acquireReader()) {
        database =
            Path.of(
                String.valueOf(
                    lease
                        .queryOne("SELECT file FROM pragma_database_list")
                        .orElseThrow()
                        .getString(1)));
        assertEquals(1, count(lease));
      }
      assertTrue(Files.exists(database));
    }

    assertFalse(Files.exists(database));
    assertFalse(Files.exists(database.resolveSibling("")), "the folder is still there");
  }

  @Test
  void ephemeral_two_haveNothingInCommon() throws SQLException {
    try (SqlitePool one = SqlitePool.ephemeral();
        SqlitePool two = SqlitePool.ephemeral()) {
      one.useWriter(lease -> lease.update("CREATE TABLE only_here(v)"));

      assertThrows(
          SQLException.class, () -> two.useReader(l -> l.query("SELECT * FROM only_here")));
    }
  }
}
