package dev.heddle.pool.tests.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Opens what a power cut has left, as the program does when it starts again. */
final class Leftovers {

  private final Path folder;

  /** Copies do not change any more: those that were looked at, by name and content. */
  private final Map<String, Long> known = new HashMap<>();

  /**
   * None yet.
   *
   * @param folder empty, and empty again after each
   */
  Leftovers(Path folder) {
    this.folder = folder;
  }

  /** Writes a database into a folder: the file, its WAL, its journal. */
  static void write(Map<String, byte[]> files, String name, Path folder) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (isOf(name, file.getKey())) {
        Files.write(folder.resolve(file.getKey()), file.getValue());
      }
    }
  }

  private static boolean isOf(String database, String file) {
    return file.equals(database) || file.startsWith(database + "-");
  }

  /** Fails unless the database is what some commit left, and gives the number of its units. */
  long requireDatabase(Map<String, byte[]> files) throws SQLException, IOException {
    return requireLedger(files, PoweredProgram.DATABASE);
  }

  private long requireLedger(Map<String, byte[]> files, String name)
      throws SQLException, IOException {
    write(files, name, folder);
    PoolConfig config =
        PoolConfig.builder(folder.resolve(name))
            .readers(1)
            .pragma("synchronous", "OFF") // this time the power stays on
            .build();
    try (SqlitePool pool = SqlitePool.open(config)) {
      long units = Ledger.require(pool);
      Ledger.create(pool);
      long next = pool.write(Ledger::unit);
      assertEquals(Math.max(units, 0) + 1, next);
      assertEquals(next, Ledger.require(pool), "one more unit");
      return units;
    } finally {
      empty();
    }
  }

  private void empty() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /**
   * Fails unless each copy that was acknowledged is there, and each that is there, is whole.
   *
   * @return how many are there
   */
  int requireCopies(Map<String, Long> acknowledged, Map<String, byte[]> files)
      throws SQLException, IOException {
    assertTrue(
        files.keySet().containsAll(acknowledged.keySet()),
        () -> "of the copies " + acknowledged + " there are " + files.keySet());
    int found = 0;
    for (String name : files.keySet()) {
      if (PoweredProgram.isCopy(name)) {
        long units = requireCopy(files, name);
        long before = acknowledged.getOrDefault(name, 0L);
        assertTrue(units >= before, () -> name + " has " + units + " units of " + before);
        found++;
      }
    }
    return found;
  }

  private long requireCopy(Map<String, byte[]> files, String name)
      throws SQLException, IOException {
    StringBuilder key = new StringBuilder();
    files.forEach(
        (file, content) -> {
          if (isOf(name, file)) {
            key.append(file).append(Arrays.hashCode(content));
          }
        });
    Long before = known.get(key.toString());
    if (before != null) {
      return before;
    }
    long units = requireLedger(files, name);
    known.put(key.toString(), units);
    return units;
  }
}
