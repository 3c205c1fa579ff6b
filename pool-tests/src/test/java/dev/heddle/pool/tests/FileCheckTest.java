package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ConnectionSetup;
import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.sqlite.Collation;

/** {@code integrityCheck}, {@code quickCheck} and {@code vacuum}. */
class FileCheckTest extends PoolFixture {

  private static final Duration LIMIT = Duration.ofMillis(100);

  /** While a test wants it, comparing texts stands at the fixture's gate. */
  private final AtomicBoolean compareHolds = new AtomicBoolean();

  private static String redefined(String name, String sql) {
    return "UPDATE sqlite_schema SET sql = '" + sql + "' WHERE name = '" + name + "'";
  }

  /** A pool on a file in which comparing texts stands at the gate from now on. */
  private SqlitePool openHeld() throws SQLException {
    return openHeld(config -> config);
  }

  private SqlitePool openHeld(UnaryOperator<PoolConfig.Builder> change) throws SQLException {
    ConnectionSetup collation =
        connection -> Collation.create(connection, "held", new HeldCollation());
    try (SqlitePool pool = open(config -> config.onConnect(collation))) {
      pool.useWriter(
          lease ->
              lease.script(
                  "CREATE TABLE texts(v TEXT); CREATE INDEX by_v ON texts(v COLLATE held);"
                      + " INSERT INTO texts WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1"
                      + " FROM c WHERE n < 2000) SELECT 'text ' || n FROM c"));
    }
    SqlitePool pool = open(config -> change.apply(config.onConnect(collation)));
    insert(pool, 1);
    compareHolds.set(true);
    return pool;
  }

  private final class HeldCollation extends Collation {
    @Override
    protected int xCompare(String one, String other) {
      if (compareHolds.get()) {
        gate().hold();
      }
      return one.compareTo(other);
    }
  }

  private Background<List<String>> startCheck(SqlitePool pool) {
    Background<List<String>> check = start("check", () -> pool.maintenance().integrityCheck());
    gate().awaitReached();
    return check;
  }

  // What checks find

