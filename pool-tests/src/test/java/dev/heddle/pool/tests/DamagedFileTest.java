package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever bytes are in a database and beside it: a pool on it works, or says why not with an
 * SQLState of the page about errors. In processes of their own, which neither crash nor hang.
 */
@Tag("slow")
class DamagedFileTest {

  /**
   * More of them for a long run: {@code -Dheddle.damage.rounds=20000 -Dheddle.seed=…
   * -Djunit.jupiter.execution.timeout.mode=disabled}.
   */
  private static final int ROUNDS = Integer.getInteger("heddle.damage.rounds", 120);

  private static final long SEED = Long.getLong("heddle.seed", 20_261_123L);

  /** So few that a process which hangs is found out in time. */
  private static final int AT_ONCE = 40;

  @TempDir Path folder;

  @Test
  void pool_onADamagedFile_worksOrSaysWhyNot() throws Exception {
    int succeeded = 0;
    int failed = 0;
    for (int from = 0; from < ROUNDS; from += AT_ONCE) {
      int to = Math.min(ROUNDS, from + AT_ONCE);
      try (ChildJvm child = ChildJvm.start(Child.class, folder, SEED, from, to)) {
        List<String> said = child.killedWhenItHangs().said();
        String last = said.isEmpty() ? "nothing" : said.getLast();
        String shown = "heddle.seed=" + SEED + ", the process ended after: " + last;
        assertEquals(0, child.awaitEnd(), shown);
        String[] counts = last.split(" ", -1);
        succeeded += Integer.parseInt(counts[1]);
        failed += Integer.parseInt(counts[3]);
      }
    }
    assertTrue(succeeded > ROUNDS && failed > ROUNDS, succeeded + " and " + failed);
  }

  /** The process that has the files. */
  static final class Child {

    /** In backticks or not, between the bars of the table. */
    private static final Pattern STATE = Pattern.compile("\\b[0-9A-Z]{5}\\b");

    private static final Set<String> STATES = states();

    /** Something done with a pool. */
    @FunctionalInterface
    private interface Step {
      void run() throws Exception;
    }

    private final Path folder;
    private final Path file;
    private final Map<String, Integer> counts = new TreeMap<>(Map.of("failed", 0, "worked", 0));
    private String round = "";

    private Child(Path folder) {
      this.folder = folder;
      this.file = folder.resolve("damaged.db");
    }

    private static Set<String> states() {
      try {
        String page = Files.readString(Path.of("..", "docs", "errors.md"));
        return STATE.matcher(page).results().map(MatchResult::group).collect(Collectors.toSet());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    public static void main(String[] arguments) throws Exception {
      Child child = new Child(Path.of(arguments[0]));
      DamagedDatabase database = DamagedDatabase.in(Files.createTempDirectory(child.folder, "s"));
      int to = Integer.parseInt(arguments[3]);
      for (int round = Integer.parseInt(arguments[2]); round < to; round++) {
        // One for each round, so that any of them can be had alone.
        Random random = new Random(Long.parseLong(arguments[1]) + round);
        child.round = "round " + round + ": " + database.write(child.file, random);
        ChildJvm.say(child.round);
        child.use(random);
      }
      ChildJvm.say(
          "worked " + child.counts.get("worked") + " failed " + child.counts.get("failed"));
    }

    private void use(Random random) throws Exception {
      PoolConfig.Builder config =
          PoolConfig.builder(file)
              .readers(1)
              .pragma("synchronous", "OFF") // nothing here is to last
              .statementTimeout(Duration.ofSeconds(5))
              .openTimeout(Duration.ofSeconds(1))
              .busyTimeout(Duration.ofSeconds(1));
      if (random.nextInt(3) == 0) {
        config.readOnly();
      }
      if (random.nextBoolean()) {
        config.pragma("cell_size_check", "ON").pragma("trusted_schema", "OFF");
      }
      attempt("open", () -> useAll(config.build()));
      // On a busy machine the upkeep may close its connection after close(), which then logs it.
      Await.until("closed files, after " + round, () -> OpenFiles.under(folder).isEmpty());
    }

    private void useAll(PoolConfig config) throws Exception {
      try (SqlitePool pool = SqlitePool.open(config)) {
        for (String table : List.of("t", "k", "s", "f", "sqlite_schema", "dbstat")) {
          String all = "SELECT * FROM " + table;
          attempt(all, () -> pool.useReader(l -> l.forEach(all, row -> row.toMap())));
        }
        attempt("check", () -> pool.maintenance().integrityCheck());
        for (String sql :
            List.of(
                "INSERT INTO t(v) VALUES ('new')",
                "UPDATE t SET v = v || 'x' WHERE id % 3 = 0",
                "DELETE FROM t WHERE id < 50",
                "INSERT INTO f VALUES ('new words')",
                "CREATE INDEX tnew ON t(w)",
                "DROP TABLE k")) {
          attempt(sql, () -> pool.useWriter(lease -> lease.update(sql)));
        }
        attempt("backup", () -> pool.maintenance().backup(folder.resolve("backup.db")));
        Files.deleteIfExists(folder.resolve("backup.db"));
        attempt("checkpoint", () -> pool.maintenance().checkpoint());
        attempt("vacuum", () -> pool.maintenance().vacuum());
        pool.isHealthy();
        pool.dump();
        requireIdle(pool.stats());
      }
    }

    /** A failure that is not one of the page about errors ends the process. */
    private void attempt(String what, Step work) throws Exception {
      try {
        work.run();
        counts.merge("worked", 1, Integer::sum);
      } catch (SQLException e) {
        counts.merge("failed", 1, Integer::sum);
        if (!STATES.contains(String.valueOf(e.getSQLState()))
            || String.valueOf(e.getMessage()).isBlank()) {
          throw new AssertionError(what + ", after " + round + ": " + e.getSQLState(), e);
        }
      } catch (RuntimeException e) {
        throw new AssertionError(what + ", after " + round, e);
      }
    }

    private static void requireIdle(PoolStats stats) {
      if (stats.readers().held() + stats.writer().held() > 0) {
        throw new AssertionError("a lease leaked: " + stats);
      }
    }
  }
}
