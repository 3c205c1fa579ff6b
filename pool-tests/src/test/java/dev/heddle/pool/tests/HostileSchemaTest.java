package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.sqlite.Function;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/**
 * A file from somebody else, whose schema calls a function of the program that opens it. How to
 * open such a file: <a href="https://sqlite.org/security.html">sqlite.org/security.html</a>.
 */
class HostileSchemaTest extends PoolFixture {

  /** SQLITE_DIRECTONLY of SQLite's C API: no schema can call it, whoever trusts the schema. */
  private static final int DIRECT_ONLY = 0x80000;

  private static final String TABLE = "CREATE TABLE x(v)";
  private static final String INSERT = "INSERT INTO x VALUES (1)";
  private static final String INDEX = "CREATE INDEX i ON x(abs(v))";

  private static final String ENDLESS =
      "CREATE VIEW endless AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)"
          + " SELECT count(*) FROM c";

  /**
   * Where a schema can call a function.
   *
   * @param use what a program may do, without a word of that function
   * @param schema with {@code abs} in the place of the function
   */
  record Place(String use, List<String> schema) {
    static Place of(String use, String... schema) {
      return new Place(use, List.of(schema));
    }
  }

  static final List<Place> PLACES =
      List.of(
          Place.of("SELECT * FROM x", "CREATE VIEW x AS SELECT abs(1) AS v"),
          Place.of(INSERT, "CREATE TABLE x(v CHECK (abs(v) IS NOT NULL))"),
          Place.of("PRAGMA quick_check", "CREATE TABLE x(v CHECK (abs(v) IS NOT NULL))", INSERT),
          Place.of("INSERT INTO x(w) VALUES (1)", "CREATE TABLE x(v DEFAULT (abs(1)), w)"),
          Place.of("SELECT w FROM x", "CREATE TABLE x(v, w AS (abs(v)))", INSERT),
          Place.of(INSERT, "CREATE TABLE x(v, w AS (abs(v)) STORED)"),
          Place.of(INSERT, TABLE, INDEX),
          Place.of("UPDATE x SET v = 2", TABLE, INDEX, INSERT),
          Place.of("REINDEX", TABLE, INDEX, INSERT),
          Place.of("PRAGMA integrity_check", TABLE, INDEX, INSERT),
          Place.of(INSERT, TABLE, "CREATE INDEX i ON x(v) WHERE abs(v) > 0"),
          Place.of(
              INSERT, TABLE, "CREATE TRIGGER i AFTER INSERT ON x BEGIN SELECT abs(new.v); END"));

  /** How often the function was called. */
  private final AtomicInteger launches = new AtomicInteger();

