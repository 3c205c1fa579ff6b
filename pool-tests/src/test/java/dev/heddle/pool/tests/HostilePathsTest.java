package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.heddle.pool.ConnectionSetup;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A path is the name of a file, whatever SQLite or the driver would take it for: never a URL, never
 * a way to turn something on.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class HostilePathsTest extends PoolFixture {

  /** More of them for a long run: {@code -Dheddle.paths.rounds=10000 -Dheddle.seed=…}. */
  private static final int ROUNDS = Integer.getInteger("heddle.paths.rounds", 60);

  private static final long SEED = Long.getLong("heddle.seed", 20_261_123L);

  /** What the driver and SQLite know in a URL, and what ends or escapes something there. */
  private static final List<String> PIECES =
      List.of(
          ("?|&|#|%|=|;|:|'|\"|`|\\|[|]| |\n|\r|\t|\u0001|\u007f|~|*|$|!|..|a|x.db|é|😀|\u202e"
                  + "|%00|%2f|%2e%2e|%41|%|%%|file:|file:/|:memory:|:resource:|jdbc:sqlite:|-wal"
                  + "|?mode=memory|?mode=ro|?cache=shared|?immutable=1|?nolock=1|?vfs=unix-none"
                  + "|?enable_load_extension=true|&enable_load_extension=true|?open_mode=1"
                  + "|?shared_cache=true|?transaction_mode=EXCLUSIVE|?date_class=TEXT|?password=x")
              .split("\\|", -1));

  /** Refused by SQLite itself, unless somebody has turned extensions on. */
  private static final ConnectionSetup NO_EXTENSIONS =
      connection -> {
        try (Statement statement = connection.createStatement()) {
          SQLException refused =
              assertThrows(
                  SQLException.class, () -> statement.execute("SELECT load_extension('/x.so')"));
          Expect.mentions(refused, "not authorized");
        }
      };

  private static PoolConfig.Builder config(Path path) {
    return PoolConfig.builder(path).readers(1).onConnect(NO_EXTENSIONS);
  }

  private Path resolve(String name) {
    try {
      return folder.resolve(name);
    } catch (InvalidPathException e) {
      return abort("this JVM can't name such a file: " + e.getMessage());
    }
  }

  private Set<Path> files() throws IOException {
    try (var files = Files.walk(folder)) {
      return new TreeSet<>(files.filter(Files::isRegularFile).toList());
    }
  }

  private void requireExactly(Path path) throws SQLException, IOException {
    try (SqlitePool pool = SqlitePool.open(config(path).build())) {
      pool.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY, v)"));
      requireNoSharedCache(pool);
    }
    assertEquals(Set.of(path), files(), "files");
    assertEquals("1", Database.ask(path, "SELECT count(*) FROM t"));
  }

  /** With one, the reader would meet the writer's lock on the table. */
  private static void requireNoSharedCache(SqlitePool pool) throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES (1)");
      assertEquals(List.of(), values(pool));
      lease.commit();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:x.db",
        "file::memory:",
        ":memory:",
        ":resource:x.db",
        "jdbc:sqlite:x.db",
        "x.db?enable_load_extension=true",
        "x.db?mode=rw&enable_load_extension=true&cache=shared",
        "x.db?cache=shared",
        "x.db?mode=memory",
        "x.db?vfs=memdb",
        "x.db?immutable=1#fragment",
        "x%00.db",
        "%2e%2e%2fx.db",
        "two\nlines.db",
        "\u0001\u007f"
      })
  void open_nameThatLooksLikeAUrl_isThatFileAndNothingIsTurnedOn(String name) throws Exception {
    requireExactly(resolve(name));
  }

  @Test
  void open_anyName_isThatFileAndNothingIsTurnedOn() throws Exception {
    Random random = new Random(SEED);
    int opened = 0;
    for (int round = 0; round < ROUNDS; round++) {
      StringBuilder name = new StringBuilder("n");
      for (int pieces = 1 + random.nextInt(6); pieces > 0; pieces--) {
        name.insert(random.nextInt(2) * name.length(), PIECES.get(random.nextInt(PIECES.size())));
      }
      opened += isExactly(name.toString()) ? 1 : 0;
    }
    assertTrue(opened > ROUNDS / 2, opened + " were opened");
  }

  private boolean isExactly(String name) throws IOException {
    Path path;
    try {
      path = folder.resolve(name);
    } catch (InvalidPathException e) {
      return false; // this JVM can't name such a file
    }
    if (!folder.equals(path.getParent())) {
      return false; // there is no such folder
    }
    try {
      requireExactly(path);
    } catch (SQLException | IllegalArgumentException | AssertionError e) {
      throw new AssertionError("heddle.seed=" + SEED + ", " + HostileSql.printable(name), e);
    }
    Files.delete(path);
    return true;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:x.db", ":memory:", "FILE:/x.db", "jdbc:sqlite:x.db", ":resource:x.db"})
  void config_relativePathThatIsAUrl_isRefused(String name) {
    Path path = Path.of(name);
    assertThrows(IllegalArgumentException.class, () -> PoolConfig.builder(path));
    PoolConfig.Builder config = PoolConfig.builder(file());
    assertThrows(IllegalArgumentException.class, () -> config.restoreFrom(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:b.db",
        ":memory:",
        "b.db?mode=memory",
        "b.db?enable_load_extension=true#x",
        "b%00.db",
        "two\nlines.db"
      })
  void restoreFromAndTemplate_nameThatLooksLikeAUrl_areThatFile(String name) throws Exception {
    Path stored = resolve(name);
    Database.create(file(), "CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
    Database.create(file(), "INSERT INTO t(v) VALUES ('kept')");
    Files.move(file(), stored);

    try (SqlitePool pool = SqlitePool.open(config(file()).restoreFrom(stored).build())) {
      assertEquals(List.of("kept"), values(pool));
    }
    try (SqlitePool pool = SqlitePool.ephemeral(stored)) {
      assertEquals(List.of("kept"), values(pool));
    }
    assertEquals(Set.of(file(), stored), files());
  }

  @Test
  void open_dotsBehindALink_isTheFileThatEverybodyElseFindsThere() throws Exception {
    Path far = Files.createDirectories(folder.resolve("far/away"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), far);
    Path path = link.resolve("../x.db");

    try (SqlitePool pool = SqlitePool.open(path)) {
      pool.useWriter(lease -> lease.update("CREATE TABLE t(v)"));
    }

    assertEquals(Set.of(folder.resolve("far/x.db")), files());
  }
}
