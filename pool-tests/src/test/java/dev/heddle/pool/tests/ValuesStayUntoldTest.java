package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a program stores is nobody's business: whatever happens to a statement, the values of its
 * parameters are in no log, no failure, no event, no dump and no recording.
 */
class ValuesStayUntoldTest extends GroupFixture {

  private static final String SECRET = "sesame-4711";
  private static final long NUMBER = 471_108_154_711L;
  private static final byte[] BYTES = SECRET.getBytes(StandardCharsets.UTF_8);
  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  private static final String INTERRUPTED_UPDATE_OF =
      INTERRUPTED_UPDATE.replace("SET v = ", "SET v = ? || ").replace("id = 1", "id = ?");

  private static final String KILLER = "INSERT OR ROLLBACK INTO t(id, v) VALUES (1, ?)";

  /** Can't be bound, and would tell everything. */
  private record Unbindable(String value) {}

  private static final List<Object> VALUES =
      List.of(
          SECRET, NUMBER, BYTES, new BigDecimal(NUMBER), 0.471108154711, new Unbindable(SECRET));

  private Told told;
  private SqlitePool pool;

  @BeforeEach
  void listen() throws SQLException {
    told = new Told(folder.resolve("told.jfr"));
    pool =
        told.by(
            openPatient(
                config ->
                    config
                        .statementTimeout(Duration.ofMillis(300))
                        .slowStatementAfter(Duration.ofMillis(1))
                        .slowStatementPlan(true)
                        .slowWaitAfter(Duration.ofMillis(1))
                        .leakReportAfter(Duration.ofMillis(20))
                        .leakReportStacks(true)));
    pool.useWriter(
        lease ->
            lease.script(
                """
                CREATE TABLE u(v UNIQUE, n NOT NULL DEFAULT 1, c CHECK (c < 'a'));
                CREATE TABLE s(i INTEGER, b BLOB) STRICT;
                CREATE TABLE parent(id INTEGER PRIMARY KEY);
                CREATE TABLE child(p REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
                CREATE TRIGGER tr BEFORE INSERT ON u WHEN new.n = 7 BEGIN
                  SELECT RAISE(ABORT, 'refused');
                END\
                """));
    told.failing(() -> pool.useWriter(lease -> lease.update(INSERT + ", (nowhere)", SECRET)));
  }

  @AfterEach
  void nothingWasTold() throws Exception {
    try (Told all = told) {
      told.add(pool.dump());
      pool.close();
      for (String secret : List.of(SECRET, "471108154711")) {
        assertEquals(List.of(), all.with(secret));
      }
      assertFalse(all.with("nowhere").isEmpty(), "failures are looked through");
      assertFalse(all.with("dev.heddle.pool.Commit").isEmpty(), "the recording is, too");
    }
  }

  /** Every statement with every kind of value, in every place. */
  private void writeAll(Write write) {
    for (Object value : VALUES) {
      for (String sql :
          List.of(
              INSERT,
              "INSERT INTO t(v) VALUES (?) RETURNING v",
              "INSERT INTO u(v) VALUES (?)",
              "INSERT INTO u(v) VALUES (?) ON CONFLICT DO NOTHING",
              "INSERT INTO u(v, n) VALUES (?, NULL)",
              "INSERT INTO u(v, n) VALUES (?, 7)",
              "INSERT INTO u(c) VALUES (?)",
              "INSERT INTO s(i) VALUES (?)",
              "INSERT INTO s(b) VALUES (?)",
              "INSERT INTO t(id) VALUES (?)",
              "INSERT INTO child(p) VALUES (?)",
              "UPDATE t SET v = v WHERE v = ?",
              "DELETE FROM t WHERE v = ? AND ? IS NULL",
              "SELECT v FROM t WHERE v = ?",
              "SELECT ?, abs(-9223372036854775807 - 1)",
              "SELECT v FROM t LIMIT ?",
              "SELECT nowhere FROM t WHERE v = ?")) {
        told.failing(() -> write.run(sql, value));
        told.failing(() -> write.run(sql, value));
      }
    }
  }

  /** Runs a statement of one parameter. */
  @FunctionalInterface
  private interface Write {
    void run(String sql, Object value) throws SQLException;
  }

