package dev.heddle.pool.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.tests.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a pool does in its life, once, in an order that is the same each time: so that
 * the n-th system call of one life is the n-th of another one, but for what upkeep does meanwhile.
 */
final class ShortLife {

  /** Units of {@link #leaveWal}. */
  private static final int EARLIER = 5;

  private static final long AFTER_BACKUP = 9;

  /** Of the first unit after the faults. */
  private static final long AFTERWARDS = 1000;

  private final Path file;
  private final Ledger ledger;
  private @Nullable SqlitePool pool;

  ShortLife(Path file, Ledger ledger) {
    this.file = file;
    this.ledger = ledger;
  }

  /** Leaves a database as a process does that was killed: with units that are in its WAL alone. */
  static void leaveWal(Path at) throws Exception {
    Path file = at.resolveSibling("living.db");
    Ledger ledger = new Ledger();
    try (SqlitePool pool = open(file)) {
      pool.useWriter(lease -> lease.script(Ledger.TABLES));
      for (long id : earlier()) {
        ledger.unit(id, () -> pool.useWriter(lease -> Ledger.insert(lease, id)));
      }
      Files.copy(file, at);
      Files.copy(wal(file), wal(at));
    }
    assertEquals(EARLIER, ledger.all(Ledger.Fate.KEPT).size());
  }

  /** Begins with what {@link #leaveWal} left, of which the ledger is told. */
  void inherit(Path left) throws IOException {
    Files.copy(left, file);
    Files.copy(wal(left), wal(file));
    earlier().forEach(id -> ledger.tell(id, Ledger.Fate.KEPT));
  }

  private static List<Long> earlier() {
    List<Long> ids = new ArrayList<>();
    for (long id = AFTERWARDS - EARLIER; id < AFTERWARDS; id++) {
      ids.add(id);
    }
    return ids;
  }

  private static Path wal(Path file) {
    return Path.of(file + "-wal");
  }

  private static SqlitePool open(Path file) throws SQLException {
    return SqlitePool.open(
        PoolConfig.builder(file)
            .readers(2)
            .openTimeout(Duration.ofMillis(50))
            .busyTimeout(Duration.ofMillis(20))
            .groupMaxAge(Duration.ofSeconds(10))
            .acquireTimeout(Duration.ofMinutes(1))
            .build());
  }

  /** All of it but its end, as far as it gets. */
  void live() throws Exception {
    if (ledger.call(() -> pool = open(file)) && ledger.call(this::createTables)) {
      ledger.unit(1, () -> Units.commit(living(), 1));
      ledger.unit(2, () -> living().useWriter(lease -> Ledger.insert(lease, 2)));
      ledger.call(this::rollBack);
      Units.commitTogether(living(), ledger, 4, 5, 6);
      ledger.unit(7, this::commitAndRead);
      read();
      ledger.call(() -> living().maintenance().checkpoint());
      ledger.unit(8, () -> Units.commit(living(), 8));
      backUp();
      ledger.call(() -> living().maintenance().vacuum());
      ledger.unit(AFTER_BACKUP, () -> Units.commit(living(), AFTER_BACKUP));
    }
  }

  boolean isOpen() {
    return pool != null;
  }

  private SqlitePool living() {
    if (pool == null) {
      throw new IllegalStateException("it has not been opened");
    }
    return pool;
  }

  private void createTables() throws SQLException {
    living().useWriter(lease -> lease.script(Ledger.TABLES));
  }

  private void rollBack() throws SQLException {
    try (WriteLease lease = living().acquireWriter()) {
      Ledger.insert(lease, -3);
      lease.rollback();
    }
  }

  private void commitAndRead() throws SQLException {
    try (WriteLease lease =
        living().acquireWriter(LeaseOptions.DEFAULTS.withSnapshotAfterCommit(true))) {
      Ledger.insert(lease, 7);
      lease.commitAndRead().close();
    }
  }

  private void read() {
    ledger.call(() -> living().useReader(ledger.check()));
    ledger.call(
        () -> {
          try (ReadLease snapshot = living().acquireSnapshot()) {
            ledger.check().run(snapshot);
          }
        });
  }

  private Path backup() {
    return file.resolveSibling("backup.db");
  }

  private void backUp() {
    boolean said = ledger.call(() -> living().maintenance().backup(backup()));
    assertTrue(!said || Files.exists(backup()), "no backup");
  }

  /** A backup is whole if it is there, whatever was said of it. */
  void requireWholeBackup() throws SQLException {
    if (Files.exists(backup())) {
      assertEquals("ok", Database.ask(backup(), "PRAGMA integrity_check"));
      String units = Database.ask(backup(), "SELECT count(*) FROM a JOIN b USING (id)");
      Set<Long> earlier = ledger.all(Ledger.Fate.KEPT);
      earlier.removeAll(Set.of(AFTER_BACKUP, AFTERWARDS));
      assertTrue(earlier.size() <= Long.parseLong(String.valueOf(units)), "not all is in it");
    }
  }

  /** Works again, when nothing fails any more, and ends. */
  void recover() throws SQLException {
    Aftermath.requireUsable(living(), ledger, AFTERWARDS);
    end();
  }

  /** Ends, whatever fails. */
  void end() {
    living().close();
    Aftermath.requireIdle(living());
  }
}
