package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which units share a commit, and when it takes place. */
class GroupCommitTest extends GroupFixture {

  private final Logs logs = Logs.capture();

  @BeforeEach
  void listen() {
    assertEquals(List.of(), logs.warnings());
  }

  @AfterEach
  void nothingToComplainOf() {
    logs.close();
    assertEquals(List.of(), logs.warnings());
  }

  @Test
  void commit_nobodyWaits_isATransactionOfItsOwn() throws SQLException {
    SqlitePool pool = openPatient();
    Counts before = Counts.of(pool);
    for (int i = 1; i <= 3; i++) {
      try (WriteLease lease = pool.acquireWriter()) {
        lease.update("INSERT INTO t(v) VALUES (?)", i);
        lease.commit();
      }
      assertEquals(i, values(pool).size());
      before.assertSince(pool, i, i, 0);
    }
    PoolStats.Commits commits = pool.stats().commits();
    assertEquals(1, commits.mostUnits());
    assertEquals(1.0, commits.unitsPerCommit());
  }

  @Test
  void dump_unitsWaitForTheirCommit_areCountedUntilTheyHaveIt() throws SQLException {
    SqlitePool pool = openPatient();
    String line = "leases that wait for the commit they share";
    assertFalse(pool.dump().contains(line), pool::dump);
    Company company = company(pool);
    assertTrue(pool.dump().contains(line + ": 2"), pool::dump);
    assertTrue(pool.dump().contains("unit 3"), pool::dump);
    assertEquals(2, pool.stats().commits().waiting());
    company.holder().insert("three").commitNow();
    company.awaitCommitted();
    assertFalse(pool.dump().contains(line), pool::dump);
    assertEquals(3, pool.stats().commits().mostUnits());
  }

  @Test
  void commit_othersWait_areOneTransactionThatNobodySeesBeforeItsEnd() throws SQLException {
    SqlitePool pool = openPatient();
    Counts before = Counts.of(pool);
    List<Unit> units = queue(pool, 5);
    List<@Nullable Object> all = new ArrayList<>();
    for (Unit unit : units) {
      unit.awaitHolds().insert("row " + all.size());
      all.add("row " + all.size());
      assertEquals(List.of(), values(pool), "a reader sees what is not committed");
      for (Unit earlier : units.subList(0, all.size() - 1)) {
        assertFalse(earlier.isDone(), "commit() returned before the COMMIT");
      }
      before.assertSince(pool, 0, 0, 0);
      unit.startCommit();
    }
    for (Unit unit : units) {
      unit.awaitCommitted();
    }
    assertEquals(all, values(pool));
    before.assertSince(pool, 1, 5, 0);
    assertEquals(5, pool.stats().commits().mostUnits());
  }

