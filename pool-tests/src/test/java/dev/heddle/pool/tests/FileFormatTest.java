package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** File names and file formats of all kinds. */
class FileFormatTest extends PoolFixture {

  private static final List<String> TEXTS =
      List.of(
          "",
          "plain",
          "äöü ñ ß",
          "日本語",
          "😀👩‍👩‍👧",
          "a\0b\0",
          "\0",
          "\ufeffmark",
          "x".repeat(100_000) + "😀");

  private Path resolve(String name) {
    try {
      return folder.resolve(name);
    } catch (InvalidPathException e) {
      return abort("this JVM can't name such a file: " + e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with space.db",
        " leading and trailing ",
        "q?m=ro&mode=memory.db",
        "h#sh.db",
        "100%.db",
        "percent%41%00.db",
        "ünï-日本-😀.db",
        "quote'\"`[].db",
        "semi;colon,comma.db",
        "-dash.db",
        "back\\slash.db",
        "plus+at@dollar$.db",
        "no-extension",
        ".hidden"
      })
  void open_anyFileName_isThatFile(String name) throws SQLException, IOException {
    Path path = resolve(name);
    PoolConfig config = PoolConfig.builder(path).readers(1).build();

    try (SqlitePool pool = SqlitePool.open(config)) {
      pool.useWriter(lease -> lease.script("CREATE TABLE t(id INTEGER PRIMARY KEY, v)"));
      insert(pool, name);
      assertEquals(List.of(name), values(pool));
    }

    try (var files = Files.list(folder)) {
      assertEquals(List.of(path), files.toList());
    }
    try (SqlitePool pool = SqlitePool.open(config)) {
      assertEquals(List.of(name), values(pool));
    }
  }

  @Test
  void open_anyFolderName_isThatFolder() throws SQLException, IOException {
    Path path = Files.createDirectories(resolve("a b?c#d%20e/ü;x=y")).resolve("test.db");

    try (SqlitePool pool = SqlitePool.open(path)) {
      pool.useWriter(lease -> lease.update("CREATE TABLE t(id)"));
    }

    assertTrue(Files.exists(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"512", "1024", "8192", "65536"})
  void open_pageSize_isTheNewFiles(String size) throws SQLException {
    SqlitePool pool = open(config -> config.pragma("page_size", size));
    insert(pool, new byte[200_000]);
    pool.close();

    assertEquals(size, Database.ask(file(), "PRAGMA page_size"));
    assertEquals("ok", Database.ask(file(), "PRAGMA integrity_check"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "FULL", "INCREMENTAL", "1", "2"})
  void open_autoVacuum_isTheNewFiles(String mode) throws SQLException {
    SqlitePool pool = open(config -> config.pragma("auto_vacuum", mode));
    insert(pool, 1);
    pool.close();

    String expected =
        switch (mode) {
          case "FULL", "1" -> "1";
          case "INCREMENTAL", "2" -> "2";
          default -> "0";
        };
    assertEquals(expected, Database.ask(file(), "PRAGMA auto_vacuum"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'UTF-8'", "'UTF-16'", "'UTF-16le'", "'UTF-16be'"})
  void text_anyEncoding_roundTrips(String encoding) throws SQLException {
    SqlitePool pool = open(config -> config.pragma("encoding", encoding));

    requireTextsRoundTrip(pool);

    pool.close();
    String stored = String.valueOf(Database.ask(file(), "PRAGMA encoding"));
    assertTrue(stored.startsWith(encoding.replace("'", "")), stored);
  }

  @Test
  void text_existingFileInUtf16_roundTrips() throws SQLException {
    Database.create(file(), "PRAGMA encoding = 'UTF-16be'", "CREATE TABLE old(v)");

    requireTextsRoundTrip(open());
  }

  private static void requireTextsRoundTrip(SqlitePool pool) throws SQLException {
    pool.useWriter(
        lease ->
            lease.batch(
                "INSERT INTO t(v) VALUES (?)",
                TEXTS,
                text -> new @org.jspecify.annotations.Nullable Object[] {text}));

    assertEquals(TEXTS, values(pool));
    try (ReadLease lease = pool.acquireReader()) {
      assertEquals(
          TEXTS,
          lease.query("SELECT v FROM t ORDER BY id").stream().map(r -> r.getString("v")).toList());
      for (String text : TEXTS) {
        assertEquals(
            1L,
            lease
                .queryOne("SELECT count(*) FROM t WHERE v = ?", row -> row.getLong(1), text)
                .orElseThrow());
      }
    }
  }
}
