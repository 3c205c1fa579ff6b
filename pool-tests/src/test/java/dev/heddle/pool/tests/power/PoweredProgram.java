package dev.heddle.pool.tests.power;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.tests.Await;
import dev.heddle.pool.tests.Background;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A program that writes to a {@link Ledger} by many threads, and acknowledges what is committed; it
 * opens it, and closes it, several times, and in the end it just stops.
 *
 * <p>It acknowledges into a file of the same folder, so that the log of what is written has that at
 * its place.
 */
final class PoweredProgram {

  static final String DATABASE = "ledger.db";
  static final String ACKNOWLEDGED = "acknowledged";

  /** Before the number of a unit. */
  static final String UNIT = "unit";

  /** Before the number of a unit that had been acknowledged before, and the name of the file. */
  static final String COPY = "copy";

  private static final String BACKUP = "backup";
  private static final String RESTORED = "restored";

  private static final int LIVES = 3;
  private static final int THREADS = 16;

  /** Pages: so few that the WAL begins anew again and again. */
  private static final int WAL_PAGES = 150;

  /** Bytes: the least that can be set. */
  private static final int WAL_LIMIT = 1 << 20;

  private static final int LONG_WAL = 3 * WAL_LIMIT / 2;
  private static final int TOO_LONG_WAL = 2 * WAL_LIMIT;
  private static final int CUTS_OF_THE_WAL = 2;

  private final Path folder;
  private final FileChannel acknowledged;
  private final AtomicLong last = new AtomicLong();
  private volatile long backedUp;
  private volatile boolean over;

  private PoweredProgram(Path folder, FileChannel acknowledged) {
    this.folder = folder;
    this.acknowledged = acknowledged;
  }

  /**
   * Runs it.
   *
   * @param arguments the folder, {@code synchronous}, how many units between opening and closing
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    PoolConfig config =
        PoolConfig.builder(folder.resolve(DATABASE))
            .readers(2)
            .acquireTimeout(Duration.ofMinutes(2))
            .pragma("synchronous", arguments[1])
            .walCheckpointPages(WAL_PAGES)
            .walTruncateAbove(WAL_LIMIT)
            .build();
    long units = Long.parseLong(arguments[2]);
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve(ACKNOWLEDGED),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE)) {
      PoweredProgram program = new PoweredProgram(folder, channel);
      for (int life = 1; life < LIVES; life++) {
        try (SqlitePool pool = SqlitePool.open(config)) {
          program.live(pool, life, units);
        }
        program.restore(life);
      }
      program.live(SqlitePool.open(config), LIVES, units);
      Runtime.getRuntime().halt(0);
    } catch (Throwable e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  static boolean isCopy(String file) {
    return file.matches("(" + BACKUP + "|" + RESTORED + ")[0-9]+");
  }

  /** Until there are so many more units, and the WAL was cut, and began anew, some times. */
  private void live(SqlitePool pool, int life, long units) throws SQLException, IOException {
    long before = Ledger.create(pool);
    acknowledge(UNIT + " " + before); // what can be read after a power cut, is there to stay
    last.set(before);
    over = false;
    List<Background<?>> writers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      writers.add(Background.start("writer", () -> write(pool)));
    }
    Background<?> backup = Background.start("backup", () -> backup(pool, before + units / 2, life));
    holdBackTheWal(pool);
    backup.result();
    awaitUnits(before + units);
    over = true;
    writers.forEach(Background::result);
    if (pool.stats().commits().mostUnits() == 1) {
      throw new IllegalStateException("no commit was shared");
    }
  }

  private @Nullable Void write(SqlitePool pool) throws SQLException, IOException {
    for (int i = 1; !over; i++) {
      Await.until("a bounded WAL", () -> over || walBytes() < TOO_LONG_WAL);
      if (i % 5 == 0) {
        leave(pool);
      }
      LeaseOptions options = LeaseOptions.DEFAULTS.withCommitAlone(i % 20 == 0);
      long n = pool.write(options, Ledger::unit);
      acknowledge(UNIT + " " + n);
      last.accumulateAndGet(n, Math::max);
    }
    return null;
  }

  private static void leave(SqlitePool pool) throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      Ledger.wrongUnit(lease);
      lease.rollback();
    }
  }

  /** By a snapshot: so it grows, and is cut when that has ended. */
  private void holdBackTheWal(SqlitePool pool) throws SQLException {
    for (int i = 0; i < CUTS_OF_THE_WAL; i++) {
      try (ReadLease lease = pool.acquireSnapshot()) {
        lease.query("SELECT n FROM units");
        Await.until("a long WAL", () -> walBytes() > LONG_WAL);
      }
      Await.until("a short WAL", () -> walBytes() <= WAL_LIMIT);
    }
  }

  private long walBytes() {
    return folder.resolve(DATABASE + "-wal").toFile().length();
  }

  private @Nullable Void backup(SqlitePool pool, long when, int life)
      throws SQLException, IOException {
    awaitUnits(when);
    backedUp = last.get();
    pool.maintenance().backup(folder.resolve(BACKUP + life));
    acknowledge(COPY + " " + backedUp + " " + BACKUP + life);
    return null;
  }

  private void restore(int life) throws SQLException, IOException {
    PoolConfig config =
        PoolConfig.builder(folder.resolve(RESTORED + life))
            .restoreFrom(folder.resolve(BACKUP + life))
            .build();
    SqlitePool.open(config).close();
    acknowledge(COPY + " " + backedUp + " " + RESTORED + life);
  }

  private void awaitUnits(long units) {
    Await.until(units + " units", () -> last.get() >= units);
  }

  /** In one call, which is one record of the log. */
  private void acknowledge(String what) throws IOException {
    acknowledged.write(ByteBuffer.wrap(what.getBytes(StandardCharsets.UTF_8)));
  }
}
