package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever text goes through a lease, by whatever way: its transaction stays its own, and the
 * connection as it was. And what SQLite itself finds harmless is not refused.
 */
@Tag("slow")
class HostileSqlTest extends PoolFixture {

  /**
   * More of them for a long run: {@code -Dheddle.sql.rounds=100000 -Dheddle.seed=…
   * -Djunit.jupiter.execution.timeout.mode=disabled}.
   */
  private static final int ROUNDS = Integer.getInteger("heddle.sql.rounds", 1_000);

  private static final long SEED = Long.getLong("heddle.seed", 20_261_123L);

  /** What a statement must not leave on a connection. */
  private static final String LEFT =
      """
      SELECT json_array(foreign_keys, recursive_triggers, query_only, ignore_check_constraints, synchronous,
        cache_size, temp_store, locking_mode, journal_mode, trusted_schema,
        (SELECT group_concat(name) FROM pragma_database_list WHERE name <> 'temp'),
        (SELECT count(*) FROM sqlite_temp_schema))
      FROM pragma_foreign_keys, pragma_recursive_triggers, pragma_query_only,
        pragma_ignore_check_constraints, pragma_synchronous, pragma_cache_size, pragma_temp_store,
        pragma_locking_mode, pragma_journal_mode, pragma_trusted_schema\
      """;

  /** The ways that take a statement of any kind. */
  private static final List<Routes.Route<WriteLease>> ANY_STATEMENT =
      Routes.ofWriter().stream()
          .filter(way -> Set.of("update", "script", "Statement.execute").contains(way.name()))
          .toList();

  /** Allowed to a JDBC connection, wherever its working directory is. */
  private static final Pattern MAKES_FILES = Pattern.compile("(?i)attach|vacuum");

  private final HostileSql texts = new HostileSql(SEED);
  private final Random random = new Random(SEED);
  private SqlitePool pool;

  @BeforeEach
  void openPool() throws SQLException {
    Database.create(file(), HostileSql.SCHEMA.toArray(String[]::new));
    Database.create(file(), "CREATE TABLE witness(v)");
    pool = open(config -> config.readers(1));
  }

