package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many units that each want to see their own commit, and nothing later. */
class CommitAndReadCrowdTest extends PoolFixture {

  private static final int THREADS = 32;
  private static final int UNITS = 40;
  private static final LeaseOptions RESERVING = LeaseOptions.DEFAULTS.withSnapshotAfterCommit(true);

  /**
   * What became of a unit.
   *
   * @param own the id of its row: those that were committed later are greater
   * @param newest the greatest id in its snapshot
   * @param rows how many rows its snapshot has
   */
  private record Seen(long own, long newest, long rows) {}

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1024})
  void commitAndRead_crowd_eachSeesTheCommitOfItsGroupAndNoneAfterIt(int maxUnits)
      throws SQLException {
    SqlitePool pool =
        open(
            config ->
                config
                    .readers(8)
                    .groupMaxUnits(maxUnits)
                    .acquireTimeout(Duration.ofMinutes(1))
                    .pragma("synchronous", "OFF"));
    List<Background<List<Seen>>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(i);
      threads.add(start("writer-" + i, () -> units(pool, random)));
    }
    List<Seen> all = new ArrayList<>();
    threads.forEach(thread -> all.addAll(thread.result()));

    assertSawTheirOwnCommits(all, values(pool).size());
    assertTrue(maxUnits == 1 || pool.stats().commits().mostUnits() > 1, "no commit was shared");
  }

  private static List<Seen> units(SqlitePool pool, Random random) throws SQLException {
    List<Seen> seen = new ArrayList<>();
    for (int i = 0; i < UNITS; i++) {
      switch (random.nextInt(8)) {
        case 0 -> insert(pool, "not looked at");
        case 1 -> undo(pool);
        default -> seen.add(unit(pool));
      }
    }
    return seen;
  }

  private static void undo(SqlitePool pool) throws SQLException {
    try (WriteLease lease = pool.acquireWriter(RESERVING)) {
      lease.update("INSERT INTO t(v) VALUES ('undone')");
      lease.rollback();
    }
  }

  private static Seen unit(SqlitePool pool) throws SQLException {
    try (WriteLease lease = pool.acquireWriter(RESERVING)) {
      long own = lease.insert("INSERT INTO t(v) VALUES ('kept')");
      try (ReadLease snapshot = lease.commitAndRead()) {
        return snapshot
            .queryOne(
                "SELECT max(id), count(*) FROM t",
                row -> new Seen(own, row.getLong(1), row.getLong(2)))
            .orElseThrow();
      }
    }
  }

  /** A snapshot ends where a commit ends; each has the first such end that its own row is in. */
  private static void assertSawTheirOwnCommits(List<Seen> all, int rows) {
    NavigableSet<Long> ends = new TreeSet<>();
    all.forEach(seen -> ends.add(seen.newest()));
    for (Seen seen : all) {
      assertEquals(ends.ceiling(seen.own()), seen.newest(), seen::toString);
      assertEquals(seen.newest(), seen.rows(), "ids are dense: what is undone leaves no gap");
    }
    assertTrue(ends.last() <= rows, () -> ends.last() + " is more than " + rows);
  }
}
