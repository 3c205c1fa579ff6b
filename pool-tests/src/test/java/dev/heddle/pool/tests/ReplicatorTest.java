package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * A process that replicates the WAL, as Litestream does: it keeps a read transaction, so that
 * nobody begins the WAL anew before it has copied it, and checkpoints itself. With {@code
 * wal.checkpoint-pages=0} the pool leaves the WAL to it.
 */
class ReplicatorTest extends PoolFixture {

  private static final int WRITERS = 8;

  /** So often has the other process to checkpoint. */
  private static final int CHECKPOINTS = 30;

  private volatile boolean over;

  @Test
  void load_anotherProcessReplicatesTheWal_neverBeginsAnewBehindItsBackAndNobodyFails()
      throws Exception {
    SqlitePool pool =
        open(config -> config.walCheckpointPages(0).busyTimeout(Duration.ofSeconds(10)));
    AtomicLong committed = new AtomicLong();
    List<Background<?>> writers = new ArrayList<>();
    try (ChildJvm replicator = ChildJvm.start(Replicator.class, file()).killedWhenItHangs()) {
      assertEquals(List.of("replicates"), replicator.said(1));
      for (int i = 0; i < WRITERS; i++) {
        writers.add(start("writer", () -> write(pool, committed)));
      }
      List<String> said = replicator.said();
      over = true;
      writers.forEach(Background::result);
      assertEquals(List.of("checkpoints " + CHECKPOINTS), said);
      assertEquals(0, replicator.awaitEnd());
    }
    assertEquals(committed.get(), pool.<Long, SQLException>read(PoolFixture::count));
    assertEquals("ok", Database.ask(file(), "PRAGMA integrity_check"));
  }

  private Void write(SqlitePool pool, AtomicLong committed) throws SQLException {
    while (!over) {
      insert(pool, "x".repeat(3000));
      committed.incrementAndGet();
      LockSupport.parkNanos(1_000_000);
    }
    return null;
  }

  /** The other process. */
  static final class Replicator {

    private static final int FRAME = 4096 + 24;
    private static final int PAGES = 500;

    /** Every so many checkpoints, one that cuts the WAL. */
    private static final int TRUNCATE_EVERY = 10;

    private static final Duration INTERVAL = Duration.ofMillis(20);

    private final Path wal;
    private final Database reader;
    private final Database checkpointer;
    private final Database writer;

    /** Two numbers in the WAL's header, which are others when it begins anew. */
    private long salts;

    private Replicator(Path file, Database reader, Database checkpointer, Database writer) {
      this.wal = Path.of(file + "-wal");
      this.reader = reader;
      this.checkpointer = checkpointer;
      this.writer = writer;
    }

    public static void main(String[] arguments) throws Exception {
      Path file = Path.of(arguments[0]);
      try (Database reader = connect(file);
          Database checkpointer = connect(file);
          Database writer = connect(file)) {
        new Replicator(file, reader, checkpointer, writer).run();
      }
    }

    private static Database connect(Path file) throws SQLException {
      return Database.connect(file)
          .run("PRAGMA busy_timeout = 10000", "PRAGMA wal_autocheckpoint = 0");
    }

    private void run() throws SQLException, IOException, InterruptedException {
      writer.run(
          "CREATE TABLE replicator_seq(id INTEGER PRIMARY KEY, seq INTEGER)",
          "CREATE TABLE replicator_lock(id INTEGER)");
      touch();
      lock();
      salts = readSalts();
      ChildJvm.say("replicates");
      int checkpoints = 0;
      while (checkpoints < CHECKPOINTS) {
        Thread.sleep(INTERVAL);
        requireSameWal();
        if (Files.size(wal) > (long) PAGES * FRAME) {
          checkpoint(++checkpoints % TRUNCATE_EVERY == 0);
        }
      }
      ChildJvm.say("checkpoints " + checkpoints);
    }

    private void lock() throws SQLException {
      reader.run("BEGIN");
      reader.ask("SELECT count(1) FROM replicator_seq");
    }

    private void touch() throws SQLException {
      writer.run(
          "INSERT INTO replicator_seq(id, seq) VALUES (1, 1)"
              + " ON CONFLICT (id) DO UPDATE SET seq = seq + 1");
    }

    /** The end of the WAL is copied under the write lock; then the read transaction moves on. */
    private void checkpoint(boolean truncate) throws SQLException, IOException {
      if (truncate) {
        pass("PRAGMA wal_checkpoint(TRUNCATE)");
      } else {
        writer.run("BEGIN", "INSERT INTO replicator_lock(id) VALUES (1)");
        requireSameWal();
        pass("PRAGMA wal_checkpoint(PASSIVE)");
        writer.run("ROLLBACK");
      }
      touch();
      salts = readSalts();
    }

    private void pass(String checkpoint) throws SQLException {
      reader.run("ROLLBACK");
      checkpointer.ask(checkpoint);
      lock();
    }

    private void requireSameWal() throws IOException {
      if (readSalts() != salts) {
        ChildJvm.say("the WAL began anew");
        salts = readSalts();
      }
    }

    /** The locks of SQLite are not on this file, so it may be opened and closed. */
    private long readSalts() throws IOException {
      try (FileChannel channel = FileChannel.open(wal)) {
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES);
        channel.read(header, 16);
        return header.flip().getLong();
      }
    }
  }
}
