package dev.heddle.bench.soak;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What programs do wrong. Each is told so, and nobody else is the worse for it. */
final class Mischief {

  private static final String ENDLESS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  private static final String INSERT_HEAD = "INSERT INTO head(worker, step) VALUES (?, 0)";
  private static final String ONE = "SELECT 1";

  /** What a lease says whose time is up, between two statements and in one. */
  static final List<String> ENDED = List.of("08003", "57014");

  private static final Duration LIMIT = Duration.ofMillis(30);

  /** However busy the machine is. */
  private static final Duration LONG = Duration.ofSeconds(30);

  static final LeaseOptions SHORT =
      LeaseOptions.DEFAULTS.withLabel("mischief").withHoldAtMost(LIMIT);

  private final SqlitePool pool;
  private final Crew crew;
  private final List<Fault> faults;

  /** Something wrong; {@code states} are what it is told. */
  private record Fault(String name, Deed deed, List<String> states) {}

  /** What is done wrong. */
  @FunctionalInterface
  private interface Deed {
    void run(SplittableRandom random) throws Exception;
  }

  /** Thrown by user code. */
  private static final class OnPurpose extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  Mischief(SqlitePool pool, Crew crew) {
    this.pool = pool;
    this.crew = crew;
    this.faults =
        List.of(
            new Fault("impatient", this::isImpatient, List.of("08001")),
            new Fault("reader overdue", random -> overstays(pool.acquireReader(SHORT)), ENDED),
            new Fault("writer overdue", this::overstaysWriting, ENDED),
            new Fault("query overdue", this::queriesForTooLong, ENDED),
            new Fault("query cancelled", this::cancels, List.of("57014")),
            new Fault("constraint", random -> violates(INSERT_HEAD), List.of("23505")),
            new Fault("all rolled back", random -> violates(rollsBackAll()), List.of("23505")),
            new Fault("exception in a unit", this::throwsInUnit, List.of()),
            new Fault("not committed", this::leavesUncommitted, List.of()),
            new Fault(
                "wrong SQL",
                random -> pool.read(lease -> lease.query("SELEC 1")),
                List.of("42000")),
            new Fault("reader writes", random -> writesOnReader(), List.of("25006")));
  }

  /** One of them; that it is told what it should be, and nothing else. */
  void step(SplittableRandom random) throws Exception {
    Fault fault = faults.get(random.nextInt(faults.size()));
    crew.count("fault." + fault.name());
    try {
      fault.deed().run(random);
    } catch (SQLException e) {
      if (!fault.states().contains(e.getSQLState())) {
        throw e;
      }
    }
  }

  private void isImpatient(SplittableRandom random) throws SQLException {
    Duration wait = Duration.ofNanos(random.nextLong(3_000_000));
    if (random.nextBoolean()) {
      pool.acquireReader(wait).close();
    } else {
      pool.acquireWriter(wait).close();
    }
  }

  private static void overstays(ReadLease lease) throws SQLException, InterruptedException {
    try (lease) {
      for (Duration held = Duration.ZERO; held.compareTo(LONG) < 0; held = held.plus(LIMIT)) {
        lease.query(ONE);
        Thread.sleep(LIMIT);
      }
      throw new Steps.WrongData("a lease is held for longer than it may be");
    }
  }

  private void overstaysWriting(SplittableRandom random) throws Exception {
    try (WriteLease lease = pool.acquireWriter(SHORT)) {
      Steps.haunt(lease, random.nextLong());
      overstays(lease);
    }
  }

  private void queriesForTooLong(SplittableRandom random) throws SQLException {
    pool.read(SHORT, lease -> lease.query(ENDLESS));
  }

  /** A second of computing: for seldom. */
  void setTimeout(SplittableRandom random) throws SQLException {
    crew.count("fault.query timeout");
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      statement.executeQuery(ENDLESS).close();
    } catch (SQLTimeoutException e) {
      crew.count("did.timed out");
    }
  }

  private void cancels(SplittableRandom random) throws SQLException, InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      Thread.ofVirtual().start(() -> cancelUntil(over, statement));
      statement.executeQuery(ENDLESS).close();
    } finally {
      over.countDown();
    }
  }

  private static void cancelUntil(CountDownLatch over, Statement statement) {
    try {
      while (!over.await(20, TimeUnit.MILLISECONDS)) {
        statement.cancel();
      }
    } catch (SQLException | InterruptedException e) {
      // It is closed by now.
    }
  }

  private static String rollsBackAll() {
    return INSERT_HEAD.replace("INSERT", "INSERT OR ROLLBACK");
  }

  private void violates(String insert) throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update(insert, 0);
      throw new Steps.WrongData("a key is there twice");
    }
  }

  private void throwsInUnit(SplittableRandom random) throws SQLException {
    try {
      pool.useWriter(
          lease -> {
            Steps.haunt(lease, random.nextLong());
            throw new OnPurpose();
          });
    } catch (OnPurpose e) {
      crew.count("did.thrown");
    }
  }

  private void leavesUncommitted(SplittableRandom random) throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      Steps.haunt(lease, random.nextLong());
    }
  }

  private void writesOnReader() throws SQLException {
    List<Object> none = new ArrayList<>();
    pool.useReader(lease -> none.addAll(lease.query("DELETE FROM head RETURNING step")));
    throw new Steps.WrongData("a reader has deleted " + none);
  }
}
