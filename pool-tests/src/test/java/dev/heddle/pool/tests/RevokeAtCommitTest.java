package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /** What the units of one thread have committed. */
  private static List<Object> committed(SqlitePool pool, int thread) throws SQLException {
    Random random = new Random(thread);
    List<Object> committed = new ArrayList<>();
    for (int i = 0; i < UNITS; i++) {
      long value = thread * 10_000L + i;
      try (WriteLease lease = pool.acquireWriter(BRIEF)) {
        lease.update("INSERT INTO t(v) VALUES (?)", value);
        for (long until = System.nanoTime() + random.nextLong(6_000_000);
            System.nanoTime() < until; ) {
          lease.query("SELECT 1");
        }
        lease.commit();
        committed.add(value);
      } catch (SQLNonTransientConnectionException | SQLTimeoutException revoked) {
        Expect.mentions(revoked, "revoked", "holdAtMost");
      }
    }
    return committed;
  }
}
