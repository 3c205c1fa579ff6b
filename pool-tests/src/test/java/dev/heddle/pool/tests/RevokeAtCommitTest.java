package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A lease's time is up just when it commits: it is the one or the other, for everybody. */
@Tag("slow")
class RevokeAtCommitTest extends PoolFixture {

  private static final int THREADS = 4;
  private static final int UNITS = 150;
  private static final LeaseOptions BRIEF =
      LeaseOptions.DEFAULTS.withHoldAtMost(Duration.ofMillis(3));

  @Test
  void commit_timeIsUpAtThatMoment_isCommittedOrRevokedAndNeverBoth() throws SQLException {
    SqlitePool pool = open(config -> config.acquireTimeout(Duration.ofMinutes(1)));
    List<Background<List<Object>>> writers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      writers.add(start("writer-" + i, () -> committed(pool, number)));
    }
    List<Object> committed = new ArrayList<>();
    writers.forEach(writer -> committed.addAll(writer.result()));
    int revoked = THREADS * UNITS - committed.size();

    assertEquals(committed.stream().sorted().toList(), values(pool).stream().sorted().toList());
    Await.until("all are counted", () -> pool.stats().writer().revoked() >= revoked);
    assertEquals(revoked, pool.stats().writer().revoked());
    assertTrue(revoked > 0 && !committed.isEmpty(), () -> revoked + " were revoked: no race");
  }

  private static void useFor(WriteLease lease, long nanos) throws SQLException {
    for (long until = System.nanoTime() + nanos; System.nanoTime() < until; ) {
      lease.query("SELECT 1");
    }
  }

  /** What the units of one thread have committed. */
  private static List<Object> committed(SqlitePool pool, int thread) throws SQLException {
    Random random = new Random(thread);
    List<Object> committed = new ArrayList<>();
    for (int i = 0; i < UNITS; i++) {
      long value = thread * 10_000L + i;
      try (WriteLease lease = pool.acquireWriter(BRIEF)) {
        lease.update("INSERT INTO t(v) VALUES (?)", value);
        useFor(lease, random.nextLong(6_000_000));
        lease.commit();
        committed.add(value);
      } catch (SQLNonTransientConnectionException | SQLTimeoutException revoked) {
        Expect.mentions(revoked, "revoked", "holdAtMost");
      }
    }
    return committed;
  }

  @Test
  void commitAndRead_readersTimeIsUpAtThatMoment_isCommittedAndTheSnapshotIsRightOrSaysSo()
      throws SQLException {
    SqlitePool pool =
        open(
            config ->
                config.readerMaxTime(Duration.ofMillis(5)).acquireTimeout(Duration.ofMinutes(1)));
    List<Background<Integer>> writers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Random random = new Random(i);
      writers.add(start("writer-" + i, () -> snapshots(pool, random)));
    }
    int shown = 0;
    for (Background<Integer> writer : writers) {
      shown += Objects.requireNonNull(writer.result());
    }
    int all = 2 * UNITS;
    long rows = pool.write(PoolFixture::count);
    assertEquals(all, rows);
    int snapshots = shown;
    assertTrue(0 < shown && shown < all, () -> snapshots + " of " + all + ": no race");
  }

  /** How many units of one thread were shown their commit. */
  private static int snapshots(SqlitePool pool, Random random) throws SQLException {
    LeaseOptions reserving = LeaseOptions.DEFAULTS.withSnapshotAfterCommit(true);
    int shown = 0;
    for (int i = 0; i < UNITS; i++) {
      try (WriteLease lease = pool.acquireWriter(reserving)) {
        long own = lease.insert("INSERT INTO t(v) VALUES (?)", i);
        useFor(lease, random.nextLong(6_000_000));
        try (ReadLease snapshot = lease.commitAndRead()) {
          shown += shows(snapshot, own) ? 1 : 0;
        }
      }
    }
    return shown;
  }

  private static boolean shows(ReadLease snapshot, long own) throws SQLException {
    try {
      long rows = snapshot.query("SELECT count(*) FROM t").getFirst().getLong(1); // in one call
      assertTrue(rows == own || rows == own + 1, () -> rows + " rows; a group has two units");
      return true;
    } catch (SQLNonTransientConnectionException revoked) {
      Expect.mentions(revoked, "revoked", "reader.max-time", "commit before it took place");
      return false;
    } catch (SQLTimeoutException revoked) {
      Expect.mentions(revoked, "revoked", "reader.max-time");
      return false;
    }
  }
}
