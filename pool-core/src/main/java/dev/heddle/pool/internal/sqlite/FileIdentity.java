package dev.heddle.pool.internal.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which file is open. SQLite goes on with a file that was deleted or replaced, as the system lets
 * it; what is committed then goes nowhere (<a
 * href="https://sqlite.org/howtocorrupt.html">sqlite.org/howtocorrupt.html</a>, 2.4).
 *
 * @param database the file as it was when it was opened
 * @param wal its WAL
 */
public record FileIdentity(Known database, Known wal) {

  /**
   * A file, by its path and by what the system tells it by.
   *
   * @param key null where the system has none, or if there was no such file
   */
  public record Known(Path path, @Nullable Object key, boolean existed) {

    static Known of(Path path) {
      try {
        return new Known(path, keyOf(path), true);
      } catch (IOException e) {
        return new Known(path, null, false);
      }
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private Optional<String> change() {
      if (!existed) {
        return Optional.empty();
      }
      try {
        return key == null || key.equals(keyOf(path))
            ? Optional.empty()
            : Optional.of(path + " was replaced by another file");
      } catch (IOException e) {
        return Optional.of(path + " is not there any more, or can't be reached (" + e + ")");
      }
    }
  }

  /** Of the files that are there now. The WAL is beside the file that a link leads to. */
  static FileIdentity of(Path database) {
    Path real = real(database);
    return new FileIdentity(
        Known.of(database), Known.of(real.resolveSibling(real.getFileName() + "-wal")));
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  /** What has become of them; empty if they are the same. */
  public Optional<String> change() {
    return database.change().or(wal::change);
  }
}
