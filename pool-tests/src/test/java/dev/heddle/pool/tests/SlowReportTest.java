package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolListener;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What slow-statement.after, slow-statement.plan and slow-wait.after have logged. */
class SlowReportTest extends PoolFixture {

  private static final Duration SLOW = Duration.ofMillis(50);
  private static final String STATEMENT = "a statement took";
  private static final String WAIT = "waited";

  /** A statement that takes about twice as long as is allowed, on any machine. */
  private static final String LASTS = "SELECT gate(), v FROM t WHERE v = ?";

  /** Opens the gate when the statement that stands at it has been there for too long. */
  private Background<Boolean> gatekeeper() {
    return start(
        "gatekeeper",
        () -> {
          gate().awaitReached();
          long since = System.nanoTime();
          Await.until("it lasts", () -> System.nanoTime() - since > 2 * SLOW.toNanos());
          gate().open();
          return true;
        });
  }

  private static List<PoolListener.SlowStatement> slowStatements(SqlitePool pool) {
    List<PoolListener.SlowStatement> told = new CopyOnWriteArrayList<>();
    pool.listen(
        new PoolListener() {
          @Override
          public void slowStatement(SlowStatement statement) {
            told.add(statement);
          }
        });
    return told;
  }

  @Test
  void slowStatement_queryLasts_isLoggedWithSqlAndLeaseButNoValues() throws SQLException {
    SqlitePool pool = open(config -> config.slowStatementAfter(SLOW).name("orders"));
    List<PoolListener.SlowStatement> told = slowStatements(pool);
    insert(pool, "secret");
    gatekeeper();
    try (Logs logs = Logs.capture()) {
      pool.useReader(
          LeaseOptions.DEFAULTS.withLabel("search"), lease -> lease.query(LASTS, "secret"));

      Await.until("it is logged", () -> !logs.warnings(STATEMENT).isEmpty());
      String line = logs.warnings(STATEMENT).getFirst();
      for (String word : List.of("'orders'", "'search'", LASTS, "slow-statement.after")) {
        assertTrue(line.contains(word), line);
      }
      assertFalse(line.contains("secret"), line);
      assertEquals(1, logs.warnings(STATEMENT).size());
    }
    pool.close();
    assertEquals(1, told.size());
    PoolListener.SlowStatement slow = told.getFirst();
    assertEquals(PoolListener.Lane.READER, slow.lane());
    assertEquals(LASTS, slow.sql());
    assertTrue(slow.lease().contains("'search'"), slow::lease);
    assertTrue(slow.nanos() > SLOW.toNanos(), slow::toString);
    assertNull(slow.plan());
    assertFalse(slow.toString().contains("secret"), slow::toString);
  }

  @Test
  void slowStatement_planIsWanted_showsIt() throws SQLException {
    SqlitePool pool = open(config -> config.slowStatementAfter(SLOW).slowStatementPlan(true));
    List<PoolListener.SlowStatement> told = slowStatements(pool);
    insert(pool, "old");
    gatekeeper();
    try (Logs logs = Logs.capture()) {
      pool.useWriter(lease -> lease.update("UPDATE t SET v = gate() WHERE v = ?", "old"));
      Await.until("it is logged", () -> !logs.warnings(STATEMENT).isEmpty());
      assertTrue(
          logs.warnings(STATEMENT).getFirst().contains("SCAN t"), () -> "" + logs.warnings());
    }
    assertEquals(List.of(1L), values(pool));
    pool.close();
    assertEquals(PoolListener.Lane.WRITER, told.getFirst().lane());
    assertEquals("  SCAN t", told.getFirst().plan());
  }

