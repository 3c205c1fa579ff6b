package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Very many units at once, some of which fail: everyone is told the truth about its own. */
class GroupCrowdTest extends GroupFixture {

  private static final int UNITS = 4000;

  /** What became of a crowd. */
  private static final class Report {
    final Set<Long> kept = ConcurrentHashMap.newKeySet();
    final AtomicInteger ownFailures = new AtomicInteger();
    final AtomicInteger left = new AtomicInteger();
    final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
  }

  /** Writes the row with this id, or does not. */
  @FunctionalInterface
  private interface Work {
    void run(long id) throws SQLException;
  }

  private static void run(Report report, Work work) throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= UNITS; i++) {
      long id = i;
      threads.add(
          Thread.startVirtualThread(
              () -> {
                Await.latch("the crowd is there", go);
                try {
                  work.run(id);
                } catch (Throwable t) {
                  report.unexpected.add(new AssertionError("unit " + id, t));
                }
              }));
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private SqlitePool openForCrowd(int maxUnits, String script) throws SQLException {
    SqlitePool pool =
        open(
            config ->
                config
                    .groupMaxUnits(maxUnits)
                    .acquireTimeout(Duration.ofMinutes(5))
                    .pragma("synchronous", "OFF"));
    pool.useWriter(lease -> lease.script(script));
    return pool;
  }

  private static void assertKept(SqlitePool pool, Report report, String table) throws SQLException {
    assertEquals(List.of(), List.copyOf(report.unexpected));
    pool.useReader(
        lease ->
            assertEquals(
                report.kept,
                Set.copyOf(lease.query("SELECT id FROM " + table, row -> row.getLong(1)))));
  }

  private static void ownFailure(Report report, SqlitePool pool, Work work, long id)
      throws SQLException {
    try {
      work.run(id);
      report.unexpected.add(new AssertionError("unit " + id + " of " + pool + " did not fail"));
    } catch (SQLIntegrityConstraintViolationException e) {
      if (String.valueOf(e.getMessage()).contains("number " + id)
          || String.valueOf(e.getMessage()).contains("FOREIGN KEY")
          || String.valueOf(e.getMessage()).contains("UNIQUE")) {
        report.ownFailures.incrementAndGet();
      } else {
        throw e;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 7, 1})
  void units_ofManyFates_tableHoldsExactlyTheAcknowledged(int maxUnits) throws Exception {
    SqlitePool pool =
        openForCrowd(
            maxUnits,
            """
            CREATE TABLE guarded(id INTEGER);
            CREATE TRIGGER tr BEFORE INSERT ON guarded BEGIN
              SELECT RAISE(ROLLBACK, 'guarded');
            END;
            CREATE TABLE strict_table(a UNIQUE ON CONFLICT ROLLBACK);
            INSERT INTO strict_table VALUES ('taken');
            INSERT INTO t(id, v) VALUES (0, 'old');
            """);
    Report report = new Report();
    report.kept.add(0L);
    Counts before = Counts.of(pool);
    run(report, id -> oneOfManyFates(pool, report, id));

    assertKept(pool, report, "t");
    Counts now = Counts.of(pool);
    assertEquals(report.kept.size() - 1, now.units() - before.units(), "units committed");
    assertEquals(UNITS / 10 * 3, report.ownFailures.get());
    assertEquals(UNITS / 10, report.left.get());
    assertEquals(UNITS / 10 * 6, report.kept.size() - 1);
    assertTrue(pool.stats().commits().mostUnits() <= maxUnits);
    assertTrue(maxUnits == 1 || pool.stats().commits().mostUnits() > 1, "nobody shared a commit");
  }

  private static void oneOfManyFates(SqlitePool pool, Report report, long id) throws SQLException {
    switch ((int) (id % 10)) {
      case 1 ->
          ownFailure(
              report,
              pool,
              one ->
                  pool.useWriter(
                      lease -> {
                        insertInto(lease, one);
                        lease.update("INSERT INTO t(id, v) VALUES (0, 'no')");
                      }),
              id);
      case 2 ->
          ownFailure(
              report,
              pool,
              one ->
                  pool.useWriter(
                      lease -> {
                        insertInto(lease, one);
                        raise(lease, one);
                      }),
              id);
      case 3 ->
          ownFailure(
              report,
              pool,
              one ->
                  pool.useWriter(
                      lease -> {
                        insertInto(lease, one);
                        lease.update("INSERT INTO strict_table VALUES ('taken')");
                      }),
              id);
      case 4 -> {
        try (WriteLease lease = pool.acquireWriter()) {
          insertInto(lease, id);
          lease.rollback();
        }
        report.left.incrementAndGet();
      }
      default -> {
        pool.useWriter(lease -> insertInto(lease, id));
        report.kept.add(id);
      }
    }
  }

  private static void insertInto(WriteLease lease, long id) throws SQLException {
    assertEquals(id, lease.insert("INSERT INTO t(id, v) VALUES (?, 'x')", id));
  }

  private static void raise(WriteLease lease, long id) throws SQLException {
    try {
      lease.update("INSERT INTO guarded VALUES (?)", id);
    } catch (SQLIntegrityConstraintViolationException e) {
      throw new SQLIntegrityConstraintViolationException("number " + id, e.getSQLState(), e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 1})
  void deferredKey_violatedByOneInTen_onlyTheseAreRefused(int maxUnits) throws Exception {
    SqlitePool pool =
        openForCrowd(
            maxUnits,
            """
            CREATE TABLE parent(id INTEGER PRIMARY KEY);
            CREATE TABLE child(
              id INTEGER PRIMARY KEY,
              p REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED);
            """);
    Report report = new Report();
    Counts before = Counts.of(pool);
    run(
        report,
        id -> {
          if (id % 10 == 0) {
            ownFailure(
                report,
                pool,
                one ->
                    pool.useWriter(
                        lease -> {
                          insertInto(lease, one);
                          lease.update("INSERT INTO child VALUES (?, ?)", one, -one);
                        }),
                id);
          } else if (id % 10 < 4) {
            pool.useWriter(
                lease -> {
                  lease.update("INSERT INTO child VALUES (?, ?)", id, id);
                  lease.update("INSERT INTO parent VALUES (?)", id);
                  insertInto(lease, id);
                });
            report.kept.add(id);
          } else {
            pool.useWriter(lease -> insertInto(lease, id));
            report.kept.add(id);
          }
        });

    assertKept(pool, report, "t");
    assertEquals(UNITS / 10, report.ownFailures.get());
    before.assertSince(
        pool, Counts.of(pool).transactions() - before.transactions(), UNITS / 10 * 9, UNITS / 10);
    pool.useReader(
        lease -> {
          assertEquals(List.of(), lease.query("PRAGMA foreign_key_check"));
          assertEquals(UNITS / 10 * 3, lease.query("SELECT id FROM child").size());
        });
  }

  /** Waiters that give up, are interrupted, or leave without a word, while groups form. */
  @ParameterizedTest
  @ValueSource(ints = {1024, 3})
  void units_impatientAndInterrupted_tableHoldsExactlyTheAcknowledged(int maxUnits)
      throws Exception {
    SqlitePool pool = openForCrowd(maxUnits, "SELECT 1");
    Report report = new Report();
    run(
        report,
        id -> {
          if (id % 7 == 0) {
            Thread.currentThread().interrupt();
          }
          try (WriteLease lease = pool.acquireWriter(Duration.ofMillis(id % 5 == 0 ? 2 : 60_000))) {
            if (id % 3 == 0) {
              Thread.currentThread().interrupt();
              lease.query("SELECT 1");
            }
            insertInto(lease, id);
            if (id % 11 == 0) {
              Thread.currentThread().interrupt();
            }
            lease.commit();
            report.kept.add(id);
            assertEquals(id % 11 == 0, Thread.interrupted(), "the flag");
          } catch (SQLException e) {
            boolean interrupted = Thread.interrupted() && "57014".equals(e.getSQLState());
            boolean late = id % 5 == 0 && "08001".equals(e.getSQLState());
            if (!interrupted && !late) {
              throw e;
            }
            report.left.incrementAndGet();
          }
        });
    assertKept(pool, report, "t");
    assertEquals(UNITS, report.kept.size() + report.left.get());
    assertTrue(pool.stats().commits().mostUnits() > 1, "nobody shared a commit");
  }
}
