package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk fills up under load, and has room again when a file is deleted. */
@Timeout(90)
class FullDiskTest {

  private static final String DISK_FULL = "53100";
  private static final int WRITERS = 6;
  private static final int READERS = 2;

  /** So often has every writer to fail, and every reader to succeed meanwhile. */
  private static final int TIMES = 20;

  /** A page, and what stands before it in the WAL. */
  private static final int FRAME = 4096 + 24;

  /** As many does the first part of the index know. */
  private static final int FRAMES_INDEXED = 4062;

  /** The next part takes 32 KiB. */
  private static final int LESS_THAN_AN_INDEX = 30_000;

  @TempDir Path folder;
  private Path mounted = Path.of("");

  @BeforeEach
  void makeFolder() throws IOException {
    mounted = Files.createDirectory(folder.resolve("small"));
  }

  private Path file() {
    return mounted.resolve("a.db");
  }

  private SqlitePool open() throws SQLException {
    return SqlitePool.open(PoolConfig.builder(file()).readers(READERS).build());
  }

  private SqlitePool openWithTable() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY, v)"));
    return pool;
  }

  /** A file to be deleted later, so large that so much is left. */
  private Path ballast(long leave) throws IOException {
    Path ballast = mounted.resolve("ballast");
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (Files.getFileStore(mounted).getUsableSpace() >= leave + block.length) {
        out.write(block);
      }
    }
    return ballast;
  }

  /** Writers and readers on a disk that is soon full; what they are told is collected. */
  private static final class Load {
    private final SqlitePool pool;
    private final Collection<Long> acknowledged = new ConcurrentLinkedQueue<>();
    private final Collection<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Background<?>> threads = new ArrayList<>();
    private final CountDownLatch refused = new CountDownLatch(WRITERS);
    private final CountDownLatch readOn = new CountDownLatch(READERS);
    private final CountDownLatch wroteAgain = new CountDownLatch(WRITERS);
    private volatile boolean room;
    private volatile boolean over;

    Load(SqlitePool pool) {
      this.pool = pool;
      for (int i = 0; i < WRITERS; i++) {
        threads.add(Background.start("writer", this::write));
      }
      for (int i = 0; i < READERS; i++) {
        threads.add(Background.start("reader", this::read));
      }
    }

    /** Until it is refused, goes on being refused, and is done when it has written once more. */
    private Void write() {
      int failed = 0;
      while (!over) {
        boolean hadRoom = room;
        if (!insert()) {
          if (++failed == TIMES) {
            refused.countDown();
          }
        } else if (hadRoom) {
          wroteAgain.countDown();
          return null;
        }
      }
      return null;
    }

    private boolean insert() {
      try {
        acknowledged.add(
            pool.write(lease -> lease.insert("INSERT INTO t(v) VALUES (randomblob(20000))")));
        return true;
      } catch (SQLException e) {
        failures.add(e.getSQLState() + "/" + e.getErrorCode() + " " + e.getMessage());
        return false;
      }
    }

    /** Every read counts that begins when all writers are refused. */
    private Void read() throws SQLException {
      int reads = 0;
      while (!over) {
        boolean full = refused.getCount() == 0;
        pool.useReader(lease -> lease.query("SELECT length(v) FROM t ORDER BY id DESC LIMIT 50"));
        if (full && ++reads == TIMES) {
          readOn.countDown();
        }
      }
      return null;
    }

    void awaitFull() {
      Await.latch("all writers are refused", refused);
      Await.latch("readers go on", readOn);
    }

    void awaitRoom() {
      room = true;
      Await.latch("all writers write again", wroteAgain);
    }

    void end() {
      over = true;
      threads.forEach(Background::result);
    }

    void requireOnlyDiskFull() {
      Set<String> others = new HashSet<>(failures);
      others.removeIf(failure -> failure.startsWith(DISK_FULL));
      assertEquals(Set.of(), others, "not said to be for want of room");
      assertFalse(failures.isEmpty(), "the disk was never full");
    }
  }

  @Test
  void load_diskFillsUpAndHasRoomAgain_writersAreRefusedAndGoOnByThemselves() throws Exception {
    try (var _ = Root.tmpfs(mounted, "16m")) {
      fillAndFree(8 << 20);
    }
  }

  /**
   * The WAL has got so long that it is moved into the database, and that has no room to grow to.
   */
  @Test
  void load_diskIsFullInACheckpoint_writersAreRefusedAndGoOnByThemselves() throws Exception {
    try (var _ = Root.tmpfs(mounted, "48m")) {
      fillAndFree(26 << 20);
    }
  }

  private void fillAndFree(long room) throws Exception {
    Collection<Long> acknowledged;
    try (SqlitePool pool = openWithTable()) {
      Path ballast = ballast(room);
      Load load = new Load(pool);
      load.awaitFull();
      Files.delete(ballast);
      load.awaitRoom();
      load.end();
      load.requireOnlyDiskFull();
      acknowledged = load.acknowledged;
    }
    assertKept(acknowledged);
  }

  private void assertKept(Collection<Long> acknowledged) throws SQLException {
    try (SqlitePool pool = open()) {
      pool.useReader(
          lease -> {
            assertEquals(
                "ok",
                lease.queryOne("PRAGMA integrity_check", row -> row.getString(1)).orElseThrow());
            Set<Long> missing = new HashSet<>(acknowledged);
            missing.removeAll(lease.query("SELECT id FROM t", row -> row.getLong(1)));
            assertEquals(Set.of(), missing, "acknowledged and lost");
          });
    }
  }

  @Test
  void close_diskIsStillFull_nothingAcknowledgedIsLost() throws Exception {
    try (var _ = Root.tmpfs(mounted, "16m")) {
      Collection<Long> acknowledged;
      Path ballast;
      try (SqlitePool pool = openWithTable()) {
        ballast = ballast(8 << 20);
        Load load = new Load(pool);
        load.awaitFull();
        load.end();
        acknowledged = load.acknowledged;
      }
      Files.delete(ballast);
      assertKept(acknowledged);
    }
  }

  /**
   * The frames of a commit fit, and the index of the WAL, which grows with every 4,096 of them,
   * does not: SQLite reports an error of the disk where the disk is only full.
   */
  @Test
  void commit_diskIsFullForTheIndexOfTheWal_isRefusedAndGoesOnWhenThereIsRoom() throws Exception {
    try (var _ = Root.tmpfs(mounted, "32m")) {
      List<Object> acknowledged = new ArrayList<>();
      try (SqlitePool pool = openWithTable()) {
        Path ballast;
        try (ReadLease snapshot = pool.acquireSnapshot()) {
          snapshot.query("SELECT count(*) FROM t");
          while (frames() < FRAMES_INDEXED - 2) {
            acknowledged.add(PoolFixture.insert(pool, "x"));
          }
          ballast = ballast(LESS_THAN_AN_INDEX);
          int refused = 0;
          for (int i = 0; i < TIMES; i++) {
            refused += isInserted(pool, acknowledged) ? 0 : 1;
          }
          assertTrue(refused > 0, "the disk was never full");
          assertEquals(
              acknowledged.size(), pool.<Long, SQLException>read(PoolFixture::count), "rows read");
        }
        Files.delete(ballast);
        acknowledged.add(PoolFixture.insert(pool, "x"));
      }
      try (SqlitePool pool = open()) {
        assertEquals(acknowledged.size(), pool.<Long, SQLException>read(PoolFixture::count));
      }
    }
  }

  private long frames() throws IOException {
    return Files.size(Path.of(file() + "-wal")) / FRAME;
  }

  /** Otherwise it was refused, for want of room. */
  private static boolean isInserted(SqlitePool pool, List<Object> acknowledged)
      throws SQLException {
    try {
      acknowledged.add(PoolFixture.insert(pool, "x"));
      return true;
    } catch (SQLException e) {
      assertEquals(DISK_FULL, e.getSQLState(), () -> e + " " + e.getErrorCode());
      return false;
    }
  }

  @Test
  void open_diskIsFullAndThereIsNoFile_saysSoAndLeavesNothing() throws Exception {
    try (var _ = Root.tmpfs(mounted, "1m")) {
      Path ballast = ballast(0);
      requireFullAtOpening();
      assertEquals(List.of(ballast), files());
      Files.delete(ballast);
      openWithTable().close();
    }
  }

  /** A database without a WAL and its index: neither can be made. */
  @Test
  void open_diskIsFullAndThereIsAFile_saysSoAndOpensWhenThereIsRoom() throws Exception {
    try (var _ = Root.tmpfs(mounted, "1m")) {
      openWithTable().close();
      byte[] before = Files.readAllBytes(file());
      Path ballast = ballast(0);
      requireFullAtOpening();
      assertArrayEquals(before, Files.readAllBytes(file()));
      Files.delete(ballast);
      try (SqlitePool pool = open()) {
        pool.useWriter(lease -> lease.update("INSERT INTO t(v) VALUES (1)"));
      }
    }
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(mounted)) {
      return files.sorted().toList();
    }
  }

  private void requireFullAtOpening() {
    SQLException failure = assertThrows(SQLException.class, this::open);
    assertEquals(DISK_FULL, failure.getSQLState(), () -> failure + " " + failure.getErrorCode());
    Expect.mentions(failure, file().toString());
    assertTrue(failure.getCause() != null);
  }
}
