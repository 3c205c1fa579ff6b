package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What several of {@link WritingProcess} have said, held to what is in their file. */
public final class WrittenUnits {

  /** The one thing that a user may be told: that it took longer than was to be waited. */
  private static final String WAITED = "busy-timeout";

  private WrittenUnits() {}

  /**
   * Each has committed, nobody has failed, and all that was acknowledged is there, and whole; gives
   * how many units that are.
   */
  public static int requireAll(Path file, List<List<String>> saidByEach) throws SQLException {
    Set<Long> acknowledged = new HashSet<>();
    List<String> failures = new ArrayList<>();
    for (List<String> said : saidByEach) {
      int before = acknowledged.size();
      for (String line : said) {
        WritingProcess.committed(line).ifPresent(acknowledged::add);
        if (line.startsWith(WritingProcess.FAILED)) {
          failures.add(line);
        }
      }
      assertTrue(acknowledged.size() > before, "a process that committed nothing");
    }
    assertEquals(
        List.of(), failures.stream().filter(failure -> !failure.contains(WAITED)).toList());
    requireIntact(file, acknowledged);
    return acknowledged.size();
  }

  private static void requireIntact(Path file, Set<Long> acknowledged) throws SQLException {
    try (SqlitePool pool = SqlitePool.open(PoolConfig.builder(file).readers(1).build())) {
      pool.useReader(
          lease -> {
            assertEquals(
                "ok",
                lease.queryOne("PRAGMA integrity_check", row -> row.getString(1)).orElseThrow());
            Set<Long> left = new HashSet<>(lease.query("SELECT id FROM a", row -> row.getLong(1)));
            Set<Long> right = new HashSet<>(lease.query("SELECT id FROM b", row -> row.getLong(1)));
            assertEquals(left, right, "a unit is torn");
            Set<Long> missing = new HashSet<>(acknowledged);
            missing.removeAll(left);
            assertEquals(Set.of(), missing, "acknowledged and lost");
            assertEquals(
                List.of(), left.stream().filter(id -> id < 0).toList(), "kept, and not wanted");
          });
    }
  }
}