  private static <T> T any(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static String shown(String sql, Object way) {
    return "heddle.seed=" + SEED + ", " + way + ": " + HostileSql.printable(sql);
  }

  private static @Nullable String left(ReadLease lease) throws SQLException {
    return lease.queryOne(LEFT).orElseThrow().getString(1);
  }

  /** What others see of the file. */
  private static @Nullable String content(Database others) throws SQLException {
    return others.ask(
        "SELECT (SELECT group_concat(sql) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%')"
            + " || (SELECT count(*) FROM witness) || (SELECT group_concat(v) FROM t)"
            + " || (SELECT user_version FROM pragma_user_version)");
  }

  private Set<String> files() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Path place : List.of(folder, Path.of(""))) {
      try (var files = Files.list(place)) {
        files.forEach(path -> names.add(String.valueOf(path.getFileName())));
      }
    }
    return names;
  }

  @Test
  void writer_hostileText_neitherEndsTheTransactionNorOutlivesIt() throws Exception {
    List<Routes.Route<WriteLease>> ways = Routes.ofWriter();
    String left = pool.read(HostileSqlTest::left);
    Set<String> files = files();
    int ran = 0;
    try (Database others = Database.connect(file())) {
      String content = content(others);
      String writers = pool.write(HostileSqlTest::left);
      for (int round = 0; round < ROUNDS; round++) {
        String sql = texts.hostile();
        Routes.Route<WriteLease> way = any(random, ways);
        String shown = shown(sql, way);
        try (WriteLease lease = pool.acquireWriter()) {
          assertEquals(writers, left(lease), () -> "found before " + shown);
          ran += isKeptInside(lease, way, sql, others, content) ? 1 : 0;
          lease.rollback();
        }
        assertEquals(content, content(others), () -> "committed by " + shown);
      }
      assertEquals(writers, pool.write(HostileSqlTest::left));
    }
    assertEquals(files, files());
    assertEquals(left, pool.read(HostileSqlTest::left));
    assertTrue(ran > ROUNDS / 20, ran + " texts ran");
  }

  /** Whether SQLite ran it, for all that others can see inside of the transaction. */
  private static boolean isKeptInside(
      WriteLease lease,
      Routes.Route<WriteLease> way,
      String sql,
      Database others,
      @Nullable String content)
      throws SQLException {
    String shown = shown(sql, way);
    lease.update("INSERT INTO witness VALUES ('before')");
    SQLException failure = failure(lease, way, sql);
    try {
      lease.update("INSERT INTO witness VALUES ('after')");
      assertEquals(2, witnesses(lease), shown);
    } catch (SQLException e) {
      // SQLite has rolled it back, as OR ROLLBACK says, and the lease knows.
      assertEquals("40000", e.getSQLState(), () -> e + ", after " + shown);
      assertTrue(failure != null, shown);
    }
    assertEquals(content, content(others), () -> "seen by others after " + shown);
    return failure == null;
  }

  private static long witnesses(ReadLease lease) throws SQLException {
    return lease.queryOne("SELECT count(*) FROM main.witness", row -> row.getLong(1)).orElseThrow();
  }

  private static <L> @Nullable SQLException failure(L lease, Routes.Route<L> way, String sql) {
    try {
      way.way().run(lease, sql);
      return null;
    } catch (SQLException e) {
      assertTrue(e.getSQLState() != null, () -> e + ": " + shown(sql, way));
      return e;
    } catch (RuntimeException e) {
      throw new AssertionError(shown(sql, way), e);
    }
  }

  @Test
  void reader_hostileText_changesNothing() throws Exception {
    List<Routes.Route<ReadLease>> ways = Routes.ofReader();
    int ran = 0;
    Set<String> files = files();
    try (Database others = Database.connect(file())) {
      String content = content(others);
      String left = pool.read(HostileSqlTest::left);
      for (int round = 0; round < ROUNDS; round++) {
        String sql = round % 4 == 0 ? texts.reading() : texts.hostile();
        Routes.Route<ReadLease> way = any(random, ways);
        try (ReadLease lease = pool.acquireReader()) {
          ran += failure(lease, way, sql) == null ? 1 : 0;
          assertEquals(left, left(lease), () -> "left by " + shown(sql, way));
        }
        assertEquals(content, content(others), () -> "changed by " + shown(sql, way));
      }
    }
    assertEquals(files, files());
    assertTrue(ran > ROUNDS / 20, ran + " texts ran");
  }

  @Test
  void dataSource_hostileText_leavesNothingForTheNextOne() throws Exception {
    String readers = pool.read(HostileSqlTest::left);
    String writers = pool.write(HostileSqlTest::left);
    for (int round = 0; round < ROUNDS / 4; round++) {
      String sql = texts.hostile();
      if (!MAKES_FILES.matcher(sql).find()) {
        runAlone(sql);
        assertEquals(writers, pool.write(HostileSqlTest::left), () -> shown(sql, "dataSource"));
        assertEquals(readers, pool.read(HostileSqlTest::left), () -> shown(sql, "dataSource"));
      }
    }
    pool.useWriter(lease -> lease.update("INSERT INTO witness VALUES ('the pool works')"));
    assertEquals("1", Database.ask(file(), "SELECT count(*) FROM witness"));
  }

  private void runAlone(String sql) throws SQLException {
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(random.nextBoolean());
      statement.execute(sql);
    } catch (SQLException e) {
      assertTrue(e.getSQLState() != null, () -> e + ": " + shown(sql, "dataSource"));
    }
  }

  @Test
  void writer_harmlessText_isNotRefused() throws Exception {
    Path copy = folder.resolve("plain.db");
    Database.create(copy, HostileSql.SCHEMA.toArray(String[]::new));
    Database.create(copy, "PRAGMA journal_mode = WAL"); // as the pool's
    int harmless = 0;
    try (Database plain = Database.connect(copy)) {
      for (int round = 0; round < ROUNDS; round++) {
        String sql = texts.harmless();
        if (isHarmless(plain, sql)) {
          harmless++;
          requireNotRefused(sql);
        }
      }
    }
    assertTrue(harmless > ROUNDS / 4, harmless + " texts are harmless");
  }

  /** Whether SQLite runs it, and then is where it was before. */
  private static boolean isHarmless(Database plain, String sql) throws SQLException {
    String before = plain.ask(LEFT);
    plain.run("BEGIN IMMEDIATE");
    boolean runs = runs(plain, sql);
    boolean same = Objects.equals(before, plain.ask(LEFT));
    return runs(plain, "ROLLBACK") && runs && same;
  }

  private static boolean runs(Database plain, String sql) {
    try {
      plain.run(sql);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private void requireNotRefused(String sql) throws SQLException {
    Routes.Route<WriteLease> way = any(random, ANY_STATEMENT);
    try (WriteLease lease = pool.acquireWriter()) {
      SQLException failure = failure(lease, way, sql);
      String message = failure == null ? "" : String.valueOf(failure.getMessage());
      assertFalse(message.startsWith("Refused"), () -> message + ", " + shown(sql, way));
      lease.rollback();
    }
  }
}