  @Test
  void commit_returned_everyReaderSeesTheRow() throws SQLException {
    SqlitePool pool = openPatient();
    CountDownLatch go = new CountDownLatch(1);
    List<Background<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int id = i + 1;
      writers.add(
          start(
              "writer " + i,
              () -> {
                Await.latch("all are there", go);
                pool.useWriter(l -> l.update("INSERT INTO t(id, v) VALUES (?, 'x')", id));
                try (ReadLease reader = pool.acquireReader()) {
                  return reader.queryOne("SELECT 1 FROM t WHERE id = ?", id).isPresent();
                }
              }));
    }
    go.countDown();
    for (Background<Boolean> writer : writers) {
      assertEquals(true, writer.result());
    }
  }

  @Test
  void commit_groupIsFull_commitsAndTheNextIsInAnother() throws SQLException {
    SqlitePool pool = openPatient(config -> config.groupMaxUnits(3));
    Counts before = Counts.of(pool);
    List<Unit> units = queue(pool, 7);
    for (Unit unit : units) {
      unit.awaitHolds().insert("x").startCommit();
    }
    for (Unit unit : units) {
      unit.awaitCommitted();
    }
    before.assertSince(pool, 3, 7, 0);
    assertEquals(3, pool.stats().commits().mostUnits());
  }

  @Test
  void commit_groupIsFull_membersNeedNotWaitForTheNextHolder() throws SQLException {
    SqlitePool pool = openPatient(config -> config.groupMaxUnits(2));
    List<Unit> units = queue(pool, 3);
    units.get(0).insert("a").startCommit();
    units.get(1).awaitHolds().insert("b").startCommit();
    units.get(2).awaitHolds().insert("c");

    units.get(0).awaitCommitted();
    units.get(1).awaitCommitted();

    assertEquals(List.of("a", "b"), values(pool));
    units.get(2).commitNow();
  }

  @Test
  void commit_maxUnitsIsOne_sharesNothing() throws SQLException {
    SqlitePool pool = openPatient(config -> config.groupMaxUnits(1));
    Counts before = Counts.of(pool);
    List<Unit> units = queue(pool, 3);
    for (Unit unit : units) {
      unit.awaitHolds().insert("x").commitNow();
    }
    before.assertSince(pool, 3, 3, 0);
    assertEquals(1, pool.stats().commits().mostUnits());
  }

  @Test
  void commit_unitsThatRollBack_doNotFillTheGroup() throws SQLException {
    SqlitePool pool = openPatient(config -> config.groupMaxUnits(2));
    Counts before = Counts.of(pool);
    List<Unit> units = queue(pool, 4);
    units.get(0).insert("a").startCommit();
    units.get(1).awaitHolds().insert("no").rollback();
    units.get(2).awaitHolds().insert("no").rollback();
    units.get(3).awaitHolds().insert("b");
    assertFalse(units.get(0).isDone());
    units.get(3).startCommit();

    units.get(0).awaitCommitted();
    units.get(3).awaitCommitted();
    before.assertSince(pool, 1, 2, 2);
    assertEquals(List.of("a", "b"), values(pool));
  }

  @Test
  void commit_unitWithoutStatements_returnsAtOnceAndTheGroupGoesOn() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);

    company.holder().commitNow();

    next.awaitHolds();
    company.assertWaiting();
    assertEquals(List.of(), values(pool));
    next.insert("three").startCommit();
    next.awaitCommitted();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  @Test
  void commit_lastUnitWithoutStatements_commitsForTheOthers() throws SQLException {
    SqlitePool pool = openPatient();
    Counts before = Counts.of(pool);
    Company company = company(pool);

    company.holder().commitNow();

    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
    before.assertSince(pool, 1, 2, 0);
  }

  @Test
  void commit_unitThatHasOnlyRead_waitsWithWhatItHasSeen() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    assertEquals(List.of("one", "two"), company.holder().get(lease -> values(lease)));
    company.holder().startCommit();
    next.awaitHolds().insert("three");
    assertFalse(company.holder().isDone());

    next.commitNow();

    company.holder().awaitCommitted();
    company.awaitCommitted();
  }

  @Test
  void commitAlone_unitInCompany_commitsThoseBeforeItFirst() throws SQLException {
    SqlitePool pool = openPatient();
    Counts before = Counts.of(pool);
    Company company = company(pool, LeaseOptions.DEFAULTS.withCommitAlone(true));
    Unit next = waiter(pool);
    company.assertWaiting();
    company.holder().insert("alone");

    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
    company.holder().commitNow();
    assertEquals(List.of("one", "two", "alone"), values(pool));
    next.awaitHolds().insert("next").commitNow();
    before.assertSince(pool, 3, 4, 0);
  }

  @Test
  void commitAlone_firstUnitOfATransaction_letsNobodyIn() throws SQLException {
    SqlitePool pool = openPatient();
    Unit alone = holder(pool, LeaseOptions.DEFAULTS.withCommitAlone(true));
    Unit next = waiter(pool);
    alone.insert("alone").startCommit();
    next.awaitHolds();

    alone.awaitCommitted();

    assertEquals(List.of("alone"), values(pool));
    next.insert("next").commitNow();
  }

  @Test
  void commitAlone_unitRollsBackInCompany_leavesTheOthersCommitted() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool, LeaseOptions.DEFAULTS.withCommitAlone(true));
    company.holder().insert("no").rollback();

    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
  }

  @Test
  void insert_inCompany_givesItsOwnRowid() throws SQLException {
    SqlitePool pool = openPatient();
    List<Unit> units = queue(pool, 3);
    for (int i = 0; i < 3; i++) {
      long id = 100L * (i + 1);
      Unit unit = units.get(i).awaitHolds();
      assertEquals(id, unit.rowid("INSERT INTO t(id, v) VALUES (?, 'x')", id));
      assertEquals(id + 1, unit.rowid("INSERT INTO t(v) VALUES ('y')"));
      unit.startCommit();
    }
    for (Unit unit : units) {
      unit.awaitCommitted();
    }
    assertEquals(6, values(pool).size());
  }

  @Test
  void update_inCompany_countsItsOwnRows() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    assertEquals(2L, company.holder().changes("UPDATE t SET v = v || '!'"));
    assertEquals(0L, company.holder().changes("DELETE FROM t WHERE id > 9"));
    company.holder().commitNow();
    assertEquals(List.of("one!", "two!"), values(pool));
  }

  @Test
  void connection_inCompany_commitsWithTheGroup() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company
        .holder()
        .does(
            lease -> {
              Connection connection = lease.connection();
              assertFalse(connection.getAutoCommit());
              try (var insert = connection.prepareStatement("INSERT INTO t(v) VALUES (?)")) {
                insert.setString(1, "jdbc");
                assertEquals(1, insert.executeUpdate());
              }
              connection.commit();
              assertTrue(connection.isClosed());
            });
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "jdbc"), values(pool));
  }

  @Test
  void lease_usedAndCommittedByAnotherThread_sharesAsAny() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    WriteLease lease = company.holder().lease();
    Background<?> other =
        start(
            "other",
            () -> {
              lease.update("INSERT INTO t(v) VALUES ('other')");
              lease.commit();
              return 0;
            });
    next.awaitHolds().insert("next");
    assertFalse(other.isDone());
    next.commitNow();

    other.result();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "other", "next"), values(pool));
  }

  @Test
  void readInsideWrite_inCompany_seesTheUncommittedRowsAndOthersDoNot() throws SQLException {
    SqlitePool pool = openPatient();
    List<Unit> units = queue(pool, 1);
    CountDownLatch waiting = new CountDownLatch(1);
    Background<?> inside =
        start(
            "inside",
            () -> {
              waiting.countDown();
              return pool.write(
                  lease -> {
                    lease.update("INSERT INTO t(v) VALUES ('outer')");
                    assertEquals(
                        List.of("one", "outer"), pool.read(reader -> values(reader)), "read");
                    pool.useWriter(inner -> inner.update("INSERT INTO t(v) VALUES ('inner')"));
                    Expect.refused(pool::acquireWriter);
                    try (ReadLease reader = pool.acquireReader()) {
                      assertEquals(List.of(), values(reader), "a reader of its own");
                    }
                    return 0;
                  });
            });
    Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
    Unit last = waiter(pool);
    units.getFirst().insert("one").startCommit();
    last.awaitHolds().insert("last");
    assertFalse(inside.isDone());
    last.commitNow();

    inside.result();
    units.getFirst().awaitCommitted();
    assertEquals(List.of("one", "outer", "inner", "last"), values(pool));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1024})
  void stats_unitsOfEveryFate_addUp(int maxUnits) throws SQLException {
    SqlitePool pool = openPatient(config -> config.groupMaxUnits(maxUnits));
    Counts before = Counts.of(pool);
    List<Unit> units = queue(pool, 12);
    for (int i = 0; i < units.size(); i++) {
      Unit unit = units.get(i).awaitHolds();
      switch (i % 3) {
        case 0 -> unit.insert(i).startCommit();
        case 1 -> unit.insert(i).rollback();
        default -> unit.startCommit();
      }
    }
    for (int i = 0; i < units.size(); i++) {
      if (i % 3 != 1) {
        units.get(i).awaitCommitted();
      }
    }
    Counts now = Counts.of(pool);
    assertEquals(4, now.units() - before.units());
    assertEquals(4, now.rolledBack() - before.rolledBack());
    assertEquals(4, values(pool).size());
    assertTrue(pool.stats().commits().mostUnits() <= maxUnits);
    assertEquals(
        (4 + maxUnits - 1) / maxUnits, now.transactions() - before.transactions(), "transactions");
  }
}