  @Test
  void slowStatement_planIsWanted_changesNothingThatJdbcTells() throws SQLException {
    SqlitePool pool =
        open(config -> config.slowStatementAfter(Duration.ofMillis(1)).slowStatementPlan(true));
    try (Connection connection = pool.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement();
          Logs logs = Logs.capture()) {
        assertEquals(
            50_000,
            statement.executeUpdate(
                "INSERT INTO t(v) WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c"
                    + " WHERE n < 50000) SELECT n FROM c"));
        try (ResultSet row = statement.executeQuery("SELECT changes(), last_insert_rowid()")) {
          assertTrue(row.next());
          assertEquals(50_000, row.getLong(1));
          assertEquals(50_000, row.getLong(2));
        }
        connection.commit();
        Await.until("it is logged", () -> !logs.warnings("SCAN").isEmpty());
      }
    }
  }

  @Test
  void slowStatement_planOfAPragma_isNotAsked() throws SQLException {
    SqlitePool pool =
        open(config -> config.slowStatementAfter(Duration.ofMillis(1)).slowStatementPlan(true));
    pool.useWriter(
        lease ->
            lease.update(
                "INSERT INTO t(v) WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c"
                    + " WHERE n < 200000) SELECT n FROM c"));
    List<PoolListener.SlowStatement> told = slowStatements(pool);

    pool.maintenance().integrityCheck();
    pool.close();

    PoolListener.SlowStatement slow = told.getFirst();
    assertEquals("PRAGMA integrity_check", slow.sql());
    assertEquals("no plan: it neither reads nor changes rows", slow.plan());
  }

  @Test
  void slowStatement_jdbcStatementLasts_isLogged() throws SQLException {
    SqlitePool pool = open(config -> config.slowStatementAfter(SLOW));
    insert(pool, "secret");
    gatekeeper();
    try (Logs logs = Logs.capture()) {
      try (Connection connection = pool.dataSource().getConnection();
          PreparedStatement statement = connection.prepareStatement(LASTS)) {
        statement.setString(1, "secret");
        try (ResultSet rows = statement.executeQuery()) {
          assertTrue(rows.next());
        }
      }
      Await.until("it is logged", () -> !logs.warnings(STATEMENT).isEmpty());
      assertTrue(logs.warnings(STATEMENT).getFirst().contains(LASTS), () -> "" + logs.warnings());
    }
  }

  @Test
  void slowStatement_programDawdlesBetweenRows_isLogged() throws SQLException {
    SqlitePool pool = open(config -> config.slowStatementAfter(SLOW));
    insert(pool, 1);
    try (Logs logs = Logs.capture()) {
      long start = System.nanoTime();
      pool.useReader(
          lease ->
              lease.forEach(
                  "SELECT v FROM t",
                  row ->
                      Await.until(
                          "it lasts", () -> System.nanoTime() - start > 2 * SLOW.toNanos())));
      Await.until("it is logged", () -> !logs.warnings(STATEMENT).isEmpty());
    }
  }

  @Test
  void slowStatement_off_isNotLogged() throws SQLException {
    SqlitePool pool = open(config -> config.slowStatementAfter(Duration.ZERO));
    List<PoolListener.SlowStatement> told = slowStatements(pool);
    insert(pool, 1);
    gatekeeper();
    pool.useReader(lease -> lease.query("SELECT gate(), v FROM t"));
    pool.close();
    assertEquals(List.of(), told);
  }

  @Test
  void slowWait_writerIsHeldForLong_namesWhoHadIt() throws SQLException {
    SqlitePool pool = open(config -> config.slowWaitAfter(SLOW).name("orders"));
    try (Logs logs = Logs.capture()) {
      hold(pool, 5);
      Await.until("it is logged", () -> !logs.warnings(WAIT).isEmpty());
      String line = logs.warnings(WAIT).getFirst();
      for (String word :
          List.of("'orders'", "writer lane", "'waiter'", "'nightly'", "slow-wait.after")) {
        assertTrue(line.contains(word), line);
      }
      assertTrue(line.contains("thread #" + Thread.currentThread().threadId() + " "), line);
      assertTrue(line.endsWith("still wait"), line);
      // They have waited for as long, but are told of at most once a second.
      assertTrue(logs.warnings(WAIT).size() < 5, () -> "" + logs.warnings());
    }
  }

  @Test
  void slowWait_off_isNotLogged() throws SQLException {
    SqlitePool pool = open(config -> config.slowWaitAfter(Duration.ZERO));
    try (Logs logs = Logs.capture()) {
      hold(pool, 1);
      pool.close();
      assertEquals(List.of(), logs.warnings(WAIT));
    }
  }

  /** Keeps the writer for twice as long as it may take, while so many wait for it. */
  private void hold(SqlitePool pool, int waiters) throws SQLException {
    List<Background<Long>> waiting;
    try (WriteLease lease = pool.acquireWriter(LeaseOptions.DEFAULTS.withLabel("nightly"))) {
      lease.update("INSERT INTO t(v) VALUES (0)");
      waiting =
          IntStream.range(0, waiters)
              .mapToObj(i -> start("waiter " + i, () -> insertAs(pool, i)))
              .toList();
      Await.until("they wait", () -> pool.stats().writer().waiting() == waiters);
      long since = System.nanoTime();
      Await.until("it lasts", () -> System.nanoTime() - since > 2 * SLOW.toNanos());
      lease.commit();
    }
    waiting.forEach(Background::result);
  }

  private static long insertAs(SqlitePool pool, int value) throws SQLException {
    return pool.write(
        LeaseOptions.DEFAULTS.withLabel("waiter"),
        lease -> lease.insert("INSERT INTO t(v) VALUES (?)", value));
  }
}