  @Test
  void checks_soundFile_findNothing() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    assertEquals(List.of(), pool.maintenance().integrityCheck());
    assertEquals(List.of(), pool.maintenance().quickCheck());
  }

  @Test
  void checks_aRowAgainstItsTable_sayWhich() throws SQLException {
    Database.create(
        file(),
        "CREATE TABLE bad(v)",
        "INSERT INTO bad VALUES (NULL), (NULL)",
        "PRAGMA writable_schema = ON",
        redefined("bad", "CREATE TABLE bad(v NOT NULL)"));
    SqlitePool pool = open();
    List<String> expected = List.of("NULL value in bad.v", "NULL value in bad.v");
    assertEquals(expected, pool.maintenance().integrityCheck());
    assertEquals(expected, pool.maintenance().quickCheck());
  }

  @Test
  void checks_anIndexAgainstItsTable_isFoundByTheThoroughOne() throws SQLException {
    Database.create(
        file(),
        "CREATE TABLE bad(a, b)",
        "CREATE INDEX by_a ON bad(a)",
        "INSERT INTO bad VALUES (1, 2)",
        "PRAGMA writable_schema = ON",
        redefined("by_a", "CREATE INDEX by_a ON bad(b)"));
    SqlitePool pool = open();
    assertEquals(List.of("row 1 missing from index by_a"), pool.maintenance().integrityCheck());
    assertEquals(List.of(), pool.maintenance().quickCheck());
  }

  // How checks run

  @Test
  void check_runs_keepsOneReaderUnderItsLabelAndNobodyElse() throws SQLException {
    SqlitePool pool = openHeld();
    Background<List<String>> check = startCheck(pool);
    assertTrue(pool.dump().contains("integrity check"), pool::dump);
    insert(pool, 2);
    assertEquals(List.of(1L, 2L), values(pool));
    gate().open();
    assertEquals(List.of(), check.result());
  }

  @Test
  void check_longerThanThePoolsLimits_goesOn() throws SQLException {
    SqlitePool pool = openHeld(config -> config.readerMaxTime(LIMIT).statementTimeout(LIMIT));
    Background<List<String>> check = startCheck(pool);
    try (var _ = pool.acquireReader()) { // taken later, and so revoked later
      Await.until("a reader is revoked", () -> pool.stats().readers().revoked() > 0);
    }
    gate().open();
    assertEquals(List.of(), check.result());
  }

  @Test
  void check_interrupted_ends() throws SQLException {
    SqlitePool pool = openHeld();
    Background<List<String>> check = startCheck(pool);
    check.thread().interrupt();
    gate().open();
    Expect.interrupted(check.failure(SQLException.class));
    assertTrue(check.interruptedAtEnd());
  }

  @Test
  void check_poolIsClosed_ends() throws SQLException {
    SqlitePool pool = openHeld(config -> config.closeTimeout(Duration.ZERO));
    Background<List<String>> check = startCheck(pool);
    try (Logs logs = Logs.capture()) {
      Background<@Nullable Void> closer =
          start(
              "closer",
              () -> {
                pool.close();
                return null;
              });
      Await.until("it is revoked", () -> !logs.warnings("are revoked").isEmpty());
      gate().open();
      closer.result();
    }
    SQLException failure = check.failure(SQLNonTransientConnectionException.class);
    assertEquals("08003", failure.getSQLState());
  }

  // Vacuum

  private static long pages(SqlitePool pool) throws SQLException {
    return pool.read(
        lease -> lease.queryOne("PRAGMA page_count", row -> row.getLong(1)).orElseThrow());
  }

  private static String rows(int count, int bytes) {
    return "INSERT INTO t(v) WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n"
        + " < "
        + count
        + ") SELECT randomblob("
        + bytes
        + ") FROM c";
  }

  private Background<@Nullable Void> startVacuum(SqlitePool pool) {
    Background<@Nullable Void> vacuum =
        start(
            "vacuum",
            () -> {
              pool.maintenance().vacuum();
              return null;
            });
    gate().awaitReached();
    return vacuum;
  }

  @Test
  void vacuum_deletedRows_givesTheirPagesBack() throws SQLException {
    SqlitePool pool = open();
    insert(pool, "kept");
    pool.useWriter(lease -> lease.update(rows(1000, 2000)));
    pool.useWriter(lease -> lease.update("DELETE FROM t WHERE v <> 'kept'"));
    long before = pages(pool);
    pool.maintenance().vacuum();
    assertTrue(pages(pool) < before / 10, () -> "of " + before + " pages");
    assertEquals(List.of("kept"), values(pool));
    insert(pool, "after");
    assertEquals(List.of("kept", "after"), values(pool));
  }

  @Test
  void vacuum_runs_keepsTheWriterUnderItsLabelAndLetsReadersGoOn() throws SQLException {
    SqlitePool pool = openHeld();
    Background<@Nullable Void> vacuum = startVacuum(pool);
    SQLException refused =
        Expect.sql(
            SQLTransientConnectionException.class,
            "08001",
            () -> pool.acquireWriter(Duration.ZERO));
    Expect.mentions(refused, "vacuum");
    assertEquals(List.of(1L), values(pool));
    gate().open();
    vacuum.result();
  }

  @Test
  void vacuum_interrupted_endsAndLeavesAllAsItWas() throws SQLException {
    SqlitePool pool = openHeld();
    Background<@Nullable Void> vacuum = startVacuum(pool);
    vacuum.thread().interrupt();
    gate().open();
    Expect.interrupted(vacuum.failure(SQLException.class));
    compareHolds.set(false);
    assertEquals(List.of(1L), values(pool));
    assertEquals(List.of(), pool.maintenance().integrityCheck());
    pool.maintenance().vacuum();
  }

  @Test
  void vacuum_longerThanThePoolsLimits_isDone() throws SQLException {
    createLarge();
    SqlitePool pool = open(config -> config.writerMaxTime(LIMIT).statementTimeout(LIMIT));
    long before = pages(pool);
    pool.maintenance().vacuum();
    assertTrue(Math.abs(before - pages(pool)) < 100, () -> "of " + before + " pages");
    assertEquals(0, pool.stats().writer().revoked());
  }

  /** 64 MiB, for which it takes far longer than the limits. */
  private void createLarge() throws SQLException {
    Database.create(file(), "CREATE TABLE t(id INTEGER PRIMARY KEY, v)", rows(6400, 10_000));
  }

  private static @Nullable Void insertSome(SqlitePool pool) throws SQLException {
    for (int i = 0; i < 50; i++) {
      insert(pool, i);
    }
    return null;
  }

  @Test
  void vacuum_othersCommitTogether_losesNothing() throws SQLException {
    SqlitePool pool = open();
    List<Background<@Nullable Void>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      writers.add(start("writer " + i, () -> insertSome(pool)));
    }
    for (int i = 0; i < 5; i++) {
      pool.maintenance().vacuum();
    }
    writers.forEach(Background::result);
    assertEquals(200, values(pool).size());
    assertEquals(List.of(), pool.maintenance().integrityCheck());
  }

  @Test
  void vacuum_byAHolderOfTheWriter_isRefused() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter(LeaseOptions.DEFAULTS.withLabel("the holder"))) {
      SQLException failure = Expect.refused(() -> pool.maintenance().vacuum());
      Expect.mentions(failure, "the holder");
      lease.rollback();
    }
  }
}
