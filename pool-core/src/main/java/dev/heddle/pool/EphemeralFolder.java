package dev.heddle.pool;

import dev.heddle.pool.internal.Assembly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder with one database in it, gone when its pool is closed. */
final class EphemeralFolder {

  private final Path folder;

  private EphemeralFolder(Path folder) {
    this.folder = folder;
  }

  static Assembly open() throws SQLException {
    EphemeralFolder folder = new EphemeralFolder(create());
    PoolConfig config =
        PoolConfig.builder(folder.folder.resolve("ephemeral.db"))
            .pragma("synchronous", "OFF")
            .build();
    try {
      return Assembly.open(config.settings(), config.setups(), folder::remove);
    } catch (Throwable t) {
      folder.remove();
      throw t;
    }
  }

  private static Path create() throws SQLException {
    try {
      return Files.createTempDirectory("heddle-");
    } catch (IOException e) {
      throw new SQLNonTransientConnectionException(
          "Can't create a temporary folder for an ephemeral database: " + e, "08001", e);
    }
  }

  private void remove() {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : List.copyOf(files.toList())) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // Left to whoever cleans the folder for temporary files; there is nothing to lose in it.
    }
  }
}
