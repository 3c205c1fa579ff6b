package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * mode=read-only: a pool without a writer. How it opens a file is in {@link ReadOnlyOpeningTest}.
 */
class ReadOnlyPoolTest extends PoolFixture {

  /** A read-only pool beside the one that {@link #open} gives. */
  private SqlitePool reading(UnaryOperator<PoolConfig.Builder> change) throws SQLException {
    PoolConfig.Builder config = PoolConfig.builder(file()).readers(2).readOnly();
    return opened(SqlitePool.open(change.apply(config).build()));
  }

  private SqlitePool reading() throws SQLException {
    return reading(config -> config);
  }

  @Test
  void read_otherPoolCommitsMeanwhile_isSeenByTheNextOne() throws SQLException {
    SqlitePool writing = open();
    insert(writing, 1);
    SqlitePool reading = reading();
    assertEquals(List.of(1L), values(reading));

    insert(writing, 2);

    assertEquals(List.of(1L, 2L), values(reading));
    assertEquals(2L, reading.<Long, SQLException>read(lease -> count(lease)));
  }

  @Test
  void snapshot_otherPoolCommitsMeanwhile_seesOneCommit() throws SQLException {
    SqlitePool writing = open();
    insert(writing, 1);
    SqlitePool reading = reading();

    try (ReadLease snapshot = reading.acquireSnapshot()) {
      assertEquals(1, count(snapshot));
      insert(writing, 2);
      assertEquals(1, count(snapshot));
    }
    assertEquals(List.of(1L, 2L), values(reading));
  }

  private static void refused(Executable call) {
    Expect.mentions(Expect.readOnly(call), "'replica'", "mode=read-only", "no writer");
  }

  @Test
  void writer_askedForInAnyWay_isRefused() throws SQLException {
    open();
    SqlitePool reading = reading(config -> config.name("replica"));

    refused(reading::acquireWriter);
    refused(() -> reading.write(lease -> lease.update("DELETE FROM t")));
    refused(() -> reading.useWriter(lease -> lease.update("DELETE FROM t")));
    DataSource source = reading.writerDataSource();
    refused(source::getConnection);
    assertEquals(0, reading.stats().readers().held());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t(v) VALUES (1)",
        "CREATE TABLE u(a)",
        "CREATE TEMP TABLE u(a)",
        "PRAGMA user_version = 1",
        "ATTACH ':memory:' AS other",
        "VACUUM"
      })
  void dataSource_whatWrites_isRefused(String sql) throws SQLException {
    open();
    SqlitePool reading = reading();
    try (Connection connection = reading.dataSource().getConnection()) {
      Expect.readOnly(() -> DataSourceTest.execute(connection, sql));

      connection.setAutoCommit(false);
      Expect.readOnly(() -> DataSourceTest.execute(connection, sql));
      connection.rollback();
      assertEquals(0, DataSourceTest.number(connection, "SELECT count(*) FROM t"));
    }
    try (ReadLease lease = reading.acquireReader()) {
      assertThrows(SQLNonTransientException.class, () -> lease.query(sql));
    }
  }

  @Test
  void dataSource_connections_areReadOnlyAndStaySo() throws SQLException {
    open();
    SqlitePool reading = reading(config -> config.name("replica"));
    for (DataSource source : List.of(reading.dataSource(), reading.readerDataSource())) {
      try (Connection connection = source.getConnection()) {
        assertTrue(connection.isReadOnly());
        assertTrue(connection.getMetaData().isReadOnly());
        assertTrue(connection.isValid(1));
        connection.setReadOnly(true);

        connection.setReadOnly(false); // pools and frameworks do so when they take it back

        assertTrue(connection.isReadOnly());
      }
    }
  }

  @Test
  void dataSource_transaction_isASnapshot() throws SQLException {
    SqlitePool writing = open();
    SqlitePool reading = reading();
    try (Connection connection = reading.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      assertEquals(0, DataSourceTest.number(connection, "SELECT count(*) FROM t"));
      insert(writing, 1);
      assertEquals(0, DataSourceTest.number(connection, "SELECT count(*) FROM t"));

      connection.commit();

      assertEquals(1, DataSourceTest.number(connection, "SELECT count(*) FROM t"));
    }
  }

  @Test
  void statsAndDump_thereIsNoWriter_tellOfReadersOnly() throws SQLException {
    open();
    SqlitePool reading = reading();

    PoolStats stats = reading.stats();
    assertEquals(0, stats.writer().connections());
    assertEquals(0, stats.writer().idle());
    assertEquals(2, stats.readers().connections());
    String dump = reading.dump();
    assertTrue(dump.contains("reader lane: 2 connections"), dump);
    assertTrue(dump.contains("mode=read-only"), dump);
    assertFalse(dump.contains("writer lane"), dump);
  }

  @Test
  void pageCache_isDividedAmongTheReaders() throws SQLException {
    open();
    SqlitePool reading = reading(config -> config.pageCache(8L << 20));

    assertEquals(
        "-4096", reading.read(l -> l.queryOne("PRAGMA cache_size").orElseThrow().getString(1)));
  }

  @Test
  void onConnect_runsOnEachReader() throws SQLException {
    open();
    AtomicInteger calls = new AtomicInteger();

    reading(config -> config.onConnect(connection -> calls.incrementAndGet()));

    assertEquals(2, calls.get());
  }

  @Test
  void close_otherPoolIsOpen_leavesTheWalToIt() throws SQLException {
    SqlitePool writing = open();
    SqlitePool reading = reading();
    insert(writing, 1);
    assertEquals(List.of(1L), values(reading));

    reading.close();

    assertTrue(Files.exists(Path.of(file() + "-wal")));
    insert(writing, 2);
    assertEquals(List.of(1L, 2L), values(writing));
    Expect.over(reading::acquireReader);
  }

  /** What a program has left that was killed: everything is in the WAL. */
  private Path crashed() throws SQLException, IOException {
    Path copy = folder.resolve("crashed.db");
    SqlitePool writing = open();
    insert(writing, "in the WAL");
    for (String suffix : List.of("", "-wal")) {
      // Copied by cp: closing a descriptor in this process would drop its locks.
      run("cp", file() + suffix, copy + suffix);
    }
    return copy;
  }

  private static void run(String... command) throws IOException {
    try {
      assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Test
  void close_lastOnAFileWithAWal_checkpointsAndRemovesNothing() throws SQLException, IOException {
    Path copy = crashed();
    Path wal = Path.of(copy + "-wal");
    byte[] before = Files.readAllBytes(copy);
    byte[] walBefore = Files.readAllBytes(wal);
    assertTrue(walBefore.length > 0);

    try (SqlitePool reading = SqlitePool.open(PoolConfig.builder(copy).readOnly().build())) {
      assertEquals(List.<@Nullable Object>of("in the WAL"), values(reading));
    }

    assertArrayEquals(before, Files.readAllBytes(copy));
    assertArrayEquals(walBefore, Files.readAllBytes(wal));
    assertEquals(List.of(), OpenFiles.under(folder).stream().filter(copy::equals).toList());
  }

  @ParameterizedTest
  @CsvSource({"read-write,1", "read-only,0"})
  void mode_asText_saysWhetherThereIsAWriter(String mode, int writers) throws SQLException {
    open();

    assertEquals(
        writers, reading(config -> config.set("mode", mode)).stats().writer().connections());
  }
}