  @Test
  void lease_anyStatement_tellsNoValue() {
    writeAll((sql, value) -> pool.useWriter(lease -> lease.update(sql, value)));
    writeAll((sql, value) -> pool.useWriter(lease -> lease.insert(sql, value)));
    writeAll((sql, value) -> pool.useWriter(lease -> lease.query(sql, value)));
    writeAll((sql, value) -> pool.useWriter(lease -> lease.batch(sql, rows(value))));
    writeAll((sql, value) -> pool.useReader(lease -> lease.queryOne(sql, value)));
    writeAll(
        (sql, value) -> pool.useReader(lease -> lease.forEach(sql, row -> told.add(row), value)));
  }

  private static List<@Nullable Object[]> rows(Object value) {
    return List.of(new @Nullable Object[] {1}, new @Nullable Object[] {value});
  }

  @Test
  void jdbc_anyStatement_tellsNoValue() {
    writeAll(this::execute);
    writeAll(this::executeBatch);
  }

  private void execute(String sql, Object value) throws SQLException {
    try (Connection connection = pool.dataSource().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
      statement.setObject(1, value);
      told.add(statement);
      statement.execute();
      try (ResultSet result = statement.getResultSet()) {
        told.add(result);
      }
      told.add(connection);
    }
  }

  private void executeBatch(String sql, Object value) throws SQLException {
    try (Connection connection = pool.dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Object each : List.of(1, value)) {
        statement.setObject(1, each);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {Long.class, Boolean.class, Instant.class, UUID.class})
  void row_isReadAsWhatItIsNot_tellsNoValue(Class<?> type) throws SQLException {
    insert(pool, SECRET);
    told.failing(() -> pool.useReader(l -> l.forEach("SELECT v FROM t", row -> row.get(1, type))));
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT v FROM t")) {
      assertTrue(row.next());
      told.failing(() -> row.getObject(1, type));
      told.failing(() -> row.getInt(1));
      told.failing(() -> row.getDate(1));
    }
  }

  @Test
  void statement_isEndedByItsTimeItsThreadOrTheLease_tellsNoValue() throws Exception {
    String lasts = "INSERT INTO t(v) VALUES (? || (" + Gate.ENDLESS_QUERY + "))";
    Background<?> timed = start("timed", () -> pool.write(l -> l.update(lasts, SECRET)));
    gate().awaitReached();
    told.add(pool.dump());
    told.add(timed.failure(SQLException.class));

    insert(pool, "there");
    Background<?> interrupted =
        start("interrupted", () -> pool.write(l -> l.update(INTERRUPTED_UPDATE_OF, SECRET, 1)));
    told.add(interrupted.failure(SQLException.class));

    LeaseOptions brief = LeaseOptions.DEFAULTS.withHoldAtMost(Duration.ofMillis(50));
    Background<?> revoked = start("revoked", () -> pool.write(brief, l -> l.update(lasts, SECRET)));
    told.add(revoked.failure(SQLException.class));
    Await.until("trouble is told", () -> isTold("Trouble["));
  }

  private boolean isTold(String text) {
    try {
      return !told.with(text).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void group_isTakenDown_tellsNoValueOfOneToAnother() throws SQLException {
    insert(pool, "there");
    Company company = company(pool);
    company.holder().insert(SECRET);
    told.add(company.holder().fails("23505", lease -> lease.update(KILLER, SECRET)));
    told.add(pool.dump());
    told.add(company.one().victim());
    told.add(company.two().victim());
    company.holder().close();

    Unit orphan = holder(pool);
    Unit other = waiter(pool);
    orphan.update("INSERT INTO child VALUES (?)", SECRET).startCommit();
    other.insert(SECRET).startCommit();
    told.failing(orphan::awaitCommitted);
    other.awaitCommitted();
  }

  @Test
  void lease_isNeverCommittedOrLost_tellsNoValue() throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update(INSERT, SECRET);
      Await.until("it is reported", () -> isTold("LASTING"));
    }
    told.failing(() -> pool.useReader(lease -> lease.query("SELECT 1", SECRET)));
  }

  /** SQLite's own words, which the failure repeats as they are: they are not told elsewhere. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT json_extract('{}', ?)",
        "SELECT * FROM json_each('{}', ?)",
        "SELECT * FROM f WHERE f MATCH ?"
      })
  void failure_sqliteQuotesAValueItself_isTheOnlyOneThatHasIt(String sql) throws SQLException {
    pool.useWriter(lease -> lease.update("CREATE VIRTUAL TABLE f USING fts5(body)"));

    SQLException failure =
        assertThrows(
            SQLException.class, () -> pool.useReader(lease -> lease.query(sql, "open:" + SECRET)));

    Expect.mentions(failure, "open");
  }
}
