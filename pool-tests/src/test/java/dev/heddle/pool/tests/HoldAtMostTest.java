package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A lease may bring its own limit, shorter or longer than the pool's. */
class HoldAtMostTest extends GroupFixture {

  private static final Duration BRIEF = Duration.ofMillis(250);

  private static final LeaseOptions LABEL = LeaseOptions.DEFAULTS.withLabel("nightly");

  private static final LeaseOptions SHORT = LABEL.withHoldAtMost(BRIEF);

  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  /** Something done with a lease. */
  @FunctionalInterface
  interface Use {
    void run(ReadLease lease) throws SQLException;
  }

  /** Every way to get a lease. */
  enum Way {
    READER {
      @Override
      void run(SqlitePool pool, LeaseOptions options, Use use) throws SQLException {
        try (ReadLease lease = pool.acquireReader(options)) {
          use.run(lease);
        }
      }
    },
    SNAPSHOT {
      @Override
      void run(SqlitePool pool, LeaseOptions options, Use use) throws SQLException {
        try (ReadLease lease = pool.acquireSnapshot(options)) {
          use.run(lease);
        }
      }
    },
    READ {
      @Override
      void run(SqlitePool pool, LeaseOptions options, Use use) throws SQLException {
        pool.read(
            options,
            lease -> {
              use.run(lease);
              return 0;
            });
      }
    },
    USE_READER {
      @Override
      void run(SqlitePool pool, LeaseOptions options, Use use) throws SQLException {
        pool.useReader(options, use::run);
      }
    },
    WRITER {
      @Override
      void run(SqlitePool pool, LeaseOptions options, Use use) throws SQLException {
        try (WriteLease lease = pool.acquireWriter(options)) {
          lease.update(INSERT, "of the lease");
          use.run(lease);
          lease.commit();
        }
      }
    },
    WRITE {
      @Override
      void run(SqlitePool pool, LeaseOptions options, Use use) throws SQLException {
        pool.write(
            options,
            lease -> {
              lease.update(INSERT, "of the lease");
              use.run(lease);
              return 0;
            });
      }
    },
    USE_WRITER {
      @Override
      void run(SqlitePool pool, LeaseOptions options, Use use) throws SQLException {
        pool.useWriter(
            options,
            lease -> {
              lease.update(INSERT, "of the lease");
              use.run(lease);
            });
      }
    };

    abstract void run(SqlitePool pool, LeaseOptions options, Use use) throws SQLException;

    boolean writes() {
      return compareTo(WRITER) >= 0;
    }

    PoolStats.Lane lane(SqlitePool pool) {
      return writes() ? pool.stats().writer() : pool.stats().readers();
    }
  }

  private Background<?> hold(
      SqlitePool pool, Way way, LeaseOptions options, CountDownLatch holds, CountDownLatch end) {
    return start(
        way.name(),
        () -> {
          way.run(
              pool,
              options,
              lease -> {
                count(lease);
                holds.countDown();
                Await.latch("the holder may go on", end);
                count(lease);
              });
          return 0;
        });
  }

  private static void awaitRevoked(SqlitePool pool, int count) {
    Await.until("a lease is revoked", () -> pool.stats().writer().revoked() >= count);
    assertEquals(count, pool.stats().writer().revoked());
  }

  @ParameterizedTest
  @EnumSource
  void shorterThanThePools_isWhatCounts(Way way) throws SQLException {
    SqlitePool pool = openPatient(config -> config.readers(1));
    CountDownLatch holds = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Background<?> holder = hold(pool, way, SHORT, holds, end);
    Await.latch("it is held", holds);

    Way.READER.run(pool, LABEL, PoolFixture::count);
    Way.WRITE.run(pool, LABEL, lease -> assertEquals(1, count(lease)));
    end.countDown();

    SQLException failure = holder.failure(SQLNonTransientConnectionException.class);
    assertEquals("08003", failure.getSQLState());
    Expect.mentions(failure, "nightly", way.name(), "acquired", " ago", "holdAtMost=250 ms");
    Await.until("it is counted", () -> way.lane(pool).revoked() == 1);
    assertEquals(List.of("of the lease"), values(pool));
  }

