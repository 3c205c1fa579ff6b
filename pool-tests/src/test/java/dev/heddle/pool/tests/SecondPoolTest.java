package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two pools on one file in one JVM: they work, and somebody is told. */
class SecondPoolTest extends PoolFixture {

  private static final String SAID = "Open one pool for a file";

  private final Logs logs = Logs.capture();

  @AfterEach
  void endCapture() {
    logs.close();
  }

  private SqlitePool open(String name, Path path) throws SQLException {
    return opened(SqlitePool.open(PoolConfig.builder(path).name(name).readers(1).build()));
  }

  /** A stack to be recognized. */
  private SqlitePool openByOne() throws SQLException {
    SqlitePool pool = open("one", file());
    pool.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY, v)"));
    return pool;
  }

  /** Another stack. */
  private SqlitePool openByTwo(Path path) throws SQLException {
    return open("two", path);
  }

  @Test
  void open_secondPool_isWarnedAboutOnceWithBothStacks() throws SQLException {
    openByOne();
    assertEquals(List.of(), logs.warnings());

    openByTwo(file());

    assertEquals(1, logs.warnings(SAID).size());
    Expect.mentions(new Exception(logs.warnings(SAID).getFirst()), "'two'", file().toString());
    String trace = logs.traces(SAID).getFirst();
    for (String part : List.of("'one'", "openByOne", "'two'", "openByTwo")) {
      assertTrue(trace.contains(part), () -> part + " is missing in " + trace);
    }
  }

  @Test
  void open_thirdPool_isWarnedAboutWithAllThree() throws SQLException {
    openByOne();
    openByTwo(file());

    open("three", file());

    assertEquals(2, logs.warnings(SAID).size());
    String trace = logs.traces(SAID).getLast();
    for (String part : List.of("'one'", "'two'", "'three'")) {
      assertEquals(2, trace.split(part, -1).length, () -> part + " once in " + trace);
    }
  }

  @Test
  void twoPools_bothWriteAndRead_seeWhatTheOtherOneWrote() throws SQLException {
    SqlitePool one = openByOne();
    SqlitePool two = openByTwo(file());

    insert(one, 1);
    insert(two, 2);
    insert(one, 3);

    assertEquals(List.of(1L, 2L, 3L), values(one));
    assertEquals(List.of(1L, 2L, 3L), values(two));
    one.close();
    insert(two, 4);
    assertEquals(List.of(1L, 2L, 3L, 4L), values(two));
  }

  @Test
  void open_afterTheFirstWasClosed_isNotWarnedAbout() throws SQLException {
    openByOne().close();

    openByTwo(file());

    assertEquals(List.of(), logs.warnings());
  }

  @Test
  void open_afterTheFirstFailed_isNotWarnedAbout() throws SQLException {
    PoolConfig bad = PoolConfig.builder(file()).pragma("no_such_pragma", "1").build();
    assertThrows(IllegalArgumentException.class, () -> SqlitePool.open(bad));

    openByOne();

    assertEquals(List.of(), logs.warnings());
  }

  @Test
  void open_anotherFile_isNotWarnedAbout() throws SQLException {
    openByOne();

    openByTwo(folder.resolve("other.db"));

    assertEquals(List.of(), logs.warnings());
  }

  @Test
  void open_throughASymbolicLink_isWarnedAboutAndWorks() throws SQLException, IOException {
    Path link = folder.resolve("link.db");
    SqlitePool one = openByOne();
    Files.createSymbolicLink(link, file());

    SqlitePool two = openByTwo(link);

    assertEquals(1, logs.warnings(SAID).size());
    insert(one, 1);
    insert(two, 2);
    assertEquals(List.of(1L, 2L), values(one));
  }

  @Test
  void open_throughALinkedFolder_isWarnedAboutAndWorks() throws SQLException, IOException {
    SqlitePool one = openByOne();
    Path link = Files.createSymbolicLink(folder.resolve("linked"), folder);

    SqlitePool two = openByTwo(link.resolve(file().getFileName()));

    assertEquals(1, logs.warnings(SAID).size());
    insert(two, 1);
    assertEquals(List.of(1L), values(one));
  }

  @Test
  void open_throughAHardLink_isRefusedAndHarmsNothing() throws SQLException, IOException {
    SqlitePool one = openByOne();
    Path link = Files.createLink(folder.resolve("link.db"), file());

    SQLException failure =
        Expect.sql(SQLNonTransientConnectionException.class, "08001", () -> openByTwo(link));

    Expect.mentions(failure, link.toString(), "hard link", file().getFileName().toString());
    assertTrue(Files.notExists(folder.resolve("link.db-wal")));
    insert(one, 1);
    assertEquals(List.of(1L), values(one));
    assertEquals(
        "ok", one.read(l -> l.queryOne("PRAGMA integrity_check").orElseThrow().getString(1)));
  }

  @Test
  void open_throughAHardLinkWhenTheOtherNameIsClosed_works() throws SQLException, IOException {
    SqlitePool one = openByOne();
    insert(one, 1);
    Path link = Files.createLink(folder.resolve("link.db"), file());
    one.close();

    SqlitePool two = openByTwo(link);

    assertEquals(List.of(1L), values(two));
    assertEquals(List.of(), logs.warnings());
  }

  @Test
  void open_byTwoThreadsAtOnce_isWarnedAboutOnce() {
    CountDownLatch both = new CountDownLatch(2);
    List<Background<SqlitePool>> opening =
        List.of(
            start("one", () -> openTogether("one", both)),
            start("two", () -> openTogether("two", both)));

    opening.forEach(Background::result);

    assertEquals(1, logs.warnings().size(), () -> logs.warnings().toString());
    assertEquals(1, logs.warnings(SAID).size());
  }

  private SqlitePool openTogether(String name, CountDownLatch both) throws SQLException {
    PoolConfig config = PoolConfig.builder(file()).name(name).readers(1).build();
    both.countDown();
    Await.latch("the other thread", both);
    SqlitePool pool = SqlitePool.open(config);
    synchronized (this) {
      return opened(pool);
    }
  }
}
