package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A statement runs out of time while it waits for another program, or in company. */
class StatementTimeoutSharedTest extends TimeoutFixture {

  // Another program's lock

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void waitingForAnotherProgram_counts(boolean jdbc) throws SQLException {
    SqlitePool pool = openStrict(config -> config.busyTimeout(Duration.ofHours(1)));
    String sql = "INSERT INTO t(v) VALUES ('lost')";
    try (WriteLease lease = pool.acquireWriter();
        Statement statement = lease.connection().createStatement()) {
      try (Database other = Database.connect(file()).run("BEGIN IMMEDIATE")) {
        SQLException failure =
            Expect.sql(
                SQLTimeoutException.class,
                "57014",
                () -> {
                  if (jdbc) {
                    statement.executeUpdate(sql);
                  } else {
                    lease.update(sql);
                  }
                });
        Expect.mentions(failure, OPTION, "lock");
        other.run("ROLLBACK");
      }
      assertHealthy(lease);
      lease.update(INSERT, "kept");
      lease.commit();
    }
    assertEquals(List.of("kept"), values(pool));
  }

  /** Neither takes longer than allowed, but both together do. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void waitingForAnotherProgram_andThenWorking_countTogether(boolean jdbc) throws SQLException {
    SqlitePool pool = openStrict(config -> config.busyTimeout(Duration.ofHours(1)));
    String sql = "INSERT INTO t(v) SELECT takes(220) + " + SOME_WORK;
    try (Database other = Database.connect(file()).run("BEGIN IMMEDIATE")) {
      Background<?> waiting =
          start(
              "waiting",
              () -> {
                try (WriteLease lease = pool.acquireWriter();
                    Statement statement = lease.connection().createStatement()) {
                  return jdbc ? statement.executeUpdate(sql) : lease.update(sql);
                }
              });
      Await.parked(waiting.thread());
      Passing.inJava(Duration.ofMillis(220));
      other.run("ROLLBACK");
      SQLException failure = waiting.failure(SQLTimeoutException.class);
      Expect.mentions(failure, OPTION);
    }
  }

  /** Messages have the SQL: without it, who is to know which statement waited? */
  @Test
  void waitingForAnotherProgram_theMessageHasTheSql() throws SQLException {
    SqlitePool pool = openStrict(config -> config.busyTimeout(Duration.ofHours(1)));
    try (WriteLease lease = pool.acquireWriter();
        Database other = Database.connect(file()).run("BEGIN IMMEDIATE")) {
      timesOut(INSERT, () -> lease.update(INSERT, "lost"));
      other.run("ROLLBACK");
    }
  }

  // Shared commits

  @Test
  void writing_inCompany_theOthersAreToldToRepeat() throws SQLException {
    SqlitePool pool = openStrict();
    Company company = company(pool);
    company.holder().insert("lost");
    SQLException own = company.holder().fails("57014", Gate.ENDLESS_UPDATE);
    assertTrue(own instanceof SQLTimeoutException);
    Expect.mentions(own, OPTION, "WITH RECURSIVE");
    company.assertVictimsOf(own);
    Expect.mentions(company.holder().fails("40000", WriteLease::commit), "rolled back");
    insert(pool, "next");
    assertEquals(List.of("next"), values(pool));
  }

  @Test
  void reading_inCompany_costsNobodyAnything() throws SQLException {
    SqlitePool pool = openStrict();
    Company company = company(pool);
    company.holder().insert("three");
    company.holder().fails("57014", lease -> lease.query(Gate.ENDLESS_QUERY));
    company.holder().insert("four").commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three", "four"), values(pool));
  }

  @Test
  void write_neighbourTimesOut_isRunAgainAndNothingIsLost() throws SQLException {
    SqlitePool pool = openStrict();
    SQLException slow = assertOnlyTheVictimIsRunAgain(pool, Gate.ENDLESS_UPDATE);
    assertInstanceOf(SQLTimeoutException.class, slow);
    Expect.mentions(slow, OPTION, "WITH RECURSIVE");
    assertEquals(List.of("again"), values(pool));
  }

  /** An option that breaks groups up would make every commit wait for the disk by itself. */
  @Test
  void option_isSet_unitsStillShareTheirCommit() throws SQLException {
    SqlitePool pool = openStrict();
    Counts before = Counts.of(pool);
    Company company = company(pool);
    company.holder().insert("three").commitNow();
    company.awaitCommitted();
    before.assertSince(pool, 1, 3, 0);
  }
}
