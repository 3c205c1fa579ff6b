package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.Maintenance.BackupOptions;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Backups while everybody writes. */
@Tag("slow")
class BackupUnderLoadTest extends PoolFixture {

  private static final long MIB = 1 << 20;
  private static final int WRITERS = 8;

  /** As a user would set it for a file of this size: it takes some seconds. */
  private static final BackupOptions THROTTLED =
      BackupOptions.DEFAULTS.withBytesPerSecond(10 * MIB);

  /** How many units each writer has been told are committed: its numbers from 1 to that one. */
  private final AtomicLong[] acknowledged = newCounts();

  private volatile boolean over;

  private static AtomicLong[] newCounts() {
    AtomicLong[] counts = new AtomicLong[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
      counts[i] = new AtomicLong();
    }
    return counts;
  }

  private Path target() {
    return folder.resolve("backup.db");
  }

  /** A file of some 40 MiB, all over which the writers change something. */
  private SqlitePool openLoaded() throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(
        lease ->
            lease.script(
                "CREATE TABLE numbers(writer, number, PRIMARY KEY (writer, number));"
                    + " CREATE TABLE large(id INTEGER PRIMARY KEY, v);"
                    + " INSERT INTO large(v) WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL"
                    + " SELECT n + 1 FROM c WHERE n < 10000) SELECT randomblob(4000) FROM c"));
    return pool;
  }

  private List<Background<@Nullable Void>> startWriters(SqlitePool pool) {
    List<Background<@Nullable Void>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      writers.add(start("writer " + i, () -> write(pool, writer)));
    }
    return writers;
  }

  private @Nullable Void write(SqlitePool pool, int writer) throws SQLException {
    while (!over) {
      long number = acknowledged[writer].get() + 1;
      pool.useWriter(
          lease -> {
            lease.update("INSERT INTO numbers VALUES (?, ?)", writer, number);
            lease.update(
                "UPDATE large SET v = randomblob(4000) WHERE id = ?",
                ThreadLocalRandom.current().nextInt(1, 10_001));
          });
      acknowledged[writer].set(number);
    }
    return null;
  }

  private List<Long> acknowledged() {
    return LongStream.range(0, WRITERS).mapToObj(i -> acknowledged[(int) i].get()).toList();
  }

  private long sum() {
    return acknowledged().stream().mapToLong(Long::longValue).sum();
  }

  /** Of each writer: that nothing is missing before its last number, and that number. */
  private List<Long> prefixesIn(Path backup) throws SQLException {
    List<Long> last = new ArrayList<>();
    try (Database database = Database.connect(backup)) {
      for (int i = 0; i < WRITERS; i++) {
        String ofWriter = " FROM numbers WHERE writer = " + i;
        long most = Long.parseLong("" + database.ask("SELECT ifnull(max(number), 0)" + ofWriter));
        assertEquals("" + most, database.ask("SELECT count(*)" + ofWriter), "writer " + i);
        last.add(most);
      }
    }
    return last;
  }

  private void end(List<Background<@Nullable Void>> writers) {
    over = true;
    writers.forEach(Background::result);
  }

  @Test
  void backup_everybodyWrites_holdsAPrefixOfWhatWasAcknowledged() throws SQLException {
    SqlitePool pool = openLoaded();
    List<Background<@Nullable Void>> writers = startWriters(pool);
    Await.until("all write", () -> acknowledged().stream().allMatch(count -> count > 10));

    List<Long> before = acknowledged();
    pool.maintenance().backup(target(), THROTTLED);
    List<Long> after = acknowledged();
    end(writers);

    assertEquals("ok", Database.ask(target(), "PRAGMA integrity_check"));
    List<Long> held = prefixesIn(target());
    for (int i = 0; i < WRITERS; i++) {
      assertTrue(held.get(i) >= before.get(i), () -> "acknowledged " + before + ", held " + held);
      assertTrue(held.get(i) < after.get(i), () -> "it was begun again: " + held + ", " + after);
    }
  }

  @Test
  void backup_throttled_leavesTheWritersHalfOfTheirSpeedAtLeast() throws Exception {
    SqlitePool pool = openLoaded();
    List<Background<@Nullable Void>> writers = startWriters(pool);
    Await.until("all write", () -> acknowledged().stream().allMatch(count -> count > 100));

    double alone = perSecond(() -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4)));
    double meanwhile = perSecond(() -> pool.maintenance().backup(target(), THROTTLED));
    Files.delete(target());
    double unthrottled = perSecond(() -> pool.maintenance().backup(target()));
    end(writers);

    String figures =
        "units/s alone %.0f, with a backup %.0f, with one as fast as it goes %.0f"
            .formatted(alone, meanwhile, unthrottled);
    assertTrue(meanwhile > alone / 2, figures);
  }

  @FunctionalInterface
  private interface Step {
    void run() throws SQLException;
  }

  private double perSecond(Step step) throws SQLException {
    long start = System.nanoTime();
    long before = sum();
    step.run();
    return (sum() - before) * 1e9 / (System.nanoTime() - start);
  }

  @Test
  void backup_interruptedWhileEverybodyWrites_leavesNothing() throws Exception {
    SqlitePool pool = openLoaded();
    List<Background<@Nullable Void>> writers = startWriters(pool);
    Await.until("all write", () -> acknowledged().stream().allMatch(count -> count > 10));
    for (int i = 0; i < 10; i++) {
      requireInterruptible(pool);
    }
    end(writers);
    assertEquals(List.of(), pool.maintenance().quickCheck());
  }

  private void requireInterruptible(SqlitePool pool) {
    Background<@Nullable Void> backup =
        start(
            "backup",
            () -> {
              Thread self = Thread.currentThread();
              BackupOptions options = THROTTLED.withProgress((pages, total) -> self.interrupt());
              pool.maintenance().backup(target(), options);
              return null;
            });
    Expect.interrupted(backup.failure(SQLException.class));
    for (String suffix : List.of("", ".part", ".part-journal")) {
      assertTrue(Files.notExists(Path.of(target() + suffix)), suffix);
    }
  }
}
