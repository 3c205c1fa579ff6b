package dev.heddle.pool.internal.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a pool and its WAL, and whether they are still the ones that were opened. SQLite goes
 * on with a file that was deleted or replaced, as the system lets it; what is committed then goes
 * nowhere (<a href="https://sqlite.org/howtocorrupt.html">sqlite.org/howtocorrupt.html</a>, 2.4).
 * So a writer begins nothing more once that is known. Safe for all threads.
 */
public final class WatchedFile {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.upkeep");

  private final String pool;
  private final Path path;

  /** What was opened; nothing before that. */
  private volatile List<Known> opened = List.of();

  /** What was found last, if it was not as it should be. */
  private final AtomicReference<Optional<String>> change = new AtomicReference<>(Optional.empty());

  /**
   * A file that was there.
   *
   * @param key what the system tells it by; null where it has nothing
   */
  private record Known(Path path, @Nullable Object key) {

    Optional<String> change() {
      try {
        return key == null || key.equals(keyOf(path))
            ? Optional.empty()
            : Optional.of(path + " was replaced by another file");
      } catch (IOException e) {
        return Optional.of(path + " is not there any more, or can't be reached");
      }
    }
  }

  public WatchedFile(String pool, Path path) {
    this.pool = pool;
    this.path = path.toAbsolutePath();
  }

  /** From now on these are the files. */
  void opened() throws IOException {
    opened =
        Files.exists(wal())
            ? List.of(new Known(path, keyOf(path)), new Known(wal(), keyOf(wal())))
            : List.of(new Known(path, keyOf(path)));
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** Where the WAL is: beside the file that a link leads to. */
  public Path wal() {
    Path real = real();
    return real.resolveSibling(real.getFileName() + "-wal");
  }

  private Path real() {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  /** Looks what has become of the files, and logs it if that is news; empty if all is well. */
  public Optional<String> look() {
    Optional<String> now = opened.stream().map(Known::change).flatMap(Optional::stream).findFirst();
    Optional<String> before = change.getAndSet(now);
    if (now.isPresent() && before.isEmpty()) {
      LOG.error(
          "Pool '{}': {}. Commits of the last second may be lost. Nothing more is written until it"
              + " is back, or the pool is opened again",
          pool,
          now.get());
    } else if (now.isEmpty() && before.isPresent()) {
      LOG.warn("Pool '{}': {} is back, and written to again", pool, path);
    }
    return now;
  }

  /** Throws if it is known that what is committed would be lost, and still so. */
  void requireThere() throws SQLException {
    if (change.get().isPresent()) {
      requireSame();
    }
  }

  /** Throws if it is not what was opened: to be asked before it is opened once more. */
  public void requireSame() throws SQLException {
    Optional<String> now = look();
    if (now.isPresent()) {
      throw gone(now.get());
    }
  }

  private SQLException gone(String what) {
    return new SQLNonTransientConnectionException(
        "Nothing is written to the database any more, since it would be lost: "
            + what
            + ". Put it back; or close pool '"
            + pool
            + "', remove the -wal and -shm files that are left, which would destroy another"
            + " database, and open it again",
        Errors.CANT_CONNECT);
  }
}