  /** As somebody makes it who has SQLite and bad intentions. */
  private void makeFile(List<String> schema) throws SQLException {
    Database.create(file(), "CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
    Database.create(file(), schema.toArray(String[]::new));
    Database.create(
        file(),
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = replace(sql, 'abs(', 'launch(')");
  }

  private void register(Connection connection, int flags) throws SQLException {
    Function launch =
        new Function() {
          @Override
          protected void xFunc() throws SQLException {
            launches.incrementAndGet();
            result(1);
          }
        };
    Function.create(connection, "launch", launch, 1, Function.FLAG_DETERMINISTIC | flags);
  }

  private SqlitePool open(int flags, UnaryOperator<PoolConfig.Builder> change) throws SQLException {
    PoolConfig.Builder config = PoolConfig.builder(file()).readers(1);
    config.onConnect(connection -> register(connection, flags));
    return opened(SqlitePool.open(change.apply(config).build()));
  }

  private static PoolConfig.Builder untrusted(PoolConfig.Builder config) {
    return config.pragma("trusted_schema", "OFF");
  }

  /** What SQLite does by default; and that the tests after this one are about something. */
  @ParameterizedTest
  @FieldSource("PLACES")
  void use_trustedSchema_callsTheFunction(Place place) throws SQLException {
    makeFile(place.schema());
    SqlitePool pool = open(0, config -> config);

    pool.useWriter(lease -> lease.script(place.use()));

    assertNotEquals(0, launches.get());
  }

  @ParameterizedTest
  @FieldSource("PLACES")
  void use_schemaThatIsNotTrusted_isRefused(Place place) throws SQLException {
    requireRefused(place, 0, HostileSchemaTest::untrusted);
  }

  @ParameterizedTest
  @FieldSource("PLACES")
  void use_functionForDirectUseOnlyAndSchemaThatIsNotTrusted_isRefused(Place place)
      throws SQLException {
    requireRefused(place, DIRECT_ONLY, HostileSchemaTest::untrusted);
  }

  /** When the pool is opened, or when it is used: SQLite reads a part of the schema only then. */
  private void requireRefused(Place place, int flags, UnaryOperator<PoolConfig.Builder> change)
      throws SQLException {
    makeFile(place.schema());

    SQLException failure =
        assertThrows(
            SQLException.class,
            () -> open(flags, change).useWriter(lease -> lease.script(place.use())));

    assertEquals(0, launches.get(), "calls");
    Expect.mentions(failure, "unsafe use of launch()");
    assertTrue(Set.of("42000", "XX001").contains(failure.getSQLState()), failure::toString);
  }

  @Test
  void programsOwnCall_schemaThatIsNotTrusted_works() throws SQLException {
    makeFile(PLACES.getFirst().schema());
    SqlitePool pool = open(0, HostileSchemaTest::untrusted);

    pool.useReader(lease -> lease.query("SELECT launch(7)"));

    assertEquals(1, launches.get());
  }

  @Test
  void pool_viewsTriggersAndDefaults_areNotCalledByItself() throws SQLException, IOException {
    makeFile(
        List.of(
            "CREATE VIEW s AS SELECT abs(1)",
            "CREATE TABLE d(v DEFAULT (abs(1)))",
            "INSERT INTO d VALUES (1)",
            "CREATE TRIGGER i AFTER INSERT ON d BEGIN SELECT abs(1); END"));
    SqlitePool pool = open(0, config -> config);
    insert(pool, 1);
    pool.maintenance().optimize();
    pool.maintenance().checkpoint();
    pool.maintenance().backup(folder.resolve("backup.db"));
    pool.maintenance().vacuum();
    pool.maintenance().evictReaders();
    assertTrue(pool.isHealthy());
    pool.dump();
    pool.close();

    assertEquals(0, launches.get());
  }

  @Test
  void view_thatNeverEnds_isEndedByTheStatementTimeout() throws SQLException {
    makeFile(List.of(ENDLESS));
    SqlitePool pool = open(0, config -> config.statementTimeout(Duration.ofMillis(100)));

    SQLException failure =
        assertThrows(
            SQLException.class, () -> pool.useReader(l -> l.query("SELECT * FROM endless")));

    assertEquals("57014", failure.getSQLState());
  }

  @Test
  void view_ofAHugeValue_isRefusedByALimit() throws SQLException {
    makeFile(List.of("CREATE VIEW huge AS SELECT hex(zeroblob(400000000)) AS v"));
    SqlitePool pool = open(0, config -> config.onConnect(HostileSchemaTest::limit));

    SQLException failure =
        assertThrows(SQLException.class, () -> pool.useReader(l -> l.query("SELECT * FROM huge")));

    assertEquals("54000", failure.getSQLState());
  }

  private static void limit(Connection connection) throws SQLException {
    ((SQLiteConnection) connection).setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, 1_000_000);
  }

  /** All of it together, as somebody does it who wants to read the file and trusts nothing. */
  private PoolConfig.Builder careful(PoolConfig.Builder config) {
    return config
        .readOnly()
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .statementTimeout(Duration.ofSeconds(5))
        .onConnect(HostileSchemaTest::limit);
  }

  @Test
  void carefulPool_harmlessFile_isCheckedReadAndUnchanged() throws SQLException, IOException {
    Database.create(file(), "CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
    Database.create(file(), "INSERT INTO t(v) VALUES ('read')");
    byte[] before = Files.readAllBytes(file());

    SqlitePool pool = open(DIRECT_ONLY, this::careful);
    assertEquals(List.of(), pool.maintenance().quickCheck());
    assertEquals(List.of("read"), values(pool));
    pool.close();

    assertArrayEquals(before, Files.readAllBytes(file()));
  }

  @ParameterizedTest
  @FieldSource("PLACES")
  void carefulPool_hostileSchema_callsNothing(Place place) throws SQLException {
    makeFile(place.schema());
    try {
      SqlitePool pool = open(DIRECT_ONLY, this::careful);
      assertEquals(List.of(), pool.maintenance().quickCheck());
      pool.useReader(lease -> lease.query("SELECT * FROM x"));
    } catch (SQLException e) {
      Expect.mentions(e, "unsafe use of launch()");
    }

    assertEquals(0, launches.get());
  }
}