  /** The pool's limits are passed by, which others find out. */
  private void outlast(LeaseOptions options, List<Way> ways) throws SQLException {
    SqlitePool pool =
        openPatient(config -> config.readers(4).readerMaxTime(BRIEF).writerMaxTime(BRIEF));
    CountDownLatch holds = new CountDownLatch(ways.size());
    CountDownLatch end = new CountDownLatch(1);
    List<Background<?>> holders = new ArrayList<>();
    ways.forEach(way -> holders.add(hold(pool, way, options, holds, end)));
    Await.latch("all are held", holds);

    Passing.untilOthersAreRevoked(pool);
    end.countDown();

    holders.forEach(Background::result);
    assertEquals(0, pool.stats().writer().revoked());
    assertEquals(List.of("of the lease"), values(pool));
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void longerThanThePools_isWhatCounts(boolean acquired) throws SQLException {
    outlast(
        LABEL.withHoldAtMost(Duration.ofHours(1)),
        acquired
            ? List.of(Way.READER, Way.SNAPSHOT, Way.WRITER)
            : List.of(Way.READ, Way.USE_READER, Way.WRITE));
  }

  @Test
  void forever_isNoLimit() throws SQLException {
    outlast(
        LABEL.withHoldAtMost(ChronoUnit.FOREVER.getDuration()),
        List.of(Way.READER, Way.READ, Way.USE_WRITER));
  }

  @Test
  void poolHasNoLimit_itsOwnCounts() throws SQLException {
    SqlitePool pool =
        openPatient(config -> config.readerMaxTime(Duration.ZERO).writerMaxTime(Duration.ZERO));
    Unit holder = holder(pool, SHORT).insert("lost");
    waiter(pool).awaitHolds().insert("next").commitNow();
    Expect.mentions(holder.fails("08003", WriteLease::commit), "holdAtMost=250 ms");
    assertEquals(List.of("next"), values(pool));
  }

  @Test
  void writer_leftOpen_isRevokedAndTheLateCommitIsRefused() throws SQLException {
    SqlitePool pool = openPatient();
    Unit holder = holder(pool, SHORT).insert("lost");
    Unit next = waiter(pool);
    next.awaitHolds().insert("next").commitNow();
    Expect.mentions(
        holder.fails("08003", WriteLease::commit), "nightly", "unit 1", "holdAtMost=250 ms");
    holder.fails("08003", lease -> lease.update(INSERT, "late"));
    assertEquals(List.of("next"), values(pool));
    awaitRevoked(pool, 1);
  }

  @Test
  void writer_leftOpenInCompany_isRevokedAndTheOthersGetTheirCommit() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool, SHORT);
    company.holder().insert("lost");
    company.awaitCommitted();
    Expect.mentions(company.holder().fails("08003", WriteLease::commit), "holdAtMost=250 ms");
    assertEquals(List.of("one", "two"), values(pool));
    awaitRevoked(pool, 1);
  }

  @Test
  void writer_inALongQuery_isEndedAndTheMessageSaysWhichLimit() throws SQLException {
    SqlitePool pool = openPatient();
    Background<?> reading =
        start("reading", () -> pool.write(SHORT, lease -> lease.query(Gate.ENDLESS_QUERY)));
    SQLException failure = reading.failure(SQLTimeoutException.class);
    assertEquals("57014", failure.getSQLState());
    Expect.mentions(failure, "nightly", "holdAtMost=250 ms", "WITH RECURSIVE");
    awaitRevoked(pool, 1);
  }

  /** The first run waits in its commit for longer than that, and is rolled back with its group. */
  @Test
  void repeatedWrite_secondRunBeginsAfterTheTimeOfTheFirst_isNotRevoked() throws SQLException {
    SqlitePool pool = openPatient();
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch ran = new CountDownLatch(1);
    Unit first = holder(pool);
    Background<?> victim =
        start(
            "victim",
            () ->
                pool.write(
                    SHORT,
                    lease -> {
                      runs.incrementAndGet();
                      lease.update(INSERT, "again");
                      ran.countDown();
                      return 0;
                    }));
    Await.until("the victim waits", () -> pool.stats().writer().waiting() == 1);
    Unit breaker = waiter(pool);
    first.insert("first").startCommit();
    Await.latch("the first run is done", ran);
    breaker.awaitHolds().insert("lost");
    Passing.untilOthersAreRevoked(pool);

    breaker.fails("23505", "INSERT OR ROLLBACK INTO t(id, v) VALUES (1, 'lost')");
    breaker.close();

    victim.result();
    first.victim();
    assertEquals(2, runs.get());
    assertEquals(List.of("again"), values(pool));
    assertEquals(0, pool.stats().writer().revoked());
  }

  @Tag("slow")
  @Test
  void repeatedWrite_secondRunLastsTooLong_isRevokedAndNotRepeated() throws SQLException {
    SqlitePool pool = openPatient();
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch taken = new CountDownLatch(1);
    Unit first = holder(pool);
    Background<?> victim =
        start(
            "victim",
            () ->
                pool.write(
                    SHORT,
                    lease -> {
                      lease.update(INSERT, "lost");
                      if (runs.incrementAndGet() > 1) {
                        Await.latch("the writer is taken away", taken);
                      }
                      return 0;
                    }));
    Await.until("the victim waits", () -> pool.stats().writer().waiting() == 1);
    Unit breaker = waiter(pool);
    first.insert("first").startCommit();
    breaker.awaitHolds().insert("lost");
    breaker.fails("23505", "INSERT OR ROLLBACK INTO t(id, v) VALUES (1, 'lost')");
    breaker.close();
    first.victim();

    awaitRevoked(pool, 1);
    taken.countDown();

    SQLException failure = victim.failure(SQLNonTransientConnectionException.class);
    assertEquals("08003", failure.getSQLState());
    Expect.mentions(failure, "nightly", "holdAtMost=250 ms");
    assertEquals(2, runs.get());
    assertEquals(List.of(), values(pool));
  }
}
