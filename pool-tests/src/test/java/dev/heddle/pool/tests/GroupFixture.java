package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.sqlite.Function;

/** Units that share a transaction, each on a thread of its own that the test leads. */
abstract class GroupFixture extends PoolFixture {

  /** So long that no member of a group gets impatient during a test: as long as may be. */
  static final Duration PATIENT = Duration.ofSeconds(10);

  /** A query that interrupts the thread that runs it, and then goes on for a while. */
  static final String INTERRUPTED_QUERY =
      "WITH RECURSIVE c(n) AS (SELECT interrupts() UNION ALL SELECT n + 1 FROM c WHERE n < 50000)"
          + " SELECT count(*) FROM c";

  /** The same, in a statement that writes the row with id 1. */
  static final String INTERRUPTED_UPDATE =
      "UPDATE t SET v = (" + INTERRUPTED_QUERY + ") WHERE id = 1";

  private final List<Unit> units = new ArrayList<>();

  /** A pool whose groups wait long for whoever holds the writer. */
  final SqlitePool openPatient() throws SQLException {
    return openPatient(config -> config);
  }

  final SqlitePool openPatient(UnaryOperator<PoolConfig.Builder> change) throws SQLException {
    return open(
        config ->
            change.apply(
                config
                    .groupMaxAge(PATIENT)
                    .acquireTimeout(Duration.ofMinutes(1))
                    .onConnect(
                        connection ->
                            Function.create(connection, "interrupts", new Interrupts()))));
  }

  private static final class Interrupts extends Function {
    @Override
    protected void xFunc() throws SQLException {
      Thread.currentThread().interrupt();
      result(1);
    }
  }

  /** A unit that has the writer, of a pool where nobody had it. */
  final Unit holder(SqlitePool pool) {
    return holder(pool, LeaseOptions.DEFAULTS);
  }

  final Unit holder(SqlitePool pool, LeaseOptions options) {
    return unit(pool, options).awaitHolds();
  }

  private Unit unit(SqlitePool pool, LeaseOptions options) {
    Unit unit = Unit.start("unit " + (units.size() + 1), pool, options);
    units.add(unit);
    return unit;
  }

  /** A unit that waits for the writer. */
  final Unit waiter(SqlitePool pool) {
    return waiter(pool, LeaseOptions.DEFAULTS);
  }

  final Unit waiter(SqlitePool pool, LeaseOptions options) {
    int waiting = pool.stats().writer().waiting();
    Unit unit = unit(pool, options);
    Await.until("the unit waits", () -> pool.stats().writer().waiting() == waiting + 1);
    return unit;
  }

  /** A unit that has the writer, and behind it others that wait. */
  final List<Unit> queue(SqlitePool pool, int count) {
    List<Unit> queue = new ArrayList<>();
    queue.add(holder(pool));
    while (queue.size() < count) {
      queue.add(waiter(pool));
    }
    return queue;
  }

  /**
   * Three units in one transaction.
   *
   * @param one has inserted 'one', and waits in commit()
   * @param two has inserted 'two', and waits in commit()
   * @param holder has the writer, and has run no statement yet
   */
  record Company(Unit one, Unit two, Unit holder) {

    void assertWaiting() {
      assertFalse(one.isDone(), "the first unit still waits in commit()");
      assertFalse(two.isDone(), "the second unit still waits in commit()");
    }

    void awaitCommitted() throws SQLException {
      one.awaitCommitted();
      two.awaitCommitted();
    }

    /** Both were rolled back with their group, for this reason. */
    void assertVictimsOf(Throwable cause) {
      for (Unit unit : List.of(one, two)) {
        assertEquals(cause, unit.victim().getCause());
      }
    }
  }

  final Company company(SqlitePool pool) throws SQLException {
    return company(pool, LeaseOptions.DEFAULTS);
  }

  final Company company(SqlitePool pool, LeaseOptions holders) throws SQLException {
    Unit one = holder(pool);
    Unit two = waiter(pool);
    Unit holder = waiter(pool, holders);
    one.insert("one").startCommit();
    two.insert("two").startCommit();
    holder.awaitHolds();
    return new Company(one, two, holder);
  }

  /**
   * A unit waits for its commit, then a {@code write} does, then another one takes both down: the
   * first is told, the second is run again, and the last is not.
   *
   * @param killer what takes them down
   * @return what the last one got
   */
  final SQLException assertOnlyTheVictimIsRunAgain(SqlitePool pool, String killer)
      throws SQLException {
    AtomicInteger victimRuns = new AtomicInteger();
    AtomicInteger killerRuns = new AtomicInteger();
    Unit first = holder(pool);
    Background<?> victim =
        start("victim", () -> pool.write(lease -> inserts(lease, "again", victimRuns)));
    Await.until("the victim waits", () -> pool.stats().writer().waiting() == 1);
    Background<?> last =
        start(
            "killer",
            () ->
                pool.write(
                    lease -> {
                      inserts(lease, "killer", killerRuns);
                      return lease.update(killer);
                    }));
    Await.until("both wait", () -> pool.stats().writer().waiting() == 2);
    first.insert("first").startCommit();

    victim.result();

    SQLException failure = last.failure(SQLException.class);
    first.victim();
    assertEquals(2, victimRuns.get());
    assertEquals(1, killerRuns.get());
    return failure;
  }

  private static long inserts(WriteLease lease, String value, AtomicInteger runs)
      throws SQLException {
    runs.incrementAndGet();
    return lease.insert("INSERT INTO t(v) VALUES (?)", value);
  }

  /** Transactions, units, and units rolled back, since an earlier count. */
  record Counts(long transactions, long units, long rolledBack) {

    static Counts of(SqlitePool pool) {
      PoolStats.Commits commits = pool.stats().commits();
      return new Counts(commits.transactions(), commits.units(), commits.rolledBack());
    }

    void assertSince(SqlitePool pool, long transactions, long units, long rolledBack) {
      Counts now = of(pool);
      assertEquals(
          new Counts(transactions, units, rolledBack),
          new Counts(
              now.transactions - this.transactions,
              now.units - this.units,
              now.rolledBack - this.rolledBack));
    }
  }

  @AfterEach
  final void unitsEnd() {
    gate().open();
    units.forEach(Unit::leave);
    units.forEach(Unit::awaitLeft);
  }
}
