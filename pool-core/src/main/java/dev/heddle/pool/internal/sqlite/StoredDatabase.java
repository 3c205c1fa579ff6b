package dev.heddle.pool.internal.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * A database that nobody has open, a backup or a template, of which others are made by copying the
 * file.
 *
 * <p>That is for such files only: of one that is in use, the file alone is not all, and closing a
 * descriptor of it drops the locks of the whole process (<a
 * href="https://sqlite.org/howtocorrupt.html">sqlite.org/howtocorrupt.html</a>, 2.2). So what can
 * be known of that is checked before it is opened.
 */
public final class StoredDatabase {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.open");

  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  /** Of two pools that open the same file, the second finds what the first has made. */
  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  private final Path path;
  private final Predicate<Path> isOpenHere;

  /**
   * Checks nothing yet.
   *
   * @param isOpenHere whether a pool of this JVM has that file open
   */
  public StoredDatabase(Path path, Predicate<Path> isOpenHere) {
    this.path = path.toAbsolutePath();
    this.isOpenHere = isOpenHere;
  }

  /**
   * Makes a database of it where there is none yet, or one of no bytes; one that is there is left
   * alone. The copy is looked through before it gets the name.
   *
   * @throws SQLException if it can't be done; then all is as it was
   */
  public void restoreTo(Path database, Optional<Set<PosixFilePermission>> permissions)
      throws SQLException {
    DatabaseFile file = new DatabaseFile(database);
    file.requireFolder();
    ONE_AT_A_TIME.lock();
    try {
      Path target = Files.exists(file.path()) ? file.path().toRealPath() : file.path();
      if (hasContent(target)) {
        LOG.info("{} is there: it is not made of the backup {}", target, path);
      } else {
        requireStored();
        restore(target, permissions);
      }
    } catch (IOException e) {
      throw refused("the file " + file.path() + " can't be made: " + e, e);
    } finally {
      ONE_AT_A_TIME.unlock();
    }
  }

  private static boolean hasContent(Path file) throws IOException {
    return Files.exists(file) && Files.size(file) > 0;
  }

  private void restore(Path target, Optional<Set<PosixFilePermission>> permissions)
      throws IOException, SQLException {
    try (PartFile part = PartFile.create(target, true, permissions)) {
      copyInto(part.path());
      requireSound(part.path());
      part.publish();
      LOG.info("{} was made of the backup {}", target, path);
    } catch (FileAlreadyExistsException e) {
      if (!hasContent(target)) {
        throw e;
      }
      LOG.info("{} was made by another process meanwhile", target);
    }
  }

  /**
   * Copies it to a file that does not exist yet.
   *
   * @throws SQLException if it can't be done
   */
  public void copyTo(Path file, Optional<Set<PosixFilePermission>> permissions)
      throws SQLException {
    requireStored();
    try {
      DatabaseFile.create(file, permissions);
      copyInto(file);
    } catch (IOException e) {
      throw refused("it can't be copied: " + e, e);
    }
  }

  private void copyInto(Path file) throws IOException {
    try (OutputStream to = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
      Files.copy(path, to);
    }
  }

  /** In this order: whether it is open must be known before this does so, too. */
  private void requireStored() throws SQLException {
    if (!Files.isRegularFile(path)) {
      throw refused(
          Files.exists(path) ? "it is not a regular file" : "there is no such file", null);
    }
    if (isOpenHere.test(path)) {
      throw refused("a pool of this program has it open; use pool.maintenance().backup(…)", null);
    }
    try {
      for (String suffix : List.of("-wal", "-journal")) {
        requireNothingIn(path.resolveSibling(path.getFileName() + suffix));
      }
      requireHeader();
    } catch (IOException e) {
      throw refused("it can't be read: " + e, e);
    }
  }

  private void requireNothingIn(Path sidecar) throws IOException, SQLException {
    if (hasContent(sidecar)) {
      throw refused(
          "beside it there is "
              + sidecar.getFileName()
              + ", so the file alone is not all. Either it is open, or it was not closed properly:"
              + " open it once, and close it",
          null);
    }
  }

  private void requireHeader() throws IOException, SQLException {
    try (InputStream file = Files.newInputStream(path)) {
      if (!Arrays.equals(MAGIC, file.readNBytes(MAGIC.length))) {
        throw refused("it is not a SQLite database", null);
      }
    }
  }

  /** Nobody else has the copy, so that neither locks nor a WAL are needed to read it. */
  private void requireSound(Path copy) throws SQLException {
    try (SQLiteConnection connection = new DatabaseFile(copy).connect(true, "?immutable=1")) {
      String found = new Pragmas(connection).read("quick_check(1)");
      if (!"ok".equals(found)) {
        throw refused("it is damaged: " + found, null);
      }
    } catch (SQLNonTransientConnectionException e) {
      throw e;
    } catch (SQLException e) {
      throw refused("it is damaged: " + e.getMessage(), e);
    }
  }

  private SQLException refused(String why, @Nullable Exception cause) {
    return new SQLNonTransientConnectionException(
        "Can't make a database of the file " + path + ": " + why, Errors.CANT_CONNECT, cause);
  }
}
