package dev.heddle.pool.internal;

import dev.heddle.pool.internal.sqlite.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.List;
import java.util.stream.Stream;

/** A folder of its own for a database that is gone when its pool is closed. */
public final class TemporaryFolder {

  private final Path folder;

  private TemporaryFolder(Path folder) {
    this.folder = folder;
  }

  /** Creates the folder, where the system has its temporary files. */
  public static TemporaryFolder create() throws SQLException {
    try {
      return new TemporaryFolder(Files.createTempDirectory("heddle-"));
    } catch (IOException e) {
      throw new SQLNonTransientConnectionException(
          "Can't create a temporary folder for an ephemeral database: " + e,
          Errors.CANT_CONNECT,
          e);
    }
  }

  /** The file that a database may have. */
  public Path database() {
    return folder.resolve("ephemeral.db");
  }

  /** Removes the folder and what is in it; never throws. */
  public void remove() {
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
